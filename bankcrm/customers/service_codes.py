"""Codes of contacts, consents and holdings elsewhere; held equal to the upstream contract's by a test in feeds."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InteractionKind(models.TextChoices):
    CALL = "call", _("Incoming call")
    COMPLAINT = "complaint", _("Complaint")
    REQUEST = "request", _("Request")
    VISIT = "visit", _("Visit to the bank")
    MESSAGE = "message", _("Message from the customer")
    REVIEW = "review", _("Review")
    OTHER = "other", _("Other")


class InteractionChannel(models.TextChoices):
    PHONE = "phone", _("Telephone")
    COUNTER = "counter", _("Counter")
    APP = "app", _("Mobile banking")
    WEB = "web", _("Web site")
    WECHAT = "wechat", _("WeChat")
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    POST = "post", _("Letter")
    FAX = "fax", _("Fax")
    REFERRAL = "referral", _("Passed on by an authority")
    OTHER = "other", _("Other")


class InteractionStatus(models.TextChoices):
    OPEN = "open", _("Waiting")
    IN_PROGRESS = "in_progress", _("In progress")
    CLOSED = "closed", _("Settled")


class ConsentPurpose(models.TextChoices):
    MARKETING = "marketing", _("Marketing")
    SERVICE = "service", _("Service notices")
    DATA_SHARING = "data_sharing", _("Sharing of information")
    AUTOMATED_DECISION = "automated_decision", _("Automated decisions")
    CREDIT_REPORT = "credit_report", _("Credit report")


class ConsentChannel(models.TextChoices):
    ANY = "any", _("Any channel")
    PHONE = "phone", _("Telephone")
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    WECHAT = "wechat", _("WeChat")
    APP = "app", _("Mobile banking")
    POST = "post", _("Letter")


class ConsentStatus(models.TextChoices):
    GIVEN = "given", _("Consent given")
    WITHDRAWN = "withdrawn", _("Consent withdrawn")


class ExternalKind(models.TextChoices):
    DEPOSIT = "deposit", _("Deposit")
    INVESTMENT = "investment", _("Investment")
    LOAN = "loan", _("Loan")
    CARD = "card", _("Credit card")
    OTHER = "other", _("Other")


class ExternalBasis(models.TextChoices):
    KNOWN = "known", _("Known")
    INFERRED = "inferred", _("Inferred")

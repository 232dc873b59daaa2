"""Codes of what happens between bank and customer; held equal to the upstream contract's by a test in feeds."""

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

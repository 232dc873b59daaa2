"""Complaints to deal with, consents, and what customers have at other banks."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.models.customer import Customer
from bankcrm.customers.querysets import CustomerOwnedManager
from bankcrm.customers.service_codes import (
    ConsentChannel,
    ConsentPurpose,
    ConsentStatus,
    ExternalBasis,
    ExternalKind,
    InteractionChannel,
    InteractionStatus,
)


class OpenComplaint(models.Model):
    """A complaint that is not closed yet. Once closed it is a line of the lake like every other contact."""

    feed_key = models.CharField(max_length=61, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="open_complaints", verbose_name=_("customer"))
    interaction_number = models.CharField(_("number"), max_length=40)
    happened_on = models.DateField(_("on"))
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    product = models.CharField(_("product"), max_length=100, blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=InteractionChannel, blank=True)
    status = models.CharField(_("status"), max_length=11, choices=InteractionStatus)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    agent = models.CharField(_("dealt with by"), max_length=60, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("open complaint")
        verbose_name_plural = _("open complaints")

    def __str__(self) -> str:
        return self.feed_key


class Consent(models.Model):
    """A source customer's latest word on one purpose and channel. `rules.in_force` says which of them count."""

    feed_key = models.CharField(max_length=102, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="consents", verbose_name=_("customer"))
    purpose = models.CharField(_("purpose"), max_length=18, choices=ConsentPurpose)
    channel = models.CharField(_("channel"), max_length=6, choices=ConsentChannel)
    status = models.CharField(_("status"), max_length=9, choices=ConsentStatus)
    decided_at = models.DateTimeField(_("decided at"))
    given_through = models.CharField(_("through"), max_length=60, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self) -> str:
        return self.feed_key


class ExternalHolding(models.Model):
    """What a customer has at another bank. `balance_base`: in base currency at the rate of the business date."""

    feed_key = models.CharField(max_length=61, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="external_holdings", verbose_name=_("customer"))
    bank_name = models.CharField(_("bank"), max_length=100)
    bank_code = models.CharField(_("code of the bank"), max_length=20, blank=True)
    external_kind = models.CharField(_("kind"), max_length=10, choices=ExternalKind)
    currency = models.CharField(_("currency"), max_length=3)
    balance = models.DecimalField(_("balance"), max_digits=20, decimal_places=2, null=True, blank=True)
    balance_base = models.DecimalField(
        _("balance in base currency"), max_digits=20, decimal_places=2, null=True, blank=True
    )
    as_of_on = models.DateField(_("as of"))
    basis = models.CharField(_("basis"), max_length=8, choices=ExternalBasis)
    learned_from = models.CharField(_("learned from"), max_length=60, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("holding at another bank")
        verbose_name_plural = _("holdings at other banks")

    def __str__(self) -> str:
        return self.feed_key


class PayrollPair(models.Model):
    """Who is paid (`customer`) by whom through the bank. A payer who is no customer has only a name."""

    feed_key = models.CharField(max_length=240, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="paid_by", verbose_name=_("paid"))
    payer = models.ForeignKey(
        Customer, models.CASCADE, null=True, blank=True, related_name="pays", verbose_name=_("payer")
    )
    payer_name = models.CharField(_("payer's name"), max_length=200, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    first_on = models.DateField(_("first paid on"))
    last_on = models.DateField(_("last paid on"))
    months = models.IntegerField(_("months"))
    last_amount = models.DecimalField(_("last month"), max_digits=20, decimal_places=2)
    total_amount = models.DecimalField(_("in all"), max_digits=20, decimal_places=2)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("payroll")
        verbose_name_plural = _("payroll")

    def __str__(self) -> str:
        return self.feed_key

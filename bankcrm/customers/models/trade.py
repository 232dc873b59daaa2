"""The particulars of bills and trade finance, beside the holding that carries them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.models.credit import Facility
from bankcrm.customers.models.customer import Customer
from bankcrm.customers.models.holding import Holding
from bankcrm.customers.querysets import CustomerOwnedManager
from bankcrm.customers.trade_codes import BillKind, BillState, TradeKind


class Bill(models.Model):
    """A bill that the bank has accepted or discounted; `holding` is the contract behind it. Amount in its currency."""

    feed_key = models.CharField(max_length=61, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="bills", verbose_name=_("customer"))
    holding = models.ForeignKey(Holding, models.CASCADE, related_name="bills", verbose_name=_("holding"))
    facility = models.ForeignKey(
        Facility, models.SET_NULL, null=True, blank=True, related_name="bills", verbose_name=_("facility")
    )
    bill_number = models.CharField(_("bill number"), max_length=40)
    bill_range = models.CharField(_("sub-bill range"), max_length=40, blank=True)
    bill_kind = models.CharField(_("kind of bill"), max_length=20, choices=BillKind)
    drawer_name = models.CharField(_("drawer"), max_length=200, blank=True)
    acceptor_name = models.CharField(_("acceptor"), max_length=200, blank=True)
    payee_name = models.CharField(_("payee"), max_length=200, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("face amount"), max_digits=20, decimal_places=2)
    issued_on = models.DateField(_("issued on"))
    due_on = models.DateField(_("due on"))
    margin_ratio = models.DecimalField(_("margin ratio"), max_digits=12, decimal_places=8, null=True, blank=True)
    status = models.CharField(_("status"), max_length=11, choices=BillState)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("bill")
        verbose_name_plural = _("bills")

    def __str__(self) -> str:
        return self.feed_key


class TradeFinance(models.Model):
    """What a letter of credit, a guarantee or an advance has beside the terms of its holding."""

    feed_key = models.CharField(max_length=61, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="trade_finances", verbose_name=_("customer"))
    holding = models.OneToOneField(Holding, models.CASCADE, related_name="trade_finance", verbose_name=_("holding"))
    facility = models.ForeignKey(
        Facility, models.SET_NULL, null=True, blank=True, related_name="trade_finances", verbose_name=_("facility")
    )
    trade_kind = models.CharField(_("kind"), max_length=25, choices=TradeKind)
    reference_number = models.CharField(_("reference number"), max_length=40, blank=True)
    counterparty_name = models.CharField(_("counterparty"), max_length=200, blank=True)
    counterparty_bank = models.CharField(_("counterparty's bank"), max_length=100, blank=True)
    counterparty_country = models.CharField(_("counterparty's country"), max_length=2, blank=True)
    usance_days = models.BigIntegerField(_("days of usance"), null=True, blank=True)
    margin_ratio = models.DecimalField(_("margin ratio"), max_digits=12, decimal_places=8, null=True, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("trade finance")
        verbose_name_plural = _("trade finance")

    def __str__(self) -> str:
        return self.feed_key

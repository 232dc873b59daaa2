"""Accounts and contracts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bankcrm.customers import codes
from bankcrm.customers.models.customer import Customer, money
from bankcrm.customers.querysets import CustomerOwnedManager
from bankcrm.org.models import OrgUnit
from bankcrm.products.models import Product


class Holding(models.Model):
    """One account or contract of a customer, with its figures of the current build.

    `key` is `source_system/holding_id`.
    """

    key = models.CharField(_("key"), max_length=61, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="holdings", verbose_name=_("customer"))
    source_key = models.CharField(_("source customer"), max_length=61, blank=True)
    account_number = models.CharField(_("account number"), max_length=40, blank=True)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="holdings", verbose_name=_("product")
    )
    product_class = models.CharField(_("product class"), max_length=30, choices=codes.ProductClass)
    figure_class = models.CharField(_("counts as"), max_length=12, choices=codes.FigureClass)
    line = models.CharField(_("business line"), max_length=20, choices=codes.BusinessLine, blank=True)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("booking unit"))
    unit_no = models.IntegerField(_("booking unit's number"))
    currency = models.CharField(_("currency"), max_length=3)
    account_nature = models.CharField(_("nature"), max_length=16, choices=codes.AccountNature, blank=True)
    status = models.CharField(_("status"), max_length=8, choices=codes.HoldingStatus)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    matures_on = models.DateField(_("matures on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    rate = models.DecimalField(_("annual rate"), max_digits=12, decimal_places=8, null=True, blank=True)
    contract_amount = models.DecimalField(_("contract amount"), max_digits=20, decimal_places=2, null=True, blank=True)
    balance = models.DecimalField(_("balance"), max_digits=20, decimal_places=2, null=True, blank=True)
    balance_base = money(_("balance in base currency"))
    average_base = money(_("month average in base currency"))
    average_last_month_base = money(_("average of last month in base currency"))

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("holding")
        verbose_name_plural = _("holdings")
        indexes = [
            models.Index("customer", "product_class", name="holding_by_customer"),
            models.Index("matures_on", "customer", name="holding_by_maturity", condition=Q(status="active")),
            models.Index("product_class", "customer", name="holding_by_class", condition=~Q(status="closed")),
        ]

    def __str__(self) -> str:
        return self.key


class HoldingParty(models.Model):
    """Somebody besides the first holder: joint holder, signatory, guarantor."""

    feed_key = models.CharField(max_length=140, unique=True)
    holding = models.ForeignKey(Holding, models.CASCADE, related_name="parties", verbose_name=_("holding"))
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="party_roles", verbose_name=_("customer"))
    party_role = models.CharField(_("role"), max_length=22, choices=codes.PartyRole)
    share = models.DecimalField(_("share"), max_digits=12, decimal_places=8, null=True, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("party of a holding")
        verbose_name_plural = _("parties of holdings")

    def __str__(self) -> str:
        return self.feed_key

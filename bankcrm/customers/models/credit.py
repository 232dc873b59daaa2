"""What a customer may borrow, what secures it, and how good the debts are."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bankcrm.customers import codes
from bankcrm.customers.models.customer import Customer
from bankcrm.customers.models.holding import Holding
from bankcrm.customers.querysets import CustomerOwnedManager
from bankcrm.org.models import OrgUnit


class Facility(models.Model):
    """A limit up to which a customer may borrow, and how much of it is drawn."""

    feed_key = models.CharField(max_length=61, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="facilities", verbose_name=_("customer"))
    facility_number = models.CharField(_("facility number"), max_length=40)
    facility_kind = models.CharField(_("kind of facility"), max_length=13, choices=codes.FacilityKind)
    currency = models.CharField(_("currency"), max_length=3)
    limit_amount = models.DecimalField(_("limit"), max_digits=20, decimal_places=2)
    drawn_amount = models.DecimalField(_("drawn"), max_digits=20, decimal_places=2)
    is_revolving = models.BooleanField(_("revolving"), null=True, blank=True)
    guarantee_kind = models.CharField(_("secured by"), max_length=10, choices=codes.GuaranteeKind, blank=True)
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("until"), null=True, blank=True)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("booking unit"))
    unit_no = models.IntegerField(_("booking unit's number"))
    status = models.CharField(_("status"), max_length=6, choices=codes.FacilityStatus)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")

    def __str__(self) -> str:
        return self.feed_key


class Collateral(models.Model):
    """Something of value that secures a loan or a facility. Its owner, `customer`, need not be the borrower."""

    feed_key = models.CharField(max_length=61, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="collaterals", verbose_name=_("owner"))
    holding = models.ForeignKey(
        Holding, models.SET_NULL, null=True, blank=True, related_name="collaterals", verbose_name=_("secured holding")
    )
    facility = models.ForeignKey(
        Facility, models.SET_NULL, null=True, blank=True, related_name="collaterals", verbose_name=_("secured facility")
    )
    collateral_kind = models.CharField(_("kind of collateral"), max_length=11, choices=codes.CollateralKind)
    description = models.CharField(_("description"), max_length=200, blank=True)
    appraised_value = models.DecimalField(_("appraised value"), max_digits=20, decimal_places=2)
    appraised_on = models.DateField(_("appraised on"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    seniority = models.BigIntegerField(_("rank"), null=True, blank=True)
    advance_rate = models.DecimalField(_("advance rate"), max_digits=12, decimal_places=8, null=True, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    registered_until = models.DateField(_("registered until"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=codes.CollateralStatus)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("collateral")
        verbose_name_plural = _("collaterals")

    def __str__(self) -> str:
        return self.feed_key


class RiskMark(models.Model):
    """How good a loan is (`holding`), or the customer as such (no holding): rating and watch list."""

    feed_key = models.CharField(max_length=102, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="risk_marks", verbose_name=_("customer"))
    holding = models.ForeignKey(
        Holding, models.SET_NULL, null=True, blank=True, related_name="risk_marks", verbose_name=_("holding")
    )
    risk_class = models.CharField(_("risk class"), max_length=15, choices=codes.RiskClass, blank=True)
    days_overdue = models.BigIntegerField(_("days overdue"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    overdue_principal = models.DecimalField(
        _("overdue principal"), max_digits=20, decimal_places=2, null=True, blank=True
    )
    overdue_interest = models.DecimalField(
        _("overdue interest"), max_digits=20, decimal_places=2, null=True, blank=True
    )
    internal_rating = models.CharField(_("internal rating"), max_length=10, blank=True)
    pd_class = models.CharField(_("PD class"), max_length=10, blank=True)
    lgd_class = models.CharField(_("LGD class"), max_length=10, blank=True)
    is_watched = models.BooleanField(_("on the watch list"), null=True, blank=True)
    as_of_on = models.DateField(_("as of"))

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("risk mark")
        verbose_name_plural = _("risk marks")

    def __str__(self) -> str:
        return self.feed_key

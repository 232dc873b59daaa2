"""Who looks after a customer, and which units may see it."""

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bankcrm.customers import codes
from bankcrm.customers.models.customer import Customer
from bankcrm.customers.querysets import CustomerOwnedManager
from bankcrm.org.models import OrgUnit


class Coverage(models.Model):
    """A dated share (half-open period) of a manager in a customer, or in one holding or product of it.

    What is not given belongs to the virtual manager of the owning unit: it is the residual line and has no row.
    """

    feed_key = models.CharField(max_length=220, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="coverage", verbose_name=_("customer"))
    object_type = models.CharField(_("what is covered"), max_length=8, choices=codes.CoverageObject)
    object_key = models.CharField(_("holding or product"), max_length=61, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="coverage", verbose_name=_("manager")
    )
    role = models.CharField(_("role"), max_length=6, choices=codes.CoverageRole)
    share = models.DecimalField(_("share"), max_digits=12, decimal_places=8)
    valid = DateRangeField(_("valid"))

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("coverage")
        verbose_name_plural = _("coverage")
        indexes = [
            models.Index("user", "customer", name="coverage_by_user"),
            models.Index("customer", "object_type", name="coverage_by_customer"),
            GistIndex("valid", name="coverage_valid"),
        ]
        constraints = [models.CheckConstraint(name="coverage_share_range", condition=Q(share__gt=0, share__lte=1))]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.share} of {self.customer_id}"


class CustomerVisibility(models.Model):
    """A unit through which a customer is visible: it owns the customer, books a holding of it, or was given a share."""

    class Reason(models.TextChoices):
        OWNING = "owning", _("Owning unit")
        BOOKING = "booking", _("Booking unit")
        SHARED = "shared", _("Shared")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="visibility")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    unit_no = models.IntegerField()
    reason = models.CharField(max_length=8, choices=Reason)

    class Meta:
        verbose_name = _("visibility")
        verbose_name_plural = _("visibility")
        constraints = [models.UniqueConstraint(fields=["customer", "unit", "reason"], name="visibility_once")]
        indexes = [
            models.Index("unit_no", "customer", name="visibility_by_unit"),
            models.Index("unit_no", "customer", name="visibility_not_owning", condition=~Q(reason="owning")),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} @ {self.unit_id}: {self.reason}"


class OwningPeriod(models.Model):
    """From when to when (half-open) a unit answered for a customer. An open begin: since we know the customer."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="owning_periods", verbose_name=_("customer"))
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("owning unit"))
    from_on = models.DateField(_("from"), null=True, blank=True)
    to_on = models.DateField(_("until"), null=True, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("owning period")
        verbose_name_plural = _("owning periods")
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(to_on=None), name="owning_period_one_open"),
            models.CheckConstraint(
                name="owning_period_forward",
                condition=Q(from_on=None) | Q(to_on=None) | Q(to_on__gt=models.F("from_on")),
            ),
        ]
        indexes = [models.Index("customer", "from_on", name="owning_period_by_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} @ {self.unit_id} {self.from_on} – {self.to_on}"

"""The tier table with its versions, and the tiers that loads publish."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.models import Customer
from bankcrm.customers.querysets import CustomerOwnedManager
from bankcrm.org.models import local_name


class TierTable(models.Model):
    """A version of the tier table of persons: it decides the tiers of its first month and of those after it."""

    first_month = models.DateField(_("first month"), unique=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("set by")
    )
    set_at = models.DateTimeField(_("set at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("tier table")
        verbose_name_plural = _("tier tables")
        ordering = ["-first_month"]
        constraints = [models.CheckConstraint(name="tier_table_begins_a_month", condition=Q(first_month__day=1))]

    def __str__(self) -> str:
        return f"{self.first_month:%Y-%m}"


class TierLevel(models.Model):
    """A level of a version; levels stand in the order of their thresholds. Nobody falls out of the lowest."""

    table = models.ForeignKey(TierTable, models.CASCADE, related_name="levels", verbose_name=_("tier table"))
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("Chinese name"), max_length=20)
    name_en = models.CharField(_("English name"), max_length=40)
    threshold = models.DecimalField(_("from this AUM month average"), max_digits=20, decimal_places=2)
    fall_months = models.PositiveSmallIntegerField(_("months below before falling"), null=True, blank=True)

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["table", "threshold"]
        constraints = [
            models.UniqueConstraint(fields=["table", "code"], name="tier_level_once"),
            models.UniqueConstraint(fields=["table", "threshold"], name="tier_level_own_threshold"),
            models.UniqueConstraint(fields=["table", "name"], name="tier_level_own_name"),
            models.UniqueConstraint(fields=["table", "name_en"], name="tier_level_own_english_name"),
            models.CheckConstraint(
                name="tier_level_lowest_or_months",
                condition=Q(threshold=0, fall_months=None)
                | Q(threshold__gt=0, fall_months__isnull=False, fall_months__gte=1),
            ),
            models.CheckConstraint(
                name="tier_level_says_its_name", condition=~Q(code="") & ~Q(name="") & ~Q(name_en="")
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return local_name(self.name, self.name_en)


class TierMonth(models.Model):
    """The month whose tiers are published, and the level of the persons without a row of their own."""

    month = models.CharField(_("month"), max_length=7, unique=True)
    base_code = models.CharField(_("lowest level"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("month of tiers")
        verbose_name_plural = _("months of tiers")

    def __str__(self) -> str:
        return self.month


class CustomerTier(models.Model):
    """The tier of a person who has ever reached a level above the lowest. `below_months` > 0: watched."""

    customer = models.OneToOneField(
        Customer, models.CASCADE, primary_key=True, related_name="tier", verbose_name=_("customer")
    )
    level_code = models.CharField(_("level"), max_length=20)
    below_months = models.PositiveSmallIntegerField(_("successive months below"))
    since_on = models.DateField(_("since"))

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("customer's tier")
        verbose_name_plural = _("customers' tiers")
        indexes = [
            models.Index("level_code", "customer", name="customer_tier_by_level"),
            models.Index("customer", name="customer_tier_watched", condition=Q(below_months__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.level_code} of {self.customer_id}"

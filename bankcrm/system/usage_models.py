"""How the system is used, counted by period, user, unit, role and function."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bankcrm.core.managers import ScopedQuerySet
from bankcrm.core.scope import Scope
from bankcrm.org.queries import visible_units

ALL = ""  # the function of rows that have all functions together


class UsageQuerySet(ScopedQuerySet["Usage"]):
    """What was done at the units of a scope."""

    def _restrict(self, scope: Scope) -> "UsageQuerySet":
        return self if scope.is_bank else self.filter(unit_id__in=visible_units(scope).values("pk"))


class Usage(models.Model):
    """Counts of one user at one unit in one role with one function, in a day, week or month.

    Unit and role are those of the post that was worked at: what was counted stays where somebody worked, wherever they
    move later. All three grains are written together, so that a year is read from its months; and with each row of a
    function the one of all functions (`ALL`), from which everything but tables of functions is read. No foreign keys:
    a flush of hundreds of rows would lock as many users and units.
    """

    class Grain(models.TextChoices):
        DAY = "day", _("By day")
        WEEK = "week", _("By week")
        MONTH = "month", _("By month")

    grain = models.CharField(_("period"), max_length=5, choices=Grain)
    start = models.DateField(_("first day"))
    user_id = models.BigIntegerField(_("user"))
    unit_id = models.BigIntegerField(_("unit"))
    role = models.CharField(_("role"), max_length=40, blank=True)
    function = models.CharField(_("function"), max_length=80, blank=True)
    views = models.IntegerField(_("page views"), default=0, db_default=0)
    requests = models.IntegerField(_("requests"), default=0, db_default=0)
    milliseconds = models.BigIntegerField(_("milliseconds of all requests"), default=0, db_default=0)
    worst = models.IntegerField(_("slowest request in milliseconds"), default=0, db_default=0)
    slow = models.IntegerField(_("slow requests"), default=0, db_default=0)
    errors = models.IntegerField(_("errors"), default=0, db_default=0)
    logins = models.IntegerField(_("number of logins"), default=0, db_default=0)
    searches = models.IntegerField(_("searches"), default=0, db_default=0)
    reveals = models.IntegerField(_("number of reveals"), default=0, db_default=0)
    exports = models.IntegerField(_("exports"), default=0, db_default=0)
    contacts = models.IntegerField(_("contacts"), default=0, db_default=0)

    objects = UsageQuerySet.as_manager()

    class Meta:
        app_label = "system"
        verbose_name = _("usage")
        verbose_name_plural = _("usage")
        constraints = [
            models.UniqueConstraint(
                name="system_usage_once", fields=["grain", "start", "unit_id", "user_id", "role", "function"]
            )
        ]
        indexes = [
            models.Index(fields=["user_id", "grain", "start"], name="system_usage_by_user"),
            models.Index(fields=["grain", "start", "unit_id"], name="system_usage_together", condition=Q(function="")),
        ]

    def __str__(self) -> str:
        return f"{self.grain} {self.start} {self.user_id} {self.function}"


class UsageCursor(models.Model):
    """How far the audit has been counted: the place in its sealed chain. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField(_("place in the chain"), default=0)
    until = models.DateTimeField(_("counted up to"), null=True)

    class Meta:
        app_label = "system"
        verbose_name = _("how far the audit is counted")
        verbose_name_plural = _("how far the audit is counted")

    def __str__(self) -> str:
        return str(self.position)

"""Rules by unit, the alerts that arise from them, and the movements that the lake hands over."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bankcrm.alerts.kinds import Direction, GoesTo
from bankcrm.customers.codes import BusinessLine
from bankcrm.customers.models import Customer, Task
from bankcrm.customers.querysets import CustomerOwnedManager
from bankcrm.customers.task_codes import AlertKind
from bankcrm.org.models import OrgUnit


class AlertRule(models.Model):
    """What a unit says about one kind of alert. A value that is NULL comes from the nearest unit above that has one."""

    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=20, choices=AlertKind)
    line = models.CharField(_("business line"), max_length=20, choices=BusinessLine, blank=True)
    is_active = models.BooleanField(_("in use"), null=True, blank=True)
    days_ahead = models.PositiveSmallIntegerField(_("days ahead"), null=True, blank=True)
    min_amount = models.DecimalField(_("from this amount"), max_digits=20, decimal_places=2, null=True, blank=True)
    direction = models.CharField(_("in or out"), max_length=4, choices=Direction, null=True, blank=True)
    min_days = models.PositiveSmallIntegerField(_("days overdue from"), null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(_("task due in working days"), null=True, blank=True)
    goes_to = models.CharField(_("task goes to"), max_length=4, choices=GoesTo, null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("alert rule")
        verbose_name_plural = _("alert rules")
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "line"], name="alert_rule_once"),
            models.CheckConstraint(
                name="alert_rule_bounds",
                condition=(Q(days_ahead=None) | Q(days_ahead__lte=180))
                & (Q(min_amount=None) | Q(min_amount__gte=0))
                & (Q(min_days=None) | Q(min_days__gte=1))
                & (Q(due_days=None) | Q(due_days__lte=60)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.line} @ {self.unit_id}"


class Alert(models.Model):
    """A reason to act, found in the data: one for each kind, customer, object and occasion.

    It is open while its reason holds, whatever became of its task. `given_to` is whom the machine gave the task; where
    that has another assignee, people have handed it on.
    """

    class Ended(models.TextChoices):
        PASSED = "passed", _("Time has passed")
        GROUND_GONE = "ground_gone", _("Reason no longer holds")
        RULE_CHANGED = "rule_changed", _("Rule no longer asks for it")

    kind = models.CharField(_("kind"), max_length=20, choices=AlertKind)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="alerts", verbose_name=_("customer"))
    object_key = models.CharField(_("object"), max_length=102, blank=True)
    occasion_on = models.DateField(_("occasion"))
    amount = models.DecimalField(_("amount in base currency"), max_digits=20, decimal_places=2, null=True, blank=True)
    task = models.OneToOneField(
        Task, models.SET_NULL, null=True, blank=True, related_name="alert", verbose_name=_("task")
    )
    given_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("given to")
    )
    found_on = models.DateField(_("found in the data of"))
    ended_on = models.DateField(_("ended with the data of"), null=True, blank=True)
    ended_because = models.CharField(_("ended because"), max_length=12, choices=Ended, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "object_key", "occasion_on"], name="alert_once"),
            models.CheckConstraint(
                name="alert_end_has_reason",
                condition=Q(ended_on=None, ended_because="") | (Q(ended_on__isnull=False) & ~Q(ended_because="")),
            ),
        ]
        indexes = [models.Index("occasion_on", "id", name="alert_open", condition=Q(ended_on=None))]

    def __str__(self) -> str:
        return f"{self.kind} {self.occasion_on} of {self.customer_id}"


class Movement(models.Model):
    """What came in less what went out on a customer's deposit accounts on one day, where it is much."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="movements", verbose_name=_("customer"))
    moved_on = models.DateField(_("day"))
    net_base = models.DecimalField(_("in less out, in base currency"), max_digits=20, decimal_places=2)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("large movement")
        verbose_name_plural = _("large movements")
        constraints = [models.UniqueConstraint(fields=["customer", "moved_on"], name="movement_once")]

    def __str__(self) -> str:
        return f"{self.net_base} of {self.customer_id} on {self.moved_on}"


class CalendarFeed(models.Model):
    """A user's own address of their tasks for a calendar program. Only the digest of its secret is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds", verbose_name=_("user")
    )
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [
            models.UniqueConstraint(name="calendar_feed_one", fields=["user"], condition=Q(revoked_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"

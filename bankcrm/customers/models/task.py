"""What is to be done."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.models.customer import Customer
from bankcrm.customers.task_codes import AlertKind, TaskOrigin, TaskOutcome


class Task(models.Model):
    """Something a user has to do by a time, mostly about a customer. The machine's own have no `created_by`."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    customer = models.ForeignKey(
        Customer, models.CASCADE, null=True, blank=True, related_name="tasks", verbose_name=_("customer")
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tasks", verbose_name=_("assigned to")
    )
    title = models.CharField(_("title"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=AlertKind, blank=True, default="", db_default="")
    about_on = models.DateField(_("day it is about"), null=True, blank=True)
    origin = models.CharField(
        _("origin"), max_length=8, choices=TaskOrigin, default=TaskOrigin.STAFF, db_default=TaskOrigin.STAFF
    )
    note = models.TextField(_("note"), blank=True)
    due_at = models.DateTimeField(_("due"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    outcome_code = models.CharField(
        _("outcome"), max_length=12, choices=TaskOutcome, blank=True, default="", db_default=""
    )
    outcome = models.CharField(_("what came of it"), max_length=200, blank=True)
    postponed = models.PositiveSmallIntegerField(_("times postponed"), default=0, db_default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [models.Index("assignee", "due_at", name="task_open_by_assignee", condition=Q(status="open"))]
        constraints = [
            models.CheckConstraint(
                name="task_closed_has_time",
                condition=Q(status="open", closed_at=None)
                | Q(status__in=["done", "cancelled"], closed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        """What is to be done, in the reader's language where the machine has set it."""
        if not self.kind or self.about_on is None:
            return self.title
        return f"{self.get_kind_display()} · {self.about_on:%Y-%m-%d}"

    @property
    def outcome_text(self) -> str:
        """What came of it: the choice and the words beside it."""
        return " · ".join(filter(None, [self.get_outcome_code_display() if self.outcome_code else "", self.outcome]))

"""Files that staff keep about a customer, and papers that a customer need not have."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.models.customer import Customer
from bankcrm.customers.models.holding import Holding
from bankcrm.customers.paper_codes import PaperKind
from bankcrm.customers.querysets import CustomerOwnedManager

IN_FORCE = Q(replaced_at=None, removed_at=None)


def _person(label: Any, **rest: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **rest)


class CustomerFile(models.Model):
    """A version of a file. Those of one paper share `series`; at most one of them is in force.

    Nothing is ever overwritten or deleted: a newer version replaces it, or staff remove it with a reason. `path` is the
    place in the store (`core.attachments`). `document_key` is the feed key of an identity document.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="files", verbose_name=_("customer"))
    series = models.UUIDField(default=uuid4)
    version = models.IntegerField(_("version"), default=1)
    paper_kind = models.CharField(_("kind"), max_length=20, choices=PaperKind)
    title = models.CharField(_("title"), max_length=100, blank=True)
    number = models.CharField(_("number"), max_length=40, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    document_key = models.CharField(_("identity document"), max_length=160, blank=True)
    holding = models.ForeignKey(
        Holding, models.PROTECT, null=True, blank=True, related_name="files", verbose_name=_("holding")
    )
    path = models.CharField(_("path"), max_length=80, unique=True)
    media_type = models.CharField(_("type"), max_length=80)
    size = models.BigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    by = _person(_("uploaded by"))
    at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)
    removed_by = _person(_("removed by"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    removal_reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("file of a customer")
        verbose_name_plural = _("files of customers")
        indexes = [
            models.Index("customer", "paper_kind", name="file_in_force", condition=IN_FORCE),
            models.Index("valid_until", "customer", name="file_by_end", condition=IN_FORCE & ~Q(valid_until=None)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["series", "version"], name="file_version_once"),
            models.UniqueConstraint(fields=["series"], name="file_one_in_force", condition=IN_FORCE),
            models.CheckConstraint(
                name="file_ends_after_it_begins",
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="file_removed_with_a_reason",
                condition=Q(removed_at=None, removed_by=None, removal_reason="")
                | (Q(removed_at__isnull=False, removed_by__isnull=False) & ~Q(removal_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_kind} of {self.customer_id}"

    @property
    def is_in_force(self) -> bool:
        """Whether it counts: neither replaced nor removed. Whether its time is over is another matter."""
        return self.replaced_at is None and self.removed_at is None


class PaperWaiver(models.Model):
    """A kind of paper that this customer need not have, for a reason, until a day or until it is ended."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="paper_waivers", verbose_name=_("customer"))
    paper_kind = models.CharField(_("kind"), max_length=20, choices=PaperKind)
    reason = models.CharField(_("reason"), max_length=200)
    until_on = models.DateField(_("until"), null=True, blank=True)
    by = _person(_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    ended_by = _person(_("ended by"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("waiver of a paper")
        verbose_name_plural = _("waivers of papers")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "paper_kind"], name="waiver_one_in_force", condition=Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.paper_kind} of {self.customer_id}"

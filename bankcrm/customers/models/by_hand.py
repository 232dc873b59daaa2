"""What staff add to a customer beside the sources: contact points, documents, relations."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.models.customer import Customer
from bankcrm.customers.querysets import CustomerOwnedManager

STAFF = "@staff"
HANDOVER = "@handover"  # shares of somebody who left, in the name of whoever took them over
"""The source system of what staff add. No bank's system has an @ in its code."""


class StaffEntry(models.Model):
    """One thing that staff added. While it is in force, its row stands among the sources' under `key`.

    It is closed, never deleted: by staff with a reason, or by a load that delivers the same and so takes it over.
    """

    class Kind(models.TextChoices):
        CONTACT_POINT = "contact_point", _("Contact point")
        DOCUMENT = "document", _("Identity document")
        RELATION = "relation", _("Relation")

    class Ending(models.TextChoices):
        ENDED = "ended", _("ended by staff")
        DELIVERED = "delivered", _("a source delivers the same")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="staff_entries", verbose_name=_("customer"))
    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    values = models.JSONField(_("what was entered"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ending = models.CharField(_("how it ended"), max_length=9, choices=Ending, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    adopted_key = models.CharField(_("delivered as"), max_length=460, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("entry by staff")
        verbose_name_plural = _("entries by staff")
        indexes = [models.Index("customer", name="staff_entry_in_force", condition=Q(ended_at=None))]
        constraints = [
            models.CheckConstraint(
                name="staff_entry_ends_somehow",
                condition=Q(ended_at=None, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.customer_id}"

    @property
    def key(self) -> str:
        """The feed key of its row while it is in force."""
        return f"{STAFF}/{self.pk}"

    def value(self, name: str) -> Any:
        """One of the values entered; empty where it was left out."""
        return self.values.get(name) or ""

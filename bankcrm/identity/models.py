"""Pairs that may be one customer, and what else waits for a steward."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.codes import DocumentType
from bankcrm.customers.models import Customer, CustomerOwnedManager


class MatchCandidate(models.Model):
    """Two source customers with the same document whose customers are not the same: waiting for a steward."""

    class Reason(models.TextChoices):
        NAME_DIFFERS = "name_differs", _("Same document, different name")
        WOULD_JOIN = "would_join", _("Same document and name, but already two customers")

    left_key = models.CharField(_("source customer"), max_length=61)
    right_key = models.CharField(_("source customer"), max_length=61)
    left = models.ForeignKey(Customer, models.CASCADE, related_name="+", verbose_name=_("customer"))
    right = models.ForeignKey(Customer, models.CASCADE, related_name="+", verbose_name=_("customer"))
    reason = models.CharField(_("reason"), max_length=14, choices=Reason)
    document_type = models.CharField(_("document type"), max_length=26)
    document_number = models.CharField(_("document number"), max_length=40)
    left_name = models.CharField(_("name"), max_length=200, blank=True)
    right_name = models.CharField(_("name"), max_length=200, blank=True)
    found_on = models.DateField(_("found on"))

    class Meta:
        verbose_name = _("match candidate")
        verbose_name_plural = _("match candidates")
        ordering = ["-found_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["left_key", "right_key", "document_type", "document_number"], name="match_candidate_once"
            ),
            models.CheckConstraint(name="match_candidate_ordered", condition=Q(left_key__lt=F("right_key"))),
        ]

    def __str__(self) -> str:
        return f"{self.left_key} ~ {self.right_key}"

    @property
    def document_type_label(self) -> str:
        """The kind of document in the reader's language; a code of tomorrow stays itself."""
        known = self.document_type in DocumentType.values
        return str(DocumentType(self.document_type).label) if known else self.document_type


class DataWork(models.Model):
    """Something missing or contradicting about a customer. Found by loads; gone once a load finds it no more.

    `key` names the very fact: a steward who closes it with a reason is not asked again, unless it becomes another one.
    """

    class Kind(models.TextChoices):
        CONTRADICTION = "contradiction", _("Sources contradict each other")
        OVERRIDE_DIFFERS = "override_differs", _("Source differs from a correction")
        EXPIRED_DOCUMENT = "expired_document", _("All documents expired")
        NO_DOCUMENT = "no_document", _("No valid document number")
        NO_CONTACT = "no_contact", _("No contact point")

    key = models.CharField(_("key"), max_length=160, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="data_work", verbose_name=_("customer"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    field = models.CharField(_("field"), max_length=40, blank=True)
    is_found = models.BooleanField(_("found by the last load"), default=True)
    found_on = models.DateField(_("found on"))
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("assigned to")
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True, db_default="")

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("data work")
        verbose_name_plural = _("data work")
        indexes = [
            models.Index(
                fields=["kind", "-found_on", "-id"],
                name="data_work_open",
                condition=Q(is_found=True, closed_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.key

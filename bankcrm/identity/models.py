"""Pairs that may be one customer."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.codes import DocumentType
from bankcrm.customers.models import Customer


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

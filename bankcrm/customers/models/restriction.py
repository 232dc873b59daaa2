"""Customers whose personal information may only be stored, and used where the law asks for it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.models.customer import Customer
from bankcrm.customers.querysets import CustomerOwnedManager


class ProcessingRestriction(models.Model):
    """Processing of one customer's personal information is restricted from a day on, to the last day or until lifted.

    Several may be in force; the customer is restricted while one of them is. Why, is told to those only who deal with
    requests of data subjects.
    """

    class Reason(models.TextChoices):
        ASKED = "asked", _("The customer asks for it")
        DISPUTED = "disputed", _("The customer disputes that the data are right")
        CLAIM = "claim", _("Kept for a claim or a dispute")
        RETENTION = "retention", _("To be deleted; the law makes the bank keep the rest until then")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="restrictions", verbose_name=_("customer"))
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    note = models.CharField(_("note"), max_length=200, blank=True)
    request_number = models.CharField(_("request"), max_length=20, blank=True)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lifted by")
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_because = models.CharField(_("lifted because"), max_length=200, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("restriction of processing")
        verbose_name_plural = _("restrictions of processing")
        indexes = [models.Index("customer", name="restriction_open", condition=Q(lifted_at=None))]
        constraints = [
            models.CheckConstraint(
                name="restriction_ends_after_it_begins", condition=Q(until_on=None) | Q(until_on__gte=F("from_on"))
            ),
            models.CheckConstraint(
                name="restriction_lifted_with_a_reason",
                condition=Q(lifted_at=None, lifted_because="") | (Q(lifted_at__isnull=False) & ~Q(lifted_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} of {self.customer_id}"

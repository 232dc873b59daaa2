"""Masked values that somebody asked to see whole, for a while and for a reason."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.models.customer import Customer
from bankcrm.customers.querysets import CustomerOwnedManager


class Reveal(models.Model):
    """A field class of one customer shown whole to one user from `at` until `until`. Rows are only added."""

    class Reason(models.TextChoices):
        CUSTOMER_ASKS = "customer_asks", _("The customer asks for it")
        IDENTIFY = "identify", _("Checking who somebody is")
        BUSINESS = "business", _("Handling business of the customer")
        CONTACT = "contact", _("Reaching the customer")
        COMPLAINT = "complaint", _("Working on a complaint")
        REVIEW = "review", _("Review by risk, compliance or audit")
        OTHER = "other", _("Another reason (say which)")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="reveals", verbose_name=_("customer"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("user"))
    field_class = models.CharField(_("kind of data"), max_length=20)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    note = models.CharField(_("note"), max_length=200, blank=True)
    at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("reveal")
        verbose_name_plural = _("reveals")
        indexes = [
            models.Index(fields=["user", "-at"], name="reveal_by_user"),
            models.Index(fields=["customer", "user", "-until"], name="reveal_by_customer"),
        ]
        constraints = [
            models.CheckConstraint(name="reveal_ends_after_it_begins", condition=models.Q(until__gt=models.F("at")))
        ]

    def __str__(self) -> str:
        return f"{self.field_class} of {self.customer_id} to {self.user_id}"

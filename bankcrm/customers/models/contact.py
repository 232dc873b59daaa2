"""Contacts with customers."""

from django.conf import settings
from django.db import models
from django.db.models import Func, Value
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.models.customer import Customer
from bankcrm.customers.querysets import CustomerOwnedManager


class Interaction(models.Model):
    """A call, visit, message or meeting. Partitioned by the month of `happened_at`; no row is ever changed."""

    class Kind(models.TextChoices):
        VISIT = "visit", _("Visit")
        CALL = "call", _("Call")
        MESSAGE = "message", _("Message")
        MEETING = "meeting", _("Meeting")
        COUNTER = "counter", _("At the counter")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Reached")
        NOT_REACHED = "not_reached", _("Not reached")
        FOLLOW_UP = "follow_up", _("Follow up")
        REFUSED = "refused", _("Refused")

    pk = models.CompositePrimaryKey("happened_at", "id")
    id = models.BigIntegerField(db_default=Func(Value("customers_interaction_id_seq"), function="nextval"))
    happened_at = models.DateTimeField(_("when"))
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="interactions", verbose_name=_("customer"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    subject = models.CharField(_("subject"), max_length=100)
    note = models.TextField(_("note"), blank=True)
    contact_person = models.CharField(_("spoke to"), max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    unit_no = models.IntegerField(_("unit of the writer"))
    logged_at = models.DateTimeField(_("logged at"), auto_now_add=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        indexes = [models.Index(fields=["customer", "-happened_at"], name="interaction_by_customer")]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at:%Y-%m-%d}"

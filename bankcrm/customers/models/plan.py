"""How often a customer is to be contacted."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.models.contact import Interaction
from bankcrm.customers.models.customer import Customer
from bankcrm.customers.querysets import CustomerOwnedManager


class ContactPlan(models.Model):
    """A rhythm of contacts with one customer. One is in force at most; a new one ends the old one.

    The next contact is due `every_days` after the last, and not before `begins_on`.
    """

    class Rhythm(models.IntegerChoices):
        WEEK = 7, _("Every week")
        FORTNIGHT = 14, _("Every two weeks")
        MONTH = 30, _("Every 30 days")
        TWO_MONTHS = 60, _("Every 60 days")
        QUARTER = 90, _("Every 90 days")
        HALF_YEAR = 180, _("Every 180 days")
        YEAR = 365, _("Every year")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contact_plans", verbose_name=_("customer"))
    kind = models.CharField(_("kind"), max_length=8, choices=Interaction.Kind)
    every_days = models.PositiveSmallIntegerField(_("every so many days"), choices=Rhythm)
    begins_on = models.DateField(_("first contact by"))
    note = models.CharField(_("what for"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("contact plan")
        verbose_name_plural = _("contact plans")
        constraints = [
            models.UniqueConstraint("customer", name="contact_plan_one_in_force", condition=Q(ended_at=None)),
            models.CheckConstraint(name="contact_plan_rhythm", condition=Q(every_days__gte=1, every_days__lte=366)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} every {self.every_days} days"

"""What customers have told the bank to pay again and again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bankcrm.customers import codes
from bankcrm.customers.models.customer import Customer
from bankcrm.customers.models.holding import Holding
from bankcrm.customers.querysets import CustomerOwnedManager


class StandingOrder(models.Model):
    """A payment out of a holding that comes again. `amount` is empty where it varies."""

    feed_key = models.CharField(max_length=61, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="standing_orders", verbose_name=_("customer"))
    holding = models.ForeignKey(Holding, models.CASCADE, related_name="standing_orders", verbose_name=_("paid out of"))
    payee_name = models.CharField(_("payee"), max_length=200, blank=True)
    payee_account = models.CharField(_("payee's account"), max_length=40, blank=True)
    payee_bank = models.CharField(_("payee's bank"), max_length=100, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    frequency = models.CharField(_("how often"), max_length=11, choices=codes.OrderFrequency)
    next_on = models.DateField(_("next on"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("standing order")
        verbose_name_plural = _("standing orders")

    def __str__(self) -> str:
        return self.feed_key

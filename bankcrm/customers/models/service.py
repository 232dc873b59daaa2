"""What other channels recorded and somebody still has to deal with."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.models.customer import Customer
from bankcrm.customers.querysets import CustomerOwnedManager
from bankcrm.customers.service_codes import InteractionChannel, InteractionStatus


class OpenComplaint(models.Model):
    """A complaint that is not closed yet. Once closed it is a line of the lake like every other contact."""

    feed_key = models.CharField(max_length=61, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="open_complaints", verbose_name=_("customer"))
    interaction_number = models.CharField(_("number"), max_length=40)
    happened_on = models.DateField(_("on"))
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    product = models.CharField(_("product"), max_length=100, blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=InteractionChannel, blank=True)
    status = models.CharField(_("status"), max_length=11, choices=InteractionStatus)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    agent = models.CharField(_("dealt with by"), max_length=60, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("open complaint")
        verbose_name_plural = _("open complaints")

    def __str__(self) -> str:
        return self.feed_key

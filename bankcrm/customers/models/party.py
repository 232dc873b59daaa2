"""Documents, contact points and relations, as the sources deliver them.

`feed_key` is the key of the contract joined by `/`.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bankcrm.customers import codes
from bankcrm.customers.models.customer import Customer
from bankcrm.customers.querysets import CustomerOwnedManager


class IdentityDocument(models.Model):
    """A document that proves who a customer is."""

    feed_key = models.CharField(max_length=160, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="documents", verbose_name=_("customer"))
    source_key = models.CharField(_("source"), max_length=61)
    document_type = models.CharField(_("type"), max_length=26, choices=codes.DocumentType)
    document_number = models.CharField(_("number"), max_length=40)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True, db_index=True)
    issuer = models.CharField(_("issuer"), max_length=120, blank=True)
    is_primary = models.BooleanField(_("primary"), default=False)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("identity document")
        verbose_name_plural = _("identity documents")

    def __str__(self) -> str:
        return f"{self.document_type} of {self.customer_id}"


class ContactPoint(models.Model):
    """A phone, e-mail, address or other way to reach a customer."""

    feed_key = models.CharField(max_length=460, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contact_points", verbose_name=_("customer"))
    source_key = models.CharField(_("source"), max_length=61)
    contact_type = models.CharField(_("type"), max_length=8, choices=codes.ContactType)
    purpose = models.CharField(_("purpose"), max_length=10, choices=codes.ContactPurpose)
    value = models.CharField(_("content"), max_length=300)
    district = models.CharField(_("district"), max_length=60, blank=True)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")

    def __str__(self) -> str:
        return f"{self.contact_type} of {self.customer_id}"


class Relation(models.Model):
    """The other party is this customer's `relation_type`: its shareholder, spouse, guarantor, employer …"""

    feed_key = models.CharField(max_length=61, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="relations", verbose_name=_("customer"))
    relation_type = models.CharField(_("relation"), max_length=20, choices=codes.RelationType)
    related = models.ForeignKey(
        Customer, models.CASCADE, null=True, blank=True, related_name="related_to", verbose_name=_("other party")
    )
    related_name = models.CharField(_("other party's name"), max_length=200, blank=True)
    share = models.DecimalField(_("share"), max_digits=12, decimal_places=8, null=True, blank=True)
    from_on = models.DateField(_("from"), null=True, blank=True)
    to_on = models.DateField(_("until"), null=True, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = [
            models.CheckConstraint(
                name="relation_share_between_0_and_1", condition=Q(share=None) | Q(share__gte=0, share__lte=1)
            ),
            models.CheckConstraint(
                name="relation_not_with_itself", condition=Q(related=None) | ~Q(related=F("customer"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.relation_type} of {self.customer_id}"

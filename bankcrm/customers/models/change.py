"""What loads changed about customers: the value before, which no source tells any more."""

from django.db import models
from django.db.models import Func, Value
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.models.customer import Customer
from bankcrm.customers.querysets import CustomerOwnedManager


class CustomerChange(models.Model):
    """A value that a load changed. Partitioned by the month of `changed_at`; written once, by the load that publishes.

    `field` is empty where a whole row came (`before` is empty) or went (`after` is). `kind` says what sort of row it
    is: the type of a contact point or document. No foreign key to the build: the change outlives it.
    """

    pk = models.CompositePrimaryKey("changed_at", "id")
    id = models.BigIntegerField(db_default=Func(Value("customers_customerchange_id_seq"), function="nextval"))
    changed_at = models.DateTimeField(_("changed at"))
    customer = models.ForeignKey(
        Customer, models.CASCADE, db_constraint=False, related_name="changes", verbose_name=_("customer")
    )
    subject = models.CharField(_("subject"), max_length=30)
    kind = models.CharField(_("kind"), max_length=26, blank=True)
    field = models.CharField(_("field"), max_length=40, blank=True)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    business_date = models.DateField(_("business date"))
    build_id = models.BigIntegerField(_("build"))

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("change by a load")
        verbose_name_plural = _("changes by loads")
        indexes = [models.Index(fields=["customer", "-changed_at"], name="change_by_customer")]

    def __str__(self) -> str:
        return f"{self.subject}.{self.field} of {self.customer_id}"

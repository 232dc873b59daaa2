"""Tags: short facts about customers, given by hand."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bankcrm.core.managers import ScopedQuerySet
from bankcrm.core.scope import Scope, unit_q
from bankcrm.customers.models import Customer, CustomerOwnedManager
from bankcrm.org.models import OrgUnit


class TagQuerySet(ScopedQuerySet["Tag"]):
    """Tags that the reader may use (of the own unit and those above it), and those of the units in scope."""

    def _restrict(self, scope: Scope) -> "TagQuerySet":
        usable = Q(unit__no__lte=scope.unit_no, unit__no_end__gt=scope.unit_no)
        return self.filter(usable | unit_q(scope, "unit__no")) if not scope.is_bank else self.all()

    def usable(self, scope: Scope) -> "TagQuerySet":
        """Those that the reader may put on customers: open ones of the own unit and of those above it."""
        return self.within(scope).filter(closed_at=None, unit__no__lte=scope.unit_no, unit__no_end__gt=scope.unit_no)


class Tag(models.Model):
    """A tag. Its unit and those below it may use it. Closed, never deleted: what it says of customers stays said."""

    name = models.CharField(_("name"), max_length=30)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    made_at = models.DateTimeField(_("at"), auto_now_add=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = models.Manager.from_queryset(TagQuerySet)()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], condition=Q(closed_at=None), name="tag_once_a_unit")
        ]

    def __str__(self) -> str:
        return self.name


class CustomerTag(models.Model):
    """That a customer has a tag, from when to when, and who says so."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="tags", verbose_name=_("customer"))
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="uses", verbose_name=_("tag"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("tag of a customer")
        verbose_name_plural = _("tags of customers")
        indexes = [models.Index("tag", "customer", name="customer_tag_by_tag", condition=Q(ended_at=None))]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "tag"], condition=Q(ended_at=None), name="customer_tag_once_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tag_id} of {self.customer_id}"

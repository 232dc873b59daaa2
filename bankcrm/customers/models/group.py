"""Customers seen as one: groups of companies and households, who belonged to them when, and what a rule proposes."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.models.customer import Customer
from bankcrm.customers.querysets import CustomerOwnedManager, GroupManager


class GroupKind(models.TextChoices):
    CORPORATE = "corporate", _("Corporate group")
    HOUSEHOLD = "household", _("Household")


class GroupGround(models.TextChoices):
    """Why a customer belongs to a group."""

    CONTROL = "control", _("Control")
    KIN = "kin", _("Kin")
    HAND = "hand", _("Decided by staff")


class CustomerGroup(models.Model):
    """A group or household that somebody confirmed, as visible as those who belong, or belonged, to it."""

    kind = models.CharField(_("kind"), max_length=9, choices=GroupKind)
    name = models.CharField(_("name"), max_length=200)
    head = models.ForeignKey(Customer, models.PROTECT, related_name="+", verbose_name=_("head"))
    confirmed_at = models.DateTimeField(_("confirmed at"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("confirmed by")
    )
    dissolved_at = models.DateTimeField(_("dissolved at"), null=True, blank=True)
    dissolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dissolved by"),
    )
    reason = models.CharField(_("reason"), max_length=200)

    objects = GroupManager()

    class Meta:
        verbose_name = _("customer group")
        verbose_name_plural = _("customer groups")
        indexes = [models.Index("kind", "id", name="group_by_kind")]
        constraints = [
            models.CheckConstraint(
                name="group_dissolved_by_somebody",
                condition=Q(dissolved_at=None, dissolved_by=None)
                | Q(dissolved_at__isnull=False, dissolved_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """A customer's membership for a half-open period. A customer is in one group of a kind at a time."""

    group = models.ForeignKey(CustomerGroup, models.CASCADE, related_name="memberships", verbose_name=_("group"))
    kind = models.CharField(_("kind"), max_length=9, choices=GroupKind)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="memberships", verbose_name=_("customer"))
    ground = models.CharField(_("ground"), max_length=7, choices=GroupGround)
    valid = DateRangeField(_("valid"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    reason = models.CharField(_("reason"), max_length=200)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("group member")
        verbose_name_plural = _("group members")
        constraints = [
            ExclusionConstraint(
                name="group_one_of_a_kind_at_a_time",
                expressions=[
                    ("customer", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.group_id}"


class GroupProposal(models.Model):
    """A corporate group that the stakes speak for, until somebody confirms or declines it.

    `key` is the controller: a customer's key, or the name of one that is none. `group`: the confirmed group that this
    would change. Made anew after each load; a declined one stays as long as its members are the same.
    """

    key = models.CharField(_("controller"), max_length=210, unique=True)
    name = models.CharField(_("name"), max_length=200)
    head = models.ForeignKey(Customer, models.CASCADE, related_name="+", verbose_name=_("head"))
    group = models.ForeignKey(
        CustomerGroup, models.CASCADE, null=True, blank=True, related_name="proposals", verbose_name=_("group")
    )
    signature = models.CharField(max_length=64)
    found_on = models.DateField(_("found on"))
    declined_at = models.DateTimeField(_("declined at"), null=True, blank=True)
    declined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("declined by")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = GroupManager()

    class Meta:
        verbose_name = _("proposed group")
        verbose_name_plural = _("proposed groups")

    def __str__(self) -> str:
        return self.name


class ProposedMember(models.Model):
    """A customer of a proposed group."""

    proposal = models.ForeignKey(GroupProposal, models.CASCADE, related_name="memberships", verbose_name=_("proposal"))
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", verbose_name=_("customer"))

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("proposed member")
        verbose_name_plural = _("proposed members")
        constraints = [models.UniqueConstraint(fields=["proposal", "customer"], name="proposed_member_once")]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.proposal_id}"

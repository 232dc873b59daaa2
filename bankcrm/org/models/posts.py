"""What people are to the bank: teams, the posts they hold, their accreditation as managers."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bankcrm.org.models.units import OrgUnit
from bankcrm.org.models.users import User


class Team(models.Model):
    """Managers (and product or risk staff) who look after customers together."""

    code = models.CharField(_("team code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="teams", verbose_name=_("unit"))

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A role held at a unit with a data scope, for a period (half-open)."""

    class DataScope(models.TextChoices):
        SELF = "self", _("Self")
        TEAM = "team", _("Team")
        UNIT = "unit", _("Unit")
        SUBTREE = "subtree", _("Unit and below")
        BANK = "bank", _("Whole bank")

    user = models.ForeignKey(User, models.CASCADE, related_name="posts", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=40)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="posts", verbose_name=_("unit"))
    data_scope = models.CharField(_("data scope"), max_length=10, choices=DataScope)
    business_line = models.CharField(_("business line"), max_length=20, blank=True)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="posts", verbose_name=_("team"))
    valid = DateRangeField(_("valid"), default=None)
    from_feed = models.BooleanField(_("from the employee feed"), default=False)
    ended_by_hand = models.BooleanField(_("ended by hand"), default=False, db_default=False)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["id"]
        constraints = [
            ExclusionConstraint(
                name="org_post_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.unit}"

    @property
    def role_label(self) -> str:
        """The role's name in the language of the page; the code of one that this version does not know."""
        from bankcrm.org.roles import ROLES  # roles need the permissions, which need the apps

        known = ROLES.get(self.role)
        return str(known.label) if known else self.role


class Delegation(models.Model):
    """Somebody's post lent to a colleague for a period (half-open), e.g. a leave. It ends by itself."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="delegations", verbose_name=_("post"))
    principal = models.ForeignKey(User, models.PROTECT, related_name="delegations_given", verbose_name=_("principal"))
    delegate = models.ForeignKey(User, models.PROTECT, related_name="delegations_held", verbose_name=_("delegate"))
    valid = DateRangeField(_("valid"))
    reason = models.CharField(_("reason"), max_length=200)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    made_at = models.DateTimeField(_("made at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="org_delegation_to_another", condition=~Q(principal=F("delegate"))),
            models.CheckConstraint(
                name="org_delegation_has_an_end", condition=Q(valid__endswith__isnull=False, valid__isempty=False)
            ),
            ExclusionConstraint(
                name="org_delegation_once_at_a_time",
                expressions=[("post", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                condition=Q(ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} → {self.delegate}"


class Manager(models.Model):
    """A user accredited to look after customers, for a period."""

    user = models.OneToOneField(User, models.CASCADE, related_name="manager", verbose_name=_("user"))
    accredited = DateRangeField(_("accredited"))
    from_feed = models.BooleanField(_("from the employee feed"), default=False)

    class Meta:
        verbose_name = _("manager")
        verbose_name_plural = _("managers")

    def __str__(self) -> str:
        return str(self.user)

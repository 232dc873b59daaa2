"""What people are to the bank: teams, the posts they hold, their accreditation as managers."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
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

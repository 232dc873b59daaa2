"""The bank's tree."""

from django.db import models
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _


def local_name(zh: str, en: str) -> str:
    """The name in the language of the page; bank data stay as delivered where there is only one."""
    return (en or zh) if (translation.get_language() or "").startswith("en") else zh


class OrgUnit(models.Model):
    """A node of the bank's tree. `no` numbers the tree in preorder with gaps; those below have `no` < n < `no_end`."""

    class Kind(models.TextChoices):
        HEAD_OFFICE = "head_office", _("Head office")
        BRANCH = "branch", _("Branch")
        SUB_BRANCH = "sub_branch", _("Sub-branch")
        OUTLET = "outlet", _("Outlet")
        DEPARTMENT = "department", _("Department")

    code = models.CharField(_("unit code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent unit")
    )
    region = models.CharField(_("region"), max_length=60, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    no = models.IntegerField(_("preorder number"))
    no_end = models.IntegerField(_("preorder end"))
    depth = models.PositiveSmallIntegerField(_("depth"), default=0)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["no"]
        constraints = [
            models.CheckConstraint(name="org_unit_numbers_nested", condition=Q(no_end__gt=F("no"))),
            models.UniqueConstraint(name="org_unit_no_unique", fields=["no"], deferrable=models.Deferrable.DEFERRED),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return local_name(self.name, self.name_en)

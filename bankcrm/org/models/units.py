"""The bank's tree."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _


def local_name(zh: str, en: str) -> str:
    """The name in the language of the page; bank data stay as delivered where there is only one."""
    return (en or zh) if (translation.get_language() or "").startswith("en") else zh


class OrgUnit(models.Model):
    """A node of the bank's tree. `no` numbers the tree in preorder with gaps; those below have `no` < n < `no_end`.

    `by_hand`: field -> what the feed said when staff changed it. A unit that went up in another keeps its row and its
    place; `merged_into` is what happened, `successor` the open unit at the end of such steps. `taken_over` has the
    ranges of numbers that belong to a unit (`unit`), or to it and those below (`subtree`), beyond their own.
    """

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
    from_feed = models.BooleanField(_("from the organisation feed"), default=False, db_default=False)
    by_hand = models.JSONField(_("changed by hand"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    merged_on = models.DateField(_("merged on"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who answers for it now")
    )
    taken_over = models.JSONField(_("numbers of the units taken over"), null=True, blank=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["no"]
        constraints = [
            models.CheckConstraint(name="org_unit_numbers_nested", condition=Q(no_end__gt=F("no"))),
            models.CheckConstraint(
                name="org_unit_merged_is_closed",
                condition=Q(merged_into=None, merged_on=None)
                | Q(merged_into__isnull=False, merged_on__isnull=False, closed_on__isnull=False),
            ),
            models.UniqueConstraint(name="org_unit_no_unique", fields=["no"], deferrable=models.Deferrable.DEFERRED),
        ]

    def __str__(self) -> str:
        return self.label

    def is_closed(self, day: date) -> bool:
        """Whether the unit is closed on that day."""
        return self.closed_on is not None and self.closed_on <= day

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return local_name(self.name, self.name_en)

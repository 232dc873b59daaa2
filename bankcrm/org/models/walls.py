"""Ethical walls (信息隔离墙): parts of the bank that must not see each other's customers."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from bankcrm.org.models.units import OrgUnit
from bankcrm.org.models.users import User


class EthicalWall(models.Model):
    """A wall between two sides for a period (half-open). Rows are closed, never deleted."""

    name = models.CharField(_("name"), max_length=60)
    reason = models.CharField(_("reason"), max_length=500)
    valid = DateRangeField(_("valid"))
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("set by"))
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("agreed by"))
    set_at = models.DateTimeField(_("set at"))

    class Meta:
        verbose_name = _("ethical wall")
        verbose_name_plural = _("ethical walls")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class WallSide(models.Model):
    """A unit, with those below it, on one side of a wall."""

    class Side(models.TextChoices):
        ONE = "one", _("One side")
        OTHER = "other", _("Other side")

    wall = models.ForeignKey(EthicalWall, models.CASCADE, related_name="sides", verbose_name=_("ethical wall"))
    side = models.CharField(_("side"), max_length=5, choices=Side)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("unit"))

    class Meta:
        verbose_name = _("side of a wall")
        verbose_name_plural = _("sides of walls")
        constraints = [models.UniqueConstraint(name="org_wall_unit_once", fields=["wall", "unit"])]

    def __str__(self) -> str:
        return f"{self.unit} · {self.side}"

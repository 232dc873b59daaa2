"""What the bank sets: values of parameters, for the whole bank or a part of its tree."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from bankcrm.org.models import OrgUnit
from bankcrm.system.menu_models import MenuLine
from bankcrm.system.usage_models import Usage, UsageCursor

__all__ = ["MenuLine", "ParameterValue", "Usage", "UsageCursor"]


class ParameterValue(models.Model):
    """A value of a registered parameter, for a period (half-open), at a unit and those below it; no unit: the bank.

    What was replaced on its first day or before stays for the record and does not count.
    """

    key = models.CharField(_("parameter"), max_length=80)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"))
    value = models.JSONField(_("value"))
    valid = DateRangeField(_("valid"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agreed by")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    replaced_at = models.DateTimeField(_("replaced before it counted"), null=True, blank=True)

    class Meta:
        verbose_name = _("parameter value")
        verbose_name_plural = _("parameter values")
        constraints = [
            ExclusionConstraint(
                name="parameter_value_once_at_a_time",
                expressions=[
                    ("key", RangeOperators.EQUAL),
                    (Coalesce(F("unit"), Value(0)), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(replaced_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"

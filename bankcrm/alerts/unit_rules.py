"""What becomes of a unit's own alert rules when it goes up in another."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from bankcrm.alerts.models import AlertRule
from bankcrm.core import audit, org_extensions
from bankcrm.core.org_extensions import UnitMergeRule
from bankcrm.core.scope import Scope
from bankcrm.org.models import OrgUnit

NOT_SAID = {"id", "changed_by", "changed_at"}


def _end(kept: OrgUnit, gone: OrgUnit, on: date, by: Scope) -> int:
    """They end: its customers are served by the rules of the other unit. The audit keeps what they were."""
    rows = AlertRule.objects.filter(unit=gone)
    for rule in rows:
        kept_values = {one.name: getattr(rule, one.attname) for one in rule._meta.fields if one.name not in NOT_SAID}
        audit.record("alert_rule.ended_by_merge", by=by, obj=rule, before=kept_values, after={"unit": kept.code})
    return rows.delete()[0]


def register_all() -> None:
    """Called once when the app is ready."""
    org_extensions.unit_merge_rules.register(
        UnitMergeRule(
            "alert_rules",
            _("Alert rules of its own (they end; those of the other unit hold)"),
            lambda gone: AlertRule.objects.filter(unit=gone).count(),
            _end,
            order=80,
            holds_open=False,
        )
    )

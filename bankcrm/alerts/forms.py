"""Forms of the rules' page. They read what was typed; whether it may be is decided by the action."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bankcrm.alerts.kinds import Value
from bankcrm.alerts.queries.rules import ShownRule

ON, OFF = "on", "off"


class RuleForm(forms.Form):
    """What a unit says about one kind of alert; what stays empty comes from above."""

    is_active = forms.ChoiceField(label=_("In use"), required=False)

    def __init__(self, *args: Any, rule: ShownRule, is_root: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = [] if is_root else [("", _("As above"))]
        active: Any = self.fields["is_active"]
        active.choices = [*above, (ON, _("Yes")), (OFF, _("No"))]
        own = rule.own
        self.initial["is_active"] = {True: ON, False: OFF, None: ""}[own.is_active if own else None]
        for shown in rule.values:
            self.fields[shown.value.name] = _field(shown.value, rule.kind.low(shown.value), above)
            self.initial[shown.value.name] = getattr(own, shown.value.name) if own else None

    def said(self) -> tuple[bool | None, dict[str, Any]]:
        """Whether the rule is in use, and its values; None: as above."""
        data = dict(self.cleaned_data)
        active = {ON: True, OFF: False, "": None}[data.pop("is_active")]
        return active, {name: None if value == "" else value for name, value in data.items()}


def _field(value: Value, low: int, above: list[tuple[str, Any]]) -> forms.Field:
    label = str(value.label)
    if value.choices:
        return forms.ChoiceField(label=label, choices=[*above, *value.choices], required=False)
    bounds = _("%(low)s to %(high)s") % {"low": f"{low:,}", "high": f"{value.high:,}"}
    text = "" if above == [] else _("Empty: as above.")
    help_text = f"{bounds} · {text}" if text else str(bounds)
    if value.is_money:
        return forms.DecimalField(label=label, max_digits=20, decimal_places=2, required=False, help_text=help_text)
    return forms.IntegerField(label=label, required=False, help_text=help_text)

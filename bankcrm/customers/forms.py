"""Forms of the customer page. They read what was typed; whether it may be is decided by the actions."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bankcrm.customers import codes
from bankcrm.customers.fields import Field, FieldKind
from bankcrm.customers.models import ContactPlan, Holding, Interaction, Reveal
from bankcrm.customers.queries.transactions import Filter
from bankcrm.customers.task_codes import BY_PEOPLE
from bankcrm.org.models import User

MOMENT_FORMAT = "%Y-%m-%dT%H:%M"
LONGEST_PERIOD_DAYS = 366 * 5


def moment_field(label: Any, **rest: Any) -> forms.DateTimeField:
    """A day with its time, in the bank's zone."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT_FORMAT)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[MOMENT_FORMAT], **rest)


def day_field(label: Any, **rest: Any) -> forms.DateField:
    """A day."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **rest)


def note_field(label: Any) -> forms.CharField:
    """A longer text that may stay empty."""
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, widget=widget, required=False, max_length=2000)


class InteractionForm(forms.Form):
    """A contact that took place, and what comes next."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Interaction.Kind.choices)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Interaction.Outcome.choices)
    happened_at = moment_field(_("When"))
    contact_person = forms.CharField(label=_("Spoke to"), max_length=60, required=False)
    subject = forms.CharField(label=_("Subject"), max_length=100)
    note = note_field(_("Note"))
    next_title = forms.CharField(label=_("Next step"), max_length=100, required=False)
    next_due = moment_field(_("Next step due"), required=False)

    def clean(self) -> dict[str, Any]:
        """A next step needs both its words and its time."""
        data = super().clean() or {}
        if data.get("next_title") and not data.get("next_due") and "next_due" not in self.errors:
            self.add_error("next_due", _("Say by when."))
        if data.get("next_due") and not data.get("next_title"):
            self.add_error("next_title", _("Say what is to be done."))
        return data


class ContactPlanForm(forms.Form):
    """How often a customer is to be contacted."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Interaction.Kind.choices)
    every_days = forms.TypedChoiceField(label=_("Rhythm"), coerce=int, choices=ContactPlan.Rhythm.choices)
    begins_on = day_field(_("First contact by"))
    note = forms.CharField(label=_("What for"), max_length=200, required=False)


class TaskForm(forms.Form):
    """Something to be done about a customer."""

    title = forms.CharField(label=_("What is to be done"), max_length=100)
    due_at = moment_field(_("Due"))
    assignee = forms.TypedChoiceField(label=_("Assigned to"), coerce=int)
    note = note_field(_("Note"))

    def __init__(self, *args: Any, assignees: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(user.pk, f"{user.label} {user.username}") for user in assignees]
        self.fields["assignee"].choices = choices  # type: ignore[attr-defined]


class CloseTaskForm(forms.Form):
    """What came of a task: one of a list, and a note."""

    outcome_code = forms.ChoiceField(label=_("Outcome"), choices=[("", "—"), *BY_PEOPLE], required=False)
    outcome = forms.CharField(label=_("Note"), max_length=200, required=False)


class PostponeTaskForm(forms.Form):
    """A later time for a task, and why."""

    due_at = moment_field(_("New time"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class HandOnTaskForm(forms.Form):
    """Who is to do it instead."""

    assignee = forms.TypedChoiceField(label=_("Hand on to"), coerce=int)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, receivers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(user.pk, f"{user.label} {user.username}") for user in receivers]
        self.fields["assignee"].choices = choices  # type: ignore[attr-defined]


class HandOnTasksForm(HandOnTaskForm):
    """Who is to do several tasks instead, and why."""

    def __init__(self, *args: Any, receivers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, receivers=receivers, **kwargs)
        self.fields["reason"].required = True


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class OverrideForm(ReasonForm):
    """The right value of a field, and why."""

    field_order = ("value", "reason")

    def __init__(self, *args: Any, field: Field, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = _value_field(field)
        self.order_fields(self.field_order)


def _value_field(field: Field) -> forms.Field:
    if field.kind is FieldKind.CHOICE and field.choices is not None:
        return forms.ChoiceField(label=str(field.label), choices=[("", "—"), *field.choices.choices])
    if field.kind is FieldKind.DATE:
        return forms.CharField(label=str(field.label), widget=forms.DateInput(attrs={"type": "date"}))
    if field.name == "business_scope":
        widget = forms.Textarea(attrs={"rows": 4})
        return forms.CharField(label=str(field.label), widget=widget, max_length=field.max_length)
    mode = "decimal" if field.kind in (FieldKind.MONEY, FieldKind.COUNT) else "text"
    return forms.CharField(
        label=str(field.label), max_length=field.max_length, widget=forms.TextInput(attrs={"inputmode": mode})
    )


class TransactionFilterForm(forms.Form):
    """Which transactions. Whatever is left empty does not narrow."""

    from_on = day_field(_("From"), required=False)
    to_on = day_field(_("To"), required=False)
    holding = forms.TypedChoiceField(label=_("Account"), coerce=int, empty_value=None, required=False)
    direction = forms.ChoiceField(
        label=_("In or out"), choices=[("", _("Both")), *codes.Direction.choices], required=False
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=[("", _("All")), *codes.Channel.choices], required=False)
    min_amount = forms.DecimalField(label=_("Amount from"), max_digits=20, decimal_places=2, required=False)
    max_amount = forms.DecimalField(label=_("Amount to"), max_digits=20, decimal_places=2, required=False)
    text = forms.CharField(label=_("Counterparty or summary"), max_length=60, required=False)

    def __init__(self, *args: Any, holdings: Sequence[tuple[Holding, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("All accounts")), *((row.pk, label) for row, label in holdings)]
        self.fields["holding"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """From before to, in both pairs."""
        data = super().clean() or {}
        first, last = data.get("from_on"), data.get("to_on")
        if first and last and first > last:
            self.add_error("to_on", _("The end lies before the beginning."))
        elif first and last and (last - first).days > LONGEST_PERIOD_DAYS:
            self.add_error("from_on", _("Ask for at most five years at a time."))
        least, most = data.get("min_amount"), data.get("max_amount")
        if least is not None and most is not None and least > most:
            self.add_error("max_amount", _("The upper bound lies below the lower one."))
        return data

    def wanted(self, period: tuple[date, date]) -> Filter:
        """What was asked for; days that were not named are those of the period."""
        data = self.cleaned_data
        first, last = period
        to_on = data.get("to_on") or max(last, data.get("from_on") or last)
        from_on = data.get("from_on") or min(first, to_on)
        return Filter(
            from_on,
            to_on,
            data.get("holding"),
            data.get("min_amount"),
            data.get("max_amount"),
            data.get("channel") or "",
            data.get("direction") or "",
            (data.get("text") or "").strip(),
        )


def next_morning(now: datetime) -> datetime:
    """Nine o'clock tomorrow: the time that a new task proposes."""
    return now.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)


class RevealForm(forms.Form):
    """Why masked data are to be shown whole."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose a reason")), *Reveal.Reason.choices])
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

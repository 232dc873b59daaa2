"""Forms of the workbench of data subjects' requests."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.customers.actions.restrictions import BY_HAND
from bankcrm.customers.models import ProcessingRestriction
from bankcrm.org.models import User
from bankcrm.privacy.actions import LONGEST
from bankcrm.privacy.models import SubjectRequest


class NewRequestForm(forms.Form):
    """Who asks for what, by which way, and how it was checked who that is."""

    number = forms.CharField(label=_("Customer number"), max_length=20)
    kind = forms.ChoiceField(label=_("What is asked for"), choices=[("", "–"), *SubjectRequest.Kind.choices])
    came_by = forms.ChoiceField(label=_("Came by"), choices=[("", "–"), *SubjectRequest.CameBy.choices])
    proof = forms.ChoiceField(label=_("Identity checked by"), choices=[("", "–"), *SubjectRequest.Proof.choices])
    received_on = forms.DateField(
        label=_("Received on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    wish = forms.CharField(
        label=_("In the customer's words"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = dates.today

    def clean_number(self) -> str:
        """Without the gaps by which people read it."""
        return "".join(str(self.cleaned_data["number"]).split())


class AssignForm(forms.Form):
    """Which steward works on it."""

    steward = forms.ModelChoiceField(label=_("Steward"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args: Any, stewards: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["steward"].queryset = stewards  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """What the customer is told."""

    text = forms.CharField(
        label=_("What the customer is told"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )


class RefuseForm(AnswerForm):
    """Why nothing is done, from the list and in words."""

    refusal = forms.ChoiceField(label=_("Reason"), choices=[("", "–"), *SubjectRequest.Refusal.choices])
    field_order = ("refusal", "text")


class RestrictForm(AnswerForm):
    """Why and until when processing is restricted."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", "–"), *((one.value, one.label) for one in BY_HAND)])
    until_on = forms.DateField(
        label=_("Until (empty: until lifted)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(label=_("Note for those who work on requests"), max_length=200, required=False)
    field_order = ("reason", "until_on", "note", "text")


class LiftForm(AnswerForm):
    """Which restriction is lifted."""

    restriction = forms.ChoiceField(label=_("Restriction"))
    field_order = ("restriction", "text")

    def __init__(self, *args: Any, restrictions: list[ProcessingRestriction], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["restriction"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [
            (one.pk, f"{one.from_on:%Y-%m-%d} · {one.get_reason_display()}")
            for one in restrictions
            if one.reason in {known.value for known in BY_HAND}
        ]

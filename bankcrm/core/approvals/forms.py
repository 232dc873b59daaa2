"""The decision: which one, an opinion, and whom it is handed on to."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bankcrm.core.approvals import engine
from bankcrm.core.forms import add_errors
from bankcrm.core.scope import Scope

AGREE, SEND_BACK, WITHDRAW, HAND_ON = "agree", "send_back", "withdraw", "hand_on"


class DecisionForm(forms.Form):
    """`do` is the button that was pressed."""

    do = forms.ChoiceField(
        choices=[(code, code) for code in (AGREE, SEND_BACK, WITHDRAW, HAND_ON)], widget=forms.HiddenInput
    )
    text = forms.CharField(
        label=gettext_lazy("Opinion"),
        max_length=engine.TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed to send back or to hand on."),
    )
    to = forms.ChoiceField(label=gettext_lazy("Hand on to"), required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", _("Choose a person")), *people]

    def clean(self) -> dict[str, Any]:
        """Handing on needs somebody."""
        values: dict[str, Any] = self.cleaned_data
        if values.get("do") == HAND_ON and "to" in values and not values["to"]:
            self.add_error("to", _("Please choose a person."))
        return values

    def decide(self, approval_id: int, by: Scope) -> str:
        """Does what was pressed and says so. Raises as the engine does."""
        do, text = self.cleaned_data["do"], self.cleaned_data["text"]
        if do == AGREE:
            engine.agree(approval_id=approval_id, by=by, text=text)
            return _("You have agreed; it is carried out.")
        if do == SEND_BACK:
            engine.send_back(approval_id=approval_id, by=by, text=text)
            return _("The request is sent back.")
        if do == WITHDRAW:
            engine.withdraw(approval_id=approval_id, by=by, text=text)
            return _("The request is withdrawn.")
        engine.hand_on(approval_id=approval_id, to_id=int(self.cleaned_data["to"]), by=by, text=text)
        return _("The request is handed on.")

    def take(self, error: ValidationError) -> None:
        """Shows an action's errors: at the form's own fields, or else above it."""
        add_errors(self, error)

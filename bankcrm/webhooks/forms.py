"""The form of a webhook. It reads what was typed; whether it may be is decided by the action."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bankcrm.webhooks.actions import Wanted
from bankcrm.webhooks.kinds import CHOICES
from bankcrm.webhooks.models import Subscription
from bankcrm.webhooks.queries import good_tokens


class WebhookForm(forms.Form):
    """What to send where, and in whose scope."""

    name = forms.CharField(label=_("Name"), max_length=60)
    token = forms.TypedChoiceField(
        label=_("API token"),
        coerce=int,
        help_text=_("The receiver hears of the customers that this token's user sees, while the token is good."),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("https, outside the bank's network unless the host is allowed by the parameter."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Events"), choices=CHOICES, widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
    )

    def __init__(self, *args: Any, row: Subscription | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tokens = {token.pk: f"{token.user.label} {token.user.username} · {token.name}" for token in good_tokens()}
        if row is not None:
            self.initial = {"name": row.name, "token": row.token_id, "address": row.address, "kinds": row.kinds}
        field: Any = self.fields["token"]
        field.choices = list(tokens.items())

    def wanted(self) -> Wanted:
        """What was entered."""
        data = self.cleaned_data
        return Wanted(data["name"], data["token"], data["address"].strip(), tuple(data["kinds"]))

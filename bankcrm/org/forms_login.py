"""Forms of the pages about logins."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LookForm(forms.Form):
    """What somebody found who looked into an alert."""

    note = forms.CharField(
        label=_("What it was"),
        max_length=200,
        help_text=_("For example: on a business trip, asked by telephone."),
    )


class ReasonForm(forms.Form):
    """Why something is done to another's account."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class UnlockForm(ReasonForm):
    """Whose account, and why."""

    username = forms.CharField(max_length=20, widget=forms.HiddenInput)


class CodeForm(forms.Form):
    """A code of an app, or a recovery code."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )


class KeyForm(forms.Form):
    """A new security key: its name, and what the browser answered for it."""

    name = forms.CharField(label=_("Name of the key"), max_length=40, required=False)
    answer = forms.CharField(max_length=20_000, widget=forms.HiddenInput)

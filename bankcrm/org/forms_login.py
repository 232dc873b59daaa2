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

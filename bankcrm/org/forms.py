"""The forms of login and password."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bankcrm.org import passwords
from bankcrm.org.models import User
from bankcrm.org.queries import has_left


class LoginForm(forms.Form):
    """Employee number and password. One message for all that may be wrong: it must not tell who works here."""

    username = forms.CharField(
        label=_("Employee number"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None
        self.was_tried = False
        self.is_outer = False  # the bank's directory knew the password

    def clean(self) -> dict[str, Any]:
        """Checks the password; `user` is who it is, `was_tried` whether there was anything to check."""
        values: dict[str, Any] = self.cleaned_data
        if "username" in values and "password" in values:
            self.was_tried = True
            found = authenticate(self.request, username=values["username"], password=values["password"])
            if not isinstance(found, User) or has_left(found):
                raise ValidationError(_("Employee number or password is wrong."), code="invalid")
            self.is_outer = getattr(found, "backend", "").endswith("DirectoryBackend")
            if not self.is_outer and passwords.first_is_over(found):  # said only to whoever knows it
                text = _("This first password is no longer good. Ask your security administrator for a new one.")
                raise ValidationError(text, code="first_password_over")
            self.user = found
        return values


class PasswordChangeForm(forms.Form):
    """The old password and, twice, the new one."""

    old_password = forms.CharField(
        label=_("Present password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    new_password = forms.CharField(
        label=_("New password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.rules = password_validators_help_texts()

    def clean_old_password(self) -> str:
        """Whoever finds an open session must not take the account over."""
        old: str = self.cleaned_data["old_password"]
        if not self.user.check_password(old):
            raise ValidationError(_("This is not your present password."))
        return old

    def clean_new_password(self) -> str:
        """The bank's rules."""
        new: str = self.cleaned_data["new_password"]
        validate_password(new, self.user)
        return new

    def clean(self) -> dict[str, Any]:
        """Both times the same, and not too soon after the last change."""
        values: dict[str, Any] = self.cleaned_data
        passwords.check_age(self.user)
        if "new_password" in values and "again" in values and values["new_password"] != values["again"]:
            self.add_error("again", _("This is not the same as the new password."))
        return values

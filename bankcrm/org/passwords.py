"""What a password must be, as far as it is a setting of this bank; the rest are Django's own validators."""

import secrets

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bankcrm.core import parameters
from bankcrm.org.models import User

# No characters that are read as one another: a first password is told over the telephone.
ALPHABET = "abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679"
FIRST_LENGTH = 14


def least_length() -> int:
    """The bank's least length of a password."""
    return int(parameters.value("password.least_length"))


class LengthValidator:
    """At least as long as the bank's parameter says."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError for a password that is too short."""
        if len(password) < least_length():
            raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self) -> str:
        """The rule in words."""
        length = least_length()
        return ngettext(
            "The password needs at least %(length)d character.",
            "The password needs at least %(length)d characters.",
            length,
        ) % {"length": length}


class OtherThanBeforeValidator:
    """Not the password in use."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError for the old password."""
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError(_("This is the password you have now."), code="password_unchanged")

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("It is not the password you have now.")


def first_password() -> str:
    """A random password for somebody who is to change it at once: about 78 bits."""
    return "".join(secrets.choice(ALPHABET) for _position in range(FIRST_LENGTH))

"""What a password must be, as far as it is a setting of this bank; the rest are Django's own validators."""

import secrets
from collections.abc import Iterator
from datetime import timedelta

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bankcrm.core import dates, names, parameters
from bankcrm.org.models import OrgUnit, User
from bankcrm.org.password_rules import bank_words, days_left, guessable_word, keyboard_run

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
    """Neither the password in use nor one of the last."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError for a password that was used lately."""
        if user is None or not user.pk:
            return
        if user.check_password(password):
            raise ValidationError(_("This is the password you have now."), code="password_unchanged")
        kept = user.former_passwords.order_by("-id").values_list("encoded", flat=True)[: _history()]
        if any(check_password(password, encoded) for encoded in kept):
            raise ValidationError(_("You have used this password before."), code="password_used_before")

    def get_help_text(self) -> str:
        """The rule in words."""
        count = _history()
        if count < 2:
            return _("It is not the password you have now.")
        return _("It is none of your last %(count)d passwords.") % {"count": count}


class GuessableValidator:
    """Nothing that somebody who knows the user or the bank would try first."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError for a password built on a name, a number or the bank's own words."""
        if guessable_word(password, words_around(user)):
            raise ValidationError(
                _("The password is built on a name, an employee number or a word that the bank does not allow."),
                code="password_guessable",
            )
        if run := keyboard_run(password):
            raise ValidationError(_("The password has keys in a row: %(run)s."), "password_run", {"run": run})

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("No names, no employee number, not the bank's name (in pinyin neither), no keys in a row.")


def words_around(user: User | None) -> Iterator[str]:
    """Words that a guess would begin with: the bank's list, its name, the user's name in pinyin, the number."""
    yield from bank_words(parameters.value("password.refused_words"))
    head = OrgUnit.objects.filter(parent=None).order_by("no").first()
    if head is not None:
        yield from _readings(head.name, person=False)
        yield from _readings(head.name.removesuffix("银行"), person=False)
        yield from head.name_en.split()
    if user is not None:
        yield from (user.username, user.name)
        yield from _readings(user.name, person=True)
        yield from user.name_en.split()


def _readings(name: str, *, person: bool) -> tuple[str, ...]:
    return (*names.pinyin(name, person=person), *names.initials(name, person=person)) if name else ()


def first_password() -> str:
    """A random password for somebody who is to change it at once: about 78 bits."""
    return "".join(secrets.choice(ALPHABET) for _position in range(FIRST_LENGTH))


def check_age(user: User) -> None:
    """Raises ValidationError while the password is too new for its user to change it again.

    Else a history of passwords is walked through in a minute, back to the old one.
    """
    least, changed = int(parameters.value("password.least_days")), user.password_changed_at
    if user.must_change_password or changed is None or dates.now() >= changed + timedelta(days=least):
        return
    text = ngettext(
        "You may change the password again %(days)d day after the last change.",
        "You may change the password again %(days)d days after the last change.",
        least,
    )
    raise ValidationError(text % {"days": least}, code="password_too_new")


def first_is_over(user: User) -> bool:
    """Whether a first password was not used in time."""
    changed = user.password_changed_at
    if not user.must_change_password or changed is None:
        return False
    return bool(dates.now() >= changed + timedelta(days=parameters.value("password.first_days")))


def left_days(user: User) -> int | None:
    """Days until the user's password has to be changed; None where it never has to."""
    return days_left(user.password_changed_at, dates.now(), int(parameters.value("password.most_days")))


def must_change(user: User) -> bool:
    """Whether the user has to change the password before anything else."""
    left = left_days(user)
    return user.must_change_password or (left is not None and left < 0)


def _history() -> int:
    return int(parameters.value("password.history"))

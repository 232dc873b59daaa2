"""The fields of a customer that come from sources: where each is kept, how it reads, which staff may correct."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.customers import codes

MONEY_LIMIT = Decimal("1e15")
COUNT_LIMIT = 10_000_000
OLDEST = date(1800, 1, 1)


class Holder(StrEnum):
    """The table that keeps a field."""

    CUSTOMER = "customer"
    PERSON = "person"
    ORGANISATION = "organisation"


class FieldKind(StrEnum):
    """How a field's text is read."""

    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    MONEY = "money"
    COUNT = "count"


@dataclass(frozen=True)
class Field:
    """One field. `attribute` is its key in a source customer's values; `mask` its class where it is personal data."""

    name: str
    label: str | Promise
    kind: FieldKind
    holder: Holder
    attribute: str = ""
    choices: type[TextChoices] | None = None
    is_maintainable: bool = False
    max_length: int = 200
    mask: str = ""

    @property
    def column(self) -> str:
        """The key of this field in the values that a source delivers."""
        return self.attribute or self.name


def _person(name: str, label: Promise, kind: FieldKind = FieldKind.TEXT, **rest: Any) -> Field:
    return Field(name, label, kind, Holder.PERSON, **rest)


def _organisation(name: str, label: Promise, kind: FieldKind = FieldKind.TEXT, **rest: Any) -> Field:
    return Field(name, label, kind, Holder.ORGANISATION, **rest)


NAME = Field("name", _("Name"), FieldKind.TEXT, Holder.CUSTOMER, mask="person_name")
SINCE = Field("since_on", _("Relationship since"), FieldKind.DATE, Holder.CUSTOMER, attribute="opened_on")

PERSON_FIELDS = (
    NAME,
    _person("gender", _("Gender"), FieldKind.CHOICE, choices=codes.Gender),
    _person("birth_on", _("Date of birth"), FieldKind.DATE, mask="birth"),
    _person("nationality", _("Nationality"), max_length=2),
    _person("marital_status", _("Marital status"), FieldKind.CHOICE, choices=codes.MaritalStatus, is_maintainable=True),
    _person("education", _("Education level"), FieldKind.CHOICE, choices=codes.Education, is_maintainable=True),
    _person("occupation", _("Occupation"), FieldKind.CHOICE, choices=codes.Occupation, is_maintainable=True),
    _person("employer_name", _("Place of work"), max_length=120, is_maintainable=True),
    _person("annual_income", _("Annual income"), FieldKind.MONEY, is_maintainable=True, mask="income"),
    SINCE,
)

ORGANISATION_FIELDS = (
    Field("name", _("Registered name"), FieldKind.TEXT, Holder.CUSTOMER),
    Field("name_en", _("English name"), FieldKind.TEXT, Holder.CUSTOMER, is_maintainable=True),
    _organisation("organisation_type", _("Kind of organisation"), FieldKind.CHOICE, choices=codes.OrganisationType),
    Field("industry", _("Industry"), FieldKind.CHOICE, Holder.CUSTOMER, choices=codes.Industry, is_maintainable=True),
    _organisation("enterprise_size", _("Size"), FieldKind.CHOICE, choices=codes.EnterpriseSize, is_maintainable=True),
    _organisation("registered_capital", _("Registered capital"), FieldKind.MONEY, is_maintainable=True),
    _organisation("employee_count", _("Employees"), FieldKind.COUNT, is_maintainable=True),
    _organisation("established_on", _("Established on"), FieldKind.DATE),
    _organisation("business_scope", _("Business scope"), max_length=1000, is_maintainable=True),
    SINCE,
)


def fields_of(kind: str) -> tuple[Field, ...]:
    """The fields of persons or of organisations, in the order of the page."""
    return PERSON_FIELDS if kind == codes.Kind.PERSON else ORGANISATION_FIELDS


def field_named(kind: str, name: str) -> Field:
    """The field of that name. Raises KeyError where customers of that kind have no such field."""
    for field in fields_of(kind):
        if field.name == name:
            return field
    raise KeyError(name)


def label_of(kind: str, name: str) -> str | Promise:
    """The name of a field on the page; one that is no longer known keeps its code."""
    return next((field.label for field in fields_of(kind) if field.name == name), name)


def as_text(value: Any) -> str:
    """A stored or delivered value as the plain text that sources, overrides and the audit compare."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):  # a number that came through JSON
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def same_text(field: Field, value: Any) -> str:
    """`as_text`, with numbers in one form: 1200.00 and 1200 are the same word."""
    text = as_text(value)
    if field.kind in (FieldKind.MONEY, FieldKind.COUNT) and text:
        try:
            return f"{Decimal(text).normalize():f}"
        except InvalidOperation:
            return text
    return text


def typed(field: Field, text: str) -> Any:
    """What the database keeps for a text that was checked before; the empty text is an absent value."""
    if field.kind is FieldKind.DATE:
        return date.fromisoformat(text) if text else None
    if field.kind is FieldKind.MONEY:
        return Decimal(text) if text else None
    if field.kind is FieldKind.COUNT:
        return int(Decimal(text)) if text else None
    return text


def clean(field: Field, raw: str, *, today: date) -> str:
    """Checks what somebody typed. Returns it as the text that is stored; raises ValidationError saying what is wrong.

    The empty text is refused: a correction says what is right, and taking a value away is not one.
    """
    text = " ".join(raw.split()) if field.name != "business_scope" else raw.strip()
    if not text:
        raise ValidationError(_("Enter a value."), code="required")
    return _CLEANERS[field.kind](field, text, today)


def _clean_text(field: Field, text: str, today: date) -> str:
    if len(text) > field.max_length:
        raise ValidationError(
            _("At most %(most)d characters; this has %(length)d."),
            code="too_long",
            params={"most": field.max_length, "length": len(text)},
        )
    if any(not character.isprintable() for character in text if character not in "\r\n\t"):
        raise ValidationError(_("The text contains characters that cannot be shown."), code="unprintable")
    return text


def _clean_choice(field: Field, text: str, today: date) -> str:
    if field.choices is None or text not in field.choices.values:
        raise ValidationError(_("Choose one of the list."), code="unknown")
    return text


def _clean_date(field: Field, text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValidationError(_("Write the date as YYYY-MM-DD."), code="not_a_date") from None
    if not OLDEST <= day <= today:
        raise ValidationError(_("The date lies in the future or too far back."), code="implausible")
    return day.isoformat()


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValidationError(_("Write a number, such as 120000.00."), code="not_a_number") from None
    if not number.is_finite():
        raise ValidationError(_("Write a number, such as 120000.00."), code="not_a_number")
    return number


def _clean_money(field: Field, text: str, today: date) -> str:
    amount = _number(text)
    if amount < 0 or amount >= MONEY_LIMIT:
        raise ValidationError(_("The amount must not be negative or beyond all reason."), code="implausible")
    if amount != amount.quantize(Decimal("0.01")):
        raise ValidationError(_("An amount has at most two decimal places."), code="too_exact")
    return f"{amount.quantize(Decimal('0.01'))}"


def _clean_count(field: Field, text: str, today: date) -> str:
    number = _number(text)
    if number != int(number) or not 0 <= number <= COUNT_LIMIT:
        raise ValidationError(_("Write a whole number from 0 to 10,000,000."), code="implausible")
    return str(int(number))


_CLEANERS: Mapping[FieldKind, Callable[[Field, str, date], str]] = {
    FieldKind.TEXT: _clean_text,
    FieldKind.CHOICE: _clean_choice,
    FieldKind.DATE: _clean_date,
    FieldKind.MONEY: _clean_money,
    FieldKind.COUNT: _clean_count,
}

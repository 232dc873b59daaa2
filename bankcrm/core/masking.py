"""Personal data shown in part. The one place that decides how a value looks to somebody who may not see it whole.

The field classes and their masks are PRACTICE part one §8 (after JR/T 0171-2020, Annex A). Which class is plain to
whom is a `Clearance`, worked out by `org.clearance` from role and relation to the customer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from bankcrm.core.ui.states import State

STAR = "*"
LEAST_HIDDEN = 4  # of a number: with fewer hidden characters a mask could be undone by trying


@dataclass(frozen=True, slots=True)
class Ends:
    """How many characters a number's mask leaves at its two ends."""

    head: int
    tail: int

    def fitting(self, length: int) -> "Ends":
        """The same for a value of that length: short ones lose the head first, then the tail."""
        if length >= self.head + self.tail + LEAST_HIDDEN:
            return self
        return Ends(0, max(0, min(self.tail, length - LEAST_HIDDEN)))


NUMBERS: dict[str, Ends] = {
    "id_number": Ends(3, 4),
    "mobile": Ends(3, 4),
    "phone": Ends(4, 2),
    "account": Ends(6, 4),
}
PLAIN_CLASSES = frozenset({"", "uscc", "company_name"})  # public registers tell them
SECRET_CLASSES = frozenset({"secret"})  # never shown, whatever the clearance
WORD_CLASSES = frozenset({"person_name", "email", "address", "wechat", "birth", "income"})
CLASSES = frozenset({*NUMBERS, *WORD_CLASSES, *PLAIN_CLASSES, *SECRET_CLASSES})
DISTRICT = re.compile(
    r"^(?:.{2,7}?(?:省|自治区|特别行政区))?(?:.{2,7}?(?:市|自治州|地区|盟))?(?:.{1,7}?(?:区|县|旗|市))?"
)


class Right(Enum):
    """What somebody may do with a field of a customer."""

    HIDDEN = "hidden"
    MASKED = "masked"
    READ_ONLY = "read_only"
    EDITABLE = "editable"


@dataclass(frozen=True, slots=True)
class Clearance:
    """What somebody may do with the fields of one customer, by their classes: those in none of the sets are masked."""

    plain_classes: frozenset[str] = frozenset()
    hidden_classes: frozenset[str] = frozenset()
    editable_classes: frozenset[str] = frozenset()

    def is_plain(self, field_class: str) -> bool:
        """Whether values of that class are shown whole."""
        if field_class in PLAIN_CLASSES:
            return True
        return field_class in self.plain_classes - self.hidden_classes and field_class not in SECRET_CLASSES

    def right(self, field_class: str) -> Right:
        """The right to fields of that class. Whoever may edit a field sees it whole."""
        if field_class in self.hidden_classes:
            return Right.HIDDEN
        if not self.is_plain(field_class):
            return Right.MASKED
        return Right.EDITABLE if field_class in self.editable_classes else Right.READ_ONLY

    def show(self, field_class: str, value: str | None) -> str:
        """The value as this somebody sees it; in place of a hidden one, words that say so."""
        if field_class in self.hidden_classes:
            return str(State.DENIED.label) if (value or "").strip() else ""
        return mask(field_class, value, plain=self.is_plain(field_class))

    def with_revealed(self, classes: frozenset[str]) -> "Clearance":
        """The same with some classes shown whole for a while; what is hidden stays so."""
        return replace(self, plain_classes=self.plain_classes | classes) if classes else self


NOTHING_PLAIN = Clearance()


def mask(field_class: str, value: str | None, *, plain: bool = False) -> str:
    """The value as shown to somebody without (or with, `plain`) the right to see it. Empty stays empty.

    KeyError for an unknown class: a new kind of personal data needs a mask before it is shown at all.
    """
    if field_class not in CLASSES:
        raise KeyError(f"no mask for {field_class!r}")
    text = (value or "").strip()
    if not text:
        return ""
    if field_class in SECRET_CLASSES:
        return STAR * 6
    if plain or field_class in PLAIN_CLASSES:
        return text
    if field_class in NUMBERS:
        return _number(text, NUMBERS[field_class])
    return _WORDS[field_class](text)


def contact_class(contact_type: str) -> str:
    """The field class of a contact point: mobile, phone, email, address or wechat."""
    return contact_type if contact_type in {"mobile", "phone", "email", "address"} else "wechat"


def visible_tail(field_class: str, value: str | None = None) -> int:
    """How many last characters the mask shows (of that value): by those, and no others, it may be searched for."""
    ends = NUMBERS.get(field_class)
    if ends is None:
        return 0
    return (ends.fitting(len(value)) if value is not None else ends).tail


def needle_matches(field_class: str, value: str, needle: str, *, plain: bool = False) -> bool:
    """Whether a needle may find the value: all of it, or exactly the tail that the mask shows.

    Parts of a masked value never match, or it could be guessed by halving; in plain any part does.
    """
    if not needle:
        return False
    if needle == value or (plain and needle in value):
        return True
    tail = visible_tail(field_class, value)
    return tail > 0 and len(needle) == tail and value.endswith(needle)


def _number(text: str, ends: Ends) -> str:
    fit = ends.fitting(len(text))
    hidden = len(text) - fit.head - fit.tail
    return text[: fit.head] + STAR * hidden + text[len(text) - fit.tail :]


def _person_name(text: str) -> str:
    return text[0] + STAR * (len(text) - 1) if len(text) > 1 else STAR


def _email(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not at:
        return STAR * 3
    return f"{local[:1] if len(local) > 1 else ''}**@{domain}"


def _address(text: str) -> str:
    found = DISTRICT.match(text)
    known = found.group() if found else ""
    return (known if len(known) < len(text) else "") + STAR * 3


def _birth(text: str) -> str:
    """The year says about how old somebody is; the day would do as a key to other data."""
    return f"{text[:4]}-**-**" if re.match(r"\d{4}-", text) else STAR * 3


def _income(text: str) -> str:
    return STAR * 3


def _wechat(text: str) -> str:
    return (text[0] if len(text) > LEAST_HIDDEN else "") + STAR * 3


_WORDS: dict[str, Callable[[str], str]] = {
    "person_name": _person_name,
    "email": _email,
    "address": _address,
    "wechat": _wechat,
    "birth": _birth,
    "income": _income,
}

"""What the audit's codes are called. Each app names the actions that it records, in its `audit_names.py`.

The pages of the audit stand below the apps whose events they show: names of actions and values, and what may be told of
a customer, come from here. `tests/repo/test_audit_words.py` holds that every action recorded in the source has a name.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bankcrm.core import dates
from bankcrm.core.models import AuditEvent
from bankcrm.core.scope import Scope
from bankcrm.core.wording import listed

Label = str | Promise
Words = Mapping[str, Label] | Callable[[str], Label]


@dataclass(frozen=True, slots=True)
class Action:
    """An action by its code. `about_customers`: what its events hold beside it may tell something of a customer."""

    code: str
    label: Label
    group: Label
    about_customers: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A value before and after, in words. Empty: there was none."""

    label: Label
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Told:
    """What an event holds, in words: differences field by field, and further facts."""

    differences: tuple[Difference, ...] = ()
    facts: tuple[tuple[Label, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerRef:
    """A customer as the reader may see it."""

    number: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class CustomerWords:
    """What the app of customers tells the audit's pages. Everything within the scope: others are not there."""

    find: Callable[[Scope, str], int | None]  # by the whole number
    refs: Callable[[Scope, Collection[int]], Mapping[int, CustomerRef]]
    told: Callable[[Scope, AuditEvent], Told | None]  # None: not the reader's to see


_actions: dict[str, Action] = {}
_names: dict[str, Label] = {}
_values: dict[str, Words] = {}
_reads: dict[str, None] = {}
_customers: list[CustomerWords] = []
SEES_CUSTOMERS = "customers.view"
COUNTED = frozenset({"customers", "members", "ids"})  # lists of keys: how many there are is all that they tell


def register(labels: Mapping[str, Label], *, group: Label, about_customers: bool = True) -> None:
    """Names actions. A code that several apps record keeps the name that it was given first.

    `about_customers` False only where neither values nor details nor reasons of these events can tell of a customer:
    whoever may not see customers reads those in full.
    """
    for code, label in labels.items():
        _actions.setdefault(code, Action(code, label, group, about_customers))


def register_reads(*codes: str) -> None:
    """Actions that show somebody's data without changing them: what a customer's access record is made of."""
    _reads.update(dict.fromkeys(codes))


def reads() -> list[str]:
    """Codes of all actions that show a customer's data."""
    return list(_reads)


def register_values(labels: Mapping[str, Label], words: Mapping[str, Words] | None = None) -> None:
    """Names what stands in an event's before, after and detail; `words` says how the values of a name read."""
    _names.update(labels)
    _values.update(words or {})


def register_customers(provider: CustomerWords) -> None:
    """Tells how to find and name customers."""
    _customers[:] = [provider]


def actions() -> Mapping[str, Action]:
    """All named actions."""
    return dict(_actions)


def label_of(code: str) -> Label:
    """The action's name; the code itself for one that this version does not know any more."""
    return _actions[code].label if code in _actions else code


def object_label(object_type: str) -> Label:
    """What kind of thing an object is, in words."""
    if object_type in _names:
        return _names[object_type]
    try:
        name: Label = apps.get_model(object_type)._meta.verbose_name or object_type
    except (LookupError, ValueError):
        return object_type
    return name


def customers_of(scope: Scope) -> CustomerWords | None:
    """Whom to ask about customers; None where the reader may not know of any."""
    return _customers[0] if _customers and scope.may(SEES_CUSTOMERS) else None


def told(scope: Scope, event: AuditEvent) -> Told | None:
    """What the event holds, as the reader may see it; None where it may not be told.

    Of a customer's event the app of customers decides. An unknown action counts as one about customers.
    """
    known = _actions.get(event.action)
    provider = customers_of(scope)
    if event.customer_id is not None:
        return provider.told(scope, event) if provider else None
    if provider is None and (known is None or known.about_customers):
        return None
    return in_words(event)


def may_tell_reason(scope: Scope, event: AuditEvent) -> bool:
    """Whether the reason is shown: words of staff about a customer may name it."""
    known = _actions.get(event.action)
    is_about = event.customer_id is not None or known is None or known.about_customers
    return not is_about or customers_of(scope) is not None


def in_words(event: AuditEvent) -> Told:
    """An event's values by their registered names."""
    before, after = event.before or {}, event.after or {}
    names = [*before, *(name for name in after if name not in before)]
    return Told(
        tuple(Difference(name_of(name), words(name, before.get(name)), words(name, after.get(name))) for name in names),
        tuple((name_of(name), words(name, value)) for name, value in (event.detail or {}).items()),
    )


def name_of(name: str) -> Label:
    """A value's name in words; what has none stands as it is recorded."""
    return _names.get(name, name)


def words(name: str, value: Any) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list) and name in COUNTED:
        return str(len(value))
    if isinstance(value, list):
        return listed(words(name, item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{name_of(key)}: {words(key, item)}" for key, item in value.items())
    known = _values.get(name)
    text = str(value)
    if callable(known):
        return str(known(text))
    if known is not None and text in known:
        return str(known[text])
    if len(text) > len("2026-01-01T00") and text[4:5] == "-" and (moment := _moment(text)) is not None:
        return moment
    return text


def _moment(text: str) -> str | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return f"{found.astimezone(dates.zone()):%Y-%m-%d %H:%M:%S}" if found is not None and found.tzinfo else None

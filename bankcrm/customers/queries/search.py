"""Finding a customer by a needle: part of a name, pinyin or initials, a number in full, the tail that the mask shows.

The needle's look decides which index is asked, so that no needle scans. A masked number is found by all of it or by
exactly the tail that this reader's mask shows: a longer or shorter part finds nothing, and asks the database the same
questions as one that does, so that neither counts nor times can be used for guessing by halving.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import names, row_security
from bankcrm.core.masking import Clearance, needle_matches, visible_tail
from bankcrm.core.scope import Scope
from bankcrm.core.ui.paging import Ascending
from bankcrm.customers import codes
from bankcrm.customers.models import Customer, SearchKey
from bankcrm.customers.queries.gate import must_verify, verified_ids
from bankcrm.customers.queries.listing import IDS_ONLY, own_ids
from bankcrm.customers.queries.subject import name_class
from bankcrm.org.clearance import clearance

M = TypeVar("M", bound=Model)

LIMIT = 12
CANDIDATES = 60
LEAST_DIGITS = 4
LEAST_LETTERS = 2
NUMBER_LENGTH = 11
LEAST_NUMBER_PREFIX = 6
LONGEST = 60
LEAST_PHONE = 5
COUNTRY = re.compile(r"^(?:00)?86(?=1[3-9]\d{9}$)")
MOBILE = re.compile(r"1[3-9]\d{9}")
NUMBER_KINDS = (SearchKey.Kind.PHONE, SearchKey.Kind.DOCUMENT, SearchKey.Kind.ACCOUNT, SearchKey.Kind.SOURCE)
TAIL_KINDS = (SearchKey.Kind.PHONE, SearchKey.Kind.DOCUMENT, SearchKey.Kind.ACCOUNT)
NAME_KINDS = (SearchKey.Kind.PINYIN, SearchKey.Kind.INITIALS)


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer that the needle found. `why` names what it was found by, `shown` that value as the reader sees it."""

    customer: Customer
    name: str
    why: Promise
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate before its customer is read."""

    customer_id: int
    why: Promise
    kind: str = ""
    value: str = ""


def name_q(text: str) -> Q:
    """Customers whose name contains the text: by its 2-character pieces, or one character at the beginning."""
    wanted = names.normalise(text)
    if len(wanted) < 2:
        return Q(name__startswith=text.strip()) if wanted else Q()
    return Q(name_pieces__contains=sorted({wanted[start : start + 2] for start in range(len(wanted) - 1)}))


def search(scope: Scope, text: str, *, limit: int = LIMIT) -> list[Hit]:
    """What a needle finds within the scope, the surest first. At most ten queries, each through an index."""
    needle = names.normalise(text)[:LONGEST]
    found: dict[int, Found] = {}
    with row_security.beyond(because=IDS_ONLY):
        for candidate in _candidates(scope, needle, text.strip()):
            found.setdefault(candidate.customer_id, candidate)
    return _hits(scope, list(found.values())[: CANDIDATES * 2], needle)[:limit]


def by_phone(scope: Scope, phone: str) -> list[Hit]:
    """The customers in scope whose phone this is: by all of it, with or without the country in front."""
    digits = re.sub(r"[^0-9]", "", names.normalise(phone))
    number = COUNTRY.sub("", digits)
    if len(number) < LEAST_PHONE:
        return []
    keys = SearchKey.objects.within(scope).filter(kind=SearchKey.Kind.PHONE, value__in={digits, number, f"86{number}"})
    found: dict[int, Found] = {}
    for candidate in _found(keys.order_by("customer_id")):
        found.setdefault(candidate.customer_id, candidate)
    return [hit for one in found.values() for hit in _hits(scope, [one], one.value)]


def _candidates(scope: Scope, needle: str, text: str) -> Iterator[Found]:
    compact = re.sub(r"[\s\-]", "", needle)
    if not compact:
        return
    if compact.isdecimal():
        yield from _by_digits(scope, compact)
    elif compact.isascii():
        if any(character.isdigit() for character in compact):
            yield from _by_whole_number(scope, compact.upper())
        yield from _by_letters(scope, compact)
    else:
        yield from _by_name(scope, needle, text)


def _by_digits(scope: Scope, needle: str) -> Iterator[Found]:
    if len(needle) < LEAST_DIGITS:
        return
    prefix = needle if len(needle) >= LEAST_NUMBER_PREFIX else f"{needle}{'-' * NUMBER_LENGTH}"
    numbers = Customer.objects.within(scope).filter(number__startswith=prefix)
    yield from (
        Found(pk, _("Customer number")) for pk in numbers.order_by("number").values_list("pk", flat=True)[:CANDIDATES]
    )
    yield from _by_whole_number(scope, needle)
    if not _may_be_tail(scope, needle):
        return
    keys = SearchKey.objects.within(scope).filter(kind__in=TAIL_KINDS)
    yield from _found(keys.alias(backwards=Reverse("value")).filter(backwards__startswith=needle[::-1]).order_by())


def _may_be_tail(scope: Scope, needle: str) -> bool:
    """Only a needle as long as a mask's tail is looked up as one, unless the reader sees such numbers in plain."""
    sees = clearance(scope, "in_scope")
    masked = {visible_tail(kind) for kind in ("mobile", "id_number", "account")}
    return len(needle) in masked or any(sees.is_plain(kind) for kind in ("id_number", "account"))


def _by_whole_number(scope: Scope, needle: str) -> Iterator[Found]:
    yield from _found(SearchKey.objects.within(scope).filter(kind__in=NUMBER_KINDS, value=needle))
    # What public registers tell is not masked: an organisation's code may be typed in part.
    if len(needle) >= LEAST_NUMBER_PREFIX:
        codes_ = SearchKey.objects.within(scope).filter(kind=SearchKey.Kind.DOCUMENT, value__startswith=needle)
        yield from _found(codes_.filter(customer__kind=codes.Kind.ORGANISATION))


def _by_letters(scope: Scope, needle: str) -> Iterator[Found]:
    if len(needle) < LEAST_LETTERS:
        return
    for kind in NAME_KINDS:  # one after the other, so that the index gives each in its order
        found: list[tuple[str, int]] = []
        for part in SearchKey.objects.all().parts_within(scope):
            keys = _without_masked_names(scope, part.filter(kind=kind, value__startswith=needle), "customer__kind")
            found += keys.order_by(Ascending("value")).values_list("value", "customer_id")[:CANDIDATES]
        yield from (Found(pk, _WHY[kind], kind, value) for value, pk in sorted(found)[:CANDIDATES])
    yield from _by_name(scope, needle, needle)


def _by_name(scope: Scope, needle: str, text: str) -> Iterator[Found]:
    by = "sort_key" if len(needle) > 1 else "name"
    found: list[tuple[str, int, str]] = []
    for part in Customer.objects.all().parts_within(scope):
        rows = _without_masked_names(scope, part.filter(name_q(text)), "kind", _whole_name(scope, text))
        ordered = rows.order_by(by, "pk") if len(needle) > 1 else rows.order_by(Ascending(by), "pk")
        found.extend(ordered.values_list(by, "pk", "name")[:CANDIDATES])
    for _place, pk, name in sorted(found):
        if needle in names.normalise(name):
            yield Found(pk, _("Name"))


def _without_masked_names(scope: Scope, rows: "QuerySet[M]", path: str, whole: Q | None = None) -> "QuerySet[M]":
    """Who sees persons' names masked finds organisations only, and persons by the `whole` name where it is given."""
    if clearance(scope, "in_scope").is_plain("person_name"):
        return rows
    told = Q(**{path: codes.Kind.ORGANISATION})
    return rows.filter(told | whole if whole is not None else told)


def _whole_name(scope: Scope, text: str) -> Q | None:
    """A caller says the whole name: an agent may look it up, but not try parts of it until it is known."""
    return Q(name__iexact=text) if must_verify(scope) and len(text) > 1 else None


def _found(keys: QuerySet[SearchKey]) -> Iterator[Found]:
    for pk, kind, value in keys.values_list("customer_id", "kind", "value")[:CANDIDATES]:
        yield Found(pk, _WHY[kind], kind, value)


def _hits(scope: Scope, candidates: Sequence[Found], needle: str) -> list[Hit]:
    known = Customer.objects.within(scope).with_line().in_bulk([one.customer_id for one in candidates])
    own = own_ids(scope, list(known)) if known else frozenset()
    verified = verified_ids() if must_verify(scope) else frozenset(known)
    hits = []
    for one in candidates:
        customer = known.get(one.customer_id)
        if customer is None:
            continue
        sees = clearance(scope, "own" if customer.pk in own else "verified" if customer.pk in verified else "in_scope")
        field_class = _field_class(one, customer)
        if field_class and not _may_find(field_class, one.value, needle, sees):
            continue
        shown = sees.show(field_class, one.value) if field_class else ""
        hits.append(Hit(customer, sees.show(name_class(customer), customer.label), one.why, shown))
    return hits


def _may_find(field_class: str, value: str, needle: str, sees: Clearance) -> bool:
    compact = re.sub(r"[\s\-]", "", needle).upper()
    return needle_matches(field_class, value.upper(), compact, plain=sees.is_plain(field_class))


def _field_class(one: Found, customer: Customer) -> str:
    """The mask that the found value is under; "" for what is not masked."""
    if one.kind == SearchKey.Kind.PHONE:
        return "mobile" if MOBILE.fullmatch(one.value) else "phone"
    if one.kind == SearchKey.Kind.ACCOUNT:
        return "account"
    if one.kind == SearchKey.Kind.DOCUMENT:
        return "id_number" if name_class(customer) == "person_name" else "uscc"
    return ""


_WHY: dict[str, Promise] = {
    SearchKey.Kind.PINYIN: _("Pinyin"),
    SearchKey.Kind.INITIALS: _("Initials"),
    SearchKey.Kind.PHONE: _("Phone"),
    SearchKey.Kind.DOCUMENT: _("Document"),
    SearchKey.Kind.ACCOUNT: _("Account"),
    SearchKey.Kind.SOURCE: _("Source number"),
}

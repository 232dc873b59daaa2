"""Rules of the customer page: plain functions of facts and days. No Django, no clock, no reading."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

MATURING_DAYS = 30
"""How many days ahead a maturity is a mark of the customer."""
DUE_DAYS = 90
"""How many days ahead the overview looks for what falls due."""
DORMANT_DAYS = 180
"""Days without a transaction after which a customer sleeps (PRACTICE part one §4)."""
CONTROL_SHARE = Decimal("0.5")
"""Control is more than half of the votes (PRACTICE part one §6)."""

GROUNDS = {
    "shareholder": "control",
    "legal_representative": "office",
    "executive": "office",
    "finance_contact": "office",
    "spouse": "kin",
    "parent": "kin",
    "child": "kin",
    "sibling": "kin",
    "kin": "kin",
    "guarantor": "guarantee",
    "employer": "employment",
    "trading_partner": "trade",
}
"""Relation type → ground: what the colour of an edge stands for."""


COMPANY_ENDINGS = ("公司", "银行", "集团", "信用社", "学校", "大学", "医院", "研究院", "委员会", "局", "政府")
COMPANY_WORDS = frozenset(
    (
        "ag",
        "b.v.",
        "bank",
        "co.",
        "corp.",
        "gmbh",
        "inc",
        "inc.",
        "k.k.",
        "limited",
        "llc",
        "ltd",
        "ltd.",
        "n.v.",
        "plc",
    )
)
"""How names end that can only be those of legal persons. A shop's or a workshop's may be its owner's own name."""


def is_company_name(name: str) -> bool:
    """Whether a name that comes without its owner can only be a legal person's: these are public (PRACTICE §8)."""
    return name.endswith(COMPANY_ENDINGS) or name.lower().split(" ")[-1] in COMPANY_WORDS


def change_share(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Relative change as a fraction with four places (0.084 is +8.4 %), half-up; None where it has no meaning."""
    if now is None or before is None or before == 0:
        return None
    return ((now - before) / abs(before)).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def residual_share(shares: Iterable[Decimal]) -> Decimal:
    """What nobody was given and therefore is the virtual manager's: 1 − Σ shares, never below 0."""
    return max(Decimal(1) - sum(shares, Decimal(0)), Decimal(0))


def next_birthday(birth_on: date, on: date) -> date:
    """The first birthday on or after `on`. Who was born on 29 February has it on the 28th in other years."""
    for year in (on.year, on.year + 1):
        day = _in_year(birth_on, year)
        if day >= on:
            return day
    raise AssertionError("a birthday comes every year")


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def age_on(birth_on: date, on: date) -> int:
    """Whole years of age."""
    return on.year - birth_on.year - (_in_year(birth_on, on.year) > on)


def is_expired(expires_on: date | None, on: date) -> bool:
    """Whether a document has run out: it is still good on the day it names."""
    return expires_on is not None and expires_on < on


def falls_within(day: date | None, on: date, days: int) -> bool:
    """Whether `day` lies from `on` to `days` later, both included."""
    return day is not None and on <= day <= on + timedelta(days=days)


def is_dormant(last_transaction_on: date | None, since_on: date | None, on: date) -> bool:
    """No transaction for `DORMANT_DAYS`. A customer who never had one sleeps when it has been one that long."""
    last = last_transaction_on or since_on
    return last is not None and (on - last).days > DORMANT_DAYS


def to_cents(amount: Decimal) -> Decimal:
    """Money with two places, half-up."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def is_control(ground: str, share: Decimal | None) -> bool:
    """Whether a relation alone gives control: a shareholder with more than half."""
    return ground == "control" and share is not None and share > CONTROL_SHARE


def ground_of(relation_type: str) -> str:
    """The ground of a relation type; what is new to us is `other`."""
    return GROUNDS.get(relation_type, "other")

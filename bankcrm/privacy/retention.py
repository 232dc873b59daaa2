"""The classes of retention with the law behind each, their parameters, and the days that follow from them."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bankcrm.core import parameters
from bankcrm.core.parameters import Parameter, register
from bankcrm.core.retention import (
    DEALINGS,
    EVIDENCE,
    IDENTITY,
    SERVICE,
    Basis,
    RetentionClass,
    due_on,
    retention_classes,
)

MOST_YEARS = 50

CLASSES = (
    RetentionClass(
        SERVICE,
        _("Service and marketing"),
        0,
        0,
        Basis.AGREED,
        _("Personal Information Protection Law, art. 47: no other law asks for it"),
        _("contacts, tasks, tags, alerts, contact plans, what is known of other banks"),
        10,
    ),
    RetentionClass(
        EVIDENCE,
        _("Consents and requests"),
        3,
        0,
        Basis.AGREED,
        _("Civil Code, art. 188: claims may be raised for three years"),
        _("consents, the words of requests, notes on restrictions"),
        20,
    ),
    RetentionClass(
        DEALINGS,
        _("Accounts and transactions"),
        10,
        10,
        Basis.RELATION_END,
        _("Anti-Money Laundering Law, art. 34: at least ten years after the transaction or the relationship ended"),
        _("accounts, balances, transactions, facilities, collateral, figures"),
        30,
    ),
    RetentionClass(
        IDENTITY,
        _("Identity"),
        10,
        10,
        Basis.RELATION_END,
        _("Anti-Money Laundering Law, art. 34: at least ten years after the relationship ended"),
        _("name, documents, contact points, relations, papers, source customers"),
        40,
    ),
)


@dataclass(frozen=True)
class Planned:
    """A class with the day its years are counted from, and the day from which it may be erased."""

    retention_class: str
    counted_from: date
    due_on: date


def years_key(retention_class: str) -> str:
    """The parameter that says how many years a class is kept."""
    return f"privacy.retention.{retention_class}"


def plan(*, agreed_on: date, relation_ended_on: date | None) -> list[Planned]:
    """When each class may be erased, by the parameters of today; the identity never before anything that hangs on it.

    `relation_ended_on` is None for somebody with whom the bank never had a relationship: nothing is kept for its sake.
    """
    found: list[Planned] = []
    for one in retention_classes:
        years = int(parameters.value(years_key(one.code)))
        counted_from = agreed_on
        if one.basis is Basis.RELATION_END:
            counted_from, years = (agreed_on, 0) if relation_ended_on is None else (relation_ended_on, years)
        due = max(due_on(counted_from, years), agreed_on)
        if one.code == IDENTITY:
            due = max([due, *(earlier.due_on for earlier in found)])
        found.append(Planned(one.code, counted_from, due))
    return found


def label_of(retention_class: str) -> str:
    """The name of a class; its code where no such class is known any more."""
    known = retention_classes.get(retention_class)
    return str(known.label) if known else retention_class


def register_all() -> None:
    """Called once when the app is ready."""
    for one in CLASSES:
        retention_classes.register(one)
        register(
            Parameter(
                years_key(one.code),
                int,
                one.years,
                format_lazy(_("Data to be deleted are kept before: “{label}”"), label=one.label),
                _("years"),
                low=one.least,
                high=MOST_YEARS,
                meaning=format_lazy(
                    _("{holds}. Counted from {basis}. {law}."),
                    holds=one.holds,
                    basis=_("the end of the relationship") if one.basis is Basis.RELATION_END else _("the agreement"),
                    law=one.law,
                ),
                four_eyes=True,
            )
        )

"""Tier tables for tests."""

from datetime import date
from decimal import Decimal
from importlib import import_module

from bankcrm.core.testing import as_owner
from bankcrm.valuation.models import TierTable

FIRST = import_module("bankcrm.valuation.migrations.0002_first_table")


def make_table(first_month, *levels):
    """A version of (code, Chinese name, English name, threshold, months)."""
    with as_owner():
        table = TierTable.objects.create(first_month=first_month)
        for code, name, name_en, threshold, months in levels:
            table.levels.create(code=code, name=name, name_en=name_en, threshold=Decimal(threshold), fall_months=months)
    return table


def first_table():
    """The table that the migration made; made anew where a test with real transactions emptied all tables."""
    known = TierTable.objects.filter(first_month=FIRST.FIRST_MONTH).first()
    if known:
        return known
    levels = [(*names, wan * FIRST.WAN, months) for *names, wan, months in FIRST.LEVELS]
    return make_table(date(2000, 1, 1), *levels)

"""A customers list as it is exported: which rows and columns, and how to say so to whoever agrees or reads it later."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from bankcrm.core import parameters, row_security
from bankcrm.core.exporting.approving import ListWords, column_words
from bankcrm.core.scope import Scope
from bankcrm.core.ui.figures import MoneyFormat, reader_format
from bankcrm.core.ui.paging import CappedCount, capped_count
from bankcrm.core.wording import clauses, listed
from bankcrm.customers import tables
from bankcrm.customers.consent_parameters import Use, use_of
from bankcrm.customers.consent_rules import ANY
from bankcrm.customers.list_state import MINE, NOT_FILTER, ListState
from bankcrm.customers.models import Customer
from bankcrm.customers.parameters import EXPORT_LIMIT
from bankcrm.customers.queries.listing import IDS_ONLY
from bankcrm.customers.queries.permitted import used_q
from bankcrm.customers.service_codes import ConsentChannel

ENDS = re.compile(r"_(?:min|max|from|to)$")
LONG_DIGITS = re.compile(r"\d{7,}")
SHOWN_DIGITS = 4
PART_OF_ANOTHER = frozenset({"exact"})


def state_of(scope: Scope, query: str, list_code: str) -> ListState:
    """The list that an order speaks of, with amounts in whole units of the currency."""
    money = MoneyFormat(1, reader_format(None).currency)
    return ListState(QueryDict(query), scope=scope, money=money, list_code=list_code)


@dataclass(frozen=True)
class Wanted:
    """Which rows of a list go into a file: those selected (or all), as far as what it is for lets them."""

    state: ListState
    ids: Sequence[int] = ()
    use: Use | None = None  # None: before the purpose is known
    channel: str = ANY  # by which a marketing file's customers are to be contacted

    @property
    def parts(self) -> list[QuerySet[Customer]]:
        """The rows that the file holds."""
        if self.use is None:
            return self._selected
        return [part.filter(used_q(self.use, self.channel)) for part in self._selected]

    def count(self) -> CappedCount:
        """How many rows the file has, counted up to the bank's limit."""
        return _count(self.parts)

    def left_out(self) -> CappedCount:
        """How many of the list's rows the file leaves out for what it is for."""
        if self.use is None or self.use is Use.NECESSARY:
            return CappedCount(0, is_capped=False)
        against = [part.exclude(used_q(self.use, self.channel)) for part in self._selected]
        return _count(against)

    @property
    def _selected(self) -> list[QuerySet[Customer]]:
        return [part.filter(pk__in=self.ids) for part in self.state.parts] if self.ids else self.state.parts

    def words(self, left_out: CappedCount) -> str:
        """What is said of those left out; empty where nobody is."""
        if not left_out.number:
            return ""
        if self.use is Use.MARKETING:
            text = _(
                "%(count)s left out: they may not be contacted for marketing (%(channel)s), or their processing is "
                "restricted"
            )
            return text % {"count": left_out, "channel": ConsentChannel(self.channel).label}
        return _("%(count)s left out: processing of their information is restricted") % {"count": left_out}


def _count(parts: Sequence[QuerySet[Customer]]) -> CappedCount:
    with row_security.beyond(because=IDS_ONLY):
        return capped_count(parts, parameters.value(EXPORT_LIMIT))


def filter_text(state: ListState, *, selected: int) -> str:
    """The filter in words; empty for none. Long numbers that somebody typed are masked."""
    parts = [f"{one.label} {concealed(one.text)}" for one in state.conditions]
    parts += [
        f"{added.label} {concealed(added.text(state.scope, state.value_of(added)))}" if added.text else str(added.label)
        for added in state.added_filters
    ]
    if selected:
        parts.append(_("%(count)d selected") % {"count": selected})
    return clauses(parts)


def concealed(text: str) -> str:
    """The text with all but the last digits of long numbers hidden. Amounts have separators and stay."""
    return LONG_DIGITS.sub(lambda found: "*" * (len(found[0]) - SHOWN_DIGITS) + found[0][-SHOWN_DIGITS:], text)


def words(scope: Scope, arguments: Mapping[str, Any]) -> ListWords:
    """An order as whoever may agree to it sees it: conditions beyond the reader's rights are only counted."""
    state = state_of(scope, arguments["query"], arguments["list_code"])
    text = filter_text(state, selected=len(arguments["ids"]))
    if arguments["list_code"] == MINE:
        text = clauses((_("only customers whom the asker looks after"), text))
    if use_of(arguments.get("purpose_code", "")) is Use.MARKETING:
        by = _("only customers who may be contacted for marketing (%(channel)s)")
        channel = ConsentChannel(arguments.get("channel") or ANY).label
        text = clauses((by % {"channel": channel}, text))
    shown = {name for one in state.conditions for name in one.params} | {one.code for one in state.added_filters}
    asked = state.params.keys() - NOT_FILTER - PART_OF_ANOTHER
    hidden = {ENDS.sub("", name) for name in asked} - {ENDS.sub("", name) for name in shown}
    columns = state.with_filters(tables.chosen(scope, arguments["columns"]))
    heads = [column_words(column.label, is_sensitive=column.is_sensitive) for column in columns]
    return ListWords(text, listed(heads), len(hidden))

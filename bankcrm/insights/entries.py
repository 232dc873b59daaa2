"""Where the cross view stands in the menu, and the filter by which a cell opens the customers list."""

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bankcrm.core import context, extensions, grants
from bankcrm.core.extensions import FilterField, ListColumn, MenuEntry
from bankcrm.core.scope import Scope
from bankcrm.core.views import NotUnderstood
from bankcrm.customers.models import Customer
from bankcrm.customers.queries.listing import sees_elsewhere
from bankcrm.insights import actions, queries
from bankcrm.insights.cells import BadCell, OpenCell, in_words, opened, read_token
from bankcrm.insights.models import CellSet

LIST = "customers"
CELL = "cell"


def open_token(scope: Scope, token: str) -> tuple[OpenCell, CellSet]:
    """The cell of an address and its kept customers, as the scope sees them; looked up once a request.

    Raises NotUnderstood for what is no cell, or none that can still be opened.
    """
    serving = context.current()
    key = f"insights.cell:{token}"
    if serving is not None and key in serving.cache:
        known: tuple[OpenCell, CellSet] = serving.cache[key]
        return known
    try:
        found = opened(scope, read_token(token), sees_elsewhere=sees_elsewhere(scope))
        kept = actions.keep_cell(by=scope, scope=scope, open_cell=found)
    except BadCell as error:
        told = {
            "build": gettext(
                "New figures have been published since this cell was shown. Open it again from the cross view."
            ),
            "measure": gettext("Your post may not see this measure."),
            "tier": gettext("Your post may not see tiers: they tell what customers hold in the whole bank."),
        }
        raise NotUnderstood(
            told.get(str(error), gettext("This link names no cell of the cross view. Open the cell again from there."))
        ) from error
    except actions.LakeSilent as error:
        raise NotUnderstood(gettext("The figures cannot be asked just now. Try again in a minute.")) from error
    if serving is not None:
        serving.cache[key] = found, kept
    return found, kept


def _apply(scope: Scope, rows: QuerySet[Customer], token: str) -> QuerySet[Customer]:
    return queries.in_set(rows, open_token(scope, token)[1])


def _text(scope: Scope, token: str) -> str:
    found, _kept = open_token(scope, token)
    return in_words(found.cell, found.measure, found.places)


def _column(scope: Scope, token: str) -> ListColumn | None:
    found, kept = open_token(scope, token)
    if not found.measure.is_money:
        return None
    return ListColumn(
        "cell_amount",
        gettext("In the cell: %(measure)s") % {"measure": found.measure.label},
        LIST,
        lambda _scope, ids: queries.amounts(kept, ids),
        found.measure.permission,
        is_money=True,
        total=lambda _scope, rows: queries.total_amount(kept, rows),
    )


def _note(scope: Scope, rows: QuerySet[Customer], token: str) -> str:
    """What tells the list from the cell: another time than today, and customers who are out of sight by now."""
    found, kept = open_token(scope, token)
    told = []
    months = queries.calendar().months
    if months and found.cell.month != months[-1]:
        told.append(
            gettext("The customers are those of %(month)s; all other columns show them as they are today.")
            % {"month": found.cell.month}
        )
    gone = kept.customers - queries.seen_of(scope, kept)
    if gone:
        told.append(
            gettext("The cell counts %(all)s customers; %(gone)s of them are outside your data scope today.")
            % {"all": f"{kept.customers:,}", "gone": f"{gone:,}"}
        )
    return " ".join(told)


def register_all() -> None:
    """Called once when the app is ready."""
    grants.web("insights.CellSet", "INSERT")
    grants.web("insights.CellMember", "INSERT")
    for entry in (
        MenuEntry("insights", _("Analysis"), "chart-bar", permission="insights.cross", order=60),
        MenuEntry("insights-cross", _("Cross view"), "", "insights:cross", "insights.cross", 10, "insights"),
    ):
        extensions.menu.register(entry)
    extensions.filter_fields.register(
        FilterField(
            CELL,
            _("Cell of the cross view"),
            LIST,
            _apply,  # without a permission here: a link that may not be followed is refused, not passed over
            text=_text,
            column=_column,
            note=_note,
            is_hidden=True,
        )
    )

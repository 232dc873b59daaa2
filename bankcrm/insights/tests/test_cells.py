"""A cell opens the list of the very customers it counts, in the scope of whoever opens it."""

import itertools
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.urls import reverse

from bankcrm.core.models import AuditEvent
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.core.ui.figures import MoneyFormat
from bankcrm.core.views import NotUnderstood
from bankcrm.customers.list_state import ALL, ListState
from bankcrm.customers.queries import listing
from bankcrm.insights import queries
from bankcrm.insights.actions import forget_cells
from bankcrm.insights.cells import cell_of
from bankcrm.insights.dimensions import DIMENSIONS
from bankcrm.insights.entries import open_token
from bankcrm.insights.measures import measures
from bankcrm.insights.models import CellMember, CellSet
from bankcrm.insights.selection import selection


def figures(scope, text):
    known = queries.calendar()
    return queries.figures(scope, selection(scope, QueryDict(text), known.months), known)


def token(found, row, column):
    return cell_of(found.build, found.chosen, row, column).token()


def opened_list(scope, text):
    """(number of customers, what they bring to the cell) as the customers list finds them."""
    state = ListState(QueryDict(f"cell={text}"), scope=scope, money=MoneyFormat(1), list_code=ALL)
    number = listing.count(state.parts).number
    column = next((one for one in state.columns if one.code == "cell_amount"), None)
    return number, column.source.total(scope, state.rows) if column else None


def all_questions(scope):
    """Every measure by every pair of dimensions that it has."""
    for measure, (rows, columns) in itertools.product(measures(scope), itertools.combinations(DIMENSIONS, 2)):
        if ("class" in (rows, columns) and not measure.by_class) or (
            "month" in (rows, columns) and measure.is_current_only
        ):
            continue
        yield measure, f"measure={measure.code}&rows={rows}&columns={columns}"


def check_cells(scope, text, most=2):
    """The lists of the first cells and of the last one are those very numbers. Answers how many cells there are."""
    found = figures(scope, text)
    rows, columns = found.members(found.chosen.rows), found.members(found.chosen.columns)
    places = [*itertools.product(rows, columns), *((row, None) for row in rows), *((None, one) for one in columns)]
    filled = [place for place in places if allowed(found.chosen, *place) and found.against(0, *place)[0]]
    for row, column in [*filled[:most], *filled[-1:]]:
        value = found.against(0, row, column)[0]
        number, total = opened_list(scope, token(found, row, column))
        assert (total if found.chosen.measure.is_money else number) == value, (text, row, column)
    return len(filled)


def allowed(chosen, row, column):
    """Months have no total: a balance of two months is none."""
    return not (row is None and chosen.rows == "month") and not (column is None and chosen.columns == "month")


def test_the_list_of_a_cell_is_the_number_in_the_cell_by_every_pair_of_dimensions(readers):
    scope = readers.scope("zhao")
    by_query = {measure.cross: measure for measure in measures(scope)}  # measures of one query differ by a column
    for measure, text in all_questions(scope):
        if by_query[measure.cross] is measure:
            filled = check_cells(scope, text)
            assert filled or measure.code == "fees", text  # this bank delivers no income


def test_the_list_of_a_cell_is_the_number_in_the_cell_for_every_measure(readers):
    scope = readers.scope("wu")
    for measure in measures(scope):
        assert check_cells(scope, f"measure={measure.code}&rows=unit&columns=industry", most=9), measure.code


def test_a_strangers_cell_opens_nothing(readers):
    found = figures(readers.scope("zhao"), "measure=aum_end&rows=unit&columns=class")
    link = token(found, "=A", "demand_deposit")
    assert opened_list(readers.scope("zhao"), link) == (1, 60)
    assert opened_list(readers.scope("chen"), link) == (0, 0)


def test_the_banks_cell_shows_a_branch_head_the_part_of_the_branch(readers):
    link = token(figures(readers.scope("wu"), "measure=aum_end&rows=kind&columns=class"), "person", None)
    assert opened_list(readers.scope("wu"), link) == (2, 107)
    assert opened_list(readers.scope("chen"), link) == (2, 47)
    assert opened_list(readers.scope("zhao"), link) == (1, 60)


@pytest.mark.parametrize("text", ["x", "", "a:b:c"])
def test_a_forged_link_is_refused_in_words(readers, text):
    with pytest.raises(NotUnderstood, match="names no cell"):
        open_token(readers.scope("wu"), text)


def test_without_the_permission_a_link_is_refused_and_does_not_show_the_whole_list(readers):
    link = token(figures(readers.scope("zhao"), "measure=aum_end&rows=unit&columns=class"), "=A", "demand_deposit")
    answer = readers.client("lin").get(reverse("customers:list"), {"cell": link})
    assert answer.status_code == 400
    assert "Your post may not see this measure" in answer.content.decode()


def test_a_cell_of_an_older_build_opens_while_it_is_kept_and_then_says_why_not(readers):
    scope = readers.scope("wu")
    found = figures(scope, "measure=customers&rows=kind&columns=line")
    link = token(found, "person", "retail")
    older = cell_of(found.build - 1, found.chosen, "person", "retail").token()
    with pytest.raises(NotUnderstood, match="New figures have been published"):
        open_token(scope, older)
    assert open_token(scope, link)[1].customers == 2


def test_a_set_is_made_once_recorded_once_and_thrown_away_after_a_day(readers):
    scope = readers.scope("wu")
    link = token(figures(scope, "measure=aum_end&rows=kind&columns=line"), "person", "retail")
    assert open_token(scope, link)[1] == open_token(scope, link)[1]
    assert AuditEvent.objects.filter(action="insights.cell_opened").count() == 1
    assert sorted(CellMember.objects.values_list("customer_id", "amount_fen")) == [(1001, 10000), (1002, 700)]
    system = Scope.system(because="test")
    with as_owner():
        assert forget_cells(by=system, scope=system) == 0
        CellSet.objects.update(made_at="2026-11-20T00:00:00+08:00")
        assert forget_cells(by=system, scope=system) == 1
    assert (CellSet.objects.count(), CellMember.objects.count()) == (0, 0)


def test_the_list_says_which_cell_it_is_and_a_cross_takes_it_away(readers):
    found = figures(readers.scope("zhao"), "measure=deposit_end&rows=unit&columns=class&month=2026-10")
    client = readers.client("zhao")
    page = client.get(reverse("customers:list"), {"cell": token(found, "=A", "demand_deposit"), "kind": "person"})
    text = page.content.decode()
    assert "Deposits at month end · 2026-10 · A itself · Demand deposit" in text
    assert "The customers are those of 2026-10; all other columns show them as they are today." in text
    assert "In the cell: Deposits at month end" in text
    assert f'href="{reverse("customers:list")}?kind=person"' in text


def test_customers_out_of_sight_since_then_are_counted_aloud(readers):
    found = figures(readers.scope("chen"), "measure=aum_end&rows=unit&columns=class")
    link = token(found, None, None)
    with as_owner():
        from bankcrm.customers.models import CustomerVisibility

        CustomerVisibility.objects.filter(customer_id=1001, reason="booking").delete()
    page = readers.client("chen").get(reverse("customers:list"), {"cell": link})
    assert "The cell counts 2 customers; 1 of them are outside your data scope today." in page.content.decode()


def test_the_total_below_the_list_is_that_of_the_cell(readers):
    found = figures(readers.scope("wu"), "measure=aum_end&rows=kind&columns=line")
    page = readers.client("wu").get(reverse("customers:totals"), {"cell": token(found, "person", "retail")})
    shown = MoneyFormat().text(Decimal(107))
    assert shown in page.content.decode()

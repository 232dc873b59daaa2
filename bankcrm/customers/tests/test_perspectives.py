"""Perspectives: the page orders itself for its reader, hides nothing, and begins where that reader begins."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.core.extensions import customer_tabs
from bankcrm.customers.perspectives import PERSPECTIVES, chosen, in_order, suiting
from bankcrm.customers.queries.header import FIGURE_LABELS
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.tabs import tab_items
from bankcrm.org.roles import ROLES

PLACES = {
    "overview", "timeline", "basic", "accounts", "transactions", "credit", "trade", "income", "relations", "groups",
    "contacts", "service", "other_banks", "payroll", "documents", "history", "access",
}  # fmt: skip
EACH = pytest.mark.parametrize("perspective", PERSPECTIVES, ids=lambda one: one.code)


@EACH
def test_a_perspective_names_only_what_there_is_or_has_a_place(perspective):
    assert set(perspective.tabs) <= PLACES
    assert len(set(perspective.tabs)) == len(perspective.tabs)
    assert set(perspective.roles) <= set(ROLES)
    assert {*perspective.person_figures, *perspective.organisation_figures} <= set(FIGURE_LABELS)
    assert customer_tabs.get(perspective.first) is not None


@EACH
def test_whose_perspective_it_is_may_open_its_first_tab(perspective):
    for role in perspective.roles:
        if suiting(role)[0] is perspective:
            assert customer_tabs.get(perspective.first).permission in ROLES[role].permissions


@given(st.permutations(sorted(PLACES)), st.lists(st.sampled_from(sorted(PLACES)), unique=True))
def test_an_order_neither_adds_nor_loses_anything(items, first):
    found = in_order(items, tuple(first), lambda item: item)
    assert sorted(found) == sorted(items)
    assert found[: len(first)] == first
    assert found[len(first) :] == [item for item in items if item not in first]


def test_a_choice_counts_only_while_it_suits_the_post():
    assert [one.code for one in suiting("branch_head")] == ["manager", "marketing", "risk"]
    assert chosen("branch_head", "risk").code == "risk"
    assert chosen("relationship_manager", "risk").code == "manager"
    assert chosen("relationship_manager", "nonsense").code == "manager"
    assert chosen("it_operator", "").code == "manager"


@pytest.mark.django_db
def test_no_perspective_takes_a_tab_away(cast, fake_lake):
    who = subject(cast.scope("wu"), cast.customer.number)
    shown = {one.code: [item.label for item in tab_items(who, "overview", one)] for one in PERSPECTIVES}
    assert len({frozenset(labels) for labels in shown.values()}) == 1
    assert len({tuple(labels) for labels in shown.values()}) > 3


@pytest.mark.django_db
def test_an_auditor_begins_with_the_history_and_still_reaches_the_overview(cast, fake_lake):
    client, url = cast.client("wu"), reverse("customers:overview", args=[cast.customer.number])
    assert client.get(url).url == reverse("customers:history", args=[cast.customer.number])
    page = client.get(f"{url}?tab=overview")
    assert page.status_code == 200
    assert f'href="{url}?tab=overview" class="on"' in page.content.decode()
    assert cast.client("lin").get(url).status_code == 200


@pytest.mark.django_db
def test_a_branch_head_switches_and_the_page_orders_itself_anew(cast, fake_lake):
    client, number = cast.client("zhao"), cast.customer.number
    url = reverse("customers:overview", args=[number])
    before = client.get(f"{url}?tab=overview").content.decode()
    assert before.index("AUM month average") < before.index("Loans")
    assert before.index('class="card span-8"') < before.index("Due soon")
    reply = client.post(reverse("customers:perspective", args=[number]), {"perspective": "risk", "next": url})
    assert reply.url == url
    assert client.get(url).url == reverse("customers:credit", args=[number])
    after = client.get(f"{url}?tab=overview").content.decode()
    assert after.index("Loans") < after.index("AUM")
    assert after.index("Due soon") < after.index("Assets and liabilities")
    assert '<option value="risk" selected>' in after


@pytest.mark.django_db
def test_a_choice_leads_to_no_other_host_and_needs_sight_of_the_customer(cast, fake_lake):
    url = reverse("customers:perspective", args=[cast.customer.number])
    away = cast.client("zhao").post(url, {"perspective": "risk", "next": "https://evil.example/"})
    assert away.url == reverse("customers:overview", args=[cast.customer.number])
    assert cast.client("chen").post(url, {"perspective": "risk"}).status_code == 404

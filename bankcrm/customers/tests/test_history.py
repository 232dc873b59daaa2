"""The history in words: who, when, what from and to, why."""

import pytest
from django.urls import reverse
from django.utils import translation

from bankcrm.customers.actions.overrides import override_field
from bankcrm.customers.queries.history import history
from bankcrm.customers.queries.subject import subject

pytestmark = pytest.mark.django_db


def correct(cast):
    override_field(
        by=cast.lin, scope=cast.scope("lin"), number=cast.customer.number,
        field_name="occupation", value="retired", reason="客户本人告知",
    )  # fmt: skip


def test_a_correction_reads_who_what_from_to_and_why(cast):
    correct(cast)
    with translation.override("en"):
        (event,) = history(subject(cast.scope("wu"), cast.customer.number)).events
        assert str(event.label) == "Corrected a field"
        assert (event.who, event.reason) == (cast.lin.label, "客户本人告知")
        assert [(str(c.label), c.before, c.after) for c in event.changes] == [("Occupation", "Clerk", "Retired")]


def test_looks_are_left_out_until_asked_for(cast, fake_lake):
    cast.client("lin").get(reverse("customers:overview", args=[cast.customer.number]))
    who = subject(cast.scope("wu"), cast.customer.number)
    assert history(who).events == ()
    assert [event.action for event in history(who, with_views=True).events] == ["customer.view"]


def test_coverage_through_time_stands_beside(cast):
    (line,) = history(subject(cast.scope("wu"), cast.customer.number)).coverage
    assert (line.who, line.to_on) == (cast.lin.label, None)


def test_history_comes_a_page_at_a_time_without_gaps(cast, fake_lake):
    client = cast.client("lin")
    for _ in range(60):
        client.get(reverse("customers:basic", args=[cast.customer.number]))
    who = subject(cast.scope("wu"), cast.customer.number)
    first = history(who, with_views=True)
    second = history(who, first.older, with_views=True)
    assert (len(first.events), len(second.events), second.older) == (50, 10, None)

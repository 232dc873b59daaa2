"""Users, units and holders of a role are read to the last one, page by page, with the filter kept."""

import re

import pytest

from bankcrm.org import people_queries, role_queries, unit_queries
from bankcrm.org.tests.factories import UnitFactory, client_of, tree, user_with_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_pages(monkeypatch):
    for module in (people_queries, role_queries, unit_queries):
        monkeypatch.setattr(module, "PAGE", 2)


def walked(client, address, pattern):
    """What the pages of a list name, from the first to the last, and the last page's way back."""
    found, pages = [], 0
    while True:
        page = client.get(address).content.decode()
        found += re.findall(pattern, page)
        pages += 1
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if following is None:
            return found, pages, page
        address = address.split("?")[0] + following.group(1).replace("&amp;", "&")


def test_every_user_is_reached_with_the_filter_kept(small_pages):
    admin = user_with_post("system_administrator", "bank")
    numbers = [user_with_post(unit=admin.home_unit).username for _ in range(5)]
    found, pages, last = walked(
        client_of(admin), "/org/users/?role=relationship_manager", r'data-head="Employee number">([^<]+)<'
    )
    assert (found, pages) == (sorted(numbers), 3)
    assert "5 in all" in last
    assert 'rel="prev" href="?role=relationship_manager&amp;page=' in last


def test_every_unit_is_reached_in_the_order_of_the_tree(small_pages):
    admin = user_with_post("system_administrator", "bank")
    codes = [admin.home_unit.code, *(UnitFactory().code for _ in range(4))]
    found, pages, last = walked(client_of(admin), "/org/units/list/", r'data-head="Code">([^<]+)<')
    assert (found, pages) == (codes, 3)
    assert "5 in all" in last


def test_every_holder_of_a_role_is_reached_and_their_data_scopes_are_those_of_all(small_pages):
    admin = user_with_post("system_administrator", "bank")
    for data_scope in ("self", "self", "self", "self", "unit"):
        user_with_post(data_scope=data_scope)
    client = client_of(admin)
    found, pages, last = walked(client, "/org/roles/relationship_manager/", r'data-head="Employee number">([^<]+)<')
    assert (len(set(found)), pages) == (5, 3)
    assert "5 in all" in last
    first = client.get("/org/roles/relationship_manager/").content.decode()
    assert "Data scopes in use: Self, Unit" in first  # the second stands on the last page


def test_units_that_a_page_of_why_leaves_out_are_counted(monkeypatch):
    monkeypatch.setattr(role_queries, "MOST", 1)
    units = tree({"HO": {"A": {"A1": {}, "A2": {}}}})
    admin = user_with_post("system_administrator", "bank", unit=units["HO"])
    head = user_with_post("branch_head", "subtree", unit=units["A"])
    page = client_of(admin).get(f"/org/users/{head.pk}/why/").content.decode()
    assert "2 more units are not listed here" in page

"""A small app of its own hangs something on every point of extension, and each shows only to whoever may see it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bankcrm.core import extensions, search
from bankcrm.core.extensions import (
    ApprovalKind,
    CustomerCard,
    CustomerTab,
    FilterField,
    LakeSteps,
    ListColumn,
    MenuEntry,
    MergeRule,
    RepairLine,
    RepairSource,
    SearchHit,
    SearchSource,
    TimelineEvent,
    TimelineSource,
    WorkbenchCard,
)
from bankcrm.core.scope import Scope

ALLOWED = Scope(1, "lin", permissions=frozenset({"pets.view"}))
OTHERS = Scope(2, "chen", permissions=frozenset({"customers.view"}))
MAY = "pets.view"
MOVED = []
ADOPTED = datetime(2026, 3, 1, 9, tzinfo=UTC)


def adoptions(scope, customer, before, limit):
    return [TimelineEvent(ADOPTED, "Adopted a pet", str(customer))][: limit if before >= ADOPTED else 0]


def card_of_customer(scope, customer):
    return {"n": customer}


def card_of_user(scope):
    return {"who": scope.username}


def column_values(scope, ids):
    return dict.fromkeys(ids, 2)


def with_pets(scope, rows, value):
    return [rows, value]


def find(scope, needle, limit):
    return [SearchHit(needle.key, "/")][:limit]


def move(*, kept, gone, by):
    MOVED.append((kept, gone))
    return 1


def adopt(request, by):
    MOVED.append(request)


def nameless(scope, customer):
    return [RepairLine("Missing", f"name of the pet of {customer}")]


class Pets:
    """The app: customers' pets."""

    declarations = (
        (extensions.menu, MenuEntry("pets", "Pets", "paw", permission=MAY)),
        (extensions.menu, MenuEntry("pets.list", "All pets", url_name="core:jobs", permission=MAY, parent="pets")),
        (extensions.customer_tabs, CustomerTab("pets", "Pets", "core:jobs", MAY, kinds=("person",))),
        (extensions.customer_cards, CustomerCard("pets", "Pets", "x.html", card_of_customer, MAY)),
        (extensions.timeline_sources, TimelineSource("pets", "Pets", adoptions, MAY)),
        (extensions.repair_sources, RepairSource("pets", "Pets", nameless, MAY)),
        (extensions.list_columns, ListColumn("pets", "Pets", "customers", column_values, MAY)),
        (extensions.filter_fields, FilterField("pets", "Pets", "customers", with_pets, permission=MAY)),
        (extensions.workbench_cards, WorkbenchCard("pets", "Pets", "x.html", card_of_user, MAY)),
        (extensions.search_sources, SearchSource("pets", "Pets", find, MAY)),
        (extensions.merge_rules, MergeRule("pets", "Pets", move, MAY)),
        (extensions.approval_kinds, ApprovalKind("pets", "Adopt", adopt, MAY)),
        (extensions.lake_steps, LakeSteps("pets", Path("/pets/sql"), MAY)),
    )

    def ready(self):
        for registry, item in self.declarations:
            registry.register(item)

    def leave(self):
        for registry, item in self.declarations:
            registry.unregister(item.code)


@pytest.fixture
def pets():
    app = Pets()
    app.ready()
    yield app
    app.leave()
    MOVED.clear()


@pytest.mark.parametrize(
    ("registry", "item"), Pets.declarations, ids=lambda one: getattr(one, "what", getattr(one, "code", ""))
)
def test_what_an_app_brings_shows_to_those_who_may_see_it(pets, registry, item):
    assert item in registry.visible(ALLOWED)
    assert item not in registry.visible(OTHERS)
    assert item in registry.visible(Scope.system(because="test"))
    assert registry.get(item.code) is item


@pytest.mark.parametrize(
    ("registry", "item"), Pets.declarations, ids=lambda one: getattr(one, "what", getattr(one, "code", ""))
)
def test_a_code_is_taken_once_and_the_same_may_come_again(pets, registry, item):
    assert registry.register(item) is item
    changed = type(item)(**{name: getattr(item, name) for name in item.__slots__} | {"order": 99})
    with pytest.raises(ValueError, match="twice"):
        registry.register(changed)


def test_they_come_in_their_order():
    registry = extensions.Registry("menu entry")
    for code, order in [("b", 20), ("c", 10), ("a", 20)]:
        registry.register(MenuEntry(code, code, order=order))
    assert [item.code for item in registry] == ["c", "a", "b"]


def test_the_menu_is_a_tree_without_dead_ends(pets):
    modules = {module.entry.code: [line.code for line in module.lines] for module in extensions.menu_tree(ALLOWED)}
    assert modules["pets"] == ["pets.list"]
    assert "pets" not in {module.entry.code for module in extensions.menu_tree(OTHERS)}
    extensions.menu.unregister("pets.list")
    assert "pets" not in {module.entry.code for module in extensions.menu_tree(ALLOWED)}, "a module that leads nowhere"


def test_a_tab_suits_its_kinds(pets):
    tab = extensions.customer_tabs.get("pets")
    assert tab.suits("person")
    assert not tab.suits("organisation")


def test_what_was_brought_is_called_with_the_scope(pets):
    assert extensions.customer_cards.get("pets").context(ALLOWED, 7) == {"n": 7}
    events = extensions.timeline_sources.get("pets").events
    assert [event.detail for event in events(ALLOWED, 7, ADOPTED, 5)] == ["7"]
    assert events(ALLOWED, 7, datetime(2026, 2, 1, tzinfo=UTC), 5) == []
    assert [line.what for line in extensions.repair_sources.get("pets").lines(ALLOWED, 7)] == ["name of the pet of 7"]
    assert extensions.list_columns.get("pets").values(ALLOWED, [1, 2]) == {1: 2, 2: 2}
    assert extensions.filter_fields.get("pets").apply(ALLOWED, "rows", "x") == ["rows", "x"]
    assert extensions.workbench_cards.get("pets").context(ALLOWED) == {"who": "lin"}
    assert extensions.merge_rules.get("pets").apply(kept=1, gone=2, by=ALLOWED) == 1
    extensions.approval_kinds.get("pets").carry_out("request", ALLOWED)
    assert MOVED == [(1, 2), "request"]


def test_the_search_box_asks_the_new_source(pets, monkeypatch):
    only = extensions.Registry("search source")
    only.register(extensions.search_sources.get("pets"))
    monkeypatch.setattr(search, "search_sources", only)
    ((source, hits),) = search.search(ALLOWED, " 旺财 ")
    assert (source.code, hits[0].title) == ("pets", "旺财")
    assert search.search(OTHERS, "旺财") == []
    assert search.search(ALLOWED, "  ") == []

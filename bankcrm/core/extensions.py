"""Where apps above hang what they bring onto pages that stand below them.

An app that wants to be on a page it may not import registers a small frozen declaration here, in AppConfig.ready().
Each says which permission it needs; whoever shows it asks `visible(scope)`, so that nobody sees a way to a 403.
`core/tests/test_extensions.py` holds a small app that proves each of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from django.utils.functional import Promise

from bankcrm.core.scope import Scope

Label = str | Promise


class Extension(Protocol):
    """What all declarations have in common."""

    @property
    def code(self) -> str: ...
    @property
    def permission(self) -> str: ...
    @property
    def order(self) -> int: ...


E = TypeVar("E", bound=Extension)


class Registry(Generic[E]):
    """Declarations of one kind, in their order. A code may be registered once."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._items: dict[str, E] = {}
        self.version = 0  # rises with every change: what is made from the declarations may be kept until then

    def register(self, item: E) -> E:
        """Adds one. Registering the same again changes nothing; another under its code raises ValueError."""
        if self._items.setdefault(item.code, item) != item:
            raise ValueError(f"{self.what} {item.code} is registered twice")
        self.version += 1
        return item

    def unregister(self, code: str) -> None:
        """Takes one out: for tests."""
        self._items.pop(code, None)
        self.version += 1

    def get(self, code: str) -> E | None:
        """The one of that code, if there is one."""
        return self._items.get(code)

    def __iter__(self) -> Iterator[E]:
        return iter(sorted(self._items.values(), key=lambda item: (item.order, item.code)))

    def visible(self, scope: Scope) -> list[E]:
        """Those that the scope may use, in their order."""
        return [item for item in self if not item.permission or scope.may(item.permission)]


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A line of the left menu; `parent` is the code of the module it stands under, empty for a module itself."""

    code: str
    label: Label
    icon: str = ""
    url_name: str = ""
    permission: str = ""
    order: int = 100
    parent: str = ""


@dataclass(frozen=True, slots=True)
class CustomerTab:
    """A tab of the customer page. `url_name` takes the customer's number; `kinds` empty means all kinds."""

    code: str
    label: Label
    url_name: str
    permission: str = "customers.view"
    order: int = 100
    kinds: tuple[str, ...] = ()
    icon: str = ""

    def suits(self, kind: str) -> bool:
        """Whether customers of that kind have this tab."""
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """A card of the customer page's overview. `context(scope, customer)` gives what its template shows, or None."""

    code: str
    label: Label
    template: str
    context: Callable[[Scope, Any], Mapping[str, Any] | None]
    permission: str = "customers.view"
    order: int = 100


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """Something that happened about a customer, masked already. `is_day`: of its moment only the day is known."""

    at: datetime
    label: Label
    detail: Label = ""
    who: Label = ""
    amount: Decimal | None = None
    currency: str = ""
    url: str = ""
    tone: str = ""  # ok, key, watch or info
    is_day: bool = False


class SourceSilentError(Exception):
    """A source that cannot answer right now: the timeline says so instead of leaving its events out."""


@dataclass(frozen=True, slots=True)
class TimelineSource:
    """Events of a kind for the customer page's timeline.

    `events(scope, customer, before, limit)` answers those at `before` or earlier, the newest first, at most `limit`,
    always in the same order; or raises SourceSilentError. The customer was read through the scope; whether its parts
    may be seen is the source's to check.
    """

    code: str
    label: Label
    events: Callable[[Scope, Any, datetime, int], Sequence[TimelineEvent]]
    permission: str = "customers.view"
    order: int = 100
    icon: str = ""


@dataclass(frozen=True, slots=True)
class RepairLine:
    """Something about a customer that is missing, ends or contradicts itself, masked already.

    `url` is where it is mended, empty where the reader cannot; `is_panel`: it opens in the panel. `tone`: watch or key.
    """

    state: Label
    what: Label
    url: str = ""
    do: Label = ""
    is_panel: bool = False
    note: Label = ""
    tone: str = "watch"


@dataclass(frozen=True, slots=True)
class RepairSource:
    """Where the customer page's repair list looks. `lines(scope, customer)`: the customer was read in the scope."""

    code: str
    label: Label
    lines: Callable[[Scope, Any], Sequence[RepairLine]]
    permission: str = "customers.view"
    order: int = 100


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column that an app adds to a list. `values(scope, ids)` answers for a whole page at once: id -> shown text.

    `total(scope, queryset)` is what stands below it: of all rows of the filter, not of the page.
    """

    code: str
    label: Label
    page: str
    values: Callable[[Scope, list[int]], Mapping[int, Any]]
    permission: str = ""
    order: int = 100
    is_number: bool = False
    is_money: bool = False
    total: Callable[[Scope, Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class FilterField:
    """A filter that an app adds to a list. `apply(scope, queryset, value)` narrows the queryset.

    `text(scope, value)` is what its chip says, in place of the choice's name. `column(scope, value)` is a column that
    the list shows while the filter is in force, `note(scope, queryset, value)` a sentence above its rows. A hidden one
    comes by a link and is not offered among the conditions.
    """

    code: str
    label: Label
    page: str
    apply: Callable[[Scope, Any, str], Any]
    choices: Callable[[Scope], list[tuple[str, Label]]] | None = None
    permission: str = ""
    order: int = 100
    text: Callable[[Scope, str], str] | None = None
    column: Callable[[Scope, str], ListColumn | None] | None = None
    note: Callable[[Scope, Any, str], str] | None = None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class ListAction:
    """Something done to many rows of a list at once. `choices(scope)` says what may be chosen for it.

    `apply(by=scope, value=chosen, ids=…)` does it to some rows and counts what came of them; `counts` names the counts.
    Long work is cut into several calls. Raises ValidationError for a value that may not be chosen.
    """

    code: str
    label: Label
    page: str
    choices: Callable[[Scope], list[tuple[str, Label]]]
    apply: Callable[..., Mapping[str, int]]
    counts: Mapping[str, Label] = field(hash=False)
    permission: str = ""
    order: int = 100
    icon: str = ""


@dataclass(frozen=True, slots=True)
class WorkbenchCard:
    """A card of the landing page. `context(scope)` gives what its template shows; None leaves the card out."""

    code: str
    label: Label
    template: str
    context: Callable[[Scope], Mapping[str, Any] | None]
    permission: str = ""
    order: int = 100
    width: int = 4  # of twelve columns


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One line that a search shows; masked already."""

    title: str
    url: str
    note: str = ""
    mark: str = ""
    icon: str = ""
    customer_id: int | None = None  # of whom it tells: the audit keeps whom a search showed


@dataclass(frozen=True, slots=True)
class SearchSource:
    """Where the search box looks. `find(scope, needle, limit)` gets a `core.search.Needle`."""

    code: str
    label: Label
    find: Callable[[Scope, Any, int], list[SearchHit]]
    permission: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True)
class MergeRule:
    """What becomes of an app's rows when two customers become one: `apply(kept=…, gone=…, by=…)` moves them."""

    code: str
    label: Label
    apply: Callable[..., int]
    permission: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True)
class ApprovalKind:
    """Something that a second person has to agree to. `carry_out(approval, by=scope)` runs once that is so, in the
    transaction of the agreement; a ValidationError of its leaves the request open.

    `words(scope, approval)` answers `core.approvals.Words` in the reader's language. `limit(scope, approval)` is the
    amount (in `measure`) up to which a post may agree, None without limit. `on_refused(approval, by=scope)` runs when
    the request is sent back or withdrawn.
    """

    code: str
    label: Label
    carry_out: Callable[..., None]
    permission: str = ""  # of whoever approves
    order: int = 100
    reason_needed: bool = True
    words: Callable[[Scope, Any], Any] | None = None
    limit: Callable[[Scope, Any], Decimal | None] | None = None
    measure: Label = ""
    on_refused: Callable[..., None] | None = None


@dataclass(frozen=True, slots=True)
class ExportList:
    """A list whose files are written by a job and may need a second person (`core.exporting.approving`).

    `words(scope, arguments)` answers `approving.ListWords` for the job's arguments: in the reader's language, and only
    what the reader's post may see. `is_of_bank`: its rows are the whole bank's, or tell of the asker's own unit; only
    whoever may agree to files of any size decides then.
    """

    code: str
    label: Label
    job: str
    words: Callable[[Scope, Mapping[str, Any]], Any]
    permission: str = ""
    order: int = 100
    is_of_bank: bool = False


@dataclass(frozen=True, slots=True)
class LakeSteps:
    """A folder of `.sql` files that the lake's build takes up."""

    code: str
    folder: Path
    permission: str = ""
    order: int = 100


menu: Registry[MenuEntry] = Registry("menu entry")
customer_tabs: Registry[CustomerTab] = Registry("customer tab")
customer_cards: Registry[CustomerCard] = Registry("customer card")
customer_heads: Registry[CustomerCard] = Registry("piece of the customer page's head")
timeline_sources: Registry[TimelineSource] = Registry("timeline source")
repair_sources: Registry[RepairSource] = Registry("source of the repair list")
list_columns: Registry[ListColumn] = Registry("list column")
filter_fields: Registry[FilterField] = Registry("filter field")
list_actions: Registry[ListAction] = Registry("list action")
workbench_cards: Registry[WorkbenchCard] = Registry("workbench card")
search_sources: Registry[SearchSource] = Registry("search source")
merge_rules: Registry[MergeRule] = Registry("merge rule")
approval_kinds: Registry[ApprovalKind] = Registry("approval kind")
export_lists: Registry[ExportList] = Registry("list that is exported")
lake_steps: Registry[LakeSteps] = Registry("folder of lake steps")


@dataclass(frozen=True)
class MenuModule:
    """A module of the left menu with its lines."""

    entry: MenuEntry
    lines: list[MenuEntry] = field(default_factory=list)


def menu_tree(scope: Scope) -> list[MenuModule]:
    """The left menu of a scope: modules with the lines they may use; a module that leads nowhere is left out."""
    visible = menu.visible(scope)
    modules = [
        MenuModule(entry, [line for line in visible if line.parent == entry.code])
        for entry in visible
        if not entry.parent
    ]
    return [module for module in modules if module.entry.url_name or module.lines]

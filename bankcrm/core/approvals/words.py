"""How a request looks to its reader: what it is about, and what would change, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bankcrm.core import dates, extensions
from bankcrm.core.approval_models import Approval
from bankcrm.core.scope import Scope
from bankcrm.core.wording import listed

Label = str | Promise
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field before and after, as shown."""

    label: Label
    before: Label
    after: Label

    @property
    def is_change(self) -> bool:
        """Whether the field changes at all."""
        return str(self.before) != str(self.after)


@dataclass(frozen=True, slots=True)
class Words:
    """A request in the reader's language; `url` leads to what it is about, empty where there is no page."""

    title: Label
    lines: tuple[Difference, ...] = ()
    url: str = ""
    url_label: Label = ""  # where it leads to something else than what the request is about

    @property
    def has_before(self) -> bool:
        """Whether anything is there already that would change: a request for something new shows one column."""
        return any(str(line.before) not in ("", NOTHING) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Line:
    """A request in a list, in the reader's words."""

    approval: Approval
    title: Label
    kind: Label
    is_late: bool


def line_of(scope: Scope, approval: Approval) -> Line:
    """The request as a line of a list."""
    kind = extensions.approval_kinds.get(approval.kind)
    is_late = approval.is_open and approval.due_on < dates.today()
    return Line(approval, words_of(scope, approval).title, kind.label if kind else approval.kind, is_late)


def words_of(scope: Scope, approval: Approval) -> Words:
    """The words of the kind that the request is of; without any, its own title and fields as they are."""
    kind = extensions.approval_kinds.get(approval.kind)
    if kind is not None and kind.words is not None:
        found: Words = kind.words(scope, approval)
        return found
    return Words(approval.title, differences(approval.before, approval.after, {}))


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], labels: Mapping[str, Label]
) -> tuple[Difference, ...]:
    """A line for each field of `after` and then of `before`; `labels` names fields, others keep their names."""
    names = [*after, *(name for name in before if name not in after)]
    return tuple(Difference(labels.get(name, name), shown(before.get(name)), shown(after.get(name))) for name in names)


def shown(value: Any) -> Label:
    """A value of JSON for people."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return listed(str(item) for item in value)
    return str(value)

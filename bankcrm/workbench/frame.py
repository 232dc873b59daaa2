"""What surrounds a page: menu, posts, units, tasks due. Nothing is read before the template asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bankcrm.alerts.queries import desk
from bankcrm.core import approvals, dates, extensions
from bankcrm.core.counting import counts_of
from bankcrm.core.extensions import Label
from bankcrm.core.scope import Scope
from bankcrm.core.ui.figures import UNITS, MoneyFormat, reader_format
from bankcrm.org import login_queries
from bankcrm.org.models import Post
from bankcrm.org.roles import ROLES, permissions_of
from bankcrm.workbench.menu import Menu, MenuItem, menu_of, reversed_or_empty

QUICK = 3
TASKS = "customers.interactions.view"


@dataclass(frozen=True, slots=True)
class PostChoice:
    """A post that the user holds."""

    id: int
    label: str
    url: str
    is_active: bool
    is_lent_desk: bool = False  # a colleague's, whose tasks stand there


@dataclass(frozen=True, slots=True)
class Link:
    """A line of the user menu."""

    label: Label
    url: str
    icon: str


class Frame:
    """The frame of one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user: Any = getattr(request, "user", None)
        self.scope: Scope = getattr(request, "scope", None) or Scope.nobody()

    @property
    def is_known(self) -> bool:
        """Whether somebody is logged in."""
        return bool(self.user and self.user.is_authenticated)

    @property
    def is_open(self) -> bool:
        """Whether the pages are open to that somebody: not before a first or an old password is changed."""
        return self.is_known and not self._waits_for

    @cached_property
    def _waits_for(self) -> str:
        return login_queries.waits_for(self.request)

    @cached_property
    def money(self) -> MoneyFormat:
        """The unit of money that the user chose."""
        return reader_format(self.user)

    @property
    def money_units(self) -> list[tuple[int, str]]:
        """The units to choose from."""
        return [(size, MoneyFormat(size, self.money.currency).label) for size in UNITS]

    @property
    def rise_is_red(self) -> bool:
        """Whether what rises is red: the habit here, which a user may turn round."""
        return bool(getattr(self.user, "rise_is_red", True))

    @cached_property
    def data_date(self) -> date | None:
        """The day that the published figures speak of."""
        return dates.business_date()

    @cached_property
    def _menu(self) -> Menu:
        return menu_of(self.scope)

    @cached_property
    def _here(self) -> str:
        return self._menu.nearest(self.request.path)

    @property
    def menu_key(self) -> str:
        """Pages with the same key have the same menu with the same line standing out: templates keep its HTML by it."""
        return f"{self._menu.key} {self._here} {bool(self.search_url)}"

    @cached_property
    def menu(self) -> list[MenuItem]:
        """The left menu: the module and line of this page stand out."""
        return self._menu.items(self._here)

    @property
    def quick(self) -> list[MenuItem]:
        """The first modules, for the bar at the bottom of a phone."""
        return self.menu[:QUICK]

    @cached_property
    def posts(self) -> list[PostChoice]:
        """The posts that the user holds today."""
        held: Sequence[Post] = getattr(self.request, "posts", ())
        url = reversed_or_empty("org:switch-post")
        here = self.scope.post_id
        return [
            PostChoice(post.pk, self._post_label(post), url, post.pk == here, self._is_lent_desk(post)) for post in held
        ]

    def _is_lent_desk(self, post: Post) -> bool:
        return post.user_id != self.user.pk and TASKS in permissions_of(post.role)

    @property
    def stand_ins(self) -> list[PostChoice]:
        """The posts that colleagues lent and that the user does not work at now: what is to be done there waits."""
        return [post for post in self.posts if post.is_lent_desk and not post.is_active]

    def _post_label(self, post: Post) -> str:
        label = f"{post.unit.label} · {role_label(post.role)}"
        if post.user_id == self.user.pk:
            return label
        return _("for %(name)s · %(post)s") % {"name": post.user.label, "post": label}

    @cached_property
    def unit_label(self) -> str:
        """The unit of the active post."""
        held: Sequence[Post] = getattr(self.request, "posts", ())
        return next((post.unit.label for post in held if post.pk == self.scope.post_id), "")

    @property
    def role_label(self) -> Label:
        """The role of the active post."""
        return role_label(self.scope.role) if self.scope.role else _("No post")

    @property
    def watermark(self) -> str:
        """Who looks, at which unit, and when."""
        if not self.is_known:
            return ""
        parts = (self.user.username, self.user.name, self.unit_label, f"{dates.now():%Y-%m-%d %H:%M}")
        return " ".join(part for part in parts if part)

    @cached_property
    def search_url(self) -> str:
        """Where the search box asks; empty where the post may search nothing."""
        return reverse("workbench:search") if self.is_open and extensions.search_sources.visible(self.scope) else ""

    @property
    def tasks_url(self) -> str:
        """The page of one's own tasks; empty for posts that have none."""
        return reverse("alerts:tasks") if self.scope.may(TASKS) else ""

    @cached_property
    def tasks_due(self) -> int:
        """Open tasks due today or before."""
        return self._waiting.get("tasks", 0)

    @property
    def login_alerts_url(self) -> str:
        """The page of login alerts, for whoever looks into them."""
        return reverse("logins:alerts") if self.scope.may(login_queries.ACT) else ""

    @cached_property
    def login_alerts(self) -> int:
        """Login alerts that nobody has looked into yet."""
        return login_queries.open_alerts(self.scope)

    @cached_property
    def approvals_waiting(self) -> int:
        """Requests that wait for the post's decision; 0 for posts that decide nothing."""
        return self._waiting.get("approvals", 0)

    @cached_property
    def _waiting(self) -> dict[str, int]:
        """What the top bar counts, in one statement."""
        asked: dict[str, QuerySet[Any]] = {}
        if self.scope.user_id and self.tasks_url:
            asked["tasks"] = desk.due_tasks(self.scope)
        if approvals.decides(self.scope):
            asked["approvals"] = approvals.to_decide(self.scope)
        return counts_of(asked)

    @property
    def user_links(self) -> list[Link]:
        """Pages about oneself."""
        found = [
            Link(_("Account security"), reversed_or_empty("org:security"), "shield-lock"),
            Link(_("Change password"), reversed_or_empty("org:password-change"), "key"),
            Link(_("Delegation"), reversed_or_empty("organisation:delegations"), "users"),
            Link(_("My jobs"), reversed_or_empty("core:jobs"), "progress"),
        ]
        return [link for link in found if link.url]


def role_label(code: str) -> Label:
    """A role's name in the language of the page."""
    known = ROLES.get(code)
    return known.label if known else code

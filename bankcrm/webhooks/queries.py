"""What administrators see of webhooks, and whether and what a subscriber hears."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from bankcrm.core import dates
from bankcrm.core.scope import Scope
from bankcrm.core.ui.paging import Order, Page, page_of
from bankcrm.org import queries as org
from bankcrm.org.models import ApiToken, Post
from bankcrm.org.roles import ROLES
from bankcrm.webhooks.kinds import BY_CODE, EventKind
from bankcrm.webhooks.models import Delivery, Subscription

MANAGE = "system.webhooks"
PAGE = 50


def is_good(token: ApiToken) -> bool:
    """Whether the token still opens the API."""
    return token.revoked_at is None and token.expires_at > dates.now() and not org.has_left(token.user)


def is_served(subscription: Subscription) -> bool:
    """Whether anything may be sent to it at all: its token is good."""
    return subscription.state != Subscription.State.ENDED and is_good(subscription.token)


def post_of(token: ApiToken) -> Post | None:
    """The post that the token's program acts at: the first in force, as in the API."""
    return org.active_posts(token.user).first()


def scope_of(subscription: Subscription) -> Scope:
    """What the subscriber sees."""
    return org.scope_for(subscription.token.user, post_of(subscription.token))


def good_tokens() -> list[ApiToken]:
    """Tokens that a webhook may belong to."""
    rows = ApiToken.objects.filter(revoked_at=None, expires_at__gt=dates.now()).select_related("user")
    return [row for row in rows.order_by("user__username", "name") if not org.has_left(row.user)]


@dataclass(frozen=True)
class Line:
    """A webhook as the list shows it. `silenced`: kinds that its post may not hear of, though asked for."""

    row: Subscription
    kinds: tuple[EventKind, ...]
    silenced: tuple[EventKind, ...]
    sees: str
    is_token_good: bool
    waiting: int = 0
    given_up: int = 0

    @property
    def is_bad(self) -> bool:
        """Whether somebody should look at it."""
        state = self.row.state
        failing = state == Subscription.State.ACTIVE and self.row.failing_since is not None
        return failing or state == Subscription.State.DISABLED or not self.is_token_good


def lines(scope: Scope) -> list[Line]:
    """All webhooks that have not ended, by name. Needs `system.webhooks`."""
    scope.require(MANAGE)
    rows = Subscription.objects.exclude(state=Subscription.State.ENDED).select_related("token__user", "made_by")
    counted = rows.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=Delivery.State.WAITING)),
        given_up=Count("deliveries", filter=Q(deliveries__state=Delivery.State.GIVEN_UP, deliveries__is_test=False)),
    )
    return [line_of(row, waiting=row.waiting, given_up=row.given_up) for row in counted.order_by("name")]


def line_of(row: Subscription, **counts: int) -> Line:
    """One of them."""
    scope, post = scope_of(row), post_of(row.token)
    wanted = [BY_CODE[code] for code in row.kinds if code in BY_CODE]
    silenced = tuple(kind for kind in wanted if not scope.may(kind.permission))
    return Line(
        row, tuple(kind for kind in wanted if kind not in silenced), silenced, _sees(post), is_good(row.token), **counts
    )


def _sees(post: Post | None) -> str:
    if post is None:
        return _("No post: hears nothing")
    role = ROLES.get(post.role)
    return f"{role.label if role else post.role} · {post.unit.label} · {post.get_data_scope_display()}"


def subscription(scope: Scope, pk: int) -> Subscription:
    """One that has not ended. Raises Subscription.DoesNotExist, PermissionDenied."""
    scope.require(MANAGE)
    rows = Subscription.objects.exclude(state=Subscription.State.ENDED)
    return rows.select_related("token__user", "made_by").get(pk=pk)


def _moment(value: Any) -> datetime:
    return datetime.fromisoformat(str(value))


ORDER = Order("made_at", _moment, is_descending=True)


def log(scope: Scope, given: Mapping[str, str], token: str) -> Page[Delivery]:
    """A page of deliveries, the newest first, of a state or of one webhook. Needs `system.webhooks`."""
    scope.require(MANAGE)
    rows = Delivery.objects.select_related("subscription").defer("events")
    rows = _narrowed(rows, given)
    return page_of([rows], ORDER, token=token, size=PAGE, value_of=lambda row: row.made_at.isoformat())


def _narrowed(rows: QuerySet[Delivery], given: Mapping[str, str]) -> QuerySet[Delivery]:
    if given.get("state") in Delivery.State.values:
        rows = rows.filter(state=given["state"])
    webhook = given.get("webhook", "")
    if webhook.isdecimal() and len(webhook) < 19:
        rows = rows.filter(subscription=int(webhook))
    return rows


def bad_lines(scope: Scope) -> Sequence[Line]:
    """Those that somebody should look at."""
    return [line for line in lines(scope) if line.is_bad]

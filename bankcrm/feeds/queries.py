"""Reads of loads, rejects and the current build."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, QuerySet, Subquery, Sum
from django.utils import timezone

from bankcrm.core import context, parameters
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Customer, Holding
from bankcrm.feeds.contract.catalogue import FEEDS
from bankcrm.feeds.models import BankSetting, Build, CalendarDay, Load, LoadFile, Reject
from bankcrm.lake.contract import Feed
from bankcrm.lake.manifest import BuildManifest


def current_build() -> Build | None:
    """The build that everybody sees; None before the first load. Asked once a request."""
    serving = context.current()
    if serving is None:
        return Build.objects.filter(is_current=True).first()
    if "current_build" not in serving.cache:
        settled = Subquery(BankSetting.objects.values("base_currency")[:1])  # every page needs both: one question
        build = Build.objects.filter(is_current=True).defer("manifest").annotate(settled_currency=settled).first()
        serving.cache["current_build"] = build
        # The first build settles the currency in the same commit: before it there is none to ask for.
        serving.cache["base_currency"] = (build.settled_currency if build else None) or "CNY"
    found: Build | None = serving.cache["current_build"]
    return found


def current_business_date() -> date | None:
    """The day that the data speak of; None before the first load."""
    build = current_build()
    return build.business_date if build else None


def current_manifest() -> BuildManifest | None:
    """What the current build is made of. Kept in the process by build id: a build never changes once published."""
    build = current_build()
    if build is None:
        return None
    key = f"feeds.manifest.{build.pk}"
    known: BuildManifest | None = cache.get(key)
    if known is None:
        known = BuildManifest.from_json(build.manifest)
        cache.set(key, known, 3600)
    return known


def loads(scope: Scope) -> QuerySet[Load]:
    """All loads, the newest business date first, with their rows counted. Needs `feeds.view`."""
    scope.require("feeds.view")
    return Load.objects.annotate(
        file_count=Count("files"),
        rows_read=Sum("files__rows_read"),
        rows_rejected=Sum("files__rows_rejected"),
        rows_warned=Sum("files__rows_warned"),
    ).select_related("started_by")


def load_files(scope: Scope, load: Load) -> QuerySet[LoadFile]:
    """The files of a load. Needs `feeds.view`."""
    scope.require("feeds.view")
    return load.files.all()


def rejects(scope: Scope, load: Load) -> QuerySet[Reject]:
    """Rejects and warnings of a load. Needs `feeds.rejects`."""
    scope.require("feeds.rejects")
    return load.rejects.all()


def reject_counts(scope: Scope, load: Load) -> list[dict[str, Any]]:
    """Rows by feed, reason and severity, the most frequent first. Needs `feeds.rejects`."""
    counted = rejects(scope, load).order_by().values("feed", "reason", "severity").annotate(count=Count("id"))
    return [dict(row) for row in counted.order_by("-count", "feed", "reason")]


@dataclass(frozen=True)
class FeedState:
    """What is known of a feed: when it came last, and whether it is missing or late now."""

    feed: Feed
    last_date: date | None
    last_loaded_at: datetime | None
    rows: int
    state: str  # delivered | late | missing | never

    @property
    def is_due(self) -> bool:
        return self.state in ("late", "missing")


def feed_states(scope: Scope, *, now: datetime | None = None) -> list[FeedState]:
    """Every feed of the contract with its last delivery. Needs `feeds.view`.

    A feed that was ever delivered should be there for the last business day that is over, from the hour
    `feeds.due_hour` on: `late` on the day it is due, `missing` after that.
    """
    scope.require("feeds.view")
    now = now or timezone.localtime()
    due = due_date(now)
    found = LoadFile.objects.filter(is_effective=True).values("feed")
    last = {
        row["feed"]: dict(row)
        for row in found.annotate(last=Max("business_date"), at=Max("load__finished_at"), n=Sum("rows_loaded"))
    }
    return [_feed_state(feed, last.get(feed.name), due, now) for feed in FEEDS]


def _feed_state(feed: Feed, row: dict[str, Any] | None, due: date, now: datetime) -> FeedState:
    if row is None:
        return FeedState(feed, None, None, 0, "never")
    if row["last"] >= due or feed.name == "calendar":
        state = "delivered"
    else:
        state = "late" if row["last"] >= business_day_before(due) else "missing"
    return FeedState(feed, row["last"], row["at"], row["n"], state)


def due_date(now: datetime) -> date:
    """The last business date whose data should be loaded by `now`: yesterday's, once the due hour is past."""
    ready = now.time() >= time(hour=parameters.value("feeds.due_hour"))
    day = now.date() - timedelta(days=1 if ready else 2)
    return last_business_day(day)


def last_business_day(day: date) -> date:
    """The day itself where the bank was open, else the last one before; by weekday where the calendar is silent."""
    known = dict(
        CalendarDay.objects.filter(day__range=(day - timedelta(days=15), day)).values_list("day", "is_business_day")
    )
    for back in range(16):
        candidate = day - timedelta(days=back)
        if known.get(candidate, candidate.weekday() < 5):
            return candidate
    return day


def business_day_before(day: date) -> date:
    """The business day before this one."""
    return last_business_day(day - timedelta(days=1))


def holdings_by_class(scope: Scope) -> Sequence[dict[str, Any]]:
    """Open holdings and their balances by product class and currency, for the operator's check. Needs `feeds.view`."""
    scope.require("feeds.view")
    open_holdings = Holding.objects.everything(because="totals of the whole bank, no customer is shown").exclude(
        status="closed"
    )
    rows = open_holdings.values("product_class", "currency").annotate(
        count=Count("id"), balance=Sum("balance"), balance_base=Sum("balance_base")
    )
    return [dict(row) for row in rows.order_by("product_class", "currency")]


def customers_by_kind(scope: Scope) -> dict[str, int]:
    """Customers by kind, the unidentified one left out. Needs `feeds.view`."""
    scope.require("feeds.view")
    counted = Customer.objects.everything(because="totals of the whole bank, no customer is shown")
    rows = counted.exclude(status="unidentified").order_by().values("kind").annotate(count=Count("id"))
    return {row["kind"]: row["count"] for row in rows}

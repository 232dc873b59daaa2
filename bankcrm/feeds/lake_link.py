"""The published build as the customer pages ask it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings

from bankcrm.feeds.models import BankSetting, LoadFile
from bankcrm.feeds.queries import current_build
from bankcrm.lake.client import InlineLake, Lake, LakeClient

DEFAULT_CURRENCY = "CNY"


@dataclass(frozen=True)
class PublishedLake:
    """One build; every question of a request goes to the same one, even when another is published meanwhile."""

    build_id: int
    business_date: date

    @property
    def base_currency(self) -> str:
        """The money that the bank counts in."""
        found = BankSetting.objects.values_list("base_currency", flat=True).first()
        return found or DEFAULT_CURRENCY

    def run(self, name: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The rows of a named query. Raises LakeUnavailable, QueryTimeoutError, QueryError."""
        return list(_lake().run(self.build_id, name, params))

    def start(self, name: str, params: Mapping[str, Any]) -> Callable[[], list[dict[str, Any]]] | None:
        """Asks without waiting; None where the lake is asked inside this process, which can do one thing at a time."""
        lake = _lake()
        return lake.start(self.build_id, name, params) if isinstance(lake, LakeClient) else None


def published_lake() -> PublishedLake | None:
    """The current build; None before the first load."""
    build = current_build()
    return PublishedLake(build.pk, build.business_date) if build else None


def is_delivered(feed: str) -> bool:
    """Whether a file of that feed is part of the present state."""
    return LoadFile.objects.filter(feed=feed, is_effective=True).exists()


@cache
def _lake() -> Lake:
    if settings.LAKE_QUERY == "process":
        return LakeClient(settings.BANKCRM_HOME)
    return InlineLake(settings.LAKE_ROOT)

"""What the landing page and the frame read."""

from collections.abc import Sequence

from bankcrm.core import context
from bankcrm.feeds.models import BankSetting, Load
from bankcrm.feeds.queries import current_build

RECENT_LOADS = 6


def base_currency() -> str:
    """The bank's base currency, read once a request with the build; CNY before the first delivery settles it."""
    serving = context.current()
    if serving is None:
        return BankSetting.objects.values_list("base_currency", flat=True).first() or "CNY"
    if "base_currency" not in serving.cache:
        current_build()
    return str(serving.cache["base_currency"])


def recent_loads() -> Sequence[Load]:
    """The latest loads."""
    return list(Load.objects.order_by("-id")[:RECENT_LOADS])

"""What the landing page and the frame read."""

from collections.abc import Sequence

from bankcrm.core import context
from bankcrm.feeds.models import BankSetting, Load

RECENT_LOADS = 6


def base_currency() -> str:
    """The bank's base currency, read once a request; CNY before the first delivery has settled it."""
    serving = context.current()
    if serving is not None and "base_currency" in serving.cache:
        return str(serving.cache["base_currency"])
    found = BankSetting.objects.values_list("base_currency", flat=True).first() or "CNY"
    if serving is not None:
        serving.cache["base_currency"] = found
    return found


def recent_loads() -> Sequence[Load]:
    """The latest loads."""
    return list(Load.objects.order_by("-id")[:RECENT_LOADS])

"""A full delivery that has lost most of its rows: an extraction that broke halfway says so with a correct manifest."""

from collections import Counter, defaultdict
from decimal import Decimal

from django.db.models import F, Max, Sum

from bankcrm.core import parameters
from bankcrm.feeds.contract.catalogue import BY_NAME
from bankcrm.feeds.models import Load, LoadFile
from bankcrm.feeds.run import Refused, Run
from bankcrm.lake.delivered import FULL

# Fewer rows than these may come and go; an empty file where there were any is asked about all the same.
FEW = 100


def check_shrinkage(run: Run) -> None:
    """Refuses full files that lost more rows than the parameter `feeds.max_shrinkage` allows. Raises Refused.

    Compared are what states hold, and the balances of banks that deliver all of them every day. A manifest entry with
    `may_shrink` is believed.
    """
    limit = parameters.value("feeds.max_shrinkage")
    meant = {file.name for file in run.delivery.files if file.may_shrink}
    came: Counter[tuple[str, str]] = Counter()
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    exempt: set[tuple[str, str]] = set()
    for _row, landed in run.landed:
        if landed.scope != FULL or not _is_compared(landed.feed, run.load.mode):
            continue
        came[landed.feed, landed.source_system] += landed.rows_loaded
        names[landed.feed, landed.source_system].append(landed.file)
        if landed.file in meant:
            exempt.add((landed.feed, landed.source_system))
    for (feed, system), rows in came.items():
        before = rows_before(feed, system, load=run.load)
        lost = Decimal(before - rows) / before if before else Decimal(0)
        if (feed, system) not in exempt and lost > limit and (not rows or before >= FEW):
            files = ", ".join(names[feed, system])
            raise Refused("shrunk", {"file": files, "rows": rows, "before": before, "limit": f"{limit:.0%}"})


def rows_before(feed: str, system: str, *, load: Load) -> int:
    """Rows of the newest full delivery in force that is not of a later date: a correction may be of an old day."""
    files = LoadFile.objects.filter(
        feed=feed, source_system=system, scope=FULL, is_effective=True, business_date__lte=load.business_date
    )
    if not BY_NAME[feed].is_state:
        files = files.filter(load__mode=Load.Mode.DAILY)
    newest = files.aggregate(newest=Max("business_date"))["newest"]
    last = files.filter(business_date=newest).annotate(mode=F("load__mode"))
    by_mode = last.values("mode").annotate(total=Sum("rows_loaded")).values_list("total", flat=True)
    return max(by_mode, default=0)


def _is_compared(feed: str, mode: str) -> bool:
    return BY_NAME[feed].is_state or (feed == "balance" and mode == Load.Mode.DAILY)

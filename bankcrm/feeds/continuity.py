"""Days and accounts that a bank which delivers all balances every day has left out (PRACTICE part one §2)."""

from bankcrm.core import parameters
from bankcrm.feeds.models import Build, CalendarDay, Load, LoadFile, Reject
from bankcrm.feeds.run import Refused, Run
from bankcrm.lake.delivered import FULL
from bankcrm.lake.landed import LandedFile
from bankcrm.lake.state import absent_from_full, missing_days

STOP = "stop"
BATCH = 5_000
KEPT = 50_000


def full_balances(run: Run) -> list[LandedFile]:
    """The files of this load that claim to name every open account's balance of the day."""
    if run.load.mode != Load.Mode.DAILY:
        return []
    return [landed for _row, landed in run.landed if landed.feed == "balance" and landed.scope == FULL]


def check_days(run: Run) -> None:
    """Looks for business days without balances between the published build and this delivery.

    Parameter `feeds.missing_day`: `stop` refuses the load (raises Refused), `mark` says so in its log and carries the
    last balances over.
    """
    if not full_balances(run):
        return
    published = Build.objects.filter(is_current=True).first()
    after, until = (published.business_date if published else None), run.delivery.business_date
    came = LoadFile.objects.filter(feed="balance", is_effective=True).values_list("business_date", flat=True)
    days = CalendarDay.objects.filter(is_business_day=True, day__lte=until).values_list("day", flat=True)
    if after is None:
        return
    missing = missing_days(days, {*came, until}, after=after, until=until)
    if not missing:
        return
    named = ", ".join(day.isoformat() for day in missing)
    if parameters.value("feeds.missing_day") == STOP:
        raise Refused("missing_days", {"days": named})
    run.log("missing_days", days=named)


def keep_absent_accounts(run: Run) -> None:
    """Names open accounts that a full balance file leaves out. Their last balance is carried on."""
    holdings, balances = run.manifest.tables["src_holding"], run.manifest.tables["fact_balance"]
    for landed in full_balances(run):
        absent = absent_from_full(
            run.lake, root=run.paths.root, balances=landed, holdings=holdings, known=balances[-1:]
        )[:KEPT]
        Reject.objects.bulk_create(
            (
                Reject(
                    load=run.load,
                    feed="balance",
                    file=landed.file,
                    column="holding_id",
                    value=f"{system}/{holding_id}",
                    reason="absent_from_full",
                    severity=Reject.Severity.WARNING,
                )
                for system, holding_id in absent
            ),
            batch_size=BATCH,
        )
        if absent:
            run.log("absent_accounts", file=landed.file, rows=len(absent))

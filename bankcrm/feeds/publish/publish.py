"""The one commit that makes a build the bank's truth: facts, figures and the row that names the build."""

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone

from bankcrm.core import audit, publication
from bankcrm.core.scope import Scope
from bankcrm.feeds.models import BankSetting, Build, Load, LoadFile
from bankcrm.feeds.publish.by_hand import adopt, staged_prospects
from bankcrm.feeds.publish.changes import keep_changes
from bankcrm.feeds.publish.facts import Progress
from bankcrm.feeds.publish.filling import shelve_empty, unshelve
from bankcrm.feeds.publish.follow_up import follow
from bankcrm.feeds.publish.ledger import keep_differences
from bankcrm.feeds.publish.merge import gone_sql, merge_sql, staged
from bankcrm.feeds.publish.organisation import Row, publish_staff, publish_units
from bankcrm.feeds.publish.overrides import keep_overrides
from bankcrm.feeds.publish.owning import keep_owning_periods
from bankcrm.feeds.publish.stage import Delta
from bankcrm.feeds.run import Cancelled
from bankcrm.lake.faults import checkpoint

# New facts bring new statistics only after a large change; the planner must not work with those of an empty table.
ANALYZE_ABOVE = 1_000
# Below this many rows an empty table fills in a moment with its indexes in place, and nobody need wait for its lock.
FILL_ABOVE = 10_000


def publish(
    build: Build,
    deltas: Sequence[Delta],
    *,
    by: Scope,
    base_currency: str,
    units: list[Row],
    staff: list[Row],
    effective: Sequence[int],
    progress: Progress,
) -> dict[str, int]:
    """Brings the staged deltas into their tables and makes the build current, in one transaction.

    `effective` are the ids of the LoadFiles that make up the present state. Answers the rows changed by fact.
    Raises Cancelled where somebody asked for that, and whatever PostgreSQL raises; nothing is changed then.
    """
    changed: dict[str, int] = {}
    with transaction.atomic():
        # Staff may go on reading; whoever writes what a load writes, too, waits these seconds, so that nothing is lost.
        publication.alone()
        checkpoint("publish:begun")
        changed["org_unit"] = publish_units(units)
        changed["employee"] = publish_staff(staff, business_date=build.business_date)
        empty = shelve_empty([delta for delta in deltas if delta.upserts >= FILL_ABOVE])
        prospects: list[int] = []
        for number, delta in enumerate(deltas):
            if delta.fact.name == "customer" and delta.upserts:
                prospects = staged_prospects()
            progress(f"publish:{delta.fact.name}", number / len(deltas))
            changed[delta.fact.name] = apply_delta(delta, build=build, by=by)
            if delta.fact.table in empty:
                unshelve(delta.fact.table)
            if delta.fact.name == "customer" and delta.upserts:
                changed["owning_period"] = keep_owning_periods(business_date=build.business_date)
        changed["ledger_difference"] = keep_differences(business_date=build.business_date)
        changed |= adopt(build=build, prospects=prospects, by=by)
        _make_current(build, base_currency=base_currency, effective=effective, changed=changed)
        audit.record(
            "build.publish", by=by, obj=build, after={"business_date": build.business_date, "changed": changed}
        )
        follow(build, deltas)
        checkpoint("publish:before_commit")
    checkpoint("publish:after_commit")
    _analyze([delta for delta in deltas if delta.upserts >= ANALYZE_ABOVE])
    return changed


def apply_delta(delta: Delta, *, build: Build, by: Scope) -> int:
    """MERGEs one staged fact, having noted which values it changes; answers how many rows it wrote or took away."""
    fact, business_date = delta.fact, build.business_date
    if not delta.upserts and not delta.gone:
        return 0
    changed = 0
    with connection.cursor() as cursor:
        if delta.upserts:
            cursor.execute(f"ANALYZE {staged(fact)}")
            if fact.is_overridable:
                keep_overrides(cursor, fact, build=build, by=by)
        keep_changes(cursor, delta, build)
        if delta.gone and (statement := gone_sql(fact)):
            cursor.execute(statement, {"business_date": business_date})
            changed += cursor.rowcount
        if delta.upserts:
            cursor.execute(merge_sql(fact), {"business_date": business_date})
            changed += cursor.rowcount
    return changed


def _make_current(build: Build, *, base_currency: str, effective: Sequence[int], changed: dict[str, int]) -> None:
    _still_wanted(build)
    now = timezone.now()
    BankSetting.objects.get_or_create(id=1, defaults={"base_currency": base_currency})
    Build.objects.filter(is_current=True).update(is_current=False)
    build.is_current, build.published_at = True, now
    build.save(update_fields=["is_current", "published_at", "manifest"])
    LoadFile.objects.filter(is_effective=True).exclude(pk__in=effective).update(is_effective=False)
    LoadFile.objects.filter(pk__in=effective, is_effective=False).update(is_effective=True)
    load = build.load
    if load is not None:
        load.state, load.step, load.progress, load.finished_at = Load.State.PUBLISHED, "", 1, now
        load.changed = changed
        load.save(update_fields=["state", "step", "progress", "finished_at", "changed"])
    published = Load.objects.filter(state=Load.State.PUBLISHED).exclude(builds=build)
    published.exclude(files__is_effective=True).update(state=Load.State.SUPERSEDED)


def _still_wanted(build: Build) -> None:
    """Holds the load's row: whoever asks for it to stop from here on is told that it has ended. Raises Cancelled."""
    load = Load.objects.select_for_update().filter(builds=build).first()
    if load is not None and load.cancel_requested:
        raise Cancelled


def _analyze(deltas: Sequence[Delta]) -> None:
    with connection.cursor() as cursor:
        for delta in deltas:
            cursor.execute("SELECT feeds_analyze(%s::regclass)", [delta.fact.table])

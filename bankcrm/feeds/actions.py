"""Ordering loads and their end, explaining differences from the ledger, and forgetting what was erased."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import monotonic, sleep

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bankcrm.core import audit
from bankcrm.core.scope import Scope
from bankcrm.feeds import inbox
from bankcrm.feeds.jobs import run_load
from bankcrm.feeds.models import LedgerDifference, Load

UNFINISHED = (Load.State.WAITING, Load.State.RUNNING)
MOST_WAIT, ASK_AGAIN = 2 * 3600.0, 5.0  # seconds


class LoadRuns(Exception):  # noqa: N818 - says what is the matter
    """A load runs and does not end."""


@transaction.atomic
def order_load(*, by: Scope, delivery: str) -> Load:
    """Queues a load of a delivery in the inbox. Needs `feeds.load`.

    Raises ValidationError when there is no such delivery or it is being loaded already.
    """
    by.require("feeds.load")
    folder = inbox.folder_named(delivery)
    if folder is None:
        raise ValidationError(_("There is no delivery %(name)s in the inbox."), params={"name": delivery})
    return _order(folder, date.fromisoformat(folder.name), by)


@transaction.atomic
def repeat_load(*, by: Scope, load: Load) -> Load:
    """Queues the load of the same folder again, after its files were corrected. Needs `feeds.load`.

    Raises ValidationError when the folder is gone or it is being loaded already.
    """
    by.require("feeds.load")
    folder = Path(load.folder)
    if not folder.is_dir():
        raise ValidationError(_("The folder %(folder)s is no longer there."), params={"folder": load.folder})
    # Where a folder is not named by its date, its load knows it, and the manifest says it again.
    return _order(folder, load.business_date, by)


def _order(folder: Path, day: date, by: Scope) -> Load:
    if Load.objects.filter(folder=str(folder), state__in=UNFINISHED).exists():
        raise ValidationError(_("This delivery is being loaded already."))
    load = Load.objects.create(business_date=day, folder=str(folder), started_by_id=by.user_id)
    audit.record("load.order", by=by, obj=load, after={"folder": load.folder})
    run_load.defer(load_id=load.pk)
    return load


@transaction.atomic
def cancel_load(*, by: Scope, load: Load) -> None:
    """Asks a waiting or running load to stop; it does at its next step, and nothing is published. Needs `feeds.load`.

    Raises ValidationError when it has ended already.
    """
    by.require("feeds.load")
    asked = Load.objects.filter(pk=load.pk, state__in=UNFINISHED).update(cancel_requested=True)
    if not asked:
        raise ValidationError(_("This load has ended already."))
    audit.record("load.cancel", by=by, obj=load)


@transaction.atomic
def explain_difference(*, by: Scope, pk: int, reason: str, difference: Decimal) -> LedgerDifference:
    """Says why accounts and ledger differ in a cell; it holds for this difference. Needs `feeds.ledger.explain`.

    Raises LedgerDifference.DoesNotExist outside the scope; ValidationError without a reason, where the cell ties
    again, and where a load has found another difference than the one that was read.
    """
    by.require("feeds.ledger.explain")
    found = LedgerDifference.objects.within(by).select_for_update(of=("self",)).get(pk=pk)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why they differ.")})
    if found.state == LedgerDifference.State.CLOSED:
        raise ValidationError(_("This cell ties again; there is nothing left to explain."))
    if found.difference != difference:
        raise ValidationError(_("A load has found another difference meanwhile. Look at it before you explain it."))
    before = {"state": found.state, "reason": found.reason}
    found.state, found.reason = LedgerDifference.State.EXPLAINED, reason.strip()
    found.explained_by_id, found.explained_at = by.user_id, timezone.now()
    found.save(update_fields=["state", "reason", "explained_by", "explained_at"])
    after = {"state": found.state, "reason": found.reason, "difference": found.difference}
    audit.record("ledger.explain", by=by, obj=found, before=before, after=after)
    return found


def remember_erased(customer_id: int, retention_class: str) -> int:
    """Before a class of a customer's data is erased, in the same transaction: so that no load brings it back."""
    from bankcrm.feeds import forgetting  # late: a web process needs none of what loads need

    return forgetting.remember(customer_id, retention_class)


@contextmanager
def no_load_meanwhile(*, tell: Callable[[str, float], None], seconds: float = MOST_WAIT) -> Iterator[None]:
    """While the block runs, no load does. Raises LoadRuns when one does not end in that time.

    Asks again and again: a lock that is waited for ends with the role's `lock_timeout`.
    """
    from bankcrm.feeds.pipeline import AnotherLoadRuns, only_one_load

    until = monotonic() + seconds
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(only_one_load(wait=False, tell=tell))
                break
            except AnotherLoadRuns:
                if monotonic() > until:
                    raise LoadRuns from None
                tell("waiting", 0.0)
                sleep(ASK_AGAIN)
        yield


def clean_lake() -> int:
    """Takes what was erased out of the lake's landed files; answers the rows. Inside `no_load_meanwhile`."""
    from bankcrm.feeds import forgetting

    return forgetting.clean_landed()

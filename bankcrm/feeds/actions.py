"""Ordering loads and their end, from a page. The worker does the work."""

from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bankcrm.core import audit
from bankcrm.core.scope import Scope
from bankcrm.feeds import inbox
from bankcrm.feeds.jobs import run_load
from bankcrm.feeds.models import Load

UNFINISHED = (Load.State.WAITING, Load.State.RUNNING)


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

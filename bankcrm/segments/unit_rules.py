"""What becomes of a unit's tags when it goes up in another."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates, org_extensions
from bankcrm.core.managers import ScopedQuerySet
from bankcrm.core.org_extensions import UnitMergeRule
from bankcrm.core.scope import Scope
from bankcrm.org.models import OrgUnit
from bankcrm.segments.models import CustomerTag, Tag

WHY = "a merge moves all of the unit"


def _tags(gone: OrgUnit) -> ScopedQuerySet[Tag]:
    return Tag.objects.everything(because=WHY).filter(unit=gone, closed_at=None)


def _move(kept: OrgUnit, gone: OrgUnit, on: date, by: Scope) -> int:
    """Tags move; where the other unit has one of that name, its customers get that one and the tag is closed."""
    tags = list(_tags(gone))
    theirs = {tag.name: tag for tag in _tags(kept)}
    for tag in tags:
        same = theirs.get(tag.name)
        if same is None:
            tag.unit = kept
            tag.save(update_fields=["unit"])
            continue
        uses = CustomerTag.objects.everything(because=WHY).filter(tag=tag, ended_at=None)
        have = CustomerTag.objects.everything(because=WHY).filter(tag=same, ended_at=None).values("customer")
        uses.exclude(customer__in=have).update(tag=same)
        uses.update(ended_at=dates.now(), ended_by=by.user_id)
        tag.closed_at, tag.closed_by_id = dates.now(), by.user_id
        tag.save(update_fields=["closed_at", "closed_by"])
    return len(tags)


def register_all() -> None:
    """Called once when the app is ready."""
    org_extensions.unit_merge_rules.register(
        UnitMergeRule("tags", _("Tags"), lambda gone: _tags(gone).count(), _move, order=60, holds_open=False)
    )

"""What of the stewards' work hangs on a user who leaves: registered in `apps.py`."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core import org_extensions
from bankcrm.core.extensions import Label
from bankcrm.core.managers import ScopedQuerySet
from bankcrm.core.org_extensions import LeaverRule
from bankcrm.core.scope import Scope
from bankcrm.identity.models import DataWork
from bankcrm.org.models import User
from bankcrm.org.queries import active_posts
from bankcrm.org.roles import permissions_of

WHY = "whoever leaves hands over all that is theirs"
CLOSE = "identity.data_work.close"


def _open(leaver: User) -> ScopedQuerySet[DataWork]:
    rows: ScopedQuerySet[DataWork] = DataWork.objects.everything(because=WHY)
    return rows.filter(assigned_to=leaver, is_found=True, closed_at=None)


def _may_take(successor: User, leaver: User) -> Label:
    if any(CLOSE in permissions_of(post.role) for post in active_posts(successor)):
        return ""
    return _("No post of this person works off data.")


def _give(leaver: User, successor: User, by: Scope) -> int:
    return _open(leaver).update(assigned_to=successor)


def register_all() -> None:
    """Called once when the app is ready."""
    org_extensions.leaver_rules.register(
        LeaverRule(
            "data_work", _("Data to be worked off"), lambda leaver: _open(leaver).count(), _give, _may_take, order=30
        )
    )

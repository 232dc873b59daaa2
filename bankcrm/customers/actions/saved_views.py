"""What a user keeps of a list."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit
from bankcrm.core.scope import Scope
from bankcrm.customers.models import SavedView

MOST_VIEWS = 30


@transaction.atomic
def save_view(*, by: Scope, scope: Scope, list_code: str, name: str, query: str, columns: Sequence[str]) -> SavedView:
    """Keeps a filter, sort and columns under a name; the same name again replaces it.

    Raises ValidationError for a name that is empty or one view too many.
    """
    wanted = name.strip()
    if not wanted:
        raise ValidationError(_("Give the view a name."))
    own = SavedView.objects.filter(user_id=by.user_id or 0, list_code=list_code)
    if own.exclude(name__in=["", wanted]).count() >= MOST_VIEWS:
        raise ValidationError(_("There are %(count)d views already. Remove one first."), params={"count": MOST_VIEWS})
    return _keep(by=by, list_code=list_code, name=wanted, query=query, columns=columns)


@transaction.atomic
def choose_columns(*, by: Scope, scope: Scope, list_code: str, columns: Sequence[str]) -> SavedView:
    """Keeps the user's choice of columns for a list; none means the list's own choice."""
    return _keep(by=by, list_code=list_code, name="", query="", columns=columns)


def _keep(*, by: Scope, list_code: str, name: str, query: str, columns: Sequence[str]) -> SavedView:
    values = {"query": query, "columns": list(columns)}
    view, is_new = SavedView.objects.update_or_create(
        user_id=by.user_id or 0, list_code=list_code, name=name, defaults=values
    )
    audit.record("list_view.saved", by=by, obj=view, after={"list": list_code, "name": name, "new": is_new, **values})
    return view


@transaction.atomic
def delete_view(*, by: Scope, scope: Scope, view_id: int) -> None:
    """Removes a view of one's own. Raises SavedView.DoesNotExist for anybody else's."""
    view = SavedView.objects.exclude(name="").get(pk=view_id, user_id=by.user_id or 0)
    audit.record("list_view.deleted", by=by, obj=view, before={"name": view.name, "query": view.query})
    view.delete()

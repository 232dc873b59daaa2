"""Who could decide a request instead: `org` knows users and posts and registers how to find them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bankcrm.core.approval_models import Approval


@dataclass(frozen=True, slots=True)
class Person:
    """A user who may decide."""

    user_id: int
    label: str


Provider = Callable[[Approval, str], Sequence[Person]]
_provider: list[Provider] = []


def register_people(provider: Provider) -> None:
    """Tells how to find those who hold a permission for a request's unit: `provider(approval, permission)`."""
    _provider[:] = [provider]


def people_for(approval: Approval, permission: str) -> Sequence[Person]:
    """Those who may decide, without whoever asked; nobody while nothing is registered."""
    if not _provider:
        return ()
    askers = {approval.asked_by_id, approval.asked_for_id}
    return [person for person in _provider[0](approval, permission) if person.user_id not in askers]

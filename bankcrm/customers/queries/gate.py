"""The gate of those who talk to callers: a customer is masked to them until the caller is known to be that customer.

The pages keep in the session who was verified; the middleware lays the way to it into the request's context, so that
whatever reads on behalf of the request masks alike. A program has no session: to it nobody is ever verified.
"""

from collections.abc import Callable

from bankcrm.core import context
from bankcrm.core.scope import Scope

VERIFY = "customers.verify"
KEY = "customers.verified_ids"
VerifiedIds = Callable[[], frozenset[int]]


class NotVerifiedError(Exception):
    """Something of a customer was asked for on behalf of a caller who may be anybody. `who` is the Subject."""

    def __init__(self, who: object) -> None:
        super().__init__("the caller is not verified")
        self.who = who


class ErasedError(Exception):
    """A customer was asked for of whom nothing is kept any more but the number; the reader's scope sees that much."""

    def __init__(self, number: str) -> None:
        super().__init__("the customer was erased")
        self.number = number


def must_verify(scope: Scope) -> bool:
    """Whether this reader talks to callers, and sees no more than the masked head until one is verified."""
    return not scope.is_system and scope.may(VERIFY)


def is_open(scope: Scope, customer_id: int) -> bool:
    """Whether the reader may see the customer at all: needs to verify nobody, or has verified this one."""
    return not must_verify(scope) or customer_id in verified_ids()


def tell_verified(read: VerifiedIds) -> None:
    """Lays into the request's context how to find out who was verified in it."""
    serving = context.current()
    if serving is not None:
        serving.cache[KEY] = read


def verified_ids() -> frozenset[int]:
    """The customers whose callers are verified in the session that this request belongs to."""
    serving = context.current()
    read: VerifiedIds | None = serving.cache.get(KEY) if serving is not None else None
    return read() if read is not None else frozenset()

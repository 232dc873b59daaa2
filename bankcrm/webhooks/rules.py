"""What is signed and how, when a delivery is tried again, and what an answer means. No Django, no clock, no I/O."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

VERSION = "v1"
SIGNATURE = "Bankcrm-Signature"
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
TOO_OLD = timedelta(minutes=5)
"""A receiver should refuse a signature older than this: somebody may be sending it again."""
LIVELY = frozenset(range(400, 500)) - {408, 425, 429}
"""Answers of a receiver that is well and does not want this delivery; the next one may be welcome."""


def wait(attempts: int, draw: float) -> timedelta:
    """How long to wait after so many attempts (1 or more). `draw`, 0 to 1, spreads receivers' return over the wait.

    Doubles from `FIRST_WAIT` to `LONGEST_WAIT`; half of it is certain, half is drawn.
    """
    times: int = 1 << min(attempts - 1, 20)
    whole = min(FIRST_WAIT * times, LONGEST_WAIT)
    return whole / 2 + whole / 2 * draw


def signature(secret: str, at: int, body: bytes) -> str:
    """The header's value: `t=<seconds since 1970>,v1=<HMAC-SHA256 over "t.body", hexadecimal>`."""
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},{VERSION}={signed}"


def is_signed(header: str, secret: str, body: bytes, now: datetime) -> bool:
    """What a receiver checks: made with the secret over this body, and not long ago. Versions it does not know pass by.

    Here for tests, and to be copied.
    """
    parts = [part.partition("=") for part in header.split(",")]
    at = next((value for name, _sign, value in parts if name == "t" and value.isdecimal()), "")
    if not at or abs(now.timestamp() - int(at)) > TOO_OLD.total_seconds():
        return False
    wanted = signature(secret, int(at), body).partition(f"{VERSION}=")[2]
    return any(name == VERSION and hmac.compare_digest(value, wanted) for name, _sign, value in parts)


def headers(secret: str, at: int, body: bytes, *, delivery: str, attempt: int) -> Mapping[str, str]:
    """Everything that goes before the body."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "bankcrm-webhooks/1",
        "Bankcrm-Delivery": delivery,
        "Bankcrm-Attempt": str(attempt),
        SIGNATURE: signature(secret, at, body),
    }


def is_taken(status: int | None) -> bool:
    """Whether the receiver has the delivery."""
    return status is not None and 200 <= status < 300


def is_receiver_down(status: int | None) -> bool:
    """Whether the next delivery would fare as this one: no answer, or one that speaks of the receiver's own state."""
    return not is_taken(status) and status not in LIVELY

"""Codes that change with the time: RFC 6238 with SHA-1, six digits and steps of thirty seconds, as apps know them.

Pure: no clock, no database.
"""

import base64
import hashlib
import hmac
import secrets
import struct
from datetime import datetime
from urllib.parse import quote, urlencode

PERIOD = 30
DIGITS = 6
DRIFT = 1  # steps before and after: a telephone's clock may be half a minute wrong
SECRET_BYTES = 20


def new_secret() -> str:
    """160 random bits in base 32, as they are typed into an app that cannot read the picture."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_of(moment: datetime) -> int:
    """The number of the step of thirty seconds that a moment lies in."""
    return int(moment.timestamp()) // PERIOD


def code_at(secret: str, step: int) -> str:
    """The code of a step (RFC 4226, 5.3)."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: str, code: str, *, now: datetime, after: int) -> int | None:
    """The step around `now` whose code was given, if it lies after the one last used; else None.

    A code that was used once, and every older one, is refused.
    """
    given = "".join(code.split())
    here, found = step_of(now), None
    for step in range(here - DRIFT, here + DRIFT + 1):
        # All three are compared, so that the time tells nothing.
        if hmac.compare_digest(code_at(secret, step).encode(), given.encode()) and step > after and found is None:
            found = step
    return found


def address(secret: str, *, label: str, issuer: str) -> str:
    """What the picture says to an app."""
    query = urlencode({"secret": secret, "issuer": issuer, "digits": DIGITS, "period": PERIOD})
    return f"otpauth://totp/{quote(issuer)}:{quote(label)}?{query}"

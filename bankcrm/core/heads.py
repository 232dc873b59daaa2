"""Signed ends of the audit's chain, kept outside the database: `<home>/audit/heads-<month>.log` and the system's log.

Ed25519; the key is made of a secret of the home. Whoever holds only the database cannot make a head.
"""

import base64
import contextlib
import hashlib
import json
import logging
import logging.handlers
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils import timezone

TAIL = 1_000  # bytes: more than a line of the file
MARK = "bankcrm audit head "  # before each head in the system's log


def heads_folder() -> Path:
    """Where the signed heads are kept."""
    return Path(settings.BANKCRM_HOME) / "audit"


def _key() -> Ed25519PrivateKey:
    """The signing key, made of the home's secret."""
    return Ed25519PrivateKey.from_private_bytes(
        hashlib.sha256(b"audit:" + settings.AUDIT_SIGNING_KEY.encode()).digest()
    )


def public_key() -> str:
    """The key that others check the heads with, in base64."""
    return base64.b64encode(_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def signature(content: bytes) -> str:
    """The home's signature under any content, in base64."""
    return base64.b64encode(_key().sign(content)).decode()


def is_signed(content: bytes, given: str) -> bool:
    """Whether the home's key signed that content."""
    try:
        _key().public_key().verify(base64.b64decode(given), content)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Head:
    """The chain's end at some moment, as it was signed."""

    position: int
    hash: str
    signed_at: str
    signature: str
    event_id: int = 0  # the last event of the chain by then: named, should it be gone one day
    occurred_at: str = ""
    action: str = ""

    def line(self) -> str:
        """As it stands in the file."""
        return json.dumps(asdict(self))

    def text(self) -> bytes:
        """What the signature is over. Heads that were signed before events were named are over less."""
        named = f":{self.event_id}:{self.occurred_at}:{self.action}" if self.event_id else ""
        return f"{self.position}:{self.hash}:{self.signed_at}{named}".encode()

    def is_genuine(self) -> bool:
        """Whether our key signed it."""
        return is_signed(self.text(), self.signature)


def heads() -> Iterator[Head]:
    """All signed heads, the oldest first. A line that cannot be read counts as forged."""
    for path in sorted(heads_folder().glob("heads-*.log")):
        with path.open(encoding="utf-8") as lines:
            yield from map(_read, lines)


def heads_of_copy(lines: Iterable[str]) -> Iterator[Head]:
    """The heads in the system's log, as another machine has kept it: lines that tell of none are passed over."""
    for line in lines:
        _before, mark, told = line.partition(MARK)
        if mark:
            yield _read(told.strip())


def _read(line: str) -> Head:
    try:
        return Head(**json.loads(line))
    except (ValueError, TypeError):
        return Head(0, "", "", "")


def last_head() -> Head | None:
    """The newest head that can be read, from the end of the newest file."""
    for path in sorted(heads_folder().glob("heads-*.log"), reverse=True):
        with path.open("rb") as stream:
            stream.seek(max(0, path.stat().st_size - TAIL))
            lines = stream.read().decode(errors="replace").splitlines()
        if lines and (found := _read(lines[-1])).position:
            return found
    return None


def last_position() -> int:
    """The place that the last head names; 0 without one."""
    found = last_head()
    return found.position if found else 0


def sign(position: int, link: bytes, event_id: int, occurred_at: datetime, action: str) -> None:
    """Signs the chain's end with the event that stands there, and keeps it in both places."""
    now = timezone.now().astimezone(UTC)
    told_at = occurred_at.astimezone(UTC).isoformat(timespec="microseconds")
    head = Head(position, link.hex(), now.isoformat(timespec="seconds"), "", event_id, told_at, action)
    head = replace(head, signature=signature(head.text()))
    line = head.line()
    _append(now, line)
    _tell_system_log(line)


def _append(now: datetime, line: str) -> None:
    folder = heads_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / f"heads-{now:%Y-%m}.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"{line}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _tell_system_log(line: str) -> None:
    """A second place, which a bank sends to a machine of its own. A machine without one has the file alone."""
    if not Path("/dev/log").exists():
        return
    with contextlib.suppress(OSError):
        handler = logging.handlers.SysLogHandler(address="/dev/log", facility="auth")
        handler.emit(logging.LogRecord("bankcrm", logging.INFO, "", 0, f"{MARK}{line}", None, None))
        handler.close()

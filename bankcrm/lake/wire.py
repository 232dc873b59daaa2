"""What goes over the socket between pages and the query process: JSON, with the types of money and dates kept.

JSON and not pickle: reading a pickle runs whatever its writer wanted.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from multiprocessing.connection import Connection
from typing import Any

LARGEST = 64 * 1024 * 1024
_MARK = "$"
_READ: dict[str, Callable[[str], Any]] = {
    "decimal": Decimal,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}


def send(connection: Connection, message: Mapping[str, Any]) -> None:
    """Sends one message. Raises OSError when the other side is gone, TypeError for a value of another type."""
    connection.send_bytes(json.dumps(message, default=_plain, ensure_ascii=False).encode())


def receive(connection: Connection) -> dict[str, Any]:
    """Waits for one message. Raises EOFError when the other side is gone, ValueError for what is no message."""
    message = json.loads(connection.recv_bytes(LARGEST), object_hook=_typed)
    if not isinstance(message, dict):
        raise ValueError("a message is an object")
    return message


def _plain(value: object) -> dict[str, str]:
    for kind, example in (("datetime", datetime), ("date", date)):
        if isinstance(value, example):
            return {_MARK: kind, "v": value.isoformat()}
    if isinstance(value, Decimal):
        return {_MARK: "decimal", "v": str(value)}
    raise TypeError(f"{type(value).__name__} cannot be sent")


def _typed(value: dict[str, Any]) -> Any:
    return _READ[value[_MARK]](value["v"]) if _MARK in value else value

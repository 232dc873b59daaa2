"""Asks the lake: through the query process, or in this process where tests and small tools want that."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path
from typing import Any, Protocol

import duckdb

from bankcrm.lake.named import NotBuiltError, QueryError
from bankcrm.lake.reader import TIMEOUT, BuildReaders, QueryTimeoutError, Rows
from bankcrm.lake.wire import receive, send

KEY_NAME = "lake_query"  # in the home's secrets.json
SOCKET = "lake.sock"
LONGEST_SOCKET = 100  # the system allows 107 bytes
GRACE = 2.0  # seconds beyond the query's own limit before the query process counts as gone


class LakeUnavailable(Exception):  # noqa: N818 (a state of the lake, not a fault of the caller)
    """The lake cannot answer now. Pages say so and show the rest."""


class Lake(Protocol):
    """What pages ask."""

    def run(self, build_id: int, name: str, parameters: Mapping[str, Any], *, timeout: float = TIMEOUT) -> Rows:
        """The rows of a named query over a build. Raises QueryError, QueryTimeoutError or LakeUnavailable."""
        ...


class LakeClient:
    """Asks the query process of a home. Each question has a connection of its own: threads need not take turns."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()

    def run(self, build_id: int, name: str, parameters: Mapping[str, Any], *, timeout: float = TIMEOUT) -> Rows:
        """See `Lake.run`."""
        return self.start(build_id, name, parameters, timeout=timeout)()

    def start(
        self, build_id: int, name: str, parameters: Mapping[str, Any], *, timeout: float = TIMEOUT
    ) -> Callable[[], Rows]:
        """Asks without waiting: what comes back waits for the rows. Raises, then and now, as `Lake.run` does."""
        question = {"build": build_id, "query": name, "parameters": dict(parameters), "timeout": timeout}
        with _gone():
            link = Client(str(socket_path(self.home)), family="AF_UNIX", authkey=read_key(self.home))
            try:
                send(link, question)
            except BaseException:
                link.close()
                raise

        def rows() -> Rows:
            with _gone(), closing(link):
                if not link.poll(timeout + GRACE):
                    raise LakeUnavailable("the query process does not answer")
                answer = receive(link)
            return _rows(answer)

        return rows

    def is_alive(self) -> bool:
        """Whether somebody listens."""
        try:
            with closing(Client(str(socket_path(self.home)), family="AF_UNIX", authkey=read_key(self.home))):
                return True
        except (OSError, EOFError, AuthenticationError, LakeUnavailable):
            return False


@contextmanager
def _gone() -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, AuthenticationError) as error:
        raise LakeUnavailable("the query process is not running") from error


class InlineLake:
    """Asks in this process."""

    def __init__(self, lake_root: Path) -> None:
        self.lake_root = lake_root
        self._readers: BuildReaders | None = None

    def run(self, build_id: int, name: str, parameters: Mapping[str, Any], *, timeout: float = TIMEOUT) -> Rows:
        """See `Lake.run`."""
        self._readers = self._readers or BuildReaders(self.lake_root)
        try:
            return self._readers.reader(build_id).run(name, parameters, timeout=timeout)
        except duckdb.Error as error:
            raise LakeUnavailable(str(error)) from error


def socket_path(home: Path) -> Path:
    """Where the query process of a home listens: below it, or, where that path is too long, below the temp folder."""
    path = home / "run" / SOCKET
    if len(str(path).encode()) <= LONGEST_SOCKET:
        return path
    mark = hashlib.sha256(str(home).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"bankcrm-{mark}" / SOCKET


def read_key(home: Path) -> bytes:
    """The key that both sides know. Raises LakeUnavailable for a home without one."""
    try:
        return str(json.loads((home / "secrets.json").read_text(encoding="utf-8"))[KEY_NAME]).encode()
    except (OSError, ValueError, KeyError) as error:
        raise LakeUnavailable(f"{home} has no key for the query process") from error


def _rows(answer: dict[str, Any]) -> Rows:
    code, message = answer.get("error"), str(answer.get("message", ""))
    if code is None:
        rows: Rows = answer["rows"]
        return rows
    if code == "unbuilt":
        raise NotBuiltError(message)
    if code == "query":
        raise QueryError(message)
    raise QueryTimeoutError(message) if code == "timeout" else LakeUnavailable(message)

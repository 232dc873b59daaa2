"""The query process: keeps heavy reading out of the web workers, under a memory cap of its own.

    python -m bankcrm.lake.server --home DIR

It listens on a Unix socket below the home and answers named queries over builds, several at a time. Only who knows the
key in the home's `secrets.json` is heard.
"""

import argparse
import json
import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from threading import BoundedSemaphore, Thread
from typing import Any

import duckdb

from bankcrm.lake.client import KEY_NAME, LakeUnavailable, read_key, socket_path
from bankcrm.lake.named import NotBuiltError, QueryError, register_queries
from bankcrm.lake.reader import MEMORY, TIMEOUT, BuildReaders, QueryTimeoutError
from bankcrm.lake.wire import receive, send

AT_ONCE = 4  # queries running together; further ones wait for one of these
PACKAGE = Path(__file__).resolve().parent.parent
log = logging.getLogger("bankcrm.lake.server")


class JsonLines(logging.Formatter):
    """As the other processes log; what this one says names queries and types of errors, no values."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = {"time": moment, "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        return json.dumps(told | {"pid": os.getpid()}, ensure_ascii=False)


class QueryServer:
    """Answers clients until it is closed, each in a thread of its own."""

    def __init__(self, readers: BuildReaders, address: Path, key: bytes) -> None:
        self.readers, self.address = readers, address
        self._places = BoundedSemaphore(AT_ONCE)
        address.parent.mkdir(parents=True, exist_ok=True)
        address.unlink(missing_ok=True)  # left by a killed server; nobody listens there (see main)
        self._listener = Listener(str(address), family="AF_UNIX", authkey=key, backlog=64)
        address.chmod(0o600)

    def serve(self) -> None:
        """Accepts clients until `close`."""
        while True:
            try:
                connection = self._listener.accept()
            except (AuthenticationError, EOFError, ConnectionError):
                continue  # a stranger, or a client that went away while shaking hands
            except OSError:
                return
            Thread(target=self._converse, args=(connection,), daemon=True).start()

    def close(self) -> None:
        """Stops accepting and takes the socket away."""
        self._listener.close()
        self.address.unlink(missing_ok=True)

    def _converse(self, connection: Connection) -> None:
        with closing(connection):
            try:
                while True:
                    send(connection, self.answer(receive(connection)))
            except (EOFError, OSError):
                return
            except ValueError as error:
                log.warning("a client spoke nonsense: %s", type(error).__name__)

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """`{"rows": …}`, or `{"error": code, "message": …}`; never raises for what a client asked."""
        timeout = float(question.get("timeout", TIMEOUT))
        if not self._places.acquire(timeout=timeout):
            return {"error": "busy", "message": "too many queries at once"}
        try:
            reader = self.readers.reader(int(question["build"]))
            return {"rows": reader.run(str(question["query"]), question["parameters"], timeout=timeout)}
        except NotBuiltError as error:
            return {"error": "unbuilt", "message": str(error)}
        except (QueryError, KeyError, TypeError) as error:
            return {"error": "query", "message": str(error)}
        except QueryTimeoutError as error:
            return {"error": "timeout", "message": str(error)}
        except duckdb.Error as error:
            # Not its text: DuckDB quotes the values that it could not read.
            log.error("query %s failed: %s", question.get("query"), type(error).__name__)
            return {"error": "failed", "message": str(error)}
        finally:
            self._places.release()


def register_all() -> None:
    """Registers the queries of every app, without Django: they are files."""
    for folder in sorted(PACKAGE.glob("*/sql/read")):
        register_queries(folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the query process until SIGTERM or SIGINT. Exit code 3: the home has no key, or another one is running."""
    parser = argparse.ArgumentParser(prog="python -m bankcrm.lake.server", description="Answers the lake's queries.")
    parser.add_argument("--home", type=Path, required=True, help="the bank's home")
    parser.add_argument("--memory", default=MEMORY, help=f"memory cap (default {MEMORY})")
    parser.add_argument("--threads", type=int, default=2, help="threads of all queries together (default 2)")
    options = parser.parse_args(arguments)
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if os.environ.get("BANKCRM_LOG_FORMAT") == "json" else None)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", handlers=[handler])
    home: Path = options.home.resolve()
    try:
        key = read_key(home)
    except LakeUnavailable as error:
        log.error("%s: %s is missing from %s", error, KEY_NAME, home / "secrets.json")
        return 3
    register_all()
    server = QueryServer(
        BuildReaders(home / "lake", memory=options.memory, threads=options.threads), socket_path(home), key
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.close())
    log.info("answering at %s", server.address)
    server.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())

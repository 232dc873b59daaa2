"""pytest plugin: a home of its own for tests, no way out of the machine. Loaded before Django's settings are."""

import os
import socket
from pathlib import Path
from typing import Any

import pytest

from bankcrm.core.home import VARIABLE, Home

CHECKOUT = Path(__file__).resolve().parent.parent.parent.parent
LOOPBACK = ("127.", "::1", "localhost")

os.environ[VARIABLE] = os.environ.get("BANKCRM_TEST_HOME", str(CHECKOUT / "var" / "test-home"))
os.environ.pop("DATABASE_URL", None)  # tests never touch a server that somebody else uses
os.environ["BANKCRM_DB_ROLE"] = "owner"
os.environ["BANKCRM_LAKE_QUERY"] = "inline"


class OutsideConnectionError(RuntimeError):
    """A test tried to reach another machine."""


def _guard(original: Any) -> Any:
    def connect(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK):
            raise OutsideConnectionError(f"tests may not connect to {address[0]}")
        return original(self, address)

    return connect


def pytest_configure(config: pytest.Config) -> None:
    """Closes the way out for the whole run."""
    socket.socket.connect = _guard(socket.socket.connect)  # type: ignore[method-assign]
    socket.socket.connect_ex = _guard(socket.socket.connect_ex)  # type: ignore[method-assign]


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Makes the home with its secrets before Django's settings look for them."""
    from bankcrm.core.home import secret
    from bankcrm.core.postgres.roles import LOGIN_ROLES, password_key

    home = Home(Path(os.environ[VARIABLE]))
    home.make()
    (home.root / "static").mkdir(exist_ok=True)  # whitenoise warns of a missing folder, and warnings are errors
    for role in LOGIN_ROLES:
        secret(home, password_key(role))


@pytest.fixture(autouse=True)
def _quick_and_plain_settings(settings: Any) -> None:
    """Static files without a manifest and cheap password sums; nothing else differs from a bank's settings."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }

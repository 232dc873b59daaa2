"""Fixtures for all tests. The test database is named here: a plugin's would not go before pytest-django's."""

import pytest
from hypothesis import HealthCheck, settings

from bankcrm.core.testing.database import django_db_setup

__all__ = ["django_db_setup"]


@pytest.fixture(autouse=True)
def _menu_of_this_test(monkeypatch):
    """A process keeps the bank's menu for some seconds: no test may see another's, nor read it at a chance moment."""
    from bankcrm.system.menus import arranging

    arranging.forget()
    monkeypatch.setattr(arranging, "SECONDS", 3600.0)


# A busy machine is no fault of the code: no test may fail for the time that an example took.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

"""Fixtures for all tests. The test database is named here: a plugin's would not go before pytest-django's."""

from bankcrm.core.testing.database import django_db_setup

__all__ = ["django_db_setup"]

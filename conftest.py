"""Fixtures for all tests. The test database is named here: a plugin's would not go before pytest-django's."""

from hypothesis import HealthCheck, settings

from bankcrm.core.testing.database import django_db_setup

__all__ = ["django_db_setup"]

# A busy machine is no fault of the code: no test may fail for the time that an example took.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

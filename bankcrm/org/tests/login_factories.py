"""Logins, sessions and alerts for tests."""

import datetime as dt

import factory

from bankcrm.core import boxes, dates
from bankcrm.core.testing import as_owner
from bankcrm.org.models import LoginAlert, LoginRecord, SecondFactor, UserSession
from bankcrm.org.tests.factories import LONG_AGO, OwnedFactory, UserFactory
from bankcrm.system.models import ParameterValue


def set_value(key, value):
    """Gives a parameter a value for the whole bank."""
    with as_owner():
        ParameterValue.objects.create(key=key, value=value, valid=(LONG_AGO, None))


class LoginRecordFactory(OwnedFactory):
    class Meta:
        model = LoginRecord

    user = factory.SubFactory(UserFactory)
    username = factory.LazyAttribute(lambda record: record.user.username)
    at = factory.LazyFunction(lambda: dates.now() - dt.timedelta(days=1))
    address = "10.1.2.3"
    network = "10.1.2.0/24"
    device = "Chrome · Windows"
    outcome = "ok"


class LoginAlertFactory(OwnedFactory):
    class Meta:
        model = LoginAlert

    user = factory.SubFactory(UserFactory)
    kind = "new_device"
    at = factory.LazyFunction(dates.now)
    address = "10.1.2.3"
    device = "Chrome · Windows"


class SessionFactory(OwnedFactory):
    class Meta:
        model = UserSession

    user = factory.SubFactory(UserFactory)
    key = factory.Sequence(lambda n: f"{n:040d}")
    digest = factory.Sequence(lambda n: f"{n:064d}")
    began_at = factory.LazyFunction(dates.now)
    last_seen_at = factory.LazyFunction(dates.now)
    address = "10.9.9.9"
    network = "10.9.9.0/24"
    device = "Edge · Windows"


TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class SecondFactorFactory(OwnedFactory):
    class Meta:
        model = SecondFactor

    user = factory.SubFactory(UserFactory)
    kind = "totp"
    name = "app"
    secret = factory.LazyFunction(lambda: boxes.put("second factor", TOTP_SECRET))
    created_at = factory.LazyFunction(dates.now)

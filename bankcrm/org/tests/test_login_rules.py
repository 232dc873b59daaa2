import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.org.login_rules import (
    AlertKind,
    Known,
    Thresholds,
    device_label,
    is_odd_hour,
    minutes_apart,
    network_of,
    unusual,
)

ZONE = ZoneInfo("Asia/Shanghai")
THURSDAY = dt.datetime(2026, 11, 26, 9, 0, tzinfo=ZONE)
LIMITS = Thresholds()
START, END = (dt.datetime(year, 1, 1) for year in (2001, 2031))  # noqa: DTZ001 - the zone comes with each
moments = st.datetimes(START, END, timezones=st.just(ZONE))


def working_days_at(hour, count):
    """That many logins at an hour of working days before THURSDAY."""
    days = [THURSDAY - dt.timedelta(days=back) for back in range(1, 59)]
    found = [day.replace(hour=hour) for day in days if day.weekday() < 5][:count]
    assert len(found) == count
    return found


@pytest.mark.parametrize(
    ("address", "network"),
    [("10.1.2.3", "10.1.2.0/24"), ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"), ("", ""), ("elsewhere", "")],
)
def test_machines_of_one_office_are_one_network(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/109.0.0.0 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120 Safari/537.36 Edg/120.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 13) Chrome/116 Mobile Safari/537.36 MicroMessenger/8.0", "WeChat · Android"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/108 Safari/537.36 Qaxbrowser", "Qi An Xin · Linux"),
        ("curl/8.1", "curl/8.1"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_device_is_named_in_a_few_words(agent, label):
    assert device_label(agent) == label


def test_an_hour_is_odd_for_somebody_who_never_comes_then():
    past = working_days_at(9, 20)
    assert is_odd_hour(past, THURSDAY.replace(hour=23), least=20)
    assert not is_odd_hour(past, THURSDAY.replace(hour=10), least=20), "an hour later is no odd hour"
    assert is_odd_hour(past, THURSDAY.replace(hour=10, minute=1), least=20)


def test_without_a_habit_no_hour_is_odd():
    assert not is_odd_hour(working_days_at(9, 19), THURSDAY.replace(hour=23), least=20)


def test_logins_of_long_ago_make_no_habit():
    past = [moment - dt.timedelta(days=60) for moment in working_days_at(9, 20)]
    assert not is_odd_hour(past, THURSDAY.replace(hour=23), least=20)


def test_a_weekend_is_another_kind_of_day():
    saturday = THURSDAY + dt.timedelta(days=2)
    assert is_odd_hour(working_days_at(9, 25), saturday, least=20)


@given(st.lists(moments, max_size=40), moments, st.integers(1, 30))
def test_coming_at_the_same_hour_again_is_never_odd(past, now, least):
    before = now - dt.timedelta(days=7)
    assert not is_odd_hour([*past, before], now, least=least)


@given(moments, moments)
def test_times_of_day_lie_at_most_twelve_hours_apart(one, other):
    assert 0 <= minutes_apart(one, other) <= 720
    assert minutes_apart(one, other) == minutes_apart(other, one)


def test_midnight_parts_nothing():
    assert minutes_apart(THURSDAY.replace(hour=23, minute=50), THURSDAY.replace(hour=0, minute=10)) == 20


def test_a_first_login_is_compared_with_nothing():
    known = Known(last_at=None, is_device_known=False, is_network_known=False)
    assert unusual(known, now=THURSDAY, network="10.1.2.0/24", limits=LIMITS) == []


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        ({"is_device_known": False}, AlertKind.NEW_DEVICE),
        ({"is_network_known": False}, AlertKind.NEW_ADDRESS),
        ({"failed_tries": 3}, AlertKind.FAILED_TRIES),
        ({"last_at": THURSDAY - dt.timedelta(days=61)}, AlertKind.IDLE_ACCOUNT),
        ({"past": working_days_at(20, 20)}, AlertKind.ODD_HOURS),
        ({"networks": ["10.9.9.0/24"]}, AlertKind.TWO_PLACES),
    ],
)
def test_each_unusual_thing_raises_its_alert(known, kind):
    usual = {"last_at": THURSDAY - dt.timedelta(days=1)}
    assert unusual(Known(**usual), now=THURSDAY, network="10.1.2.0/24", limits=LIMITS) == []
    assert unusual(Known(**usual | known), now=THURSDAY, network="10.1.2.0/24", limits=LIMITS) == [kind]


@given(st.integers(0, 30), st.integers(1, 20))
def test_failed_tries_raise_from_the_threshold_on(tries, least):
    known = Known(failed_tries=tries)
    found = unusual(known, now=THURSDAY, network="", limits=Thresholds(failed_tries=least))
    assert (AlertKind.FAILED_TRIES in found) == (tries >= least)

"""Pure rules of who comes in from where and when: no clock, no database. What they warn of is told by `login_texts`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, ip_address, ip_network

MINUTES_OF_DAY = 24 * 60
ODD_MINUTES = 60  # "around this hour" is an hour before and after
HABIT_DAYS = 60
SATURDAY = 5


class AlertKind(StrEnum):
    """What a login may be unusual in."""

    NEW_DEVICE = "new_device"
    NEW_ADDRESS = "new_address"
    FAILED_TRIES = "failed_tries"
    ODD_HOURS = "odd_hours"
    IDLE_ACCOUNT = "idle_account"
    TWO_PLACES = "two_places"


def network_of(address: str) -> str:
    """The neighbourhood of an address, as which machines of one office count: /24, of IPv6 /64. Empty for none."""
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    length = 24 if isinstance(known, IPv4Address) else 64
    return str(ip_network(f"{known}/{length}", strict=False))


# The first that fits names it: other browsers say that they are Chrome and Safari, too.
BROWSERS = (
    ("QIHU", "360"), ("360SE", "360"), ("360EE", "360"), ("Qaxbrowser", "Qi An Xin"), ("RedLotus", "Red Lotus"),
    ("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("QQBrowser", "QQ"), ("Edg", "Edge"), ("OPR/", "Opera"),
    ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"),
    ("iPad", "iPad"), ("Windows", "Windows"), ("UOS", "UOS"), ("Kylin", "Kylin"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def device_label(user_agent: str) -> str:
    """Browser and system in a few words, `Chrome · Windows`; else the beginning of what it calls itself."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return " · ".join(filter(None, (browser, system))) or user_agent[:40]


def is_working_day(moment: datetime) -> bool:
    """The kind of day: Monday to Friday, or the weekend. Holidays are not known here."""
    return moment.weekday() < SATURDAY


def minutes_apart(one: datetime, other: datetime) -> int:
    """How far two times of day lie apart, the short way round midnight: 0 to 720 minutes."""
    gap = abs((one.hour * 60 + one.minute) - (other.hour * 60 + other.minute))
    return min(gap, MINUTES_OF_DAY - gap)


def is_odd_hour(past: Iterable[datetime], now: datetime, *, least: int) -> bool:
    """Whether somebody of settled habit comes at an hour at which they never come on this kind of day.

    `past` are logins in the same zone as `now`. Settled: at least `least` logins in the 60 days before; else nobody
    knows the habit and nothing is odd.
    """
    recent = [moment for moment in past if timedelta(0) <= now - moment <= timedelta(days=HABIT_DAYS)]
    if len(recent) < least:
        return False
    same_kind = (moment for moment in recent if is_working_day(moment) == is_working_day(now))
    return not any(minutes_apart(moment, now) <= ODD_MINUTES for moment in same_kind)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What the bank set: parameters `login.*`."""

    failed_tries: int = 3
    odd_hours_logins: int = 20
    idle_days: int = 60


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a user before a login: `past` good logins of 60 days, `networks` of live sessions."""

    last_at: datetime | None = None
    is_device_known: bool = True
    is_network_known: bool = True
    failed_tries: int = 0
    past: Sequence[datetime] = ()
    networks: Sequence[str] = ()


def unusual(known: Known, *, now: datetime, network: str, limits: Thresholds) -> list[AlertKind]:
    """What is unusual in a good login at `now` from `network`. A first login is compared with nothing."""
    found = [AlertKind.FAILED_TRIES] if known.failed_tries >= limits.failed_tries else []
    if known.last_at is None:
        return found
    if not known.is_device_known:
        found.append(AlertKind.NEW_DEVICE)
    if network and not known.is_network_known:
        found.append(AlertKind.NEW_ADDRESS)
    if now - known.last_at > timedelta(days=limits.idle_days):
        found.append(AlertKind.IDLE_ACCOUNT)  # after a long leave, an hour is no habit either
    elif is_odd_hour(known.past, now, least=limits.odd_hours_logins):
        found.append(AlertKind.ODD_HOURS)
    if network and any(other and other != network for other in known.networks):
        found.append(AlertKind.TWO_PLACES)
    return found

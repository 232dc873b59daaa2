"""Exchange rates and the business calendar of the months shown."""

import math
from datetime import date, timedelta
from hashlib import blake2b

RATES = {"USD": (7.12, 1, 0.0016), "HKD": (0.915, 1, 0.0016), "EUR": (8.02, 1, 0.0038), "JPY": (4.78, 100, 0.0045)}
"""Currency: middle rate at the start, units quoted, usual change in a day."""

# Days off besides weekends, and weekends worked instead; 2025 and 2026 as announced, 2027 only the fixed dates.
HOLIDAYS: tuple[tuple[str, str, str], ...] = (
    ("2025-01-01", "2025-01-01", "元旦"),
    ("2025-01-28", "2025-02-04", "春节"),
    ("2025-04-04", "2025-04-06", "清明节"),
    ("2025-05-01", "2025-05-05", "劳动节"),
    ("2025-05-31", "2025-06-02", "端午节"),
    ("2025-10-01", "2025-10-08", "国庆节、中秋节"),
    ("2026-01-01", "2026-01-03", "元旦"),
    ("2026-02-15", "2026-02-23", "春节"),
    ("2026-04-04", "2026-04-06", "清明节"),
    ("2026-05-01", "2026-05-05", "劳动节"),
    ("2026-06-19", "2026-06-21", "端午节"),
    ("2026-09-25", "2026-09-27", "中秋节"),
    ("2026-10-01", "2026-10-07", "国庆节"),
    ("2027-01-01", "2027-01-01", "元旦"),
    ("2027-05-01", "2027-05-01", "劳动节"),
    ("2027-10-01", "2027-10-03", "国庆节"),
)
WORKED = [
    "2025-01-26",
    "2025-02-08",
    "2025-04-27",
    "2025-09-28",
    "2025-10-11",
    "2026-01-04",
    "2026-02-14",
    "2026-02-28",
    "2026-05-09",
    "2026-09-20",
    "2026-10-10",
]


def holiday_on(day: date) -> str:
    """The holiday's name, or an empty text."""
    text = day.isoformat()
    return next((name for first, last, name in HOLIDAYS if first <= text <= last), "")


def is_business_day(day: date) -> bool:
    """Whether banks work: weekdays that are no holiday, and weekends worked instead."""
    if day.isoformat() in WORKED:
        return True
    return day.weekday() < 5 and not holiday_on(day)


def calendar_rows(first: date, last: date) -> list[dict[str, object]]:
    """Rows of the calendar feed."""
    return [
        {"calendar_on": day, "is_business_day": is_business_day(day), "holiday": holiday_on(day) or None}
        for day in days_between(first, last)
    ]


def days_between(first: date, last: date) -> list[date]:
    """All days, both ends included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def rate_rows(first: date, last: date, seed: int) -> list[dict[str, object]]:
    """Rows of the rate feed on business days: a walk that is pulled back to where it began."""
    rows: list[dict[str, object]] = []
    for currency, (start, units, step) in RATES.items():
        level = 0.0
        for day in days_between(first, last):
            level = 0.985 * level + step * _normal(f"{seed}/{currency}/{day}")
            if is_business_day(day):
                rate = f"{start * math.exp(level):.4f}"
                rows.append({"currency": currency, "rate_on": day, "middle_rate": rate, "per_units": units})
    return sorted(rows, key=lambda row: (str(row["currency"]), str(row["rate_on"])))


def exchange_rows() -> list[dict[str, object]]:
    """Base currency for one unit, roughly: enough to size accounts."""
    return [{"currency": name, "rate": start / units} for name, (start, units, _) in RATES.items()]


def _normal(text: str) -> float:
    digest = blake2b(text.encode(), digest_size=16).digest()
    first = (int.from_bytes(digest[:8], "big") + 1) / 2**64
    second = int.from_bytes(digest[8:], "big") / 2**64
    return math.sqrt(-2 * math.log(min(first, 1.0))) * math.cos(2 * math.pi * second)

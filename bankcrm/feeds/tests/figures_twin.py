"""The figures once more, day by day in plain Python: slow, and plainly right. The lake's SQL is held to it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

DEPOSIT, INVESTMENT, LOAN, CARD, CONTINGENT = "deposit", "investment", "loan", "card", "contingent"
CLASS_OF = {
    "demand": DEPOSIT, "wealth": INVESTMENT, "loan": LOAN, "card": CARD, "guarantee": CONTINGENT,
    "acceptance": CONTINGENT, "credit_letter": CONTINGENT, "discount": LOAN, "advance": LOAN,
}  # fmt: skip


@dataclass
class Account:
    """One holding: what was delivered of it."""

    key: str
    customer: int
    unit: str
    product: str
    currency: str
    balances: dict[date, Decimal] = field(default_factory=dict)
    opened_on: date = date(2020, 1, 1)
    closed_on: date | None = None

    def on(self, day: date) -> Decimal | None:
        """The day-end balance; None before the first one is known, and long after closing."""
        if self.closed_on and day >= self.closed_on:
            return Decimal(0)
        known = [when for when in self.balances if when <= day]
        return self.balances[max(known)] if known else None

    def is_open(self, day: date) -> bool:
        """Whether it counts as a holding at the end of the day."""
        return self.opened_on <= day and not (self.closed_on and self.closed_on <= day)


def rate_on(rates: dict[str, dict[date, Decimal]], currency: str, day: date) -> Decimal:
    """Base currency for one unit at the day's middle rate; carried, and held backwards before the first."""
    if currency == "CNY":
        return Decimal(1)
    known = [when for when in rates[currency] if when <= day]
    return rates[currency][max(known) if known else min(rates[currency])]


def rounded(value: Decimal) -> Decimal:
    """To 分, half away from zero."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def days_of(month: str, until: date) -> list[date]:
    """The calendar days of a month up to the business date."""
    day = date.fromisoformat(f"{month}-01")
    days = []
    while f"{day:%Y-%m}" == month and day <= until:
        days.append(day)
        day += timedelta(days=1)
    return days


def figures(accounts: list[Account], rates: dict[str, dict[date, Decimal]], days: list[date]) -> dict[str, object]:
    """aum_end … holding_count of some accounts over the days of one month."""
    ends: dict[str, Decimal] = defaultdict(Decimal)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    with localcontext() as context:
        context.prec = 80
        for account in accounts:
            kind = CLASS_OF[account.product]
            for day in days:
                base = (account.on(day) or Decimal(0)) * rate_on(rates, account.currency, day)
                for figure, share in _shares(kind, base).items():
                    sums[figure] += share
            end = rounded((account.on(days[-1]) or Decimal(0)) * rate_on(rates, account.currency, days[-1]))
            for figure, share in _shares(kind, end).items():
                ends[figure] += share
        answer: dict[str, object] = {"contingent_end": ends["contingent"]}
        for figure in ("aum", "deposit", "loan"):
            answer[f"{figure}_end"] = ends[figure]
            answer[f"{figure}_average"] = rounded(sums[figure] / len(days))
    held = [account for account in accounts if account.is_open(days[-1])]
    answer["holding_count"] = len(held)
    answer["product_count"] = len({account.product for account in held})
    return answer


def _shares(kind: str, base: Decimal) -> dict[str, Decimal]:
    """Which figures an amount counts in. An overdraft is a loan; an overpaid loan or card is nothing."""
    if kind == CONTINGENT:
        return {"contingent": max(base, Decimal(0))}
    if kind in (LOAN, CARD):
        return {"loan": max(base, Decimal(0))}
    credit, debit = max(base, Decimal(0)), max(-base, Decimal(0))
    return {"aum": credit, "loan": debit} | ({"deposit": credit} if kind == DEPOSIT else {})

"""What a customer has at other banks, and how much of the whole is here."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bankcrm.customers.models import ExternalHolding
from bankcrm.customers.queries.figures import Figures, current
from bankcrm.customers.queries.lake import Availability, is_delivered
from bankcrm.customers.queries.subject import Subject
from bankcrm.customers.service_codes import ExternalKind

Label = str | Promise
ZERO = Decimal(0)


@dataclass(frozen=True)
class WalletLine:
    """What is here against what is known elsewhere, in base currency. `unknown`: how many have no balance."""

    label: Label
    here: Decimal | None
    elsewhere: Decimal
    unknown: int

    @property
    def share(self) -> Decimal | None:
        """The part that is here of what is known; None where nothing is known, or what is here is not seen."""
        whole = (self.here or ZERO) + self.elsewhere
        return self.here / whole if self.here is not None and self.here >= 0 and whole > 0 else None


@dataclass(frozen=True)
class OtherBanks:
    """The tab. `whole`: whether what is here means all units of the bank, or those that the reader sees."""

    state: Availability
    whole: bool
    rows: tuple[ExternalHolding, ...] = ()
    wallet: tuple[WalletLine, ...] = ()


# Which kinds are set against which of the customer's figures. Cards count among the debts, as they do here.
WALLET: tuple[tuple[Label, tuple[str, ...], Callable[[Figures], Decimal]], ...] = (
    (pgettext_lazy("wallet", "Deposits"), (ExternalKind.DEPOSIT,), lambda figures: figures.deposit_end),
    (_("Investments"), (ExternalKind.INVESTMENT,), lambda figures: figures.aum_end - figures.deposit_end),
    (pgettext_lazy("wallet", "Loans"), (ExternalKind.LOAN, ExternalKind.CARD), lambda figures: figures.loan_end),
)


def other_banks(subject: Subject) -> OtherBanks:
    """Holdings at other banks, the largest first, and the share of the wallet. Needs `customers.figures`."""
    subject.scope.require("customers.figures")
    rows = sorted(
        subject.customer.external_holdings.all(), key=lambda row: (-(row.balance_base or ZERO), row.bank_name, row.pk)
    )
    if not rows:
        state = Availability.NONE if is_delivered("external_holding") else Availability.UNDELIVERED
        return OtherBanks(state, subject.sees_totals)
    here = current(subject)
    lines = []
    for label, kinds, figure in WALLET:
        mine = [row for row in rows if row.external_kind in kinds]
        elsewhere = sum((row.balance_base for row in mine if row.balance_base is not None), ZERO)
        unknown = sum(row.balance_base is None for row in mine)
        lines.append(WalletLine(label, figure(here) if here else None, elsewhere, unknown))
    return OtherBanks(Availability.READY, subject.sees_totals, tuple(rows), tuple(lines))

"""What a task reminds of, where it comes from, and what can come of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bankcrm.core.scope import Scope


class AlertKind(models.TextChoices):
    """What the bank's data can give reason to act on. The rules stand in the app `alerts`."""

    DEPOSIT_MATURITY = "deposit_maturity", _("Deposit matures")
    WEALTH_MATURITY = "wealth_maturity", _("Investment matures")
    LOAN_MATURITY = "loan_maturity", _("Loan falls due")
    CONTINGENT_MATURITY = "contingent_maturity", _("Bill, credit or guarantee falls due")
    FACILITY_EXPIRY = "facility_expiry", _("Facility ends")
    LARGE_MOVEMENT = "large_movement", _("Large movement")
    OVERDUE = "overdue", _("Loan overdue")
    DOCUMENT_EXPIRY = "document_expiry", _("Identity document expires")
    BIRTHDAY = "birthday", _("Birthday")
    CONTACT_DUE = "contact_due", _("Contact due by plan")


class TaskOrigin(models.TextChoices):
    STAFF = "staff", _("Planned by staff")
    ALERT = "alert", _("From an alert")


class TaskOutcome(models.TextChoices):
    AGREED = "agreed", _("Customer agreed")
    INFORMED = "informed", _("Customer informed")
    FOLLOW_UP = "follow_up", _("To be followed up")
    NOT_REACHED = "not_reached", _("Not reached")
    REFUSED = "refused", _("Customer refused")
    NOT_NEEDED = "not_needed", _("Nothing needed to be done")
    OTHER = "other", _("Other")
    PASSED = "passed", _("Time has passed")
    GROUND_GONE = "ground_gone", _("Reason no longer holds")
    RULE_CHANGED = "rule_changed", _("Rule no longer asks for it")


BY_MACHINE = (TaskOutcome.PASSED, TaskOutcome.GROUND_GONE, TaskOutcome.RULE_CHANGED)
BY_PEOPLE = tuple((one.value, one.label) for one in TaskOutcome if one not in BY_MACHINE)

NEEDS = {
    AlertKind.DEPOSIT_MATURITY: "customers.figures",
    AlertKind.WEALTH_MATURITY: "customers.figures",
    AlertKind.LOAN_MATURITY: "customers.figures",
    AlertKind.CONTINGENT_MATURITY: "customers.figures",
    AlertKind.FACILITY_EXPIRY: "customers.credit",
    AlertKind.LARGE_MOVEMENT: "customers.transactions",
}
"""The permission for what the alert speaks of: its words alone would tell it. A risk mark has a rule of its own."""


def hidden_kinds(scope: Scope, *, own: bool) -> frozenset[str]:
    """Kinds of alert whose ground the reader may not see; `own`: of customers that the reader looks after."""
    hidden = {kind.value for kind, permission in NEEDS.items() if not scope.may(permission)}
    if not (scope.may("customers.risk") or (own and scope.may("customers.risk.own"))):
        hidden.add(AlertKind.OVERDUE.value)
    return frozenset(hidden)

"""What this app keeps of a customer, told to the customer part by part."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.core.masking import NOTHING_PLAIN
from bankcrm.core.personal_data import PersonalPart, Told, not_told, of_model, personal_parts
from bankcrm.core.scope import Scope
from bankcrm.customers import codes
from bankcrm.customers.queries.lake import Row
from bankcrm.customers.queries.service import service_events
from bankcrm.customers.queries.subject import Subject, subject_of
from bankcrm.customers.queries.transactions import all_transactions

MOST_CONTACTS = 10_000
SECRET_RATINGS = ("internal_rating", "pd_class", "lgd_class")
"""How the bank itself judges a credit risk is its business secret."""

PARTS = (
    of_model("customer", _("Customer"), "customers.Customer", by="pk", order=10,
             leave_out=("sort_key", "name_pieces", "origin", "is_covered")),
    of_model("person", _("Person"), "customers.PersonProfile", order=11),
    of_model("organisation", _("Organisation"), "customers.OrganisationProfile", order=12),
    of_model("documents", _("Identity documents"), "customers.IdentityDocument", order=13),
    of_model("contact_points", _("Contact points"), "customers.ContactPoint", order=14),
    of_model("sources", _("Source customers"), "customers.SourceCustomer", order=15),
    of_model("overrides", _("Corrections by staff"), "customers.FieldOverride", order=16),
    of_model("staff_entries", _("Entered by staff"), "customers.StaffEntry", order=17, leave_out=("adopted_key",)),
    of_model("relations", _("Relations"), "customers.Relation", order=18),
    of_model("groups", _("Groups and households"), "customers.GroupMember", order=19),
    of_model("coverage", _("Coverage"), "customers.Coverage", order=20, leave_out=("object_key",)),
    of_model("owning_units", _("Owning unit"), "customers.OwningPeriod", order=21),
    of_model("holdings", _("Accounts and products"), "customers.Holding", order=30),
    of_model("holding_roles", _("Roles in accounts"), "customers.HoldingParty", order=31),
    of_model("figures", _("Figures"), "customers.CustomerFigures", order=32),
    of_model("standing_orders", _("Standing orders"), "customers.StandingOrder", order=33),
    of_model("payroll", _("Payroll"), "customers.PayrollPair", order=34),
    of_model("other_banks", _("Other banks"), "customers.ExternalHolding", order=35),
    of_model("facilities", _("Facilities"), "customers.Facility", order=40),
    of_model("collateral", _("Collateral"), "customers.Collateral", order=41),
    of_model("risk", _("Risk marks"), "customers.RiskMark", order=42, leave_out=SECRET_RATINGS),
    of_model("bills", _("Bills"), "customers.Bill", order=43),
    of_model("trade", _("Trade finance"), "customers.TradeFinance", order=44),
    of_model("contacts", _("Contacts"), "customers.Interaction", order=50),
    of_model("tasks", _("Tasks"), "customers.Task", order=51),
    of_model("contact_plans", _("Contact plan"), "customers.ContactPlan", order=52),
    of_model("complaints", _("Open complaints"), "customers.OpenComplaint", order=53),
    of_model("consents", _("Consents"), "customers.Consent", order=54),
    of_model("restrictions", _("Restrictions of processing"), "customers.ProcessingRestriction", order=55),
    of_model("files", _("Files"), "customers.CustomerFile", order=60, leave_out=("document_key",)),
    of_model("waivers", _("Waived papers"), "customers.PaperWaiver", order=61),
    of_model("changes", _("Changes by loads"), "customers.CustomerChange", order=70),
)  # fmt: skip


def _transactions(scope: Scope, customer: Any) -> Told:
    """All transactions, from the lake, the newest first; own accounts whole, those of third parties masked."""
    who = subject_of(scope, customer)
    codes_ = ("transacted_on", "account", "direction", "amount", "currency", "balance_after", "channel",
              "counterparty_name", "counterparty_account", "counterparty_bank", "summary")  # fmt: skip
    names = (_now("Day"), _now("Account"), _now("In or out"), _now("Amount"), _now("Currency"), _now("Balance after"),
             _now("Channel"), _now("Counterparty"), _now("Counterparty's account"), _now("Counterparty's bank"),
             _now("Summary"))  # fmt: skip
    rows = [_transaction(who, holding.account_number, row) for holding, row in all_transactions(who)]
    return Told(tuple(zip(codes_, names, strict=True)), rows, [_in_words(row) for row in rows])


def _in_words(row: list[str]) -> list[str]:
    """The same with the words for the codes of direction and channel."""
    directions, channels = dict(codes.Direction.choices), dict(codes.Channel.choices)
    return [*row[:2], str(directions.get(row[2], row[2])), *row[3:6], str(channels.get(row[6], row[6])), *row[7:]]


def _transaction(who: Subject, account: str, row: Row) -> list[str]:
    values = [row["transacted_on"].isoformat(), account, row["direction"], format(row["amount"], "f"), row["currency"]]
    balance = row.get("balance_after")
    values += ["" if balance is None else format(balance, "f"), row.get("channel") or ""]
    values += [row.get("counterparty_name") or "", NOTHING_PLAIN.show("account", row.get("counterparty_account"))]
    return [*values, row.get("counterparty_bank") or "", row.get("summary") or ""]


def _service(scope: Scope, customer: Any) -> Told:
    """Calls, complaints and other contacts that other channels recorded, from the lake."""
    who = subject_of(scope, customer)
    before = dates.now() + timedelta(days=1)
    lines = service_events(who, date(1900, 1, 1), before, MOST_CONTACTS)
    heads = (("on", _now("Day")), ("kind", _now("Kind")), ("channel", _now("Channel")), ("subject", _now("Subject")),
             ("status", _now("Status")))  # fmt: skip
    rows = [[one.on.isoformat(), str(one.kind_label), str(one.channel), one.subject, str(one.status_label)]
            for one in lines]  # fmt: skip
    return Told(heads, rows, rows)


def register_all() -> None:
    """Called once when the app is ready."""
    for part in PARTS:
        personal_parts.register(part)
    personal_parts.register(PersonalPart("transactions", _("Transactions"), (), _transactions, order=36))
    personal_parts.register(PersonalPart("service", _("Complaints and calls"), (), _service, order=56))
    not_told("customers.CustomerUnitFigures", "the same figures as customers.CustomerFigures, by unit")
    not_told("customers.CustomerVisibility", "which units see the customer: the bank's own order")
    not_told("customers.SearchKey", "made from names and numbers that are told")
    not_told("customers.CustomerGroup", "the group that customers.GroupMember names; its head may be another person")
    not_told("customers.GroupProposal", "a guess of the bank that nobody has confirmed")
    not_told("customers.ProposedMember", "a guess of the bank that nobody has confirmed")
    not_told("customers.Reveal", "which staff looked at what: the audit of the bank, not the person's data")

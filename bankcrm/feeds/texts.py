"""What problems, steps and log lines of a load mean, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bankcrm.feeds.contract.catalogue import BY_NAME
from bankcrm.lake.reasons import reason_text

STEPS: dict[str, Promise] = {
    "check_currency": _("Check the currency"),
    "land_files": _("Read and check the files"),
    "check_totals": _("Compare the control totals"),
    "leave_out_erased": _("Leave out what was erased"),
    "settle_state": _("Put together the present state"),
    "check_references": _("Check references"),
    "match_customers": _("Join source customers"),
    "build_figures": _("Work out the figures"),
    "stage_facts": _("Lay the changes ready"),
    "publish_build": _("Publish"),
}

PROBLEMS: dict[str, Promise] = {
    "too_many_rejects": _(
        "%(rejected)s of %(read)s rows of %(file)s were rejected, more than %(limit)s. "
        "Correct the file and load again, or raise the limit (parameter feeds.max_rejected_share)."
    ),
    "shrunk": _(
        "%(file)s: %(rows)s rows came, the last full delivery had %(before)s; more than %(limit)s are missing. "
        "Look for a broken extraction. Where the rows are meant to be gone, write may_shrink into the manifest's entry "
        "and load again."
    ),
    "no_units": _("No organisational units were ever delivered. Deliver the feed org_unit first."),
    "tree_no_root": _("No unit is without a parent: the head office is missing."),
    "tree_two_roots": _("More than one unit has no parent; the other one is %(unit)s."),
    "tree_cycle": _("The units above %(unit)s go round in a circle."),
    "other_currency": _("The bank's base currency is %(settled)s; this delivery says %(delivered)s."),
    "interrupted": _("The load was interrupted before it was published. Load the delivery again: nothing was changed."),
    "disk_full": _("The disk is full. Free some space and load again: nothing was changed."),
    "internal": _("The load failed because of a fault in the program: %(error)s"),
    "missing_days": _(
        "No balances came for %(days)s. Load these days first, or set the parameter feeds.missing_day to mark."
    ),
    "ledger_differs": _(
        "%(count)s of %(cells)s cells of the ledger differ from the accounts: %(named)s. Correct the deliveries and "
        "load again, or set the parameter feeds.ledger_difference to mark."
    ),
    "build_stopped": _("A check of the build found faults: %(error)s"),
}

FACTS: dict[str, Promise] = {
    "org_unit": _("Units"),
    "employee": _("Users and posts"),
    "calendar_day": _("Calendar days"),
    "product": _("Products"),
    "customer": _("Customers"),
    "owning_period": _("Owning units"),
    "person_profile": _("Persons"),
    "organisation_profile": _("Organisations"),
    "source_customer": _("Source customers"),
    "identity_document": _("Identity documents"),
    "contact_point": _("Contact points"),
    "relation": _("Relations"),
    "holding": _("Holdings"),
    "holding_party": _("Parties of holdings"),
    "coverage": _("Coverage"),
    "facility": _("Facilities"),
    "collateral": _("Collateral"),
    "risk": _("Risk marks"),
    "bill": _("Bills"),
    "trade_finance": _("Trade finance"),
    "standing_order": _("Standing orders"),
    "ledger_cell": _("Accounts against the ledger"),
    "ledger_difference": _("Differences from the ledger"),
    "open_complaint": _("Open complaints"),
    "consent": _("Consents"),
    "payroll_pair": _("Payers and paid"),
    "external_holding": _("Holdings at other banks"),
    "customer_figures": _("Figures by customer"),
    "customer_unit_figures": _("Figures by customer and unit"),
    "search_key": _("Search keys"),
    "visibility": _("Visibility"),
    "match_candidate": _("Possible duplicates"),
    "movement": _("Large movements"),
    "tier_month": _("Month of customer tiers"),
    "customer_tier": _("Customer tiers"),
    "data_work": _("Data work"),
    "staff_entry": _("Entries by staff taken over"),
    "prospect": _("Prospects that became customers"),
}

LOG: dict[str, Promise] = {
    "landed": _("%(file)s: %(rows)s rows in, %(rejected)s rejected"),
    "references": _("%(feed)s: %(rows)s rows point at something unknown"),
    "matched": _("%(created)s new customers, %(joined)s source customers joined to known ones"),
    "missing_days": _("No balances came for %(days)s; the last ones are carried on"),
    "absent_accounts": _("%(file)s leaves out %(rows)s open accounts; their last balances are carried on"),
    "ledger": _("The ledger was compared in %(cells)s cells; %(differing)s differ from the accounts"),
    "coverage_refused": _("%(rows)s shares of managers refused: more than 100 % of one customer"),
}


def feed_label(name: str) -> str:
    """A feed's name in the reader's language."""
    feed = BY_NAME.get(name)
    if feed is None:
        return name
    return feed.en if (get_language() or "").startswith("en") else feed.zh


def problem_text(code: str, detail: Mapping[str, Any]) -> str:
    """The message of a problem; a code of the lake's own has its text there."""
    if code in PROBLEMS:
        return fill(PROBLEMS[code], detail)
    return reason_text(code, language=get_language() or "zh-hans", detail=detail)


def log_text(line: Mapping[str, Any]) -> str:
    """A line of the log."""
    text = LOG.get(str(line.get("code")))
    return fill(text, line) if text else str(line.get("code"))


def fill(text: Promise, values: Mapping[str, Any]) -> str:
    """The text with its values put in; one that is missing leaves the text readable."""
    try:
        return str(text) % dict(values)
    except (KeyError, ValueError, TypeError):
        return str(text)

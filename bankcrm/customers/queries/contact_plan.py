"""The rhythm in which a customer is to be contacted, and when the next contact is due."""

from dataclasses import dataclass
from datetime import date

from bankcrm.core import dates
from bankcrm.customers.contact_rules import next_contact_on
from bankcrm.customers.models import ContactPlan
from bankcrm.customers.queries.subject import Subject


@dataclass(frozen=True)
class Planned:
    """The plan in force. `next_on`: the day by which the next contact is due; `late_days`: how long that is past."""

    plan: ContactPlan
    last_on: date | None
    next_on: date
    late_days: int


def contact_plan(subject: Subject) -> Planned | None:
    """The customer's plan in force, if there is one. One query."""
    plan = subject.customer.contact_plans.select_related("by").filter(ended_at=None).first()
    if plan is None:
        return None
    last = subject.customer.last_contact_on
    due = next_contact_on(plan.begins_on, plan.every_days, last)
    return Planned(plan, last, due, max(0, (dates.today() - due).days))

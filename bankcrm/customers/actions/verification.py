"""Whether a caller is the customer: the agent's marks, decided by the rules and recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, parameters
from bankcrm.core.scope import Scope
from bankcrm.customers import verification_rules as rules
from bankcrm.customers.actions.overrides import locked
from bankcrm.customers.parameters import VERIFY_TRIES
from bankcrm.customers.queries.gate import VERIFY
from bankcrm.customers.queries.subject import subject_of
from bankcrm.customers.queries.verification import ACTION, facts, failed_today
from bankcrm.customers.verification_rules import Outcome


@transaction.atomic
def verify_caller(*, by: Scope, scope: Scope, number: str, asked: Sequence[str], marks: Mapping[str, bool]) -> Outcome:
    """Decides by the marks of the questions asked. The audit keeps what was asked and marked, never an answer.

    Raises PermissionDenied, Customer.DoesNotExist; ValidationError for marks that are not those of known questions and
    after too many failures of the day. The customer is held, so that two agents' failures are both counted.
    """
    scope.require(VERIFY)
    customer = locked(scope, number)
    if failed_today(customer) >= parameters.value(VERIFY_TRIES):
        raise ValidationError(_("Too many failed today: ask the caller to come to a branch."), code="too_many")
    known = {fact.code: fact for fact in facts(replace(subject_of(scope, customer), is_verified=True)) if fact.answer}
    try:
        if not set(asked) <= set(known):
            raise ValueError("questions without an answer")
        found = rules.outcome(asked, marks, [code for code, fact in known.items() if fact.is_strong])
    except ValueError:
        raise ValidationError(_("Mark every question: right or wrong."), code="marks") from None
    audit.record(
        ACTION,
        by=by,
        obj=customer,
        customer_id=customer.pk,
        after={"outcome": found.value},
        detail={"asked": list(asked), "right": sorted(code for code, is_right in marks.items() if is_right)},
    )
    return found

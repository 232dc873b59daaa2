"""What a call-centre agent may ask a caller, and whether a customer may be asked about at all any more today."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.core.models import AuditEvent
from bankcrm.customers import codes
from bankcrm.customers.models import Customer, IdentityDocument
from bankcrm.customers.queries.header import document_class
from bankcrm.customers.queries.subject import Subject
from bankcrm.customers.verification_rules import Fact, Outcome

ACTION = "customer.verify_caller"
TAIL = 4

QUESTIONS: dict[str, Promise] = {
    "document": _("The last four characters of the document's number"),
    "document_end": _("When the document expires"),
    "birth_on": _("The year of birth"),
    "employer": _("The place of work"),
    "district": _("The district of the address"),
    "since": _("The year in which the relationship began"),
    "product": _("A product opened last"),
    "established": _("The year in which the organisation was established"),
    "capital": _("The registered capital"),
}


@dataclass(frozen=True)
class Question:
    """A question with the answer that the caller should give."""

    code: str
    label: Promise
    answer: str


def facts(subject: Subject) -> tuple[Fact, ...]:
    """What is known of the customer, within what this reader may see: numbers by the end that their mask shows.

    Four queries.
    """
    customer = subject.customer
    paper = min(customer.documents.all(), key=lambda row: (not row.is_primary, row.pk), default=None)
    own = _of_person(subject) if customer.is_person else _of_organisation(subject)
    since = str(customer.since_on.year) if customer.since_on else ""
    return (
        *_of_document(subject, paper),
        *own,
        Fact("district", _district(subject)),
        Fact("since", since),
        Fact("product", _last_product(subject), is_strong=True),
    )


def _of_document(subject: Subject, paper: IdentityDocument | None) -> tuple[Fact, ...]:
    if paper is None:
        return ()
    shown = subject.show(document_class(paper), paper.document_number)[-TAIL:]
    end = paper.expires_on.isoformat() if paper.expires_on else ""
    return (
        Fact("document", "" if "*" in shown else shown, is_strong=document_class(paper) != "uscc"),
        Fact("document_end", end, is_strong=True),
    )


def _of_person(subject: Subject) -> tuple[Fact, ...]:
    person = subject.person
    if person is None:
        return ()
    born = str(person.birth_on.year) if person.birth_on else ""  # all of it that the reader's mask leaves
    return (Fact("birth_on", born), Fact("employer", person.employer_name))


def _of_organisation(subject: Subject) -> tuple[Fact, ...]:
    known = subject.organisation
    if known is None:
        return ()
    capital = f"{known.registered_capital:,.2f}" if known.registered_capital is not None else ""
    return (
        Fact("established", str(known.established_on.year) if known.established_on else ""),
        Fact("capital", capital),
    )


def _district(subject: Subject) -> str:
    rows = subject.customer.contact_points.filter(~Q(district=""), contact_type=codes.ContactType.ADDRESS)
    return rows.order_by("pk").values_list("district", flat=True).first() or ""


def _last_product(subject: Subject) -> str:
    """Only for those who may see accounts."""
    if not subject.scope.may("customers.figures"):
        return ""
    rows = subject.customer.holdings.exclude(status=codes.HoldingStatus.CLOSED).exclude(opened_on=None)
    last = rows.select_related("product").order_by("-opened_on", "-pk").first()
    return str(last.product.label) if last and last.product else ""


def questions(known: tuple[Fact, ...], asked: tuple[str, ...]) -> tuple[Question, ...]:
    """Those drawn, with their answers."""
    answers = {fact.code: fact.answer for fact in known}
    return tuple(Question(code, QUESTIONS[code], answers[code]) for code in asked if answers.get(code))


def failed_today(customer: Customer) -> int:
    """How often callers failed today, whichever agent asked: who tries again elsewhere must not get further."""
    midnight = datetime.combine(dates.today(), time.min, dates.zone())
    rows = AuditEvent.objects.filter(customer_id=customer.pk, occurred_at__gte=midnight, action=ACTION)
    return rows.filter(after__outcome=Outcome.FAILED.value).count()

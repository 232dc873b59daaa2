"""For what a customer may be contacted, and by which channel."""

from dataclasses import dataclass

from django.utils.functional import Promise

from bankcrm.core import dates
from bankcrm.customers.consent_rules import Word, in_force, refused_channels
from bankcrm.customers.models import ProcessingRestriction
from bankcrm.customers.queries.lake import Availability, is_delivered
from bankcrm.customers.queries.permitted import restrictions_in_force
from bankcrm.customers.queries.subject import Subject
from bankcrm.customers.service_codes import ConsentChannel, ConsentPurpose, ConsentStatus

Label = str | Promise


@dataclass(frozen=True)
class ConsentLine:
    """A word that counts. `is_over`: given for a time that has passed."""

    word: Word
    purpose: Label
    channel: Label
    status: Label
    is_over: bool


@dataclass(frozen=True)
class Consents:
    """What a customer said that counts today, and why there may be nothing."""

    state: Availability
    lines: tuple[ConsentLine, ...] = ()
    restrictions: tuple[ProcessingRestriction, ...] = ()  # in force today; why, is not told here


def consents(subject: Subject) -> Consents:
    """The words in force by purpose and channel. Two queries; one more where there are none."""
    on = dates.today()
    restrictions = tuple(restrictions_in_force(subject.customer))
    lines = tuple(
        ConsentLine(
            word,
            ConsentPurpose(word.purpose).label,
            ConsentChannel(word.channel).label,
            ConsentStatus(word.status).label,
            word.is_over(on),
        )
        for word in in_force(_words(subject))
    )
    if lines:
        return Consents(Availability.READY, lines, restrictions)
    state = Availability.NONE if is_delivered("consent") else Availability.UNDELIVERED
    return Consents(state, (), restrictions)


def marketing_refusals(subject: Subject) -> tuple[Label, ...]:
    """The channels by which the customer wants no marketing."""
    found = refused_channels(_words(subject), ConsentPurpose.MARKETING, dates.today())
    return tuple(ConsentChannel(code).label for code in found)


def _words(subject: Subject) -> list[Word]:
    return [
        Word(row.purpose, row.channel, row.status, row.decided_at, row.until_on, row.given_through)
        for row in subject.customer.consents.all()
    ]

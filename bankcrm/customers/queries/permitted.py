"""Who may be contacted, and for what personal information may be used: one decision for lists, files, plans and alerts.

`verdict_of` answers for one customer by `consent_rules.verdict`; `permitted_q` is the same decision as a condition on
customers. A property test holds the two equal.
"""

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import CharField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.core.wording import listed
from bankcrm.customers.consent_parameters import Use, needs_consent
from bankcrm.customers.consent_rules import ANY, Verdict, Word, refused_channels, verdict
from bankcrm.customers.models import Consent, Customer, Interaction, ProcessingRestriction
from bankcrm.customers.service_codes import ConsentChannel, ConsentPurpose, ConsentStatus

MARKETING = ConsentPurpose.MARKETING.value
FACE_TO_FACE = "face_to_face"
"""Nobody is asked about visits: a word on any channel is the only one that counts for them."""
CHANNEL_OF = {Interaction.Kind.CALL.value: ConsentChannel.PHONE.value}
CHANNELS_OF_CONTACT = {"mobile": ("phone", "sms"), "phone": ("phone",), "email": ("email",), "wechat": ("wechat",),
                       "address": ("post",)}  # fmt: skip
WORDS: Mapping[Verdict, Promise] = {
    Verdict.ALLOWED: _("May be contacted for marketing"),
    Verdict.WITHDRAWN: _("The customer wants no marketing."),
    Verdict.RUN_OUT: _("The customer's consent to marketing has run out."),
    Verdict.NOT_GIVEN: _("The customer has not consented to marketing."),
    Verdict.RESTRICTED: _("Processing of this customer's information is restricted."),
}


def restricted(on: date, field: str = "pk") -> Exists:
    """Whether processing is restricted on that day; `field` names the customer where rows only hang on one."""
    rows = ProcessingRestriction.objects.scoped_already(because="joined to customers that are read within a scope")
    return Exists(rows.filter(_in_force(on), customer=OuterRef(field)))


def refused(purpose: str, channel: str, on: date) -> Exists:
    """Whether a withdrawal, or a consent that has run out, stands against the purpose by that channel."""
    over = Q(status=ConsentStatus.GIVEN, until_on__lt=on)
    said = _said(purpose, channel).filter(Q(status=ConsentStatus.WITHDRAWN) | over)
    return Exists(said.filter(~Exists(_taking_back(purpose, channel, over))))


def permitted_q(purpose: str, channel: str, on: date) -> Q:
    """Customers of whom `consent_rules.verdict` says that they are allowed."""
    found = Q(~refused(purpose, channel, on)) & Q(~restricted(on))
    if needs_consent():
        given = _said(purpose, channel).filter(channel__in=(channel, ANY), status=ConsentStatus.GIVEN)
        found &= Q(Exists(given.exclude(until_on__lt=on)))
    return found


def _in_force(on: date) -> Q:
    return (Q(until_on=None) | Q(until_on__gte=on)) & Q(from_on__lte=on, lifted_at=None)


def _said(purpose: str, channel: str) -> "QuerySet[Consent]":
    rows = _words().filter(purpose=purpose, customer=OuterRef("pk"))
    return rows if channel == ANY else rows.filter(channel__in=(channel, ANY))


def _taking_back(purpose: str, channel: str, over: Q) -> QuerySet[Consent]:
    """Consents that count instead of the word outside: `consent_rules._is_taken_back`."""
    later = Q(channel__in=(OuterRef("channel"), ANY), decided_at__gt=OuterRef("decided_at"))
    rows = _words().filter(purpose=purpose, customer=OuterRef("customer"), status=ConsentStatus.GIVEN).exclude(over)
    if channel == ANY:
        return rows.filter(later)
    rows = rows.annotate(outer_channel=ExpressionWrapper(OuterRef("channel"), output_field=CharField()))
    exact = Q(outer_channel=ANY, channel=channel, decided_at__gte=OuterRef("decided_at"))
    return rows.filter(later | exact)


def marketing_q(channel: str = ANY) -> Q:
    """Customers who may be contacted today for marketing by that channel (ANY: one that nobody named)."""
    return permitted_q(MARKETING, channel, dates.today())


def used_q(use: Use, channel: str = ANY) -> Q:
    """Customers whose data may stand in a file or print for such a use."""
    if use is Use.NECESSARY:
        return Q()
    return marketing_q(channel) if use is Use.MARKETING else Q(~restricted(dates.today()))


def why_not_used(customer: Customer, use: Use) -> Promise | None:
    """Why a customer's data may not stand in a file or print for such a use today; None where they may."""
    if use is Use.NECESSARY:
        return None
    if use is Use.MARKETING:
        found = verdict_of(customer)
        return None if found is Verdict.ALLOWED else WORDS[found]
    return WORDS[Verdict.RESTRICTED] if is_restricted(customer.pk) else None


def is_restricted(customer_id: int) -> bool:
    """Whether processing is restricted today."""
    return customer_id in restricted_ids([customer_id])


def restricted_ids(ids: Collection[int]) -> frozenset[int]:
    """Those of these customers whose processing is restricted today."""
    rows = ProcessingRestriction.objects.scoped_already(because="of customers that were read within a scope")
    return frozenset(rows.filter(_in_force(dates.today()), customer_id__in=ids).values_list("customer_id", flat=True))


def restrictions_in_force(customer: Customer) -> list[ProcessingRestriction]:
    """The customer's restrictions of today, the oldest first. The customer was read in a scope."""
    return list(customer.restrictions.filter(_in_force(dates.today())).order_by("from_on", "pk"))


def verdict_of(customer: Customer, channel: str = ANY, purpose: str = MARKETING) -> Verdict:
    """The decision for one customer today."""
    words = _words_of([customer.pk], purpose).get(customer.pk, [])
    return verdict(
        words,
        purpose,
        channel,
        dates.today(),
        is_restricted=is_restricted(customer.pk),
        needs_consent=needs_consent(),
    )


def marketable_contacts(customer: Customer) -> frozenset[str]:
    """The types of contact points that may be used for marketing today: by every channel that they serve."""
    words, on = _words_of([customer.pk], MARKETING).get(customer.pk, []), dates.today()
    given = {"is_restricted": is_restricted(customer.pk), "needs_consent": needs_consent()}
    allowed = {one for one in ConsentChannel.values if verdict(words, MARKETING, one, on, **given) is Verdict.ALLOWED}
    return frozenset(kind for kind, channels in CHANNELS_OF_CONTACT.items() if allowed.issuperset(channels))


def marketing_texts(ids: Collection[int]) -> dict[int, str]:
    """For a column: whether each of these customers may be contacted for marketing, and which channels they refuse."""
    on, restricted, wanted = dates.today(), restricted_ids(ids), needs_consent()
    words = _words_of(ids, MARKETING)
    return {pk: _text(words.get(pk, []), on, is_restricted=pk in restricted, wanted=wanted) for pk in ids}


def _text(words: list[Word], on: date, *, is_restricted: bool, wanted: bool) -> str:
    found = verdict(words, MARKETING, ANY, on, is_restricted=is_restricted, needs_consent=wanted)
    if found is Verdict.RESTRICTED:
        return str(_("No: processing restricted"))
    against = refused_channels(words, MARKETING)
    if found is Verdict.WITHDRAWN and ANY not in against:
        channels = listed(str(ConsentChannel(one).label) for one in against)
        return str(_("Not by: %(channels)s") % {"channels": channels})
    short = {
        Verdict.ALLOWED: _("Yes"),
        Verdict.WITHDRAWN: _("No: refused"),
        Verdict.RUN_OUT: _("No: consent run out"),
        Verdict.NOT_GIVEN: _("No: not consented"),
    }
    return str(short[found])


def _words() -> "QuerySet[Consent]":
    return Consent.objects.scoped_already(because="of customers that are read within a scope")


def _words_of(ids: Collection[int], purpose: str) -> dict[int, list[Word]]:
    found: dict[int, list[Word]] = {}
    for row in _words().filter(customer_id__in=ids, purpose=purpose):
        word = Word(row.purpose, row.channel, row.status, row.decided_at, row.until_on, row.given_through)
        found.setdefault(row.customer_id, []).append(word)
    return found

"""The kinds of events, who may hear of them, and from where in the product they come."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEST = "test"


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of event. `permission`: what the subscriber's post must hold, as for the page that shows the same.

    `actions`: actions of the audit that are one; `subjects`: subjects of changes by loads (`customers.CustomerChange`).
    """

    code: str
    label: Promise
    permission: str = "customers.view"
    actions: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


CREATED = "customer.created"
KINDS = (
    EventKind(CREATED, _("A customer is new"), actions=("customer.create_prospect",)),
    EventKind(
        "customer.changed",
        _("A customer's data changed"),
        actions=(
            "customer.became_customer",
            "customer.add_contact_point",
            "customer.add_document",
            "customer.add_relation",
            "customer.end_entry",
        ),
        subjects=("customer", "person_profile", "organisation_profile", "identity_document", "contact_point"),
    ),
    EventKind("customer.override", _("Staff corrected a field"), actions=("customer.override",)),
    EventKind(
        "customer.release_override",
        _("A correction ended"),
        actions=("customer.release_override", "customer.override_ended"),
    ),
    EventKind(
        "contact.logged",
        _("Staff logged a contact"),
        "customers.interactions.view",
        actions=("customer.log_interaction",),
    ),
    EventKind("coverage.changed", _("Who looks after a customer changed"), subjects=("coverage",)),
    EventKind("risk.changed", _("Risk marks changed"), "customers.risk", subjects=("risk",)),
)
BY_CODE = {kind.code: kind for kind in KINDS}
OF_ACTION = {action: kind.code for kind in KINDS for action in kind.actions}
OF_SUBJECT = {subject: kind.code for kind in KINDS for subject in kind.subjects}
CHOICES = [(kind.code, kind.label) for kind in KINDS]

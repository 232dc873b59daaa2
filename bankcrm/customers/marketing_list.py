"""Who may be contacted for marketing, as a filter and a column of the customers list."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates, extensions
from bankcrm.core.extensions import FilterField, Label, ListColumn
from bankcrm.core.scope import Scope
from bankcrm.customers.consent_rules import ANY
from bankcrm.customers.models import Customer
from bankcrm.customers.queries.permitted import marketing_q, marketing_texts, restricted
from bankcrm.customers.service_codes import ConsentChannel

LIST = "customers"
NO, RESTRICTED = "no", "restricted"
CHANNELS = [one for one in ConsentChannel if one != ANY]


def choices(scope: Scope) -> list[tuple[str, Label]]:
    """By which channel customers may be contacted; or that they may not."""
    return [
        (ANY, _("May be contacted, no channel refused")),
        *((one.value, _("May be contacted by %(channel)s") % {"channel": one.label}) for one in CHANNELS),
        (NO, _("May not be contacted by every channel")),
        (RESTRICTED, _("Processing restricted")),
    ]


def narrow(scope: Scope, rows: QuerySet[Customer], value: str) -> QuerySet[Customer]:
    """The rows that the choice leaves; none for a value that is none of them: never more than was meant."""
    if value == NO:
        return rows.exclude(marketing_q())
    if value == RESTRICTED:
        return rows.filter(restricted(dates.today()))
    return rows.filter(marketing_q(value)) if value in ConsentChannel.values else rows.none()


def register_all() -> None:
    """Called once when the app is ready."""
    extensions.filter_fields.register(
        FilterField("marketing", _("Marketing"), LIST, narrow, choices, "customers.list", 30)
    )
    extensions.list_columns.register(
        ListColumn(
            "marketing", _("Marketing contact"), LIST, lambda scope, ids: marketing_texts(ids), "customers.list", 30
        )
    )

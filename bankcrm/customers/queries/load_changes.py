"""What loads changed about a customer, in words and masked as the reader may see it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core.masking import contact_class
from bankcrm.customers import codes
from bankcrm.customers.models import Customer, CustomerChange
from bankcrm.customers.queries.history_words import Change, Event, Label, value_label, words
from bankcrm.customers.queries.subject import Subject
from bankcrm.org.models import OrgUnit, User

ACTION = "load"
PUBLIC_NUMBERS = (codes.DocumentType.USCC, codes.DocumentType.ORGANISATION_CODE, codes.DocumentType.LEI)
YES_NO: dict[str, Promise] = {"true": _("yes"), "false": _("no")}
LABELS: dict[str, Promise] = {
    "owning_unit": _("Owning unit"),
    "status": _("Status"),
    "line": _("Business line"),
    "share": _("Share"),
    "role": _("Role"),
    "valid": _("Period"),
    "document_number": _("Number"),
    "expires_on": _("Expires"),
    "risk_class": _("Risk class"),
    "internal_rating": _("Internal rating"),
    "is_watched": _("On the watch list"),
    "is_overdue": _("Overdue"),
}
CHOICES: dict[str, dict[str, Any]] = {
    "status": dict(Customer.Status.choices),
    "line": dict(codes.BusinessLine.choices),
    "role": dict(codes.CoverageRole.choices),
    "risk_class": dict(codes.RiskClass.choices),
    "is_watched": YES_NO,
    "is_overdue": YES_NO,
}


def load_events(subject: Subject, rows: QuerySet[CustomerChange], limit: int) -> list[Event]:
    """One event for each load that changed something, the newest first, at most `limit`. Four queries."""
    visible = rows if subject.sees_risk else rows.exclude(subject="risk")
    moments = list(visible.order_by("-changed_at").values_list("changed_at", flat=True).distinct()[:limit])
    found = list(visible.filter(changed_at__in=moments).order_by("-changed_at", "id"))
    names = _names(found)
    return [
        _event(subject, moment, list(group), names) for moment, group in groupby(found, key=lambda row: row.changed_at)
    ]


def _event(subject: Subject, moment: datetime, rows: list[CustomerChange], names: "Names") -> Event:
    return Event(
        at=moment,
        action=ACTION,
        label=_("Changed by a load"),
        who=str(_("Load of %(day)s") % {"day": rows[0].business_date.isoformat()}),
        role="",
        unit="",
        reason="",
        changes=tuple(_change(subject, row, names) for row in rows),
        detail=(),
        address="",
    )


Names = tuple[dict[int, OrgUnit], dict[int, User]]


def _names(rows: Iterable[CustomerChange]) -> Names:
    rows = list(rows)
    units = {int(text) for row in rows if row.field == "owning_unit" for text in (row.before, row.after) if text}
    users = {int(row.kind) for row in rows if row.subject == "coverage" and row.kind}
    return OrgUnit.objects.in_bulk(units), User.objects.in_bulk(users)


def _change(subject: Subject, row: CustomerChange, names: Names) -> Change:
    shown = _shower(subject, row, names)
    return Change(_label(subject, row, names), shown(row.before), shown(row.after))


def _label(subject: Subject, row: CustomerChange, names: Names) -> Label:
    field = LABELS.get(row.field) or (value_label(subject, row.field) if row.field else "")
    if row.subject == "coverage":
        user = names[1].get(int(row.kind or 0))
        return _joined(_("Coverage"), user.label if user else row.kind, field)
    if row.subject == "contact_point":
        return dict(codes.ContactType.choices).get(row.kind, row.kind)
    if row.subject == "identity_document":
        return _joined(dict(codes.DocumentType.choices).get(row.kind, row.kind), field)
    return field


def _joined(*parts: Any) -> str:
    return " · ".join(str(part) for part in parts if part)


def _shower(subject: Subject, row: CustomerChange, names: Names) -> Callable[[str], str]:
    if row.subject == "contact_point":
        return lambda text: subject.show(contact_class(row.kind), text)
    if row.subject == "identity_document" and row.field != "expires_on":
        public = row.kind in PUBLIC_NUMBERS
        return lambda text: subject.show("uscc" if public else "id_number", text)
    if row.field == "owning_unit":
        return lambda text: names[0][int(text)].label if text and int(text) in names[0] else text
    if row.subject == "coverage" and not row.field:
        return _coverage_words
    if row.field in CHOICES:
        return lambda text: str(CHOICES[row.field].get(text, text))
    return lambda text: words(subject, row.field, text) if text else ""


def _coverage_words(text: str) -> str:
    """`lead 0.7 [2026-01-01,)` as people say it."""
    role, _blank, rest = text.partition(" ")
    share, _blank, period = rest.partition(" ")
    return _joined(CHOICES["role"].get(role, role), share, period)

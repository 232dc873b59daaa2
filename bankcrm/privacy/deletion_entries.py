"""The approval of deletions, and its words for whoever decides."""

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bankcrm.core import extensions
from bankcrm.core.approvals import Difference, Words
from bankcrm.core.extensions import ApprovalKind
from bankcrm.core.models import Approval
from bankcrm.core.scope import Scope
from bankcrm.customers.queries.subject import name_class
from bankcrm.org.clearance import clearance
from bankcrm.privacy.deletion_queries import KIND, obstacles
from bankcrm.privacy.deletions import AGREE, carry_out, take_back
from bankcrm.privacy.models import SubjectRequest
from bankcrm.privacy.queries import SEE
from bankcrm.privacy.retention import label_of


def words(scope: Scope, approval: Approval) -> Words:
    """The request in the reader's language: whose data, what the customer is told, and until when each class stays."""
    rows = SubjectRequest.objects.within(scope).select_related("customer__organisation")
    found = rows.filter(pk=approval.arguments["request_id"]).first()
    if found is None:
        return Words(approval.title)
    customer = found.customer
    name = clearance(scope, "in_scope").show(name_class(customer), customer.label)
    kept = _now("erased from %(day)s on")
    lines = [
        Difference(_("Customer"), f"{name} {customer.number_grouped}", "–"),
        Difference(_("What the customer is told"), "–", found.answer),
    ]
    lines += [
        Difference(label_of(code), _("kept"), kept % {"day": str(day)[:10]}) for code, day in approval.after.items()
    ]
    if approval.is_open:
        lines += [Difference(_("Stands against it"), one.text, str(one.count or "")) for one in obstacles(customer)]
    url = reverse("privacy:request", args=[found.pk]) if scope.may(SEE) else ""
    return Words(_now("Delete the data of %(name)s") % {"name": name}, tuple(lines), url)


def register_all() -> None:
    """Called once when the app is ready."""
    label = _("Deletion of a customer's data")
    kind = ApprovalKind(KIND, label, carry_out, AGREE, 30, words=words, on_refused=take_back)
    extensions.approval_kinds.register(kind)

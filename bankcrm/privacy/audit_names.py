"""What the audit calls the actions of this app."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit_words

ACTIONS = {
    "privacy.requests": _("Opened the requests of data subjects"),
    "customer.request_received": _("Recorded a request of the customer"),
    "customer.request_taken": _("Gave a request of the customer to a steward"),
    "customer.request_file_ordered": _("Ordered the file for a request of the customer"),
    "customer.request_file": _("Made the file for a request of the customer"),
    "customer.request_answered": _("Answered a request of the customer"),
    "customer.request_refused": _("Refused a request of the customer"),
    "privacy.deletions": _("Opened the deletions"),
    "customer.deletion_agreed": _("Agreed to the deletion of the customer's data"),
    "customer.erased": _("Erased data of the customer"),
}
VALUES = {
    "request": _("Request of the customer"),
    "received_on": _("Received on"),
    "due_on": _("Due on"),
    "steward": _("Steward"),
    "retention_class": _("Class of retention"),
    "service": _("Service and marketing"),
    "evidence": _("Consents and requests"),
    "dealings": _("Accounts and transactions"),
    "identity": _("Identity"),
}

audit_words.register(ACTIONS, group=_("Customers"))
audit_words.register_values(VALUES)

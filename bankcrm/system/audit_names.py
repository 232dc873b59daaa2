"""What the audit calls the actions of this app."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit_words
from bankcrm.core.parameters import parameters

ACTIONS = {
    "parameter.set": _("Set a parameter"),
    "parameter.ended": _("Ended a parameter's value"),
}
MENUS = {
    "menu.set": _("Changed a line of the menu"),
    "menu.reset": _("Reset a line of the menu"),
    "menu.moved": _("Moved a line of the menu"),
}
VALUES = {
    "key": _("Parameter"),
    "parameters": _("Parameters"),
    "value": _("Value"),
    "from_on": _("From"),
    "line": _("Line of the menu"),
    "label_zh": _("Chinese name"),
    "label_en": _("English name"),
    "icon": _("Icon"),
    "order": _("Order"),
    "is_hidden": _("Hidden for everybody"),
    "url": _("Address"),
    "parent": _("Module"),
    "parameter": _("Hand over the employee number as"),
}
AUDIT = {
    "audit.read": _("Read the audit"),
    "audit.open": _("Opened a record of the audit"),
    "audit.export": _("Exported the audit"),
    "export.traced": _("Traced an export or print"),
}
USAGE = {"usage.read": _("Looked at who uses the system")}
VERIFYING = {"audit.verified": _("Verified the audit")}
AUDIT_VALUES = {
    "filter": _("Filter"),
    "page": _("Page"),
    "event": _("Record"),
    "sealed": _("Sealed"),
    "waiting": _("Waiting for the seal"),
    "last_head": _("Last signed place"),
    "findings": _("Findings"),
    "named": _("What was found"),
    "seconds": _("Seconds"),
    "untold": _("Changes that no record tells of"),
    "grain": _("Period"),
    "on": _("With the day"),
    "by": _("Table"),
    "function": _("Function"),
}

PAGES = {
    "list": _("Audit"),
    "person": _("What one user did"),
    "access": _("Who had access to a customer"),
}


def _parameter(key: str) -> str:
    known = parameters().get(key)
    return f"{known.label} ({key})" if known else key


audit_words.register(ACTIONS | MENUS, group=_("System"), about_customers=False)
audit_words.register(AUDIT, group=_("Audit"))  # a filter may hold the number of a customer
audit_words.register(USAGE, group=_("System"), about_customers=False)
audit_words.register(VERIFYING, group=_("Audit"), about_customers=False)
audit_words.register_values(VALUES | AUDIT_VALUES, {"key": _parameter, "page": PAGES})

"""What the audit calls the actions of this app."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit_words

ACTIONS = {
    "webhook.created": _("Made a webhook"),
    "webhook.changed": _("Changed a webhook"),
    "webhook.secret_renewed": _("Renewed a webhook's secret"),
    "webhook.tested": _("Sent a test event"),
    "webhook.sent_again": _("Sent a delivery again"),
    "webhook.paused": _("Paused a webhook"),
    "webhook.resumed": _("Put a webhook to use again"),
    "webhook.ended": _("Ended a webhook"),
    "webhook.disabled": _("A webhook was switched off"),
}
VALUES = {
    "delivery": _("Delivery number"),
    "kinds": _("Hears of"),
    "address": _("Address"),
    "failing_since": _("Nothing has arrived since"),
    "hours": _("Hours"),
}

audit_words.register(ACTIONS, group=_("System"), about_customers=False)
audit_words.register_values(VALUES)

"""What the audit calls the actions of this app."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bankcrm.core import audit_words

ACTIONS = {
    "alert_rule.ended_by_merge": _("An alert rule ended with its unit"),
    "calendar.make_feed": _("Made a calendar address"),
    "calendar.revoke_feed": _("Revoked a calendar address"),
    "alerts.begin_rules": _("Began the alert rules"),
    "alerts.find": _("Found alerts"),
    "alerts.set_rule": _("Set an alert rule"),
    "alerts.view": _("Opened the list of alerts"),
}
VALUES = {
    "rules": _("Rules"),
    "rule": _("Rule"),
    "is_on": pgettext_lazy("a rule", "In force"),
    "days": _("Days"),
    "amount": _("Amount"),
    "assignee": _("Assigned to"),
    "alert_rules": _("Alert rules"),
}

audit_words.register(ACTIONS, group=_("Alerts and tasks"), about_customers=False)
audit_words.register_values(VALUES)

"""What the audit calls the actions of the chassis."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit_words

ACTIONS = {
    "search": _("Searched"),
    "job.ordered": _("Ordered a job"),
    "job.retried": _("Ran a job again"),
    "job.cancelled": _("Asked for a job's end"),
    "file.kept": _("Made a file"),
    "file.fetched": _("Downloaded a file"),
    "export.recorded": _("Recorded an export"),
    "print.recorded": _("Recorded a print"),
}
APPROVALS = {
    "approval.asked": _("Asked for an approval"),
    "approval.agreed": _("Agreed to a request"),
    "approval.sent_back": _("Sent a request back"),
    "approval.withdrawn": _("Withdrew a request"),
    "approval.handed_on": _("Handed a request on"),
}
BACKUPS = {"backup.made": _("Made a backup"), "backup.restored": _("Restored a backup")}
VALUES = {
    "kind": _("Kind"),
    "length": _("Length of what was typed"),
    "found": _("Found"),
    "arguments": _("What was asked"),
    "name": _("Name"),
    "size": _("Size in bytes"),
    "sha256": _("Fingerprint (SHA-256)"),
    "token": _("API token"),
    "rows": _("Rows shown"),
    "reason": _("Reason"),
    "format": _("Format"),
    "purpose": _("Purpose"),
    "business_date": _("Data date"),
    "state": _("State"),
    "count": _("How many"),
    "search": _("Search"),
    "code": _("Tracing code"),
    "list": _("List"),
    "columns": _("Columns"),
    "approval": _("Approval"),
}

# What was asked of jobs and files may hold numbers of customers.
audit_words.register(ACTIONS, group=_("Jobs, files and searches"))
audit_words.register(APPROVALS, group=_("Approvals"))
audit_words.register(BACKUPS, group=_("System"), about_customers=False)
audit_words.register_reads("search")
audit_words.register_values(VALUES)

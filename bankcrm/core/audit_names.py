"""What the audit calls the actions of the chassis."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
    "from": _("From"),
    "to": pgettext_lazy("whoever receives something", "To"),
    "begins": _("Begins on"),
    "ends": _("Ends on"),
    "since": pgettext_lazy("beginning of a period", "Since"),
    "until": pgettext_lazy("end of a period", "Until"),
    "new": pgettext_lazy("something that was not there", "New"),
    "note": _("Note"),
    "n": _("How many"),
    "view": pgettext_lazy("of a list", "View"),
    "object_type": _("Kind of object"),
    "object_id": _("Number of the object"),
    "address": _("Address"),
    "hits": _("Found"),
    "bytes": _("Size in bytes"),
    "files": _("Files"),
    "chain_position": _("Last sealed record"),
    "made_at": _("Made at"),
    "with_keys": _("With the home's keys"),
    "problems": _("Problems found"),
    "gone": _("Gone"),
    "target": _("Kept at"),
    "difference": _("Difference"),
    "problem": _("Problem"),
}


def _object_label(code: str) -> str:
    return str(audit_words.object_label(code))


# What was asked of jobs and files may hold numbers of customers.
audit_words.register(ACTIONS, group=_("Jobs, files and searches"))
audit_words.register(APPROVALS, group=_("Approvals"))
audit_words.register(BACKUPS, group=_("System"), about_customers=False)
audit_words.register_reads("search")
audit_words.register_values(
    VALUES, {"action": lambda code: str(audit_words.label_of(code)), "object_type": _object_label}
)

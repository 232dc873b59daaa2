"""The one way to erase: a function of the database's owner that refuses what is not agreed to, or not yet due."""

from django.conf import settings

from bankcrm.core import grants, row_security
from bankcrm.core.postgres import role_name
from bankcrm.core.retention import function_sql

DUE = f"""EXISTS (
        SELECT FROM privacy_deletionpart p JOIN privacy_deletion d ON d.id = p.deletion_id
        JOIN core_approval a ON a.subject_type = 'privacy.subjectrequest' AND a.subject_id = d.request_id::text
        WHERE d.customer_id = asked AND p.retention_class = wanted AND p.erased_at IS NULL
            AND p.due_on <= (now() AT TIME ZONE '{settings.TIME_ZONE}')::date
            AND a.kind = 'privacy.deletion' AND a.status = 'agreed' AND a.decided_by_id <> a.asked_by_id
    )"""


def register_all() -> None:
    """Called once when the app is ready."""
    grants.only("privacy.Deletion", web="SELECT INSERT", worker="SELECT UPDATE", loader="SELECT")
    grants.only("privacy.DeletionPart", web="SELECT INSERT", worker="SELECT UPDATE", loader="SELECT")
    grants.only("feeds.ErasedKey", worker="SELECT INSERT UPDATE DELETE", loader="SELECT UPDATE DELETE")
    row_security.register_function(lambda: function_sql(DUE, role_name("worker")))

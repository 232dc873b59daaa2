"""Who may touch the chassis' own tables and those of the libraries."""

from bankcrm.core import grants


def register_all() -> None:
    """Called once when the app is ready."""
    grants.only("core.AuditEvent", web="SELECT INSERT", worker="SELECT INSERT", loader="SELECT INSERT")
    grants.only("core.AuditPending", web="SELECT INSERT", worker="SELECT INSERT DELETE", loader="SELECT INSERT")
    grants.only("core.AuditSeal", web="SELECT", worker="SELECT INSERT", loader="SELECT")
    grants.web("core.Job", "INSERT UPDATE")
    grants.web("core.Approval", "INSERT UPDATE")
    grants.only("core.Opinion", web="SELECT INSERT", worker="SELECT INSERT", loader="SELECT")
    grants.web("core.StoredFile", "INSERT")
    grants.only("core.ExportRecord", web="SELECT INSERT", worker="SELECT INSERT", loader="SELECT")
    grants.web("core.SlowRequest", "INSERT")
    for table in ("accessattempt", "accessattemptexpiration", "accessfailurelog", "accesslog"):
        grants.web(f"axes_{table}", "INSERT UPDATE DELETE")
    grants.web("django_session", "INSERT UPDATE DELETE")
    # A page defers a job and may ask for its end; running it is the worker's.
    grants.web("procrastinate_jobs", "INSERT UPDATE")
    grants.web("procrastinate_events", "INSERT")

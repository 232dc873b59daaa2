"""Long work of this app: found here by the worker."""

from bankcrm.system import audit_jobs

__all__ = ["audit_jobs"]

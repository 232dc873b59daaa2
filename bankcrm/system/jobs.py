"""Long work of this app: found here by the worker."""

from bankcrm.system import audit_jobs
from bankcrm.system.usage import jobs as usage_jobs

__all__ = ["audit_jobs", "usage_jobs"]

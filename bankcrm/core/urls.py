"""Addresses below /core/: long work and its files."""

from django.urls import path

from bankcrm.core import job_views

app_name = "core"

urlpatterns = [
    path("jobs/", job_views.jobs_page, name="jobs"),
    path("jobs/<int:job_id>/", job_views.job_page, name="job"),
    path("jobs/<int:job_id>/cancel/", job_views.job_cancel_page, name="job-cancel"),
    path("jobs/<int:job_id>/retry/", job_views.job_retry_page, name="job-retry"),
    path("files/<int:file_id>/", job_views.file_page, name="file"),
]

"""Addresses below /system/audit/."""

from django.urls import path

from bankcrm.system import audit_views

app_name = "audit"

urlpatterns = [
    path("", audit_views.events, name="events"),
    path("events/<int:at>/<int:event_id>/", audit_views.event, name="event"),
    path("people/<int:user_id>/", audit_views.person, name="person"),
    path("export/", audit_views.export, name="export"),
    path("integrity/", audit_views.integrity, name="integrity"),
    path("verify/", audit_views.verify, name="verify"),
]

"""Addresses below /approvals/."""

from django.urls import path

from bankcrm.core.approvals import views

app_name = "approvals"

urlpatterns = [
    path("", views.approval_list, name="list"),
    path("<int:approval_id>/", views.approval, name="approval"),
]

"""Addresses below /system/usage/."""

from django.urls import path

from bankcrm.system.usage import views

app_name = "usage"

urlpatterns = [
    path("", views.usage, name="usage"),
    path("people/<int:user_id>/", views.person, name="person"),
    path("export/", views.export, name="export"),
]

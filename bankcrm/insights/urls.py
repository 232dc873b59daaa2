"""Addresses of the analysis pages."""

from django.urls import path

from bankcrm.insights import views

app_name = "insights"
urlpatterns = [
    path("cross/", views.cross, name="cross"),
    path("cross/export/", views.export, name="export"),
]

"""Addresses below /system/operations/."""

from django.urls import path

from bankcrm.system.operations import views

app_name = "operations"

urlpatterns = [path("", views.operations_page, name="operations")]

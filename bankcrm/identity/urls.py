"""Addresses of the stewards' pages."""

from django.urls import path

from bankcrm.identity import views

app_name = "identity"
urlpatterns = [path("candidates/", views.candidates, name="candidates")]

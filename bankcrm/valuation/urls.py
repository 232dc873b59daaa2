"""Addresses of tiers. The converter of customer numbers is registered by the customer pages."""

from django.urls import path

from bankcrm.valuation import views

app_name = "valuation"
urlpatterns = [
    path("tiers/", views.tiers, name="tiers"),
    path("tiers/new/", views.set_table, name="set"),
    path("tiers/<int:table_id>/withdraw/", views.withdraw, name="withdraw"),
    path("customers/<number:number>/tier/", views.why, name="why"),
]

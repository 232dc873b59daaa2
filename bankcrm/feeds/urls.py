"""Addresses of the loads' pages."""

from django.urls import path

from bankcrm.feeds import ledger_views, views

app_name = "feeds"
urlpatterns = [
    path("loads/", views.loads, name="loads"),
    path("loads/order/", views.order, name="order"),
    path("loads/<int:pk>/", views.load, name="load"),
    path("loads/<int:pk>/rejects/", views.rejects, name="rejects"),
    path("loads/<int:pk>/rejects.csv", views.rejects_download, name="rejects-download"),
    path("loads/<int:pk>/repeat/", views.repeat, name="repeat"),
    path("loads/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("ledger/", ledger_views.ledger, name="ledger"),
    path("ledger/<int:pk>/", ledger_views.difference, name="ledger-difference"),
    path("ledger/<int:pk>/explain/", ledger_views.explain, name="ledger-explain"),
    path("states/", views.states, name="states"),
]

"""Addresses of the workbench of data subjects' requests."""

from django.urls import path

from bankcrm.privacy import deletion_views, views

app_name = "privacy"
urlpatterns = [
    path("requests/", views.requests, name="requests"),
    path("requests/new/", views.new_request, name="new-request"),
    path("requests/<int:request_id>/", views.request_page, name="request"),
    path("requests/<int:request_id>/assign/", views.assign, name="assign"),
    path("requests/<int:request_id>/file/", views.order_file, name="file"),
    path("requests/<int:request_id>/answer/", views.answer, name="answer"),
    path("requests/<int:request_id>/restrict/", views.restrict, name="restrict"),
    path("requests/<int:request_id>/lift/", views.lift, name="lift"),
    path("requests/<int:request_id>/deletion/", views.ask_deletion, name="ask-deletion"),
    path("deletions/", deletion_views.deletions, name="deletions"),
    path("deletions/erase/", deletion_views.erase, name="erase"),
    path("requests/<int:request_id>/refuse/", views.refuse, name="refuse"),
]

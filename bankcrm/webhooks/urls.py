"""Addresses of webhooks."""

from django.urls import path

from bankcrm.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.webhook_list, name="list"),
    path("new/", views.new, name="new"),
    path("deliveries/", views.log, name="log"),
    path("deliveries/<int:delivery_id>/again/", views.send_again, name="send-again"),
    path("<int:webhook_id>/", views.webhook, name="webhook"),
    path("<int:webhook_id>/change/", views.change, name="change"),
    path("<int:webhook_id>/secret/", views.renew_secret, name="renew-secret"),
    path("<int:webhook_id>/pause/", views.pause, name="pause"),
    path("<int:webhook_id>/resume/", views.resume, name="resume"),
    path("<int:webhook_id>/end/", views.end, name="end"),
    path("<int:webhook_id>/test/", views.send_test, name="send-test"),
]

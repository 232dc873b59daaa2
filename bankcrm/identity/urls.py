"""Addresses of the stewards' pages."""

from django.urls import path

from bankcrm.identity import views, views_data_work

app_name = "identity"
urlpatterns = [
    path("candidates/", views.candidates, name="candidates"),
    path("data-work/", views_data_work.data_work, name="data-work"),
    path("data-work/<int:work_id>/take/", views_data_work.take, name="take-work"),
    path("data-work/<int:work_id>/close/", views_data_work.close, name="close-work"),
]

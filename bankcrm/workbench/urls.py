"""Addresses of the landing page and of the frame."""

from django.urls import path

from bankcrm.workbench import views

app_name = "workbench"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search_page, name="search"),
    path("preferences/", views.preferences, name="preferences"),
    path("language/", views.language, name="language"),
]

"""Addresses below /account/."""

from django.urls import path

from bankcrm.org import views

app_name = "org"

urlpatterns = [
    path("login/", views.login_page, name="login"),
    path("logout/", views.logout_page, name="logout"),
    path("password/", views.password_change_page, name="password-change"),
    path("post/", views.switch_post_page, name="switch-post"),
]

"""Addresses below /account/."""

from django.urls import path

from bankcrm.org.views import login

app_name = "org"

urlpatterns = [
    path("login/", login.login_page, name="login"),
    path("logout/", login.logout_page, name="logout"),
    path("password/", login.password_change_page, name="password-change"),
    path("post/", login.switch_post_page, name="switch-post"),
]

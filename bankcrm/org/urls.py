"""Addresses below /account/."""

from django.urls import path

from bankcrm.org.views import login, security

app_name = "org"

urlpatterns = [
    path("login/", login.login_page, name="login"),
    path("logout/", login.logout_page, name="logout"),
    path("password/", login.password_change_page, name="password-change"),
    path("security/", security.security_page, name="security"),
    path("security/sessions/end-others/", security.end_other_sessions, name="end-other-sessions"),
    path("security/sessions/<int:session_id>/end/", security.end_session, name="end-session"),
    path("post/", login.switch_post_page, name="switch-post"),
]

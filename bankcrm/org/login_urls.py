"""Addresses below /system/logins/: what the security administrator looks after."""

from django.urls import path

from bankcrm.org.views import factors, login_watch, tokens

app_name = "logins"

urlpatterns = [
    path("", login_watch.alerts, name="alerts"),
    path("<int:alert_id>/", login_watch.alert, name="alert"),
    path("locked/", login_watch.locked, name="locked"),
    path("locked/unlock/", login_watch.unlock, name="unlock"),
    path("tokens/", tokens.token_list, name="tokens"),
    path("tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke-token"),
    path("tokens/<int:token_id>/rotate/", tokens.rotate, name="rotate-token"),
    path("factors/", factors.people, name="factors"),
    path("users/<int:user_id>/reset-factors/", factors.reset, name="reset-factors"),
    path("users/<int:user_id>/end-sessions/", login_watch.end_sessions, name="end-sessions"),
]

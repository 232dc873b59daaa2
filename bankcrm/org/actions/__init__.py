"""Writes about the bank's people, by subject."""

from bankcrm.org.actions.lock import unlock_account
from bankcrm.org.actions.login import FAILED_KEY, change_password, log_in, log_out, note_failed_login, switch_post
from bankcrm.org.actions.login_alerts import look_at_alert, new_device_id
from bankcrm.org.actions.numbering import renumber
from bankcrm.org.actions.sessions import end_other_sessions, end_own_session, end_sessions, go_on_alone
from bankcrm.org.actions.tokens import MOST_TOKEN_DAYS, create_token, revoke_token
from bankcrm.org.actions.users import add_user, reset_password, unlock

__all__ = [
    "FAILED_KEY",
    "MOST_TOKEN_DAYS",
    "add_user",
    "change_password",
    "create_token",
    "end_other_sessions",
    "end_own_session",
    "end_sessions",
    "go_on_alone",
    "log_in",
    "log_out",
    "look_at_alert",
    "new_device_id",
    "note_failed_login",
    "renumber",
    "reset_password",
    "revoke_token",
    "switch_post",
    "unlock",
    "unlock_account",
]

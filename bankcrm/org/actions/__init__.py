"""Writes about the bank's people, by subject."""

from bankcrm.org.actions.lock import unlock_account
from bankcrm.org.actions.login import FAILED_KEY, change_password, log_in, log_out, note_failed_login, switch_post
from bankcrm.org.actions.login_alerts import look_at_alert, new_device_id
from bankcrm.org.actions.numbering import renumber
from bankcrm.org.actions.second_factor import (
    add_app,
    add_key,
    make_recovery_codes,
    prove_by_code,
    prove_by_key,
    remove_factor,
    reset_second_factors,
)
from bankcrm.org.actions.sessions import end_other_sessions, end_own_session, end_sessions, go_on_alone
from bankcrm.org.actions.tokens import MOST_TOKEN_DAYS, create_token, revoke_token, rotate_token, warn_of_ending_tokens
from bankcrm.org.actions.users import add_user, reset_password, unlock

__all__ = [
    "FAILED_KEY",
    "MOST_TOKEN_DAYS",
    "add_app",
    "add_key",
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
    "make_recovery_codes",
    "new_device_id",
    "note_failed_login",
    "prove_by_code",
    "prove_by_key",
    "remove_factor",
    "renumber",
    "reset_password",
    "reset_second_factors",
    "revoke_token",
    "rotate_token",
    "switch_post",
    "unlock",
    "unlock_account",
    "warn_of_ending_tokens",
]

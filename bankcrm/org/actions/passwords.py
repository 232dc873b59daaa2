"""Keeping a password: for the other actions of this app, which check it and leave the audit record."""

from django.utils import timezone

from bankcrm.org.models import User


def set_password(user: User, password: str, *, must_change: bool) -> None:
    """Keeps the password's hash and when it was set."""
    user.set_password(password)
    user.must_change_password = must_change
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])

"""Keeping a password: for the other actions of this app, which check it and leave the audit record."""

from django.utils import timezone

from bankcrm.org.models import FormerPassword, User

MOST_KEPT = 24  # the highest value of `password.history`


def set_password(user: User, password: str, *, must_change: bool) -> None:
    """Keeps the password's hash, when it was set, and the hashes of those before it."""
    user.set_password(password)
    user.must_change_password = must_change
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    FormerPassword.objects.create(user=user, encoded=user.password, set_at=user.password_changed_at)
    kept = user.former_passwords.order_by("-id").values("pk")[:MOST_KEPT]
    user.former_passwords.exclude(pk__in=kept).delete()

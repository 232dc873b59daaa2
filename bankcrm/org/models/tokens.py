"""What programs show to come in."""

from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from bankcrm.org.models.users import User


class ApiToken(models.Model):
    """What a program shows to act as a user. Only the token's digest is kept: whoever reads the table cannot use it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name=_("user"))
    name = models.CharField(_("name"), max_length=40)
    # Permissions that the token may use, of those of its user; empty: all of them.
    permissions = models.JSONField(_("permissions"), default=list, blank=True, db_default=Value([], models.JSONField()))
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    window_started_at = models.DateTimeField(_("requests counted since"), null=True, blank=True)
    window_count = models.PositiveIntegerField(_("requests counted"), default=0)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="org_token_name_once", fields=["user", "name"], condition=Q(revoked_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.name}"

"""Who came in, from where, on what; what was unusual in it; which sessions are open."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bankcrm.org.models.users import User


class LoginRecord(models.Model):
    """A try to log in. Of unknown names there is only what was typed."""

    class Outcome(models.TextChoices):
        OK = "ok", _("Logged in")
        FAILED = "failed", _("Failed")
        LOCKED = "locked", _("Refused: locked")

    class Factor(models.TextChoices):
        PASSWORD = "password", _("Password")
        TOTP = "totp", _("Password and code")
        WEBAUTHN = "webauthn", _("Password and security key")
        RECOVERY = "recovery", _("Password and recovery code")
        OIDC = "oidc", _("Bank's login (OIDC)")
        SAML = "saml", _("Bank's login (SAML)")
        LDAP = "ldap", _("Directory password")

    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="login_records", verbose_name=_("user")
    )
    username = models.CharField(_("employee number"), max_length=20)
    at = models.DateTimeField(_("time"))
    address = models.CharField(_("address"), max_length=64, blank=True)
    network = models.CharField(_("network"), max_length=64, blank=True)
    device = models.CharField(_("device"), max_length=60, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome)
    factor = models.CharField(_("way of logging in"), max_length=10, choices=Factor, default=Factor.PASSWORD)

    class Meta:
        verbose_name = _("login record")
        verbose_name_plural = _("login records")
        indexes = [
            models.Index(name="org_loginrecord_of_user", fields=["user", "-at"]),
            models.Index(name="org_loginrecord_at", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.username} {self.at:%Y-%m-%d %H:%M} {self.outcome}"


class KnownDevice(models.Model):
    """A browser from which a user has come in: it keeps a signed cookie, of which only the digest stands here."""

    user = models.ForeignKey(User, models.CASCADE, related_name="known_devices", verbose_name=_("user"))
    digest = models.CharField(_("digest"), max_length=64)
    label = models.CharField(_("device"), max_length=60, blank=True)
    first_at = models.DateTimeField(_("first used"))
    last_at = models.DateTimeField(_("last used"))

    class Meta:
        verbose_name = _("known device")
        verbose_name_plural = _("known devices")
        constraints = [models.UniqueConstraint(name="org_known_device_once", fields=["user", "digest"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.label}"


class LoginAlert(models.Model):
    """Something unusual about a user's logins, for the user and for the security administrator."""

    class Kind(models.TextChoices):
        NEW_DEVICE = "new_device", _("New device")
        NEW_ADDRESS = "new_address", _("New address")
        FAILED_TRIES = "failed_tries", _("Failed logins")
        ODD_HOURS = "odd_hours", _("Unusual hour")
        IDLE_ACCOUNT = "idle_account", _("Account long unused")
        TWO_PLACES = "two_places", _("Two places at once")
        TOKEN_ENDS = "token_ends", _("Token ends soon")
        REVEALS = "reveals", _("Many reveals")

    user = models.ForeignKey(User, models.CASCADE, related_name="login_alerts", verbose_name=_("user"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("time"))
    address = models.CharField(_("address"), max_length=64, blank=True)
    device = models.CharField(_("device"), max_length=60, blank=True)
    detail = models.JSONField(_("detail"), default=dict)
    looked_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    looked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("looked at by")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("login alert")
        verbose_name_plural = _("login alerts")
        indexes = [
            models.Index(name="org_loginalert_open", fields=["-id"], condition=Q(looked_at__isnull=True)),
            models.Index(name="org_loginalert_of_user", fields=["user", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.kind} {self.at:%Y-%m-%d %H:%M}"


class UserSession(models.Model):
    """A session of a user in one browser.

    While it lives it names its row of django_session, so that it can be ended without reading all of those; once it
    has ended only the key's digest is left, by which the browser that still shows it is told why.
    """

    class End(models.TextChoices):
        LOGOUT = "logout", _("Logged out")
        IDLE = "idle", _("No activity")
        LEFT = "left", _("Has left")
        BY_USER = "by_user", _("Ended by the user")
        BY_ADMINISTRATOR = "by_admin", _("Ended by an administrator")
        NEW_LOGIN = "new_login", _("Logged in elsewhere")

    user = models.ForeignKey(User, models.CASCADE, related_name="login_sessions", verbose_name=_("user"))
    key = models.CharField(_("session key"), max_length=40, null=True, blank=True, unique=True)
    digest = models.CharField(_("digest of the session key"), max_length=64, db_index=True)
    began_at = models.DateTimeField(_("since"))
    last_seen_at = models.DateTimeField(_("last seen"))
    address = models.CharField(_("address"), max_length=64, blank=True)
    network = models.CharField(_("network"), max_length=64, blank=True)
    device = models.CharField(_("device"), max_length=60, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end = models.CharField(_("how it ended"), max_length=10, choices=End, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [
            models.Index(name="org_usersession_live", fields=["user"], condition=Q(ended_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                name="org_usersession_key_while_live",
                condition=Q(key__isnull=False, ended_at__isnull=True) | Q(key__isnull=True, ended_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.device} {self.began_at:%Y-%m-%d %H:%M}"

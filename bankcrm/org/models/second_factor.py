"""What a user shows besides the password."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bankcrm.org.models.users import User


class SecondFactor(models.Model):
    """An app that shows codes, or a security key. An app's secret is kept encrypted (core.boxes); a key has none."""

    class Kind(models.TextChoices):
        TOTP = "totp", _("Code of an app")
        WEBAUTHN = "webauthn", _("Security key")

    user = models.ForeignKey(User, models.CASCADE, related_name="second_factors", verbose_name=_("user"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(_("name"), max_length=40)
    secret = models.TextField(_("secret"), blank=True)
    last_step = models.BigIntegerField(_("step of the last code"), default=0)
    credential = models.TextField(_("credential"), blank=True)
    counter = models.BigIntegerField(_("uses that the key has counted"), default=0)
    created_at = models.DateTimeField(_("created at"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        constraints = [
            models.UniqueConstraint(name="org_one_app_a_user", fields=["user"], condition=Q(kind="totp")),
            models.UniqueConstraint(name="org_credential_once", fields=["credential"], condition=Q(kind="webauthn")),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.name}"


class RecoveryCode(models.Model):
    """A code on paper for when telephone and key are gone; good once. Only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes", verbose_name=_("user"))
    digest = models.CharField(_("digest"), max_length=64)
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(name="org_recovery_code_once", fields=["user", "digest"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.pk}"


class UsedAssertion(models.Model):
    """A SAML assertion that has let somebody in: kept, as a digest, for as long as it would be good."""

    digest = models.CharField(_("digest"), max_length=64, unique=True)
    until = models.DateTimeField(_("good until"))

    class Meta:
        verbose_name = _("used assertion")
        verbose_name_plural = _("used assertions")

    def __str__(self) -> str:
        return self.digest

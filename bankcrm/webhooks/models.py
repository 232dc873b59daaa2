"""Who wants to hear of what, and what was sent to them."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bankcrm.org.models import ApiToken


class Subscription(models.Model):
    """A system that wants to hear. It hears what the user of its token may see, while that token is good."""

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("of a webhook", "In use")
        PAUSED = "paused", _("Paused")
        DISABLED = "disabled", _("Switched off after failures")
        ENDED = "ended", _("Ended")

    name = models.CharField(_("name"), max_length=60)
    token = models.ForeignKey(ApiToken, models.PROTECT, related_name="+", verbose_name=_("API token"))
    address = models.CharField(_("address"), max_length=500)
    kinds = ArrayField(models.CharField(max_length=40), verbose_name=_("events"))
    secret = models.CharField(_("signing secret, encrypted"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    retry_at = models.DateTimeField(_("tried again at"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("last delivered at"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=~Q(state="ended"), name="webhook_name_once"),
            models.CheckConstraint(name="webhook_has_kinds", condition=Q(kinds__len__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """Some events on their way to one subscriber. `uid` stays the same however often it is sent."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        GIVEN_UP = "given_up", _("Given up")

    class Problem(models.TextChoices):
        ADDRESS = "address", _("The address cannot be read")
        SCHEME = "scheme", _("Only https is allowed")
        PRIVATE = "private", _("The address lies inside a network that is not allowed")
        UNRESOLVED = "unresolved", _("The host's name is unknown")
        CONNECTION = "connection", _("No connection")
        TIMEOUT = "timeout", _("No answer in time")
        TLS = "tls", _("The certificate was not accepted")
        REDIRECT = "redirect", _("The receiver points elsewhere, which is not followed")
        ANSWER = "answer", _("The answer is no HTTP")
        SECRET = "secret", _("The signing secret cannot be read: make a new one")

    uid = models.UUIDField(_("number for the receiver"), unique=True, default=uuid.uuid4)
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries", verbose_name=_("webhook"))
    is_test = models.BooleanField(_("test"), default=False)
    build_id = models.BigIntegerField(_("build"), null=True, blank=True)
    part = models.PositiveIntegerField(_("part"), default=0)
    made_at = models.DateTimeField(_("made at"))
    events = models.JSONField(_("events"))
    event_count = models.PositiveIntegerField(_("number of events"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt at"))
    sent_at = models.DateTimeField(_("last sent at"), null=True, blank=True)
    status_code = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=10, choices=Problem, blank=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [
            # A worker that is killed after its commit works again: a build is told to a subscriber once.
            models.UniqueConstraint(
                fields=["subscription", "build_id", "part"],
                condition=Q(build_id__isnull=False),
                name="webhook_build_once",
            )
        ]
        indexes = [
            models.Index("subscription", "id", name="webhook_waiting", condition=Q(state="waiting")),
            models.Index("made_at", "id", name="webhook_log"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class Arrival(models.Model):
    """A customer that a load has brought, until it is told. Written in the load's own transaction."""

    build_id = models.BigIntegerField(_("build"), db_index=True)
    customer_id = models.BigIntegerField(_("customer"))

    class Meta:
        verbose_name = _("new customer to be told")
        verbose_name_plural = _("new customers to be told")

    def __str__(self) -> str:
        return str(self.customer_id)


class Cursor(models.Model):
    """How far the audit has been told: the place in its sealed chain. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField(_("place in the chain"), default=0)

    class Meta:
        verbose_name = _("how far the audit is told")
        verbose_name_plural = _("how far the audit is told")

    def __str__(self) -> str:
        return str(self.position)

"""Requests that wait for a second person, and what was said about them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Approval(models.Model):
    """Something that somebody asked for and a second person agrees to or not. `arguments` carries it out."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("approval", "Open")
        AGREED = "agreed", _("Agreed")
        SENT_BACK = "sent_back", _("Sent back")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(_("what is asked for"), max_length=200)
    subject_type = models.CharField(_("kind of object"), max_length=60, blank=True)
    subject_id = models.CharField(_("object"), max_length=80, blank=True)
    before = models.JSONField(_("before"), default=dict, blank=True)
    after = models.JSONField(_("after"), default=dict, blank=True)
    arguments = models.JSONField(_("arguments"), default=dict, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=2, null=True, blank=True)
    unit_id = models.BigIntegerField(_("unit"), null=True, blank=True)
    unit_no = models.IntegerField(_("preorder number of the unit"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_for_id = models.BigIntegerField(_("asked in the name of"), null=True, blank=True)
    asked_post_id = models.BigIntegerField(_("asked at the post"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    due_on = models.DateField(_("due on"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handed on to"),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    single_key = models.CharField(max_length=200, null=True, blank=True)  # same key: only one may be open at a time

    class Meta:
        app_label = "core"
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["due_on"], name="approval_open", condition=Q(status="open")),
            models.Index(fields=["asked_by", "-asked_at"], name="approval_by_asker"),
            models.Index(fields=["subject_type", "subject_id"], name="approval_by_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="approval_one_open_of_a_subject", fields=["single_key"], condition=Q(status="open")
            ),
            models.CheckConstraint(
                name="approval_by_two_people",
                condition=~Q(status="agreed") | Q(asked_by=None) | ~Q(asked_by=models.F("decided_by")),
            ),
            models.CheckConstraint(
                name="approval_decided_says_when", condition=Q(status="open") | Q(decided_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} #{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.status == self.Status.OPEN


class Opinion(models.Model):
    """A step of a request and what was said with it. Rows are only added."""

    class Verb(models.TextChoices):
        ASKED = "asked", pgettext_lazy("approval", "Asked")
        AGREED = "agreed", _("Agreed")
        SENT_BACK = "sent_back", _("Sent back")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        HANDED_ON = "handed_on", _("Handed on")

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="opinions", verbose_name=_("approval"))
    verb = models.CharField(_("step"), max_length=10, choices=Verb)
    text = models.CharField(_("opinion"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    for_id = models.BigIntegerField(_("in the name of"), null=True, blank=True)
    role = models.CharField(_("role"), max_length=40, blank=True)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        app_label = "core"
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.text}"

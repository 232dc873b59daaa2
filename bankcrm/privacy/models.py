"""Requests of persons about their personal information (个人信息主体请求, PIPL art. 44-50)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.models import Customer, CustomerOwnedManager, ProcessingRestriction
from bankcrm.privacy import rules


class SubjectRequest(models.Model):
    """What one customer asks the bank to do with the customer's own data, and what came of it. Never deleted."""

    class Kind(models.TextChoices):
        SEE = "see", _("See the data")
        COPY = "copy", _("Copy of the data")
        CORRECT = "correct", _("Correct the data")
        RESTRICT = "restrict", _("Restrict processing")
        LIFT = "lift", _("Lift a restriction")
        DELETE = "delete", _("Delete the data")

    class Status(models.TextChoices):
        RECEIVED = rules.RECEIVED, _("Received")
        IN_WORK = rules.IN_WORK, _("In work")
        ANSWERED = rules.ANSWERED, _("Answered")
        REFUSED = rules.REFUSED, _("Refused")

    class CameBy(models.TextChoices):
        COUNTER = "counter", _("Counter")
        PHONE = "phone", _("Telephone")
        APP = "app", _("Mobile banking")
        EMAIL = "email", _("E-mail")
        POST = "post", _("Letter")
        OTHER = "other", _("Other")

    class Proof(models.TextChoices):
        DOCUMENT = "document", _("Original document seen")
        LOGIN = "login", _("Logged in to mobile banking")
        CALL_BACK = "call_back", _("Called back and questions answered")
        AUTHORITY = "authority", _("Representative, with authority seen")

    class Refusal(models.TextChoices):
        NOT_PROVED = "not_proved", _("Identity not proved")
        LAW = "law", _("The law forbids it or asks for secrecy")
        OTHERS = "others", _("Rights of other persons stand against it")
        REPEATED = "repeated", _("Repeated without need")
        UNFOUNDED = "unfounded", _("The data are right, or not there")
        TAKEN_BACK = "taken_back", _("The customer took it back")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="subject_requests", verbose_name=_("customer"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    came_by = models.CharField(_("came by"), max_length=10, choices=CameBy)
    proof = models.CharField(_("identity checked by"), max_length=10, choices=Proof)
    wish = models.CharField(_("in the customer's words"), max_length=500, blank=True)
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("due on"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.RECEIVED)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    steward = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("steward")
    )
    task_id = models.BigIntegerField(_("task"), null=True, blank=True)  # the steward's reminder
    file_code = models.CharField(_("tracing code of the file"), max_length=10, blank=True)
    answer = models.CharField(_("what the customer is told"), max_length=500, blank=True)
    refusal = models.CharField(_("refused because"), max_length=10, choices=Refusal, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("request of a data subject")
        verbose_name_plural = _("requests of data subjects")
        indexes = [
            models.Index("due_on", "id", name="subject_request_open", condition=Q(closed_at=None)),
            models.Index("customer", "id", name="subject_request_by_customer"),
        ]
        constraints = [
            models.CheckConstraint(name="subject_request_due_later", condition=Q(due_on__gt=F("received_on"))),
            models.CheckConstraint(
                name="subject_request_closed_with_words",
                condition=Q(closed_at=None, status__in=("received", "in_work"), refusal="")
                | (Q(closed_at__isnull=False, status="answered", refusal="") & ~Q(answer=""))
                | (Q(closed_at__isnull=False, status="refused") & ~Q(answer="") & ~Q(refusal="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """How staff and the customer name it: P2026-000012."""
        return f"P{self.received_on:%Y}-{self.pk:06d}"

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return self.closed_at is None


class Deletion(models.Model):
    """That a customer's data are to be deleted, as two people agreed: restricted until the law lets each class go.

    Stays as the proof when all is erased; it says nothing of the person.
    """

    customer = models.OneToOneField(Customer, models.PROTECT, related_name="deletion", verbose_name=_("customer"))
    request = models.OneToOneField(
        SubjectRequest, models.PROTECT, related_name="deletion", verbose_name=_("request of a data subject")
    )
    restriction = models.OneToOneField(
        ProcessingRestriction, models.PROTECT, related_name="+", verbose_name=_("restriction of processing")
    )
    relation_ended_on = models.DateField(_("relationship ended on"), null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("agreed by")
    )
    agreed_on = models.DateField(_("agreed on"))
    erased_at = models.DateTimeField(_("all erased at"), null=True, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("deletion")
        verbose_name_plural = _("deletions")
        indexes = [models.Index("agreed_on", "id", name="deletion_open", condition=Q(erased_at=None))]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.agreed_on}"


class DeletionPart(models.Model):
    """One class of retention of a deletion: until when the law keeps it, and how many rows of which table went."""

    deletion = models.ForeignKey(Deletion, models.PROTECT, related_name="parts", verbose_name=_("deletion"))
    retention_class = models.CharField(_("class of retention"), max_length=20)
    counted_from = models.DateField(_("counted from"))
    due_on = models.DateField(_("may be erased on"))
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)
    rows = models.JSONField(_("rows by table"), default=dict, blank=True)

    class Meta:
        verbose_name = _("part of a deletion")
        verbose_name_plural = _("parts of deletions")
        constraints = [
            models.UniqueConstraint(fields=["deletion", "retention_class"], name="deletion_part_once"),
            models.CheckConstraint(name="deletion_part_later", condition=Q(due_on__gte=F("counted_from"))),
        ]

    def __str__(self) -> str:
        return f"{self.deletion_id} {self.retention_class}"

"""What the chassis keeps: the audit and its chain, jobs, stored files."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from bankcrm.core.approval_models import Approval, Opinion
from bankcrm.core.export_models import ExportRecord
from bankcrm.core.operations_models import SizeOfDay, SlowRequest

__all__ = [
    "Approval",
    "AuditEvent",
    "AuditPending",
    "AuditSeal",
    "ExportRecord",
    "Job",
    "Opinion",
    "SizeOfDay",
    "SlowRequest",
    "StoredFile",
]

CURRENT_TRANSACTION = Cast(
    Cast(Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField()
)  # PostgreSQL casts its 64-bit number to text only


class AuditEvent(models.Model):
    """One thing that somebody did or read. Written once, in the transaction of what it tells about; never changed.

    It carries ids and no foreign keys, so that it outlives what it tells about. Partitioned by the month of
    `occurred_at`; a trigger puts each new row on the list of those that wait for the seal.
    """

    pk = models.CompositePrimaryKey("occurred_at", "id")
    id = models.BigIntegerField(db_default=Func(Value("core_auditevent_id_seq"), function="nextval"))
    occurred_at = models.DateTimeField(_("when"))
    user_id = models.BigIntegerField(_("user"), null=True)
    username = models.CharField(_("employee number"), max_length=20, blank=True)
    post_id = models.BigIntegerField(_("post"), null=True)
    role = models.CharField(_("role"), max_length=40, blank=True)
    unit_id = models.BigIntegerField(_("unit"), null=True)
    action = models.CharField(_("action"), max_length=60)
    object_type = models.CharField(_("kind of object"), max_length=60, blank=True)
    object_id = models.CharField(_("object"), max_length=80, blank=True)
    customer_id = models.BigIntegerField(_("customer"), null=True)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    detail = models.JSONField(_("detail"), null=True)
    request_id = models.CharField(_("request"), max_length=32, blank=True)
    address = models.CharField(_("address"), max_length=64, blank=True)
    device = models.CharField(_("device"), max_length=200, blank=True)
    # Which transaction wrote it: the second witness is compared by this. PostgreSQL fills it in; it is not sealed.
    transaction_id = models.BigIntegerField(null=True, db_default=CURRENT_TRANSACTION)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(fields=["customer_id", "-occurred_at"], name="audit_by_customer"),
            models.Index(fields=["user_id", "-occurred_at"], name="audit_by_user"),
            models.Index(fields=["action", "-occurred_at"], name="audit_by_action"),
            models.Index(fields=["object_type", "object_id"], name="audit_by_object"),
            # `detail.customers`: those that a search showed or a file held.
            GinIndex(
                OpClass(KeyTransform("customers", "detail"), name="jsonb_path_ops"),
                name="audit_by_shown",
                condition=Q(detail__has_key="customers"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occurred_at:%Y-%m-%d %H:%M:%S} {self.username} {self.action}"


class AuditPending(models.Model):
    """A committed audit event that waits for its place in the chain. Filled by a trigger, emptied by the sealer."""

    event_id = models.BigIntegerField(primary_key=True)
    occurred_at = models.DateTimeField()

    class Meta:
        verbose_name = _("event before the seal")
        verbose_name_plural = _("events before the seal")

    def __str__(self) -> str:
        return str(self.event_id)


class AuditSeal(models.Model):
    """A link of the chain: SHA-256 over the hash before and the event's canonical JSON."""

    position = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    occurred_at = models.DateTimeField()
    hash = models.BinaryField(max_length=32)
    action = models.CharField(_("action"), max_length=60, default="", db_default="")  # to name an event that is gone

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")

    def __str__(self) -> str:
        return str(self.position)


class Job(models.Model):
    """Long work: what it is, how far it is, what came out."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(_("kind"), max_length=60)
    label = models.CharField(_("name"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="jobs", verbose_name=_("by")
    )
    post_id = models.BigIntegerField(_("post"), null=True, blank=True)
    arguments = models.JSONField(_("arguments"), default=dict, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.QUEUED)
    progress = models.DecimalField(_("progress"), max_digits=4, decimal_places=3, default=0)
    step = models.CharField(_("step"), max_length=200, blank=True)
    log = models.JSONField(_("log"), default=list, blank=True)
    result = models.JSONField(_("result"), default=dict, blank=True)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    cancel_requested = models.BooleanField(_("cancel requested"), default=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [models.Index(fields=["by", "-created_at"], name="job_by_user")]
        constraints = [
            models.CheckConstraint(name="job_progress_range", condition=models.Q(progress__gte=0, progress__lte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.label} #{self.pk}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in {self.Status.DONE, self.Status.FAILED, self.Status.CANCELLED}

    @property
    def percent(self) -> int:
        """Progress for show, 0–100."""
        return int(self.progress * 100)


class StoredFile(models.Model):
    """A file kept under the home: an export, a list of rejected rows. Only whoever asked for it may fetch it."""

    name = models.CharField(_("name"), max_length=200)
    path = models.CharField(_("path"), max_length=300, unique=True)
    content_type = models.CharField(_("content type"), max_length=100)
    size = models.BigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="files", verbose_name=_("owner")
    )
    permission = models.CharField(_("permission"), max_length=60)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="files", verbose_name=_("job"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"))

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = [models.Index(fields=["expires_at"], name="file_by_expiry")]

    def __str__(self) -> str:
        return self.name

"""Who took what out of the product, as a file or on paper. The tracing code on it leads here."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bankcrm.core.approval_models import Approval
from bankcrm.core.exporting.codes import LENGTH, grouped


class ExportRecord(models.Model):
    """One file or print. Rows are only added; they outlive the file."""

    class Kind(models.TextChoices):
        EXPORT = "export", _("Export")
        PRINT = "print", _("Print")

    code = models.CharField(_("tracing code"), max_length=LENGTH, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    list_code = models.CharField(_("list"), max_length=60)
    what = models.CharField(_("content"), max_length=200)
    query = models.TextField(_("query"), blank=True)
    filter_text = models.TextField(_("filter"), blank=True)
    columns = models.JSONField(_("columns"), default=list)
    rows = models.IntegerField(_("rows"))
    names_customers = models.BooleanField(_("names customers"))
    customer_id = models.BigIntegerField(_("customer"), null=True, blank=True)
    purpose_code = models.CharField(_("kind of purpose"), max_length=40)
    purpose = models.CharField(_("purpose"), max_length=200)
    format = models.CharField(_("format"), max_length=10, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("user")
    )
    acting_for = models.BigIntegerField(_("in the name of"), null=True, blank=True)
    post_id = models.BigIntegerField(_("post"), null=True, blank=True)
    role = models.CharField(_("role"), max_length=40, blank=True)
    # The id alone: a unit's preorder number moves with the tree, and these rows are never changed.
    unit_id = models.BigIntegerField(_("unit"), null=True, blank=True)
    address = models.CharField(_("address"), max_length=64, blank=True)
    approval = models.ForeignKey(
        Approval, models.PROTECT, null=True, blank=True, related_name="exports", verbose_name=_("approval")
    )
    # No foreign key: the file goes when its time is over, the record stays.
    file_id = models.BigIntegerField(_("file"), null=True, blank=True)
    file_name = models.CharField(_("name of the file"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("expires at"))

    class Meta:
        app_label = "core"
        verbose_name = _("export or print")
        verbose_name_plural = _("exports and prints")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"], name="export_by_user"),
            models.Index(fields=["unit_id", "-id"], name="export_by_unit"),
            models.Index(fields=["file_id"], name="export_by_file"),
            models.Index(fields=["customer_id"], name="export_by_customer"),
            models.Index(fields=["made_at"], name="export_by_time"),
        ]
        constraints = [
            models.CheckConstraint(name="export_says_why", condition=~models.Q(purpose="")),
            models.CheckConstraint(name="export_expires_later", condition=models.Q(expires_at__gt=models.F("made_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.grouped_code}"

    @property
    def grouped_code(self) -> str:
        """The tracing code as people read it."""
        return grouped(self.code)

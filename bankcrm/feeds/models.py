"""Deliveries, what became of them, and the build that is published."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bankcrm.feeds.querysets import LedgerManager
from bankcrm.org.models import OrgUnit


class Load(models.Model):
    """One delivery for one business date on its way through the pipeline."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        PUBLISHED = "published", _("Published")
        UNCHANGED = "unchanged", _("Unchanged")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        SUPERSEDED = "superseded", _("Superseded")

    class Mode(models.TextChoices):
        DAILY = "daily", _("Daily")
        HISTORY = "history", _("First loading")

    business_date = models.DateField(_("business date"))
    mode = models.CharField(_("mode"), max_length=8, choices=Mode, default=Mode.DAILY)
    folder = models.CharField(_("folder"), max_length=500)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    step = models.CharField(_("step"), max_length=30, blank=True)
    progress = models.DecimalField(_("progress"), max_digits=4, decimal_places=3, default=0)
    problem = models.CharField(_("problem"), max_length=40, blank=True)
    problem_detail = models.JSONField(_("detail of the problem"), default=dict, blank=True)
    log = models.JSONField(_("log"), default=list, blank=True)
    changed = models.JSONField(_("rows changed"), default=dict, blank=True)
    cancel_requested = models.BooleanField(_("cancel requested"), default=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("started by")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("load")
        verbose_name_plural = _("loads")
        ordering = ["-business_date", "-id"]
        constraints = [models.UniqueConstraint(fields=["state"], condition=Q(state="running"), name="load_one_runs")]
        indexes = [models.Index("fingerprint", name="load_by_fingerprint")]

    def __str__(self) -> str:
        return f"{self.business_date} #{self.pk}"


class LoadFile(models.Model):
    """One file of a load: counts, totals, where its rows lie in the lake. `is_effective`: part of the present state."""

    load = models.ForeignKey(Load, models.CASCADE, related_name="files", verbose_name=_("load"))
    feed = models.CharField(_("feed"), max_length=30)
    source_system = models.CharField(_("source system"), max_length=20, blank=True)
    business_date = models.DateField(_("business date"))
    scope = models.CharField(_("scope"), max_length=5)
    file = models.CharField(_("file"), max_length=300)
    sha256 = models.CharField(max_length=64)
    rows_read = models.BigIntegerField(_("rows read"), default=0)
    rows_loaded = models.BigIntegerField(_("rows loaded"), default=0)
    rows_rejected = models.BigIntegerField(_("rows rejected"), default=0)
    rows_warned = models.BigIntegerField(_("rows warned"), default=0)
    totals = models.JSONField(_("control totals"), default=dict, blank=True)
    landed = models.JSONField(_("landed parts"), default=dict, blank=True)
    is_effective = models.BooleanField(_("effective"), default=False)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.file


class Reject(models.Model):
    """A row, a value or a warning in quarantine."""

    class Severity(models.TextChoices):
        ROW = "row", _("Row rejected")
        VALUE = "value", _("Value left out")
        WARNING = "warning", _("Warning")

    load = models.ForeignKey(Load, models.CASCADE, related_name="rejects", verbose_name=_("load"))
    feed = models.CharField(_("feed"), max_length=30)
    file = models.CharField(_("file"), max_length=300)
    line = models.BigIntegerField(_("line"), null=True, blank=True)
    column = models.CharField(_("column"), max_length=40, blank=True)
    value = models.CharField(_("value"), max_length=300, blank=True)
    reason = models.CharField(_("reason"), max_length=40)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity)

    class Meta:
        verbose_name = _("reject")
        verbose_name_plural = _("rejects")
        ordering = ["id"]
        indexes = [models.Index("load", "feed", "reason", name="reject_by_load")]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.column} {self.reason}"


class Build(models.Model):
    """A build of the lake. The one that is current was committed together with the facts copied from it."""

    load = models.ForeignKey(Load, models.PROTECT, null=True, blank=True, related_name="builds", verbose_name=_("load"))
    business_date = models.DateField(_("business date"))
    manifest = models.JSONField(_("manifest"), default=dict)
    is_current = models.BooleanField(_("current"), default=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("build")
        verbose_name_plural = _("builds")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="build_one_current")
        ]

    def __str__(self) -> str:
        return f"build {self.pk} of {self.business_date}"


class BankSetting(models.Model):
    """What the first delivery settles for ever: the base currency. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.CharField(_("bank"), max_length=100, blank=True)
    base_currency = models.CharField(_("base currency"), max_length=3)
    erasure_salt = models.CharField(_("salt of erased keys"), max_length=32, blank=True)

    class Meta:
        verbose_name = _("bank setting")
        verbose_name_plural = _("bank settings")
        constraints = [models.CheckConstraint(name="bank_setting_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return self.name


class ErasedKey(models.Model):
    """The key of a source customer or a holding that was erased, as a salted digest, so that no load brings it back."""

    class What(models.TextChoices):
        CUSTOMER = "customer", _("Source customer")
        HOLDING = "holding", _("Holding")

    what = models.CharField(_("what"), max_length=10, choices=What)
    retention_class = models.CharField(_("class of retention"), max_length=20)
    digest = models.CharField(_("digest"), max_length=64)
    erased_on = models.DateField(_("erased on"))
    cleaned_at = models.DateTimeField(_("taken out of the lake at"), null=True, blank=True)

    class Meta:
        verbose_name = _("erased key")
        verbose_name_plural = _("erased keys")
        indexes = [models.Index("id", name="erased_key_to_clean", condition=Q(cleaned_at=None))]
        constraints = [
            models.UniqueConstraint(fields=["retention_class", "what", "digest"], name="erased_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.retention_class} {self.what} {self.digest[:8]}"


class CalendarDay(models.Model):
    """A day of the bank's calendar."""

    day = models.DateField(_("day"), primary_key=True)
    is_business_day = models.BooleanField(_("business day"))
    holiday = models.CharField(_("holiday"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar")

    def __str__(self) -> str:
        return str(self.day)


class AccountClass(models.TextChoices):
    """Classes of accounts that a ledger account controls; `unknown`: accounts of a product that nobody knows."""

    DEPOSIT = "deposit", _("Deposit")
    INVESTMENT = "investment", _("Investment")
    LOAN = "loan", _("Loan")
    CARD = "card", _("Card")
    CONTINGENT = "contingent", _("Contingent")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Unidentified")


class LedgerFigures(models.Model):
    """Accounts against the ledger (总分核对) in one cell: booking unit, currency, account class; in that currency.

    `unit` is empty where the code is none of the bank's units, or an account names none.
    """

    unit_code = models.CharField(_("unit code"), max_length=20, blank=True)
    unit = models.ForeignKey(
        OrgUnit, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("booking unit")
    )
    currency = models.CharField(_("currency"), max_length=3)
    account_class = models.CharField(_("account class"), max_length=10, choices=AccountClass)
    as_of = models.DateField(_("compared on"))
    ledger = models.DecimalField(_("ledger"), max_digits=20, decimal_places=2)
    accounts = models.DecimalField(_("accounts"), max_digits=20, decimal_places=2)
    unidentified = models.DecimalField(_("of them unidentified"), max_digits=20, decimal_places=2)
    difference = models.DecimalField(_("difference"), max_digits=20, decimal_places=2)

    objects = LedgerManager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.as_of} {self.unit_code} {self.currency} {self.account_class}"


class LedgerCell(LedgerFigures):
    """A cell as the current build compares it; none where no ledger of its business date was delivered."""

    account_count = models.BigIntegerField(_("accounts"))

    class Meta:
        verbose_name = _("ledger cell")
        verbose_name_plural = _("ledger cells")
        constraints = [
            models.UniqueConstraint(fields=["unit_code", "currency", "account_class"], name="ledger_cell_once")
        ]


class LedgerDifference(LedgerFigures):
    """A cell that does not tie, from the day it was found until it ties again: a steward's or operator's work."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        EXPLAINED = "explained", _("Explained")
        CLOSED = "closed", _("Ties again")

    since_on = models.DateField(_("since"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    reason = models.CharField(_("explanation"), max_length=500, blank=True)
    explained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("explained by"),
    )
    explained_at = models.DateTimeField(_("explained at"), null=True, blank=True)
    closed_on = models.DateField(_("ties again since"), null=True, blank=True)

    class Meta:
        verbose_name = _("difference from the ledger")
        verbose_name_plural = _("differences from the ledger")
        constraints = [
            models.UniqueConstraint(
                fields=["unit_code", "currency", "account_class"],
                condition=~Q(state="closed"),
                name="ledger_difference_one_a_cell",
            ),
            models.CheckConstraint(
                name="ledger_difference_closed_on",
                condition=Q(state="closed", closed_on__isnull=False) | (~Q(state="closed") & Q(closed_on__isnull=True)),
            ),
            models.CheckConstraint(name="ledger_difference_explained", condition=~Q(state="explained") | ~Q(reason="")),
        ]

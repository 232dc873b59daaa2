"""The bank's one record of a person or organisation, what it is made of, and its current figures."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Reverse
from django.utils.translation import gettext_lazy as _

from bankcrm.customers import codes
from bankcrm.customers.querysets import CustomerManager, CustomerOwnedManager, SearchKeyManager
from bankcrm.org.models import OrgUnit, local_name


def money(label: Any) -> "models.DecimalField[Any, Any]":
    """A column of money: NUMERIC(20,2), never a float."""
    return models.DecimalField(label, max_digits=20, decimal_places=2, default=0)


def fen(column: str) -> "models.GeneratedField":
    """The same money in fen as BIGINT.

    Its comparisons are leakproof, so lists can filter and sort by it under row-level security.
    """
    return models.GeneratedField(
        expression=Cast(F(column) * 100, models.BigIntegerField()),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )


class Customer(models.Model):
    """One person or organisation.

    `number` is public and never changes; `unit_no` is the owning unit's preorder number.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("Customer")
        PROSPECT = "prospect", _("Prospect")
        ENDED = "ended", _("Relationship ended")
        UNIDENTIFIED = "unidentified", _("Unidentified")
        ERASED = "erased", _("Erased")

    number = models.CharField(_("customer number"), max_length=11, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=codes.Kind)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.ACTIVE)
    name = models.CharField(_("name"), max_length=200, blank=True)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    sort_key = models.CharField(_("sort key"), max_length=120, blank=True)
    name_pieces = ArrayField(
        models.CharField(max_length=2), verbose_name=_("pieces of the name"), default=list, blank=True
    )
    line = models.CharField(_("business line"), max_length=20, choices=codes.BusinessLine, blank=True)
    industry = models.CharField(_("industry"), max_length=1, choices=codes.Industry, blank=True)
    owning_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("owning unit"))
    unit_no = models.IntegerField(_("owning unit's number"))
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead manager"),
    )
    is_covered = models.BooleanField(_("covered"), default=False)
    since_on = models.DateField(_("customer since"), null=True, blank=True)
    ended_on = models.DateField(_("relationship ended on"), null=True, blank=True)
    last_contact_on = models.DateField(_("last contact"), null=True, blank=True)
    origin = models.JSONField(_("origin of the values"), default=dict, blank=True)

    objects = CustomerManager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        base_manager_name = "objects"
        indexes = [
            # The unit's number at the end: who sees a branch walks the order and passes by the others inside the index.
            models.Index("sort_key", "id", "unit_no", name="customer_by_name"),
            models.Index("since_on", "id", "unit_no", name="customer_by_since"),
            models.Index("last_contact_on", "id", "unit_no", name="customer_by_contact"),
            # The line beside it: who sees one line of business counts it without reading the rows.
            models.Index(fields=["unit_no", "id"], include=["line"], name="customer_by_unit"),
            models.Index("lead", "id", name="customer_by_lead"),
            models.Index(
                fields=["unit_no", "id"], include=["line"], name="customer_uncovered", condition=Q(is_covered=False)
            ),
            models.Index(OpClass("name", name="text_pattern_ops"), "id", "unit_no", name="customer_name_prefix"),
            GinIndex("name_pieces", name="customer_name_pieces"),
        ]
        constraints = [
            models.CheckConstraint(name="customer_kind_known", condition=Q(kind__in=codes.Kind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def label(self) -> str:
        """The name in the language of the page; an anonymous source leaves the number."""
        return local_name(self.name, self.name_en) or self.number

    @property
    def number_grouped(self) -> str:
        """The number as people read it: 6100 0284 517."""
        return f"{self.number[:4]} {self.number[4:8]} {self.number[8:]}"

    @property
    def is_person(self) -> bool:
        return self.kind == codes.Kind.PERSON


class PersonProfile(models.Model):
    """What is known of a person."""

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="person")
    gender = models.CharField(_("gender"), max_length=8, choices=codes.Gender, blank=True)
    birth_on = models.DateField(_("date of birth"), null=True, blank=True)
    nationality = models.CharField(_("nationality"), max_length=2, blank=True)
    marital_status = models.CharField(_("marital status"), max_length=10, choices=codes.MaritalStatus, blank=True)
    education = models.CharField(_("education"), max_length=14, choices=codes.Education, blank=True)
    occupation = models.CharField(_("occupation"), max_length=14, choices=codes.Occupation, blank=True)
    employer_name = models.CharField(_("employer"), max_length=120, blank=True)
    annual_income = models.DecimalField(_("annual income"), max_digits=20, decimal_places=2, null=True, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        base_manager_name = "objects"

    def __str__(self) -> str:
        return str(self.pk)


class OrganisationProfile(models.Model):
    """What is known of an organisation."""

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="organisation")
    organisation_type = models.CharField(_("type"), max_length=16, choices=codes.OrganisationType, blank=True)
    enterprise_size = models.CharField(_("size"), max_length=8, choices=codes.EnterpriseSize, blank=True)
    registered_capital = models.DecimalField(
        _("registered capital"), max_digits=20, decimal_places=2, null=True, blank=True
    )
    employee_count = models.IntegerField(_("employees"), null=True, blank=True)
    established_on = models.DateField(_("established on"), null=True, blank=True)
    business_scope = models.CharField(_("business scope"), max_length=1000, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        base_manager_name = "objects"

    def __str__(self) -> str:
        return str(self.pk)


class SourceCustomer(models.Model):
    """A customer as one source system knows it.

    `key` is `source_system/source_id`; `attributes` holds the delivered values.
    """

    key = models.CharField(_("key"), max_length=61, unique=True)
    source_system = models.CharField(_("source system"), max_length=20)
    source_id = models.CharField(_("customer id there"), max_length=40)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="sources", verbose_name=_("customer"))
    kind = models.CharField(_("kind"), max_length=12, choices=codes.Kind)
    name = models.CharField(_("name"), max_length=200, blank=True)
    attributes = models.JSONField(_("delivered values"), default=dict, blank=True)
    delivered_on = models.DateField(_("business date of the last change"))
    is_present = models.BooleanField(_("in the source today"), default=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("source customer")
        verbose_name_plural = _("source customers")

    def __str__(self) -> str:
        return self.key


class Figures(models.Model):
    """Figures of the current build, in the bank's base currency, as of its business date (`core.dates.business_date`).

    Averages: month to date, over calendar days. A row is written only when a figure changes, so it carries no date.
    """

    aum_end = money(_("AUM"))
    aum_average = money(_("AUM month average"))
    deposit_end = money(_("deposits"))
    deposit_average = money(_("deposits month average"))
    loan_end = money(_("loans"))
    loan_average = money(_("loans month average"))
    contingent_end = money(_("contingent"))
    product_count = models.IntegerField(_("products held"), default=0)
    holding_count = models.IntegerField(_("accounts"), default=0)
    aum_average_last_month = money(_("AUM average of last month"))
    deposit_average_last_month = money(_("deposit average of last month"))
    loan_average_last_month = money(_("loan average of last month"))
    aum_end_year_start = money(_("AUM at the start of the year"))
    last_transaction_on = models.DateField(_("last transaction"), null=True, blank=True)

    class Meta:
        abstract = True


class CustomerFigures(Figures):
    """Current figures of a customer, whole bank. The fen columns are what lists filter and sort by.

    `unit_no` repeats the owning unit's number from the customer's row, so that the index of a sort knows who sees it.
    """

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="figures")
    unit_no = models.IntegerField(_("owning unit's number"), db_default=0)
    aum_end_fen = fen("aum_end")
    aum_average_fen = fen("aum_average")
    deposit_end_fen = fen("deposit_end")
    deposit_average_fen = fen("deposit_average")
    loan_end_fen = fen("loan_end")
    loan_average_fen = fen("loan_average")
    aum_change_fen = models.GeneratedField(
        expression=Cast((F("aum_average") - F("aum_average_last_month")) * 100, models.BigIntegerField()),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("customer figures")
        verbose_name_plural = _("customer figures")
        base_manager_name = "objects"
        indexes = [
            models.Index("aum_end_fen", "customer", "unit_no", name="figures_by_aum_end"),
            models.Index("aum_average_fen", "customer", "unit_no", name="figures_by_aum_average"),
            models.Index("deposit_end_fen", "customer", "unit_no", name="figures_by_deposit_end"),
            models.Index("deposit_average_fen", "customer", "unit_no", name="figures_by_deposit_average"),
            models.Index("loan_end_fen", "customer", "unit_no", name="figures_by_loan_end"),
            models.Index("aum_change_fen", "customer", "unit_no", name="figures_by_aum_change"),
            models.Index("product_count", "customer", "unit_no", name="figures_by_product_count"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CustomerUnitFigures(Figures):
    """Current figures of a customer at one booking unit."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="unit_figures")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("booking unit"))
    unit_no = models.IntegerField(_("booking unit's number"))

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("customer figures by unit")
        verbose_name_plural = _("customer figures by unit")
        constraints = [models.UniqueConstraint(fields=["customer", "unit"], name="unit_figures_once")]

    def __str__(self) -> str:
        return f"{self.customer_id} @ {self.unit_id}"


class SearchKey(models.Model):
    """What a search needle may hit besides the name: pinyin, initials, phones, documents, accounts, source numbers.

    Full values: a query compares the whole value, or the tail that the user's mask shows, through `reverse(value)`.
    """

    class Kind(models.TextChoices):
        PINYIN = "pinyin", _("Pinyin")
        INITIALS = "initials", _("Initials")
        PHONE = "phone", _("Phone")
        DOCUMENT = "document", _("Document")
        ACCOUNT = "account", _("Account")
        SOURCE = "source", _("Source number")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="search_keys")
    kind = models.CharField(max_length=8, choices=Kind)
    value = models.CharField(max_length=120)
    # The customer's own, so that the index passes by what other units own: a surname has a hundred thousand bearers.
    unit_no = models.IntegerField(default=0, db_default=0)

    objects = SearchKeyManager()

    class Meta:
        verbose_name = _("search key")
        verbose_name_plural = _("search keys")
        constraints = [models.UniqueConstraint(fields=["customer", "kind", "value"], name="search_key_once")]
        indexes = [
            models.Index(
                "kind", OpClass("value", name="text_pattern_ops"), "customer", "unit_no", name="search_key_by_value"
            ),
            models.Index("kind", OpClass(Reverse("value"), name="text_pattern_ops"), name="search_key_by_tail"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.customer_id}"


class FieldOverride(models.Model):
    """A value that staff put in place of what the sources deliver, until staff release it or a load ends it.

    `source_value` is the sources' word that it corrected, as text; None until a load tells it. `source_differs_on`:
    since when the sources say a third thing, neither this value nor the one it corrected: work for a steward.
    """

    class Ending(models.TextChoices):
        RELEASED = "released", _("released")
        REPLACED = "replaced", _("replaced by another correction")
        SOURCE_CHANGED = "source_changed", _("ended: the source delivered another value")
        SOURCE_AGREES = "source_agrees", _("ended: the source says the same now")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="overrides", verbose_name=_("customer"))
    field = models.CharField(_("field"), max_length=40)
    value = models.JSONField(_("value"))
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("released by")
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    ending = models.CharField(_("how it ended"), max_length=14, choices=Ending, blank=True)
    source_value = models.TextField(_("the source's value that it corrected"), null=True, blank=True)
    source_differs_on = models.DateField(_("the source says something else since"), null=True, blank=True)

    objects = CustomerOwnedManager()

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "field"], condition=Q(released_at=None), name="override_once_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.customer_id}"

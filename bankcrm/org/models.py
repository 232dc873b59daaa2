"""The bank's tree, its people, and the posts they hold."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _


def local_name(zh: str, en: str) -> str:
    """The name in the language of the page; bank data stay as delivered where there is only one."""
    return (en or zh) if (translation.get_language() or "").startswith("en") else zh


class OrgUnit(models.Model):
    """A node of the bank's tree. `no` numbers the tree in preorder with gaps; those below have `no` < n < `no_end`."""

    class Kind(models.TextChoices):
        HEAD_OFFICE = "head_office", _("Head office")
        BRANCH = "branch", _("Branch")
        SUB_BRANCH = "sub_branch", _("Sub-branch")
        OUTLET = "outlet", _("Outlet")
        DEPARTMENT = "department", _("Department")

    code = models.CharField(_("unit code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent unit")
    )
    region = models.CharField(_("region"), max_length=60, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    no = models.IntegerField(_("preorder number"))
    no_end = models.IntegerField(_("preorder end"))
    depth = models.PositiveSmallIntegerField(_("depth"), default=0)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["no"]
        constraints = [
            models.CheckConstraint(name="org_unit_numbers_nested", condition=Q(no_end__gt=F("no"))),
            models.UniqueConstraint(name="org_unit_no_unique", fields=["no"], deferrable=models.Deferrable.DEFERRED),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return local_name(self.name, self.name_en)


class UserManager(BaseUserManager["User"]):
    """Makes users; passwords are set by the login actions only."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """Someone who can log in. The login name is the employee number."""

    class MoneyUnit(models.TextChoices):
        YUAN = "1", _("yuan")
        TEN_THOUSAND = "10000", _("10,000 yuan")
        HUNDRED_MILLION = "100000000", _("100 million yuan")

    username = models.CharField(_("employee number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    home_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="users", verbose_name=_("home unit"))
    mobile = models.CharField(_("mobile"), max_length=30, blank=True)
    email = models.CharField(_("e-mail"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    money_unit = models.CharField(_("unit of money"), max_length=9, choices=MoneyUnit, default=MoneyUnit.TEN_THOUSAND)
    rise_is_red = models.BooleanField(_("red rises, green falls"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    must_change_password = models.BooleanField(_("must change password"), default=True)
    password_changed_at = models.DateTimeField(_("password changed at"), null=True, blank=True)
    last_login_address = models.CharField(_("last login from"), max_length=64, blank=True)
    last_login_device = models.CharField(_("last login device"), max_length=200, blank=True)
    previous_login_at = models.DateTimeField(_("login before the last"), null=True, blank=True)
    previous_login_address = models.CharField(_("address of the login before"), max_length=64, blank=True)
    previous_login_device = models.CharField(_("device of the login before"), max_length=200, blank=True)
    failed_logins_since = models.PositiveIntegerField(_("failed logins since the last login"), default=0)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]

    def __str__(self) -> str:
        return f"{self.username} {self.label}"

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return local_name(self.name, self.name_en)

    def get_full_name(self) -> str:
        return self.label


class Team(models.Model):
    """Managers (and product or risk staff) who look after customers together."""

    code = models.CharField(_("team code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="teams", verbose_name=_("unit"))

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A role held at a unit with a data scope, for a period (half-open)."""

    class DataScope(models.TextChoices):
        SELF = "self", _("Self")
        TEAM = "team", _("Team")
        UNIT = "unit", _("Unit")
        SUBTREE = "subtree", _("Unit and below")
        BANK = "bank", _("Whole bank")

    user = models.ForeignKey(User, models.CASCADE, related_name="posts", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=40)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="posts", verbose_name=_("unit"))
    data_scope = models.CharField(_("data scope"), max_length=10, choices=DataScope)
    business_line = models.CharField(_("business line"), max_length=20, blank=True)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="posts", verbose_name=_("team"))
    valid = DateRangeField(_("valid"), default=None)
    from_feed = models.BooleanField(_("from the employee feed"), default=False)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["id"]
        constraints = [
            ExclusionConstraint(
                name="org_post_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.unit}"


class Manager(models.Model):
    """A user accredited to look after customers, for a period."""

    user = models.OneToOneField(User, models.CASCADE, related_name="manager", verbose_name=_("user"))
    accredited = DateRangeField(_("accredited"))
    from_feed = models.BooleanField(_("from the employee feed"), default=False)

    class Meta:
        verbose_name = _("manager")
        verbose_name_plural = _("managers")

    def __str__(self) -> str:
        return str(self.user)


class ApiToken(models.Model):
    """What a program shows to act as a user. Only the token's digest is kept: whoever reads the table cannot use it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name=_("user"))
    name = models.CharField(_("name"), max_length=40)
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

"""The bank's people."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from bankcrm.org.models.units import OrgUnit, local_name


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
    from_feed = models.BooleanField(_("from the employee feed"), default=False, db_default=False)
    by_hand = models.JSONField(_("changed by hand"), null=True, blank=True)

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


class FormerPassword(models.Model):
    """The hash of a password that a user has or had, so that it is not taken again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords", verbose_name=_("user"))
    encoded = models.CharField(_("hash"), max_length=128)
    set_at = models.DateTimeField(_("set at"))

    class Meta:
        verbose_name = _("former password")
        verbose_name_plural = _("former passwords")

    def __str__(self) -> str:
        return f"{self.user} {self.set_at:%Y-%m-%d}"

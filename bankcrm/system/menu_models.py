"""How the bank arranges the left menu."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bankcrm.org.models import OrgUnit


class MenuLine(models.Model):
    """What the bank sets for a line of the menu, or a link to another system (`url`). Empty: as the program has it."""

    code = models.CharField(_("line of the menu"), max_length=80, unique=True)
    label_zh = models.CharField(_("Chinese name"), max_length=30, blank=True)
    label_en = models.CharField(_("English name"), max_length=40, blank=True)
    icon = models.CharField(_("icon"), max_length=40, blank=True)
    order = models.IntegerField(_("order"), null=True, blank=True)
    is_hidden = models.BooleanField(_("hidden"), default=False)
    roles = models.JSONField(_("only for roles"), default=list, blank=True)
    unit = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("only for unit and below")
    )
    url = models.CharField(_("address"), max_length=500, blank=True)
    parent = models.CharField(_("module"), max_length=80, blank=True)
    parameter = models.CharField(_("hands over the employee number as"), max_length=32, blank=True)

    class Meta:
        app_label = "system"
        verbose_name = _("line of the menu")
        verbose_name_plural = _("lines of the menu")
        constraints = [
            models.CheckConstraint(name="menu_link_is_https", condition=Q(url="") | Q(url__startswith="https://")),
            models.CheckConstraint(
                name="menu_link_has_names", condition=Q(url="") | ~(Q(label_zh="") | Q(label_en=""))
            ),
        ]

    def __str__(self) -> str:
        return self.code

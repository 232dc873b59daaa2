"""What a user keeps of a list: the chosen filter, sort and columns under a name."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A user's view of a list. The view without a name is the user's present choice of columns."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name=_("user")
    )
    list_code = models.CharField(_("list"), max_length=20)
    name = models.CharField(_("name"), max_length=40, blank=True)
    query = models.CharField(_("filter"), max_length=2000, blank=True)
    columns = ArrayField(models.CharField(max_length=30), verbose_name=_("columns"), default=list, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "list_code", "name"], name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name

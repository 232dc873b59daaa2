"""What is kept of the machinery: requests that were slow, and how large things were each day."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class SlowRequest(models.Model):
    """A request that took long: a sample, kept for a month. Its route, never its address: that may name somebody."""

    at = models.DateTimeField(_("when"), db_default=Now())
    route = models.CharField(_("page"), max_length=100)
    method = models.CharField(_("method"), max_length=10)
    status = models.SmallIntegerField(_("status"))
    milliseconds = models.IntegerField(_("milliseconds"))
    queries = models.IntegerField(_("statements"))
    query_milliseconds = models.IntegerField(_("of them in the database"))
    user_id = models.BigIntegerField(_("user"), null=True)
    request_id = models.CharField(_("request"), max_length=32)

    class Meta:
        verbose_name = _("slow request")
        verbose_name_plural = _("slow requests")
        indexes = [models.Index("at", name="slow_request_by_time")]

    def __str__(self) -> str:
        return f"{self.route} {self.milliseconds} ms"


class SizeOfDay(models.Model):
    """How large the bank was on a day, in bytes."""

    day = models.DateField(_("day"), primary_key=True)
    database = models.BigIntegerField(_("database"))
    lake = models.BigIntegerField(_("lake"))
    files = models.BigIntegerField(_("files"))
    free = models.BigIntegerField(_("free disk"))

    class Meta:
        verbose_name = _("size of a day")
        verbose_name_plural = _("sizes by day")

    def __str__(self) -> str:
        return str(self.day)

"""What the bank sells."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bankcrm.org.models import local_name


class Product(models.Model):
    """A product of the catalogue, from the product feed or by hand."""

    code = models.CharField(_("product code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    product_class = models.CharField(_("product class"), max_length=30, db_index=True)
    business_line = models.CharField(_("business line"), max_length=20)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    term_days = models.IntegerField(_("term in days"), null=True, blank=True)
    rate = models.DecimalField(_("annual rate"), max_digits=12, decimal_places=8, null=True, blank=True)
    launched_on = models.DateField(_("launched on"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return local_name(self.name, self.name_en)

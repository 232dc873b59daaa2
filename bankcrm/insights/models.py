"""The customers of cells that somebody opened as a list."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CellSet(models.Model):
    """The customers of one cell of the cross view, as one scope sees it: kept for a day, made again when asked again.

    `digest` stands for the cell's description and the reader's units and lines: readers who see the same share it.
    """

    digest = models.CharField(max_length=64, unique=True)
    build_id = models.BigIntegerField(_("build"))  # no foreign key: a set is thrown away with its build, or before
    customers = models.IntegerField(_("customers"))
    total_fen = models.BigIntegerField(_("total in fen"), null=True, blank=True)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("customers of a cell")
        verbose_name_plural = _("customers of cells")
        indexes = [models.Index("made_at", name="cell_set_by_age")]

    def __str__(self) -> str:
        return self.digest[:12]


class CellMember(models.Model):
    """One customer of a cell and what the customer brings to its number; no amount where customers are counted."""

    pk = models.CompositePrimaryKey("cell_set_id", "customer_id")
    cell_set = models.ForeignKey(  # unchecked and without an index of its own: the key begins with it
        CellSet, models.DO_NOTHING, related_name="members", db_constraint=False, db_index=False, verbose_name=_("cell")
    )
    customer_id = models.BigIntegerField(_("customer"))  # no foreign key: these come and go in hundred thousands
    amount_fen = models.BigIntegerField(_("amount in fen"), null=True, blank=True)

    class Meta:
        verbose_name = _("customer of a cell")
        verbose_name_plural = _("customers of a cell")

    def __str__(self) -> str:
        return f"{self.cell_set_id}/{self.customer_id}"

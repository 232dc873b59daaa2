"""By what the cross view counts: codes and the words for them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.customers import codes
from bankcrm.valuation.queries.table import LevelWords

UNIT, REGION, LINE, KIND, INDUSTRY, TIER = "unit", "region", "line", "kind", "industry", "tier"
CLASS, MONTH = "class", "month"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension. `words` names its members in their order; the empty code is what is not known. Units and regions
    are data, and months are what they are: these have no words here. Tiers are data, too; their words are looked up."""

    code: str
    label: Promise
    words: Mapping[str, str | Promise]
    is_place: bool = False


DIMENSIONS: dict[str, Dimension] = {
    one.code: one
    for one in (
        Dimension(UNIT, _("Units"), {}, is_place=True),
        Dimension(REGION, _("Region"), {}, is_place=True),
        Dimension(LINE, _("Business line"), {**dict(codes.BusinessLine.choices), "": _("Unidentified")}),
        Dimension(KIND, _("Kind of customer"), {**dict(codes.Kind.choices), "": _("Unidentified")}),
        Dimension(INDUSTRY, _("Industry"), {**dict(codes.Industry.choices), "": _("No industry")}),
        Dimension(TIER, _("Customer tier"), LevelWords()),
        Dimension(CLASS, _("Product class"), {**dict(codes.ProductClass.choices), "": _("Holds nothing")}),
        Dimension(MONTH, _("Month"), {}),
    )
}

"""What the bank calls its source systems: codes are for files, names for people."""

from collections.abc import Mapping

from django.utils.translation import get_language, gettext

from bankcrm.core import parameters
from bankcrm.core.choices import read_choices
from bankcrm.customers.models.by_hand import STAFF

SOURCE_NAMES = "customers.source_names"
# The systems of the demonstration bank, and what most banks have; a bank sets its own.
USUAL = "CORE=核心系统/Core banking; LOAN=信贷系统/Lending; CARD=信用卡系统/Cards; WEALTH=理财系统/Wealth"


def source_names() -> Mapping[str, str]:
    """Code -> name in the reader's language, by the parameter `customers.source_names`."""
    place = 0 if (get_language() or "zh").startswith("zh") else 1
    return {code: names[place] for code, names in read_choices(str(parameters.value(SOURCE_NAMES))).items()}


def named(codes: str) -> str:
    """Names for the codes of one or several systems (`CORE, LOAN`); one without a name keeps its code."""
    names = {**source_names(), STAFF: gettext("Staff")}
    return ", ".join(names.get(code, code) for code in codes.split(", "))

"""What the bank calls its source systems: codes are for files, names for people."""

from collections.abc import Mapping

from django.utils.translation import get_language, gettext

from bankcrm.core import parameters
from bankcrm.customers.models.by_hand import STAFF

SOURCE_NAMES = "customers.source_names"
# The systems of the demonstration bank, and what most banks have; a bank sets its own.
USUAL = "CORE=核心系统/Core banking; LOAN=信贷系统/Lending; CARD=信用卡系统/Cards; WEALTH=理财系统/Wealth"


def read_names(text: str) -> dict[str, tuple[str, str]]:
    """`CORE=核心系统/Core banking; …` as code -> (Chinese, English); one name alone serves both languages.

    Parts that name no code are passed over: a slip in a setting must not take a page away.
    """
    found: dict[str, tuple[str, str]] = {}
    for part in text.split(";"):
        code, separator, names = (piece.strip() for piece in part.partition("="))
        if code and separator and names:
            chinese, _slash, english = (piece.strip() for piece in names.partition("/"))
            found[code] = (chinese or english, english or chinese)
    return found


def source_names() -> Mapping[str, str]:
    """Code -> name in the reader's language, by the parameter `customers.source_names`."""
    place = 0 if (get_language() or "zh").startswith("zh") else 1
    return {code: names[place] for code, names in read_names(str(parameters.value(SOURCE_NAMES))).items()}


def named(codes: str) -> str:
    """Names for the codes of one or several systems (`CORE, LOAN`); one without a name keeps its code."""
    names = {**source_names(), STAFF: gettext("Staff")}
    return ", ".join(names.get(code, code) for code in codes.split(", "))

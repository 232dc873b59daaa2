"""Settings of consent: which purposes are marketing, which the law asks for, and whether consent comes first."""

import re
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bankcrm.core.parameters import Parameter, register, register_group, value

MARKETING_PURPOSES, NECESSARY_PURPOSES = "privacy.marketing_purposes", "privacy.necessary_purposes"
MARKETING_BASIS = "privacy.marketing_basis"
NOT_REFUSED, GIVEN = "not_refused", "given"
CODE = re.compile(r"[a-z0-9_-]{1,40}", re.IGNORECASE)


class Use(StrEnum):
    """What a purpose of a file or print makes of personal information."""

    MARKETING = "marketing"
    NECESSARY = "necessary"  # the law asks for it: restriction does not stand against it
    OTHER = "other"


def use_of(purpose_code: str) -> Use:
    """Of a purpose's code. What the bank named both is marketing: the stricter one."""
    if purpose_code in _codes(str(value(MARKETING_PURPOSES))):
        return Use.MARKETING
    return Use.NECESSARY if purpose_code in _codes(str(value(NECESSARY_PURPOSES))) else Use.OTHER


def needs_consent() -> bool:
    """Whether marketing needs a consent; else it needs that nobody refused."""
    return bool(value(MARKETING_BASIS) == GIVEN)


def check_codes(text: str) -> None:
    """ValidationError for a list with something that is no code."""
    for one in _codes(text):
        if not CODE.fullmatch(one):
            raise ValidationError(_("Write codes of purposes with a comma between them; %(code)s is none."),
                                  params={"code": one})  # fmt: skip


def register_all() -> None:
    """Called once when the app is ready."""
    register_group("privacy", _("Personal information"))
    register(
        Parameter(
            MARKETING_PURPOSES,
            str,
            "campaign",
            _("Purposes of files and prints that are marketing (codes)"),
            check=check_codes,
            meaning=_("Whoever refused marketing, or whose processing is restricted, is left out of such files."),
            four_eyes=True,
        )
    )
    register(
        Parameter(
            NECESSARY_PURPOSES,
            str,
            "review,correction,regulator,subject",
            _("Purposes of files and prints that the law asks for (codes)"),
            check=check_codes,
            meaning=_("Customers whose processing is restricted stand in such files only."),
            four_eyes=True,
        )
    )
    register(
        Parameter(
            MARKETING_BASIS,
            str,
            NOT_REFUSED,
            _("Who may be contacted for marketing"),
            choices={NOT_REFUSED: _("Whoever has not refused"), GIVEN: _("Only whoever has consented")},
            meaning=_("A consent that was given for a time counts as refused once that is over."),
            four_eyes=True,
        )
    )


def _codes(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]

"""What a file or a print is for: one of the bank's list, and in one's own words."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bankcrm.core import parameters
from bankcrm.core.choices import read_choices

PURPOSES = "exports.purposes"
LEAST = 4
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose that was checked."""

    code: str
    text: str

    @property
    def label(self) -> str:
        """The name of its kind in the reader's language; the code where the bank has taken it off its list."""
        return label_of(self.code)

    @property
    def words(self) -> str:
        """Kind and own words."""
        return str(_("%(kind)s: %(words)s")) % {"kind": self.label, "words": self.text}


def choices() -> list[tuple[str, str]]:
    """The kinds to choose from, in the reader's language."""
    place = 0 if (get_language() or "zh").startswith("zh") else 1
    return [(code, names[place]) for code, names in read_choices(str(parameters.value(PURPOSES))).items()]


def label_of(code: str) -> str:
    """The name of a kind."""
    return dict(choices()).get(code, code)


def purpose_of(code: str, text: str) -> Purpose:
    """A purpose as entered. ValidationError naming `purpose_code` or `purpose` when it is none."""
    problems: dict[str, list[ValidationError]] = {}
    wanted = " ".join(text.split())[:LONGEST]
    if code not in dict(choices()):
        problems["purpose_code"] = [ValidationError(_("Choose what it is for."))]
    if sum(one.isalnum() for one in wanted) < LEAST or len(set(wanted)) == 1:
        message = _("Say in your own words what it is for: at least %(count)d characters.")
        problems["purpose"] = [ValidationError(message, params={"count": LEAST})]
    if problems:
        raise ValidationError(problems)
    return Purpose(code, wanted)

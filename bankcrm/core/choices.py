"""Lists that a bank keeps in a parameter: `CODE=中文/English; …`."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def read_choices(text: str) -> dict[str, tuple[str, str]]:
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


def check_choices(text: str) -> None:
    """Raises ValidationError for a list without any entry, or with a part that is none."""
    parts = [part for part in text.split(";") if part.strip()]
    if not parts or len(read_choices(text)) != len(parts):
        raise ValidationError(_("Write each as CODE=Chinese/English, with a semicolon between them; each code once."))

"""The interface's words in both languages, from the catalogues that the pages themselves use."""

import re
from functools import cache

from babel.messages.pofile import read_po

from tests.browser.bank import ROOT

HAN = re.compile(r"[\u4e00-\u9fff]")
RAW_CODE = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
"""A name out of the code, like `relationship_manager`: never meant for a reader."""


def _is_word(text: str) -> bool:
    """A number reads alike in both languages, and a pattern never stands on a page as it is."""
    return "%" not in text and re.search("[A-Za-z]", text) is not None


@cache
def english_only() -> frozenset[str]:
    """Whole texts that must not stand on a Chinese page: English msgids whose Chinese is another word."""
    found: set[str] = set()
    for path in ROOT.glob("bankcrm/*/locale/zh_Hans/LC_MESSAGES/django.po"):
        with path.open("rb") as stream:
            for message in read_po(stream):
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                strings = message.string if isinstance(message.string, tuple) else (message.string,)
                found.update(text for text in ids if _is_word(text) and text not in strings)
    return frozenset(found)


def foreign_to_chinese(texts: list[str], *, codes: bool = True) -> list[str]:
    """Texts of a Chinese page that are English words of the interface, or raw codes; codes may be let through."""
    if codes:
        return [text for text in texts if text in english_only() or RAW_CODE.search(text)]
    return [text for text in texts if text in english_only() and not re.fullmatch("[a-z_]+", text)]


def foreign_to_english(texts: list[str]) -> list[str]:
    """Texts of an English page's frame that are Chinese. The bank's own data stay as delivered and are not asked."""
    return [text for text in texts if HAN.search(text)]

"""Tracing codes: nine drawn characters and one that checks them, easy to read off paper and to type.

The alphabet leaves out what is taken for another (0 O, 1 I L) and has 31 characters: a prime, so that the weighted
sum finds every single wrong character and every two that changed places.
"""

import secrets
import unicodedata
from enum import StrEnum

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
DRAWN = 9
LENGTH = DRAWN + 1
GROUP = 5
SEPARATORS = frozenset("-‐‑‒–—−_./·・ \t\u3000")


class Fault(StrEnum):
    """Why a text is no tracing code."""

    LENGTH = "length"
    CHARACTER = "character"
    CHECK = "check"  # a character was misread, or two changed places


class NotACode(ValueError):  # noqa: N818 - says what is the matter
    """A typed text that is no tracing code."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def draw() -> str:
    """A new code, checked and not guessable: 44 bits of it are drawn."""
    body = "".join(secrets.choice(ALPHABET) for _place in range(DRAWN))
    return body + check_character(body)


def check_character(body: str) -> str:
    """The character that goes after the drawn ones: their sum, each times its place, modulo 31."""
    return ALPHABET[sum(place * ALPHABET.index(one) for place, one in enumerate(body, 1)) % len(ALPHABET)]


def read(typed: str) -> str:
    """The code of a text as people type it: small letters, full-width ones, with or without separators.

    Raises NotACode.
    """
    text = unicodedata.normalize("NFKC", typed).upper()
    code = "".join(one for one in text if one not in SEPARATORS)
    if any(one not in ALPHABET for one in code):
        raise NotACode(Fault.CHARACTER)
    if len(code) != LENGTH:
        raise NotACode(Fault.LENGTH)
    if check_character(code[:DRAWN]) != code[DRAWN]:
        raise NotACode(Fault.CHECK)
    return code


def grouped(code: str) -> str:
    """The code in groups, as it is shown and printed."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))

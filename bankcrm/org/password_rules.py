"""What makes a password easy to guess at this bank: pure functions over a password and the words around its user."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

LEAST_INSIDE = 4  # a shorter word stands in good passwords by chance
RUNS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv", "1q2w3e4r5t6y", "abcdefghijklmnopqrstuvwxyz")
RUN_LENGTH = 5
LETTERS = re.compile(r"[^a-z]+")
# What people write for letters so that a rule counts a digit or a sign.
LEET = str.maketrans({"@": "a", "4": "a", "0": "o", "1": "i", "3": "e", "5": "s", "$": "s", "7": "t", "!": "i"})


def guessable_word(password: str, words: Iterable[str]) -> str:
    """The first of the words that the password is built on; empty where there is none.

    A password is built on a word that stands in it, when the word has four characters or more, also with signs in
    place of letters; and on a shorter one of at least two letters, such as initials, when it has no other letters.
    """
    plain = password.casefold()
    forms = (plain, plain.translate(LEET))
    letters = LETTERS.sub("", plain)
    for word in sorted({word.casefold().strip() for word in words} - {""}):
        if len(word) >= LEAST_INSIDE and any(word in form for form in forms):
            return word
        if len(word) >= 2 and letters == word:
            return word
    return ""


def keyboard_run(password: str) -> str:
    """Five keys in a row, or letters in their order, forwards or backwards; empty where there are none."""
    plain = password.casefold()
    for run in (*RUNS, *(run[::-1] for run in RUNS)):
        for start in range(len(run) - RUN_LENGTH + 1):
            if (piece := run[start : start + RUN_LENGTH]) in plain:
                return piece
    return ""


def bank_words(setting: str) -> list[str]:
    """The words of the bank's own list: parted by commas, blanks or lines."""
    return [word for word in re.split(r"[\s,，、;；]+", setting) if word]


def days_left(changed_at: datetime | None, now: datetime, most_days: int) -> int | None:
    """Days until a password has to be changed, 0 or less when it is due; None where it never is."""
    if changed_at is None or most_days == 0:
        return None
    return (changed_at + timedelta(days=most_days) - now).days

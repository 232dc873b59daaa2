"""What staff may enter by hand: the rules that feeds are checked by, as plain functions over what was typed.

Each answers the value as it is kept, or raises `WrongEntry` with the name of what is wrong.
"""

import re
import unicodedata
from datetime import date

from bankcrm.lake.identifiers import identifier_ok, resident_id_18

PHONE_TYPES = ("mobile", "phone")
MOBILE = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}")
PHONE = re.compile(r"\+?[0-9]{5,20}")
E_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
MOST_DOCUMENT = 40
MOST_CONTACT = 300


class WrongEntry(ValueError):  # noqa: N818 - says what is the matter
    """`code` names what is wrong: empty, too_long, not_a_phone, not_an_e_mail, wrong_number, backwards."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def digits(value: str) -> str:
    """The digits of a phone: what a search compares."""
    return re.sub(r"[^0-9]", "", value)


def contact_value(contact_type: str, raw: str) -> str:
    """A phone without spaces and hyphens, an e-mail, or a text with single spaces."""
    text = " ".join(unicodedata.normalize("NFKC", raw).split())
    if not text:
        raise WrongEntry("empty")
    if len(text) > MOST_CONTACT:
        raise WrongEntry("too_long")
    if contact_type in PHONE_TYPES:
        text = re.sub(r"[\s\-()]", "", text)
        if not (MOBILE if contact_type == "mobile" else PHONE).fullmatch(text):
            raise WrongEntry("not_a_phone")
    if contact_type == "email" and not E_MAIL.fullmatch(text):
        raise WrongEntry("not_an_e_mail")
    return text


def document_number(document_type: str, raw: str, *, today: date) -> str:
    """The number in capitals, checked by the rule of its type; a resident ID of 15 digits becomes one of 18."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", raw)).upper()
    if not text:
        raise WrongEntry("empty")
    if len(text) > MOST_DOCUMENT:
        raise WrongEntry("too_long")
    if not identifier_ok(document_type, text, on=today):
        raise WrongEntry("wrong_number")
    return resident_id_18(text) if document_type == "resident_id" else text


def check_period(from_on: date | None, to_on: date | None) -> None:
    """The end comes after the beginning."""
    if from_on and to_on and to_on <= from_on:
        raise WrongEntry("backwards")

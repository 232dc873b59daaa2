"""Numbers that prove themselves: identity documents, codes of organisations, cards.

Each rule stands twice: as a plain function, and as a DuckDB macro of the same name for a million documents at once. A
property test holds the two equal. Sources: GB 11643 (resident ID), GB 32100 (unified social credit code), GB 11714
(organisation code), ISO 17442 with ISO 7064 MOD 97-10 (LEI), ISO/IEC 7812 (Luhn), and for the residence permits of
people from Hong Kong, Macao and Taiwan (2018) and of foreigners (2023), which take over the check digit of GB 11643,
the announcements that introduced them. A letter may be delivered in lower case. Types without a published check
(passports, travel permits, military IDs) always pass.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import partial

import duckdb

RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECKS = "10X98765432"
# First two digits: the province. Counties come and go, and old people keep the numbers of gone ones: not checked.
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71".split()  # noqa: SIM905
)
RESIDENCE_PLACES = ("810000", "820000", "830000")
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I O S V Z
USCC_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
CHECKED = {"resident_id", "hk_macao_taiwan_residence", "foreign_residence", "uscc", "organisation_code", "lei"}
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _is_birth(text: str, on: date) -> bool:
    """YYYYMMDD, a real day from 1800 to `on`."""
    try:
        born = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return False
    return date(1800, 1, 1) <= born <= on


def _has_resident_check(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, RESIDENT_WEIGHTS, strict=False))
    return RESIDENT_CHECKS[total % 11] == number[17]


def resident_id_ok(number: str, *, on: date) -> bool:
    """GB 11643: 18 characters: a province, a birth date not after `on`, a check character; or the old 15 digits."""
    number = number.upper()
    if re.fullmatch(r"[0-9]{15}", number):
        return number[:2] in PROVINCES and _is_birth("19" + number[6:12], on)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return False
    return number[:2] in PROVINCES and _is_birth(number[6:14], on) and _has_resident_check(number)


def resident_id_18(number: str) -> str:
    """The 18-character form of a valid resident ID: 15 digits gain the century 19 and the check character."""
    number = number.upper()
    if len(number) != 15:
        return number
    longer = number[:6] + "19" + number[6:]
    total = sum(int(digit) * weight for digit, weight in zip(longer, RESIDENT_WEIGHTS, strict=True))
    return longer + RESIDENT_CHECKS[total % 11]


def residence_permit_ok(number: str, *, on: date) -> bool:
    """Residence permit of people from Hong Kong (810000), Macao (820000), Taiwan (830000): check as GB 11643."""
    number = number.upper()
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number) or number[:6] not in RESIDENCE_PLACES:
        return False
    return _is_birth(number[6:14], on) and _has_resident_check(number)


def foreign_residence_ok(number: str, *, on: date) -> bool:
    """Permanent residence of foreigners: 18 characters that begin with 9, before 2023 3 letters and 12 digits."""
    number = number.upper()
    if re.fullmatch(r"[A-Z]{3}[0-9]{12}", number):
        # Two digits of the year only: either century will do.
        return _is_birth("19" + number[7:13], on) or _is_birth("20" + number[7:13], on)
    if not re.fullmatch(r"9[0-9]{16}[0-9X]", number):
        return False
    return _is_birth(number[6:14], on) and _has_resident_check(number)


def uscc_ok(number: str) -> bool:
    """GB 32100: 31 − Σ value × 3^(position − 1) mod 31 is the check character, 31 counting as 0."""
    number = number.upper()
    if len(number) != 18 or any(character not in USCC_ALPHABET for character in number):
        return False
    total = sum(
        USCC_ALPHABET.index(character) * weight for character, weight in zip(number, USCC_WEIGHTS, strict=False)
    )
    return USCC_ALPHABET[(31 - total % 31) % 31] == number[17]


def organisation_code_ok(number: str) -> bool:
    """GB 11714: eight characters and a check digit (10 is X, 11 is 0), with or without the hyphen before it."""
    number = number.upper()
    if not re.fullmatch(r"[0-9A-Z]{8}-?[0-9X]", number):
        return False
    total = sum(
        ALPHANUMERIC.index(character) * weight for character, weight in zip(number, ORGANISATION_WEIGHTS, strict=False)
    )
    return "0X987654321"[total % 11] == number[-1]


def organisation_code_of(uscc: str) -> str:
    """The organisation code inside a unified social credit code: positions 9 to 17."""
    return uscc.upper()[8:17]


def lei_ok(number: str) -> bool:
    """ISO 17442: twenty characters that, letters read as 10 to 35, are 1 modulo 97."""
    number = number.upper()
    if not re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", number):
        return False
    return int("".join(str(ALPHANUMERIC.index(character)) for character in number)) % 97 == 1


def luhn_ok(number: str) -> bool:
    """ISO/IEC 7812, for card numbers only: accounts of organisations have no check digit."""
    if not re.fullmatch(r"[0-9]{12,19}", number):
        return False
    digits = [int(digit) for digit in reversed(number)]
    doubled = (digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def identifier_ok(document_type: str, number: str, *, on: date) -> bool:
    """Whether the number keeps the rule of its type (of the contract's `document_type`); other types pass."""
    rules: dict[str, Callable[[str], bool]] = {
        "resident_id": partial(resident_id_ok, on=on),
        "hk_macao_taiwan_residence": partial(residence_permit_ok, on=on),
        "foreign_residence": partial(foreign_residence_ok, on=on),
        "uscc": uscc_ok,
        "organisation_code": organisation_code_ok,
        "lei": lei_ok,
    }
    rule = rules.get(document_type)
    return rule is None or (number.isascii() and rule(number))


# The macros below take the number in upper case: `identifier_ok` sees to it.


def _digit(position: int) -> str:
    return f"(ascii(n[{position}]) - 48)"


def _resident_check() -> str:
    total = " + ".join(f"{_digit(i + 1)} * {weight}" for i, weight in enumerate(RESIDENT_WEIGHTS))
    return f"substr('{RESIDENT_CHECKS}', 1 + ({total}) % 11, 1) = n[18]"


def _birth(text: str, on: date) -> str:
    value = f"TRY_CAST(({text})[1:4] || '-' || ({text})[5:6] || '-' || ({text})[7:8] AS DATE)"
    return f"coalesce({value} BETWEEN DATE '1800-01-01' AND DATE '{on.isoformat()}', false)"


def _lei() -> str:
    remainder = "0"
    for position in range(1, 21):
        value = f"(strpos('{ALPHANUMERIC}', n[{position}]) - 1)"
        remainder = f"(({remainder} * CASE WHEN n[{position}] > '9' THEN 100 ELSE 10 END + {value}) % 97)"
    return f"{remainder} = 1"


def _macros(on: date) -> dict[str, str]:
    provinces = ", ".join(f"'{province}'" for province in sorted(PROVINCES))
    places = ", ".join(f"'{place}'" for place in RESIDENCE_PLACES)
    uscc = " + ".join(f"(strpos('{USCC_ALPHABET}', n[{i + 1}]) - 1) * {w}" for i, w in enumerate(USCC_WEIGHTS))
    code = " + ".join(f"(strpos('{ALPHANUMERIC}', n[{i + 1}]) - 1) * {w}" for i, w in enumerate(ORGANISATION_WEIGHTS))
    nineteen, twenty = "'19' || ", "'20' || "
    resident = "regexp_full_match(n, '[0-9]{17}[0-9X]')"
    return {
        "resident_id_ok": f"CASE WHEN n[1:2] NOT IN ({provinces}) THEN false "
        f"WHEN regexp_full_match(n, '[0-9]{{15}}') THEN {_birth(nineteen + 'n[7:12]', on)} "
        f"WHEN {resident} THEN {_birth('n[7:14]', on)} AND {_resident_check()} ELSE false END",
        "residence_permit_ok": f"CASE WHEN n[1:6] IN ({places}) AND {resident} "
        f"THEN {_birth('n[7:14]', on)} AND {_resident_check()} ELSE false END",
        "foreign_residence_ok": "CASE WHEN regexp_full_match(n, '[A-Z]{3}[0-9]{12}') "
        f"THEN {_birth(nineteen + 'n[8:13]', on)} OR {_birth(twenty + 'n[8:13]', on)} "
        f"WHEN n[1] = '9' AND {resident} THEN {_birth('n[7:14]', on)} AND {_resident_check()} ELSE false END",
        "uscc_ok": f"CASE WHEN regexp_full_match(n, '[{USCC_ALPHABET}]{{18}}') "
        f"THEN substr('{USCC_ALPHABET}', 1 + (31 - ({uscc}) % 31) % 31, 1) = n[18] ELSE false END",
        "organisation_code_ok": "CASE WHEN regexp_full_match(n, '[0-9A-Z]{8}-?[0-9X]') "
        f"THEN substr('0X987654321', 1 + ({code}) % 11, 1) = right(n, 1) ELSE false END",
        "lei_ok": f"CASE WHEN regexp_full_match(n, '[0-9A-Z]{{18}}[0-9]{{2}}') THEN {_lei()} ELSE false END",
    }


def define_macros(connection: duckdb.DuckDBPyConnection, *, on: date) -> None:
    """Defines `identifier_ok(document_type, number)`, and the macros of the types, on a connection.

    `on` is the day after which nobody can have been born: the business date.
    """
    for macro, body in _macros(on).items():
        connection.execute(f"CREATE OR REPLACE TEMP MACRO {macro}(n) AS ({body})")
    connection.execute(
        # As many bytes as characters: plain ASCII, so that no letter becomes another one in upper case.
        "CREATE OR REPLACE TEMP MACRO checked_ok(t, number) AS (strlen(number) = length(number) AND CASE t "
        "WHEN 'resident_id' THEN resident_id_ok(upper(number)) "
        "WHEN 'hk_macao_taiwan_residence' THEN residence_permit_ok(upper(number)) "
        "WHEN 'foreign_residence' THEN foreign_residence_ok(upper(number)) "
        "WHEN 'uscc' THEN uscc_ok(upper(number)) "
        "WHEN 'organisation_code' THEN organisation_code_ok(upper(number)) "
        "WHEN 'lei' THEN lei_ok(upper(number)) END)"
    )
    types = ", ".join(f"'{checked}'" for checked in sorted(CHECKED))
    connection.execute(
        "CREATE OR REPLACE TEMP MACRO identifier_ok(t, number) AS "
        f"(CASE WHEN t IN ({types}) THEN checked_ok(t, number) ELSE true END)"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP MACRO luhn_ok(n) AS (CASE WHEN regexp_full_match(n, '[0-9]{12,19}') THEN "
        "list_sum([CASE WHEN i % 2 = 0 THEN (ascii(n[-i - 1]) - 48) "
        "ELSE (ascii(n[-i - 1]) - 48) * 2 - CASE WHEN n[-i - 1] > '4' THEN 9 ELSE 0 END END "
        "FOR i IN range(length(n))]) % 10 = 0 ELSE false END)"
    )

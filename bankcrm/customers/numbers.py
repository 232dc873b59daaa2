"""The public customer number: ten digits and a check digit, made once from the customer's key, never changed."""

BASE = 6_100_000_000
CAPACITY = 10_000_000_000 - BASE

# The same rule for millions of rows at once, in DuckDB: `customer_number(key)`.
SQL_MACRO = """
CREATE OR REPLACE MACRO customer_number(key) AS (
    printf('%d', 6100000000 + key) || CAST((10 - list_sum(list_transform(range(1, 11), i ->
        CASE WHEN i % 2 = 1
             THEN CAST(substr(printf('%d', 6100000000 + key), i, 1) AS INTEGER)
             ELSE CAST(substr(printf('%d', 6100000000 + key), i, 1) AS INTEGER) * 2
                  - CASE WHEN CAST(substr(printf('%d', 6100000000 + key), i, 1) AS INTEGER) > 4 THEN 9 ELSE 0 END
        END)) % 10) % 10 AS VARCHAR)
)
"""


def customer_number(key: int) -> str:
    """The public number of the customer with this key: eleven digits, the last one Luhn's check digit (ISO/IEC 7812-1).

    Raises ValueError outside 1 … 3,899,999,999.
    """
    if not 0 < key < CAPACITY:
        raise ValueError(f"no customer number for key {key}")
    digits = str(BASE + key)
    return digits + str((10 - _luhn_sum(digits)) % 10)


def is_customer_number(text: str) -> bool:
    """Whether these eleven digits carry the right check digit."""
    return len(text) == 11 and text.isascii() and text.isdigit() and str((10 - _luhn_sum(text[:10])) % 10) == text[10]


def _luhn_sum(digits: str) -> int:
    # Counted from the check digit every second digit is doubled: here those at even places, since ten precede it.
    total = 0
    for place, character in enumerate(digits, start=1):
        value = int(character)
        if place % 2 == 0:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total

"""Strict reading of delivered texts, as SQL: a text either is a value of its column's type, or it is a reject.

Each column has a text (trimmed; empty is NULL) and a typed value; where the text is there and the value is not, the
value is broken. Money is read as DECIMAL(18,2) where it is short enough: DuckDB 1.5.5 casts text to wider decimals 300
times slower (3 µs instead of 10 ns a value).
"""

from bankcrm.lake.connection import literal
from bankcrm.lake.contract import Column, Feed, Kind, RowRule
from bankcrm.lake.formats import BLANKS

SQL_TYPES = {
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.ID: "VARCHAR",
    Kind.INTEGER: "BIGINT",
    Kind.MONEY: "DECIMAL(20,2)",
    Kind.RATE: "DECIMAL(12,8)",
    Kind.QUANTITY: "DECIMAL(20,6)",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMP",
    Kind.BOOLEAN: "BOOLEAN",
}
# digits before and after the point; a type that reads short numbers fast; the length up to which it is safe
NUMBERS = {
    Kind.MONEY: (18, 2, "DECIMAL(18,2)", 16),
    Kind.RATE: (4, 8, "DECIMAL(12,8)", 64),
    Kind.QUANTITY: (14, 6, "DECIMAL(18,6)", 12),
}
BAD_VALUE = {
    Kind.TEXT: "too_long",
    Kind.ID: "too_long",
    Kind.CODE: "unknown_code",
    Kind.INTEGER: "bad_integer",
    Kind.MONEY: "bad_money",
    Kind.RATE: "bad_rate",
    Kind.QUANTITY: "bad_quantity",
    Kind.TIMESTAMP: "bad_timestamp",
    Kind.BOOLEAN: "bad_boolean",
}
NO_END = ("9999-12-31", "99991231")
FIRST_DATE, LAST_DATE = "1800-01-01", "2200-12-31"


def text_sql(column: Column, raw: str, *, blanks: str = BLANKS) -> str:
    """The text of a delivered value: trimmed outside, empty is NULL, a date that stands for "no end" is NULL.

    `blanks` are those that occur at all. Only what has one at an end is trimmed: trimming everything costs more CPU
    than parsing the file does (measured).
    """
    ends = [f"{raw} < '!'"] if blanks else []  # a space or a tab comes first; nothing that stays does
    ends += [f"prefix({raw}, {literal(blank)})" for blank in blanks if blank > "!"]
    ends += [f"suffix({raw}, {literal(blank)})" for blank in blanks]
    trimmed = f"nullif(trim({raw}, {literal(BLANKS)}), '')"
    text = f"CASE WHEN {' OR '.join(ends)} THEN {trimmed} ELSE {raw} END" if ends else raw
    if column.kind is Kind.DATE and not column.required:
        for marker in NO_END:
            text = f"nullif({text}, {literal(marker)})"
    return text


def typed_sql(column: Column, text: str, *, may_hold_nul: bool) -> str:
    """The typed value of a text, NULL where it is not exactly one. `may_hold_nul`: NULs were not looked for before."""
    if column.kind in (Kind.TEXT, Kind.ID):
        nul = f" AND NOT contains({text}, chr(0))" if may_hold_nul else ""
        # Bytes first: they are at least as many as the characters, and need no counting.
        short = f"(strlen({text}) <= {column.max_length} OR length({text}) <= {column.max_length})"
        return f"CASE WHEN {short}{nul} THEN {text} END"
    if column.kind is Kind.CODE:
        codes = column.code_table.codes if column.code_table else {}
        return f"CASE WHEN {text} IN ({', '.join(map(literal, codes))}) THEN {text} END"
    if column.kind is Kind.INTEGER:
        return f"CASE WHEN regexp_full_match({text}, '-?[0-9]{{1,18}}') THEN TRY_CAST({text} AS BIGINT) END"
    if column.kind in NUMBERS:
        return _number_sql(column.kind, text)
    if column.kind is Kind.DATE:
        return _date_sql(text, plausible=True)
    if column.kind is Kind.TIMESTAMP:
        return _timestamp_sql(text)
    yes, no = "('1', 'y', 'true')", "('0', 'n', 'false')"
    return f"CASE WHEN lower({text}) IN {yes} THEN true WHEN lower({text}) IN {no} THEN false END"


def _number_sql(kind: Kind, text: str) -> str:
    whole, scale, fast, length = NUMBERS[kind]
    exact = SQL_TYPES[kind]
    # Zeros past the scale change nothing; any other digit there would be lost, so the value is refused.
    pattern = f"-?([0-9]{{1,{whole}}}(\\.[0-9]{{1,{scale}}}0*)?|\\.[0-9]{{1,{scale}}}0*)"
    return (
        f"CASE WHEN NOT regexp_full_match({text}, '{pattern}') THEN NULL "
        f"WHEN length({text}) <= {length} THEN TRY_CAST({text} AS {fast})::{exact} ELSE TRY_CAST({text} AS {exact}) END"
    )


def _date_sql(text: str, *, plausible: bool) -> str:
    """YYYY-MM-DD or YYYYMMDD. The way back to text must give the same text: `2026-2-3` is not a date here."""
    cases = []
    for length, dashed in ((10, text), (8, f"({text}[1:4] || '-' || {text}[5:6] || '-' || {text}[7:8])")):
        real = f"TRY_CAST({dashed} AS DATE)::VARCHAR = {dashed}"
        # As texts: of dates written in full the order is the same.
        within = f" AND {dashed} BETWEEN '{FIRST_DATE}' AND '{LAST_DATE}'" if plausible else ""
        cases.append(f"WHEN {length} THEN CASE WHEN {real}{within} THEN TRY_CAST({dashed} AS DATE) END")
    return f"CASE strlen({text}) {' '.join(cases)} END"


def _timestamp_sql(text: str) -> str:
    pattern = "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?"
    value = f"TRY_CAST({text} AS TIMESTAMP)"
    return (
        f"CASE WHEN regexp_full_match({text}, '{pattern}') AND {value} BETWEEN TIMESTAMP '{FIRST_DATE}' "
        f"AND TIMESTAMP '{LAST_DATE}' THEN {value} END"
    )


def reason_sql(column: Column, text: str) -> str:
    """The reason code of a text that is there while its value is not."""
    if column.kind in (Kind.TEXT, Kind.ID):
        return f"CASE WHEN contains({text}, chr(0)) THEN 'nul_character' ELSE 'too_long' END"
    if column.kind is Kind.DATE:
        return f"CASE WHEN {_date_sql(text, plausible=False)} IS NULL THEN 'bad_date' ELSE 'implausible_date' END"
    return literal(BAD_VALUE[column.kind])


def severity_of(feed: Feed, rule: RowRule) -> str:
    """A rule's severity; a value cannot be taken out of a row that makes no sense without it."""
    if rule.severity == "value" and feed.column(rule.column).takes_row:
        return "row"
    return rule.severity

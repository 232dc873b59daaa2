"""Functions that steps may call beside SQL's own, and the exactness they promise."""

import duckdb

PLACES = 10  # decimal places that an operand, and a quotient, may have

# DuckDB's `/` answers DOUBLE even for DECIMAL, and its 128-bit integer division is slow (1.6 s for three million rows).
# So the quotient is guessed in floating point and then put right by exact multiplication: q is floor(n/d + 1/2) exactly
# when 0 <= 2 n 10^places + d - 2 q d < 2 d. Below 10^15 the guess is off by one at most; above, whole numbers are
# divided (value × 10^10; whole part and fraction apart, because the product would not fit DECIMAL(38)).
_POWER = "CASE places " + " ".join(f"WHEN {n} THEN {10**n}::BIGINT" for n in range(PLACES + 1)) + " END"
_UNIT = (
    "CASE places "
    + " ".join(f"WHEN {n} THEN CAST({10**-n:.10f} AS DECIMAL(11, 10))" for n in range(PLACES + 1))
    + " END"
)
MACROS: tuple[str, ...] = (
    """
    CREATE OR REPLACE MACRO _tenbillionths(x) AS
        CAST(trunc(x) AS HUGEINT) * 10000000000 + CAST((x - trunc(x)) * 10000000000 AS HUGEINT)
    """,
    """
    CREATE OR REPLACE MACRO _divided_slowly(n, d, power) AS
        (2 * _tenbillionths(n) * power + _tenbillionths(d)) // (2 * _tenbillionths(d))
    """,
    """
    CREATE OR REPLACE MACRO _corrected(n, d, power, guess) AS
        guess + CASE
            WHEN n * (2 * power) + d - guess * (2 * d) < 0 THEN -1
            WHEN n * (2 * power) + d - guess * (2 * d) >= 2 * d THEN 1
            ELSE 0
        END
    """,
    # 64 bits become DOUBLE thirty times faster than 128 bits do; what does not fit takes the long way.
    """
    CREATE OR REPLACE MACRO _approximate(x) AS
        coalesce(CAST(TRY_CAST(x AS DECIMAL(18, 10)) AS DOUBLE), CAST(x AS DOUBLE))
    """,
    """
    CREATE OR REPLACE MACRO _guessed(n, d, power) AS
        floor(_approximate(n) * power / nullif(_approximate(d), 0) + 0.5)
    """,
    """
    CREATE OR REPLACE MACRO _whole_quotient(n, d, power) AS CASE
        WHEN _guessed(n, d, power) < 1e15
        THEN CAST(_corrected(n, d, power, CAST(_guessed(n, d, power) AS BIGINT)) AS DECIMAL(38, 0))
        ELSE CAST(_divided_slowly(n, d, power) AS DECIMAL(38, 0))
    END
    """,
    """
    CREATE OR REPLACE MACRO _signed_quotient(numerator, denominator, power) AS
        CASE WHEN (numerator < 0) = (denominator < 0) THEN 1 ELSE -1 END * _whole_quotient(
            abs(CAST(numerator AS DECIMAL(38, 10))), abs(CAST(denominator AS DECIMAL(38, 10))), power
        )
    """,
    f"""
    CREATE OR REPLACE MACRO round_div(numerator, denominator, places) AS
        _signed_quotient(numerator, denominator, {_POWER}) * {_UNIT}
    """,
    # Casting DECIMAL(38,10) to money costs a 128-bit division (2 µs); made as money from the start it costs nothing.
    """
    CREATE OR REPLACE MACRO money_div(numerator, denominator) AS
        CAST(_signed_quotient(numerator, denominator, 100) * CAST(0.01 AS DECIMAL(3, 2)) AS DECIMAL(20, 2))
    """,
)
NAMES: frozenset[str] = frozenset({"round_div", "money_div"})


def define_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Defines the functions of steps in a connection.

    `round_div(numerator, denominator, places)` is the exact quotient, rounded half-up (away from zero) to 0–10 places,
    as DECIMAL(38,10); NULL for a NULL or a zero denominator. Operands have at most ten decimal places and 28 digits
    before them; a quotient that does not fit is an error, never a wrong number.
    `money_div(numerator, denominator)` is the same to two places, as DECIMAL(20,2).
    """
    for macro in MACROS:
        connection.execute(macro)

"""Makes the demonstration bank's upstream files: a Chinese city bank of any size, the same for the same seed.

What comes out are deliveries of the contract, loaded through the same door as a real bank's. Everything is drawn
set-wise in DuckDB from hashes of (seed, purpose, id), so that neither threads nor order matter.
"""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from bankcrm.demo import rates
from bankcrm.demo.bank import PREPARED_DAYS, SEED, make_bank, make_plan
from bankcrm.demo.delivery import DeliveryWriter
from bankcrm.demo.workshop import Plan, Workshop

CHUNK = 200_000  # customers whose ledger is made at a time: bounds memory
SOURCES = ("CORE", "LOAN", "CARD", "WEALTH")
STATES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("person", "30_person", SOURCES),
    ("organisation", "31_organisation", ("CORE", "LOAN", "WEALTH")),
    ("identity_document", "32_identity_document", SOURCES),
    ("contact_point", "33_contact_point", SOURCES),
    ("relation", "34_relation", ("CORE",)),
    ("holding", "35_holding", SOURCES),
    ("holding_party", "36_holding_party", ("CORE", "LOAN")),
    ("coverage", "37_coverage", ("CORE",)),
    ("standing_order", "47_standing_order", ("CORE",)),
    ("interaction", "50_interaction", ("CORE",)),
    ("consent", "51_consent", ("CORE",)),
    ("external_holding", "52_external_holding", ("CORE",)),
    ("payroll", "53_payroll", ("CORE",)),
)
FACTS = (("transaction", "20_transaction"), ("balance", "21_balance"))
CREDIT = (
    ("facility", "38_facility"),
    ("collateral", "39_collateral"),
    ("risk", "40_risk"),
    ("bill", "54_bill"),
    ("trade_finance", "55_trade_finance"),
)  # all of LOAN
BOOKS = (("gl_balance", "43_gl_balance"), ("ftp_rate", "46_ftp_rate"))
EPOCH = date(1970, 1, 1)

Progress = Callable[[str, float], None]


def generate(
    out: Path,
    *,
    size: int,
    seed: int = SEED,
    business_date: date,
    months: int = 13,
    days: int = 1,
    progress: Progress | None = None,
    threads: int = 0,
) -> list[Path]:
    """Writes `<out>/history/<date>/` and, for more than one day, `<out>/<date>/` for each day after it.

    `size` is the number of real customers; `months` whole months come before the date's own. `progress` hears (stage,
    share done). Raises ValueError for a size, a number of months or of days that cannot be. Answers the folders.
    """
    plan = make_plan(size, seed, business_date, months)
    if not 1 <= days <= PREPARED_DAYS + 1:
        raise ValueError(f"1 to {PREPARED_DAYS + 1} days can be made: {days}")
    tell = progress or (lambda stage, done: None)
    scratch = out / ".scratch"
    out.mkdir(parents=True, exist_ok=True)
    try:
        with Workshop(scratch, threads=threads) as shop:
            tell("customers", 0.0)
            make_bank(shop, plan)
            tell("files", 0.15)
            history = _writer(shop, out / "history" / business_date.isoformat(), business_date, "history")
            _write_bank(shop, plan, history)
            _write_states(shop, history, first=date(1900, 1, 1), last=business_date)
            tell("ledger", 0.35)
            _write_ledger(shop, plan, history, days, tell)
            _write_credit(shop, history)
            _write_books(shop, history)
            history.finish()
            folders = [history.folder, *_write_days(shop, plan, out, days)]
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    tell("done", 1.0)
    return folders


def _writer(shop: Workshop, folder: Path, day: date, mode: str) -> DeliveryWriter:
    """A writer into an empty folder."""
    if folder.exists():
        shutil.rmtree(folder)
    return DeliveryWriter(folder, day, mode, shop.connection)


def _write_bank(shop: Workshop, plan: Plan, writer: DeliveryWriter) -> None:
    """Units, staff, products, rates and calendar: everything about the bank itself, in full."""
    _write_catalogues(writer)
    shop.table(
        "days", rates.calendar_rows(date(plan.history_from.year, 1, 1), date(plan.business_date.year + 1, 12, 31))
    )
    writer.write("calendar", "SELECT * FROM days ORDER BY calendar_on")
    shop.table("middle_rates", rates.rate_rows(plan.history_from - timedelta(days=20), plan.horizon, plan.seed))
    _write_rates(shop, writer, date(1900, 1, 1), plan.business_date)


def _write_rates(shop: Workshop, writer: DeliveryWriter, first: date, last: date) -> None:
    shop.set(from_on=first, to_on=last)
    writer.write(
        "fx_rate",
        "SELECT * FROM middle_rates WHERE rate_on BETWEEN getvariable('from_on') AND getvariable('to_on') "
        "ORDER BY currency, rate_on",
    )


def _write_catalogues(writer: DeliveryWriter) -> None:
    writer.write("org_unit", "SELECT *, NULL AS closed_on FROM bank_units ORDER BY unit_id")
    writer.write(
        "employee",
        "SELECT *, NULL AS accredited_to, NULL AS left_on, NULL AS email FROM staff "
        "ORDER BY employee_id, role, post_unit_id",
    )
    writer.write(
        "product",
        "SELECT * REPLACE (nullif(rate, '') AS rate), line AS business_line, DATE '2018-01-01' AS launched_on, "
        "NULL AS withdrawn_on FROM products ORDER BY product_id",
    )


def _write_states(shop: Workshop, writer: DeliveryWriter, *, first: date, last: date) -> None:
    """What came or changed from the first day to the last, as it stands on the last."""
    shop.set(from_on=first, to_on=last)
    for feed, statement, sources in STATES:
        for source in sources:
            shop.set(source=source)
            writer.write(feed, shop.query(statement), source=source)


def _write_ledger(shop: Workshop, plan: Plan, history: DeliveryWriter, days: int, tell: Progress) -> None:
    """Movements and balances, so many customers at a time; what comes after the business date is kept apart."""
    last_day = (plan.business_date - EPOCH).days
    starts = range(0, plan.size, CHUNK)
    for number, start in enumerate(starts, start=1):
        shop.set(chunk_from=start, chunk_to=min(start + CHUNK, plan.size), from_day=0, to_day=last_day)
        shop.run("10_held", "11_opening", "12_movements", "13_linked", "14_ledger", "22_owed", "42_posted")
        part = f"{number:02d}" if len(starts) > 1 else ""
        _write_facts(shop, history, part)
        _write_income(shop, history, part)
        if days > 1:
            if number == 1:
                shop.connection.execute("CREATE OR REPLACE TABLE later AS FROM ledger LIMIT 0")
            shop.connection.execute("INSERT INTO later FROM ledger WHERE day > getvariable('to_day')")
        tell("ledger", 0.35 + 0.60 * number / len(starts))


def _write_facts(shop: Workshop, writer: DeliveryWriter, part: str = "") -> None:
    for feed, statement in FACTS:
        for source in SOURCES:
            shop.set(source=source)
            writer.write(feed, shop.query(statement), source=source, part=part)


def _write_credit(shop: Workshop, writer: DeliveryWriter) -> None:
    """Facilities, collateral and risk as of `to_on`, of loans that moved in the period; drawn is what is owed."""
    shop.run("23_credit")
    for feed, statement in CREDIT:
        writer.write(feed, shop.query(statement), source="LOAN")


def _write_income(shop: Workshop, writer: DeliveryWriter, part: str = "") -> None:
    """What was booked as interest and fees from `from_day` to `to_day`, of one part of the bank."""
    shop.run("44_earned")
    for source in SOURCES:
        shop.set(source=source)
        writer.write("income", shop.query("45_income"), source=source, part=part)


def _write_books(shop: Workshop, writer: DeliveryWriter) -> None:
    """What the bank's books say at the end of the period."""
    for feed, statement in BOOKS:
        writer.write(feed, shop.query(statement))


def _write_days(shop: Workshop, plan: Plan, out: Path, days: int) -> list[Path]:
    """A delivery for each day after the business date."""
    folders = []
    if days > 1:
        shop.connection.execute("CREATE OR REPLACE TABLE ledger AS FROM later")
    for number in range(1, days):
        day = plan.business_date + timedelta(days=number)
        writer = _writer(shop, out / day.isoformat(), day, "daily")
        _write_catalogues(writer)
        _write_rates(shop, writer, day, day)
        _write_states(shop, writer, first=day, last=day)
        shop.set(from_day=(day - EPOCH).days, to_day=(day - EPOCH).days)
        _write_facts(shop, writer)
        shop.set(chunk_from=0, chunk_to=plan.size)
        _write_income(shop, writer)
        shop.run("22_owed", "42_posted")
        _write_credit(shop, writer)
        _write_books(shop, writer)
        writer.finish()
        folders.append(writer.folder)
    return folders

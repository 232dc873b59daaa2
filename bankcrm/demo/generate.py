"""Makes the demonstration bank's upstream files: a Chinese city bank of any size, the same for the same seed.

What comes out are deliveries of the contract, loaded through the same door as a real bank's. Everything is drawn set-wise
in DuckDB from hashes of (seed, purpose, id), so that neither threads nor order matter.
"""

import shutil
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from bankcrm.demo import catalogue, flavours, names, places, rates, units
from bankcrm.demo.delivery import DeliveryWriter
from bankcrm.demo.workshop import Plan, Workshop

SEED = 20261122
PREPARED_DAYS = 14  # days after the business date that deliveries can be asked for; part of what is drawn, so fixed
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
)
FACTS = (("transaction", "20_transaction"), ("balance", "21_balance"))

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
    extras: Iterable[Callable[[Workshop, Path], None]] = (),
    threads: int = 0,
) -> list[Path]:
    """Writes `<out>/history/<date>/` and, for more than one day, `<out>/<date>/` for each day after it; returns the folders.

    `size` is the number of real customers (at least 300); `months` whole months come before the business date's own. `extras`
    are called with the finished workshop and `out`: the planted truth is written that way. Raises ValueError for a size, a
    number of months or days that cannot be.
    """
    if size < 300 or not 1 <= months <= 36 or not 1 <= days <= PREPARED_DAYS + 1:
        raise ValueError(f"size ≥ 300, months 1–36, days 1–{PREPARED_DAYS + 1}: got {size}, {months}, {days}")
    plan = Plan(
        size, seed, business_date, _months_before(business_date, months), business_date + timedelta(days=PREPARED_DAYS)
    )
    tell = progress or (lambda stage, done: None)
    scratch = out / ".scratch"
    out.mkdir(parents=True, exist_ok=True)
    try:
        with Workshop(scratch, threads=threads) as shop:
            _prepare(shop, plan)
            tell("customers", 0.02)
            _people_and_business(shop)
            history = DeliveryWriter(
                _emptied(out / "history" / business_date.isoformat()), business_date, "history", shop.connection
            )
            _write_bank(shop, plan, history)
            tell("customers", 0.15)
            _write_states(shop, history, plan.business_date, first=date(1900, 1, 1))
            tell("ledger", 0.40)
            _write_ledger(shop, plan, history, days, tell)
            history.finish()
            folders = [history.folder, *_write_days(shop, plan, out, days)]
            for extra in extras:
                extra(shop, out)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    tell("done", 1.0)
    return folders


def _months_before(day: date, months: int) -> date:
    """The first day of the month so many months before the day's own."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def _emptied(folder: Path) -> Path:
    if folder.exists():
        shutil.rmtree(folder)
    return folder


def _prepare(shop: Workshop, plan: Plan) -> None:
    """Words, places, units, staff and products."""
    shop.set(
        seed=plan.seed, persons=plan.persons, organisations=plan.organisations, groups=plan.groups,
        business_on=plan.business_date, start_on=plan.history_from, horizon_on=plan.horizon,
    )  # fmt: skip
    shop.run("01_draws")
    bank = units.make_units(plan.size, plan.history_from)
    staff, managers = units.make_staff(bank, plan.size)
    shop.table("bank_units", [vars(unit) | {"district": None} for unit in bank], _UNIT_SCHEMA)
    shop.table("staff", [vars(post) for post in staff], _POST_SCHEMA)
    shop.table("managers", managers)
    shop.connection.execute(
        "CREATE OR REPLACE TABLE manager_counts AS SELECT front, line, count(*)::INTEGER AS number_of FROM managers GROUP BY ALL"
    )
    _front_tables(shop, units.fronts_of(bank))
    shop.table("catalogue", [
        {"product_id": p.product_id, "product_class": p.product_class, "currency": p.currency,
         "rate": p.rate or None, "term_days": p.term_days, "line": p.line} for p in catalogue.PRODUCTS
    ])  # fmt: skip
    shop.connection.execute("ALTER TABLE catalogue ALTER rate TYPE DECIMAL(12, 8)")
    shop.table("offers", [vars(offer) | {"products": offer.products.split()} for offer in catalogue.OFFERS])
    shop.table("exchange", rates.exchange_rows())
    shop.table("flavours", flavours.flavour_rows())
    _words(shop)


def _front_tables(shop: Workshop, fronts: list[units.Unit]) -> None:
    """Units that see customers; one slot for each tenth of weight, so that a uniform draw is a draw by weight."""
    slots = [index for index, unit in enumerate(fronts) for _ in range(round(unit.weight * 10))]
    shop.set(front_slots=slots)
    rows = []
    for index, unit in enumerate(fronts):
        place = unit.district
        assert place is not None  # noqa: S101 fronts have districts
        rows.append({
            "front": index, "unit_id": unit.unit_id, "district_code": place.code, "district": place.name, "city": place.city,
            "short_city": place.city.removesuffix("市"), "area_code": f"0{790 + place.city_index}",
        })  # fmt: skip
    shop.table("fronts", rows)


def _words(shop: Workshop) -> None:
    districts = places.districts()
    shop.set(
        surname_slots=names.surname_slots(), minority_names=list(names.MINORITY_NAMES), brands=list(names.BRAND_CHARACTERS),
        industry_slots=names.industry_slots(), trades=[{"section": a, "name": b} for a, b in names.TRADES],
        bodies=[{"name": a, "section": b, "organisation_type": c} for a, b, c in names.PUBLIC_BODIES],
        districts=[{"code": d.code, "name": d.name} for d in districts], district_codes=[int(d.code) for d in districts],
        other_regions=[int(code) for code in places.OTHER_REGIONS], mobile_prefixes=names.MOBILE_PREFIXES,
        mail_hosts=list(names.EMAIL_HOSTS), streets=places.STREETS, estates=places.ESTATES, numerals=list("一二三四五六七八九十"),
        other_banks=names.OTHER_BANKS, merchant_names=names.MERCHANTS, merchants=len(names.MERCHANTS),
        trade_places=["江西", "浙江", "广东", "湖北", "上海", "江苏", "福建", "湖南", "深圳市", "武汉"],
        **{key: list(value) for key, value in names.GIVEN_CHARACTERS.items()},
    )  # fmt: skip


def _people_and_business(shop: Workshop) -> None:
    shop.run(
        "02_companies", "03_people", "04_owners", "05_holdings", "06_sources", "07_payroll", "08_stakes", "09_parties"
    )


def _write_bank(shop: Workshop, plan: Plan, writer: DeliveryWriter) -> None:
    """Units, staff, products, rates and calendar: everything about the bank itself, in full."""
    _write_catalogues(shop, writer)
    shop.table(
        "days", rates.calendar_rows(date(plan.history_from.year, 1, 1), date(plan.business_date.year + 1, 12, 31))
    )
    writer.write("calendar", "SELECT * FROM days ORDER BY calendar_on")
    shop.table("middle_rates", rates.rate_rows(plan.history_from - timedelta(days=20), plan.horizon, plan.seed))
    writer.write(
        "fx_rate", f"SELECT * FROM middle_rates WHERE rate_on <= DATE '{plan.business_date}' ORDER BY currency, rate_on"
    )  # noqa: S608


def _write_catalogues(shop: Workshop, writer: DeliveryWriter) -> None:
    writer.write(
        "org_unit",
        "SELECT * REPLACE (nullif(parent_id, '') AS parent_id, nullif(name_en, '') AS name_en), NULL AS closed_on FROM bank_units ORDER BY unit_id",
    )
    writer.write(
        "employee",
        """SELECT * REPLACE (nullif(name_en, '') AS name_en, nullif(business_line, '') AS business_line, nullif(team_id, '') AS team_id,
            nullif(team_name, '') AS team_name), NULL AS accredited_to, NULL AS left_on, NULL AS email
        FROM staff ORDER BY employee_id, role, post_unit_id""",
    )
    products = [vars(product) | {"business_line": product.line} for product in catalogue.PRODUCTS]
    shop.table("products", products)
    writer.write(
        "product",
        "SELECT * REPLACE (nullif(rate, '') AS rate), DATE '2018-01-01' AS launched_on, NULL AS withdrawn_on FROM products ORDER BY product_id",
    )


def _write_states(shop: Workshop, writer: DeliveryWriter, last: date, *, first: date) -> None:
    shop.set(from_on=first, to_on=last)
    for feed, statement, sources in STATES:
        for source in sources:
            shop.set(source=source)
            *before, query = [part for part in shop.text(statement).split(";\n") if part.strip()]
            for command in before:
                shop.connection.execute(command)
            writer.write(feed, query, source=source)


def _write_ledger(shop: Workshop, plan: Plan, history: DeliveryWriter, days: int, tell: Progress) -> None:
    """Movements and balances, so many customers at a time; what happens after the business date is kept for the days after."""
    shop.connection.execute("DROP TABLE IF EXISTS later")
    last_day = (plan.business_date - date(1970, 1, 1)).days
    starts = range(0, plan.size, CHUNK)
    for number, start in enumerate(starts, start=1):
        shop.set(chunk_from=start, chunk_to=min(start + CHUNK, plan.size), from_day=0, to_day=last_day)
        shop.run("10_held", "11_opening", "12_movements", "13_linked", "14_ledger")
        _write_facts(shop, history, part=f"{number:02d}" if len(starts) > 1 else "")
        if days > 1:
            verb = "CREATE TABLE later AS" if number == 1 else "INSERT INTO later"
            shop.connection.execute(f"{verb} SELECT * FROM ledger WHERE day > {last_day}")  # noqa: S608 a number
        tell("ledger", 0.40 + 0.58 * number / len(starts))


def _write_facts(shop: Workshop, writer: DeliveryWriter, part: str = "") -> None:
    for feed, statement in FACTS:
        for source in SOURCES:
            shop.set(source=source)
            writer.write(feed, shop.text(statement), source=source, part=part)


def _write_days(shop: Workshop, plan: Plan, out: Path, days: int) -> list[Path]:
    """A delivery for each day after the business date."""
    folders = []
    if days > 1:
        shop.connection.execute("CREATE OR REPLACE TABLE ledger AS SELECT * FROM later ORDER BY hid, place")
    for number in range(1, days):
        day = plan.business_date + timedelta(days=number)
        writer = DeliveryWriter(_emptied(out / day.isoformat()), day, "daily", shop.connection)
        _write_catalogues(shop, writer)
        writer.write("fx_rate", f"SELECT * FROM middle_rates WHERE rate_on = DATE '{day}' ORDER BY currency")  # noqa: S608
        _write_states(shop, writer, day, first=day)
        day_number = (day - date(1970, 1, 1)).days
        shop.set(from_day=day_number, to_day=day_number)
        _write_facts(shop, writer)
        writer.finish()
        folders.append(writer.folder)
    return folders


_UNIT_SCHEMA = pa.schema([
    ("unit_id", pa.string()), ("name", pa.string()), ("name_en", pa.string()), ("unit_kind", pa.string()),
    ("parent_id", pa.string()), ("region", pa.string()), ("opened_on", pa.date32()), ("weight", pa.float64()),
])  # fmt: skip
_POST_SCHEMA = pa.schema([
    *[(name, pa.string()) for name in (
        "employee_id", "name", "name_en", "unit_id", "role", "post_unit_id", "data_scope", "business_line", "team_id", "team_name",
    )],
    ("accredited_from", pa.date32()), ("mobile", pa.string()),
])  # fmt: skip

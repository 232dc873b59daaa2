"""Makes the bank in a workshop: words, units, staff, products, customers, holdings; everything but the ledger."""

from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from bankcrm.demo import catalogue, flavours, names, places, rates, staff, units
from bankcrm.demo.workshop import Plan, Workshop

SEED = 20261122
PREPARED_DAYS = 14  # days after the business date that deliveries can be asked for; part of what is drawn, so fixed
CUSTOMERS = (
    "02_companies",
    "03_people",
    "04_owners",
    "05_holdings",
    "06_sources",
    "07_payroll",
    "08_stakes",
    "09_parties",
    "41_ledger_faults",
)


def make_plan(size: int, seed: int, business_date: date, months: int) -> Plan:
    """The plan of a bank of `size` real customers whose history begins `months` whole months before the date's own.

    Raises ValueError for what cannot be.
    """
    if size < 300:
        raise ValueError(f"a bank needs at least 300 customers to look like one: {size}")
    if not 1 <= months <= 36:
        raise ValueError(f"1 to 36 months of history can be made: {months}")
    index = business_date.year * 12 + business_date.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    return Plan(size, seed, business_date, first, business_date + timedelta(days=PREPARED_DAYS))


def make_bank(shop: Workshop, plan: Plan) -> None:
    """Fills the workshop: tables `bank_units`, `staff`, `people`, `companies`, `holdings`, `sources` and more."""
    shop.set(
        seed=plan.seed,
        persons=plan.persons,
        organisations=plan.organisations,
        groups=plan.groups,
        business_on=plan.business_date,
        start_on=plan.history_from,
        horizon_on=plan.horizon,
    )
    shop.run("01_draws")
    tree = units.make_units(plan.size, plan.history_from)
    _units_and_staff(shop, tree, plan)
    _fronts(shop, units.fronts_of(tree))
    _products(shop)
    _words(shop)
    _places(shop)
    shop.run(*CUSTOMERS)


def _units_and_staff(shop: Workshop, tree: list[units.Unit], plan: Plan) -> None:
    posts, managers = staff.make_staff(tree, plan.size)
    shop.table("bank_units", [_row(unit, _UNIT_SCHEMA) for unit in tree], _UNIT_SCHEMA)
    shop.table("staff", [_row(post, _POST_SCHEMA) for post in posts], _POST_SCHEMA)
    shop.table("managers", managers)
    shop.connection.execute(_MANAGER_COUNTS)


def _row(item: object, schema: pa.Schema) -> dict[str, Any]:
    """The schema's columns of a dataclass; empty texts are absent values."""
    return {name: getattr(item, name) or None for name in schema.names}


def _fronts(shop: Workshop, fronts: list[units.Unit]) -> None:
    """Units that see customers; a slot for each tenth of weight: a uniform draw of slots is a draw by weight."""
    shop.set(front_slots=[index for index, unit in enumerate(fronts) for _ in range(round(unit.weight * 10))])
    rows = []
    for index, unit in enumerate(fronts):
        district = unit.district or places.districts()[0]
        rows.append(
            {
                "front": index,
                "unit_id": unit.unit_id,
                "district_code": district.code,
                "district": district.name,
                "city": district.city,
                "short_city": district.city.removesuffix("市"),
                "area_code": places.AREA_CODES[district.city_index],
            }
        )
    shop.table("fronts", rows)


def _products(shop: Workshop) -> None:
    shop.table("products", [vars(product) for product in catalogue.PRODUCTS])
    shop.connection.execute(
        "CREATE OR REPLACE TABLE catalogue AS SELECT product_id, product_class, currency, line, term_days, "
        "nullif(rate, '')::DECIMAL(12, 8) AS rate FROM products"
    )
    shop.table("offers", [vars(offer) | {"products": offer.products.split()} for offer in catalogue.OFFERS])
    shop.table("exchange", rates.exchange_rows())
    shop.table("flavours", flavours.flavour_rows())


def _words(shop: Workshop) -> None:
    shop.set(
        surname_slots=names.surname_slots(),
        minority_names=list(names.MINORITY_NAMES),
        brands=list(names.BRAND_CHARACTERS),
        industry_slots=names.industry_slots(),
        trades=[{"section": section, "name": name} for section, name in names.TRADES],
        bodies=[{"name": a, "section": b, "organisation_type": c} for a, b, c in names.PUBLIC_BODIES],
        mobile_prefixes=names.MOBILE_PREFIXES,
        mail_hosts=list(names.EMAIL_HOSTS),
        numerals=list("一二三四五六七八九十"),
        other_banks=names.OTHER_BANKS,
        merchant_names=names.MERCHANTS,
        merchants=len(names.MERCHANTS),
    )
    shop.set(**{key: list(characters) for key, characters in names.GIVEN_CHARACTERS.items()})


def _places(shop: Workshop) -> None:
    districts = places.districts()
    shop.set(
        districts=[{"code": district.code, "name": district.name} for district in districts],
        district_codes=[int(district.code) for district in districts],
        other_regions=[int(code) for code in places.OTHER_REGIONS],
        streets=places.STREETS,
        estates=places.ESTATES,
        trade_places=places.TRADE_PLACES,
    )


# The managers of a unit stand together among those of their branch and line.
_MANAGER_COUNTS = """
CREATE OR REPLACE TABLE manager_counts AS
SELECT front, line, branch, count(*)::INTEGER AS number_of, min(place) AS first_place, any_value(pool_size) AS pool_size
FROM managers JOIN (SELECT branch, line, count(*) AS pool_size FROM managers GROUP BY ALL) USING (branch, line)
GROUP BY front, line, branch"""
_UNIT_SCHEMA = pa.schema(
    [
        ("unit_id", pa.string()),
        ("name", pa.string()),
        ("name_en", pa.string()),
        ("unit_kind", pa.string()),
        ("parent_id", pa.string()),
        ("region", pa.string()),
        ("opened_on", pa.date32()),
    ]
)
_POST_SCHEMA = pa.schema(
    [
        ("employee_id", pa.string()),
        ("name", pa.string()),
        ("name_en", pa.string()),
        ("unit_id", pa.string()),
        ("role", pa.string()),
        ("post_unit_id", pa.string()),
        ("data_scope", pa.string()),
        ("business_line", pa.string()),
        ("team_id", pa.string()),
        ("team_name", pa.string()),
        ("accredited_from", pa.date32()),
        ("mobile", pa.string()),
    ]
)

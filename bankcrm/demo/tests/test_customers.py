"""Customers, staff and their numbers."""

from datetime import date

import pytest

from bankcrm.demo import cast, places
from bankcrm.demo.catalogue import PRODUCTS
from bankcrm.demo.flavours import flavour_rows
from bankcrm.demo.rates import is_business_day
from bankcrm.demo.units import make_units
from bankcrm.feeds.contract import codes
from bankcrm.lake import identifiers

DAY = date(2026, 11, 22)


def test_resident_ids_tell_birth_and_gender(sql):
    rows = sql(
        """SELECT document_number, birth_on, gender
        FROM identity_document JOIN person USING (source_system, customer_id) WHERE document_type = 'resident_id'"""
    )
    wrong = [number for number, _, _ in rows if not identifiers.resident_id_ok(number, on=DAY)]
    agrees = [
        number[6:14] == f"{born:%Y%m%d}" and (int(number[16]) % 2 == 1) == (gender == "male")
        for number, born, gender in rows
    ]
    assert len(rows) > 3500
    assert len(wrong) < 0.005 * len(rows)
    assert agrees.count(False) < 0.02 * len(rows)


def test_no_two_persons_share_a_resident_id(sql):
    shared = sql(
        """SELECT document_number FROM identity_document JOIN person USING (source_system, customer_id)
        WHERE document_type = 'resident_id' GROUP BY 1 HAVING count(DISTINCT birth_on) > 1"""
    )
    assert shared == []


def test_credit_codes_are_valid_and_agree_with_organisation_codes(sql):
    rows = sql(
        """SELECT customer_id, document_type, document_number FROM identity_document
        WHERE document_type IN ('uscc', 'organisation_code')"""
    )
    credit = {customer: number for customer, kind, number in rows if kind == "uscc"}
    assert len(credit) > 300
    assert all(identifiers.uscc_ok(number) for number in credit.values())
    old = [(customer, number) for customer, kind, number in rows if kind == "organisation_code"]
    assert old
    for customer, number in old:
        assert identifiers.organisation_code_ok(number)
        assert identifiers.organisation_code_of(credit[customer]) == number


def test_cards_pass_luhn_and_are_unique(sql):
    numbers = [number for (number,) in sql("SELECT account_number FROM kept WHERE account_number LIKE '6228%'")]
    assert len(numbers) > 3000
    assert len(set(numbers)) == len(numbers)
    assert all(identifiers.luhn_ok(number) for number in numbers)


def test_five_to_ten_per_cent_of_documents_end_soon_or_have_ended(sql):
    ((share,),) = sql(
        """SELECT count(*) FILTER (expires_on <= DATE '2026-11-22' + 90) / count(*)
        FROM identity_document WHERE source_system = 'CORE' AND is_primary"""
    )
    assert 0.05 <= share <= 0.10


def test_every_address_names_its_district(sql):
    names = {district.city + district.name for district in places.districts()}
    rows = sql("SELECT value, district FROM contact_point WHERE contact_type = 'address'")
    assert len(rows) > 3000
    assert all(district in names and district in value for value, district in rows)


def test_mobiles_are_eleven_digits(sql):
    assert (
        sql(
            """SELECT value FROM contact_point
            WHERE contact_type = 'mobile' AND NOT regexp_full_match(value, '1[3-9][0-9]{9}')"""
        )
        == []
    )


def test_eight_per_cent_are_organisations(sql):
    ((persons, organisations),) = sql(
        """SELECT (SELECT count(*) FROM person WHERE source_system = 'CORE'),
            (SELECT count(*) FROM organisation WHERE source_system = 'CORE')"""
    )
    assert 0.06 < organisations / (persons + organisations) < 0.10


def test_shares_of_a_company_add_up_to_the_whole(sql):
    rows = sql("SELECT customer_id, sum(share) FROM relation WHERE relation_type = 'shareholder' GROUP BY 1")
    assert len(rows) > 200
    assert all(abs(float(total) - 1) < 0.001 for _, total in rows)


def test_there_is_a_ring_of_control_and_a_joint_venture(sql):
    assert sql(
        """SELECT customer_id FROM relation WHERE relation_type = 'shareholder' AND share = 0.5
        GROUP BY customer_id HAVING count(*) = 2"""
    )
    stakes = dict.fromkeys(
        sql(
            """SELECT related_customer_id, customer_id FROM relation
            WHERE relation_type = 'shareholder' AND related_customer_id IS NOT NULL"""
        )
    )
    assert any((held, holder) in stakes for holder, held in stakes)


def test_families_know_one_another_both_ways(sql):
    pairs = set(
        sql(
            """SELECT customer_id, related_customer_id FROM relation
            WHERE relation_type = 'spouse' AND related_customer_id IS NOT NULL"""
        )
    )
    assert len(pairs) > 300
    assert all((other, one) in pairs for one, other in pairs)


def test_coverage_of_an_object_never_exceeds_the_whole(sql):
    over = sql(
        """SELECT a.customer_id FROM coverage AS a JOIN coverage AS b USING (source_system, customer_id, object_type)
        WHERE a.object_id IS NOT DISTINCT FROM b.object_id
            AND b.from_on <= a.from_on AND coalesce(b.to_on, DATE '9999-12-31') > a.from_on
        GROUP BY a.customer_id, a.object_type, a.object_id, a.employee_id, a.coverage_role, a.from_on
        HAVING sum(b.share) > 1"""
    )
    assert over == []


def test_most_organisations_and_two_thirds_of_persons_are_covered(sql):
    for feed, low, high in (("organisation", 0.93, 0.99), ("person", 0.58, 0.72)):
        ((share,),) = sql(
            f"""SELECT count(*) FILTER (c.customer_id IS NOT NULL) / count(*) FROM {feed} AS p
            LEFT JOIN (
                SELECT DISTINCT customer_id FROM coverage WHERE to_on IS NULL AND object_type = 'customer'
            ) AS c USING (customer_id)
            WHERE p.source_system = 'CORE'"""
        )
        assert low < share < high, feed


def test_some_customers_changed_hands_and_some_are_shared(sql):
    ((changed, shared),) = sql(
        "SELECT count(*) FILTER (to_on IS NOT NULL), count(*) FILTER (coverage_role = 'assist') FROM coverage"
    )
    assert changed > 20
    assert shared > 60


def test_the_cast_plays_every_role_and_arrives_by_the_feed(sql):
    assert {member.role for member in cast.CAST} == set(codes.ROLES.codes)
    rows = dict(sql("SELECT employee_id, name FROM employee"))
    assert all(rows[member.employee_id] == member.name for member in cast.CAST)


@pytest.mark.parametrize("member", [cast.LIN, cast.CHEN], ids=lambda member: member.name_en)
def test_lin_and_chen_look_after_persons_and_organisations(member, sql):
    covered = {
        row[0]
        for row in sql(
            "SELECT customer_id FROM coverage WHERE employee_id = $1 AND to_on IS NULL", [member.employee_id]
        )
    }
    organisations = {row[0] for row in sql("SELECT customer_id FROM organisation")}
    assert covered & organisations
    assert covered - organisations


def test_lin_leads_the_customer_of_the_sketch(sql):
    rows = sql(
        """SELECT employee_id, share FROM coverage JOIN organisation USING (source_system, customer_id)
        WHERE name = '江南精工机械股份有限公司' AND to_on IS NULL AND coverage_role = 'lead'"""
    )
    assert rows[0][0] == cast.LIN.employee_id


@pytest.mark.parametrize(("size", "low", "high"), [(500, 50, 70), (20_000, 55, 70), (1_000_000, 350, 450)])
def test_units_grow_with_the_bank(size, low, high):
    units = make_units(size, date(2025, 10, 1))
    ids = [unit.unit_id for unit in units]
    assert low <= len(units) <= high
    assert len(set(ids)) == len(ids)
    assert all(unit.parent_id in ids for unit in units if unit.parent_id)
    assert any(unit.parent_id == next(u.unit_id for u in units if u.name == cast.CITY_EAST) for unit in units)


def test_catalogue_has_about_seventy_products_of_every_class():
    assert 60 <= len(PRODUCTS) <= 85
    assert {product.product_class for product in PRODUCTS} == set(codes.PRODUCT_CLASSES.codes) - {"unknown"}


def test_every_kind_of_movement_has_its_slots():
    keys = [row["key"] for row in flavour_rows()]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("day", "works"),
    [("2026-02-17", False), ("2026-02-14", True), ("2026-10-01", False), ("2026-11-22", False), ("2026-11-23", True)],
)
def test_calendar_knows_holidays_and_weekends_worked(day, works):
    assert is_business_day(date.fromisoformat(day)) is works

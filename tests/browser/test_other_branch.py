"""A manager of another branch types a customer's document number: in part, and in full."""

import psycopg
import pytest
from playwright.sync_api import expect

from bankcrm.core.postgres import connection_info

STRANGER = "100517"  # at 东湖支行
THEIRS = """
    SELECT d.document_number, c.name, c.number FROM customers_identitydocument d
    JOIN customers_customer c ON c.id = d.customer_id JOIN org_orgunit u ON u.id = c.owning_unit_id
    WHERE d.document_type = 'resident_id' AND u.name = '城东支行' AND NOT EXISTS (
        SELECT FROM customers_customervisibility v JOIN org_orgunit w ON w.id = v.unit_id
        WHERE v.customer_id = c.id AND w.name <> '城东支行')
    ORDER BY c.id LIMIT 1
"""
SAID = {"zh-hans": "持有该证件的客户已存在于城东支行", "en": "A customer with this document exists at"}


@pytest.fixture(scope="module")
def theirs(bank):
    """(document number, name, customer number) of somebody whom only 城东支行 sees."""
    info = connection_info(bank.home, "owner")
    with psycopg.connect(
        host=info.host, port=info.port, dbname=info.dbname, user=info.user, password=info.password, **dict(info.options)
    ) as database:
        return database.execute(THEIRS).fetchone()


@pytest.mark.parametrize("language", SAID)
def test_a_part_finds_nobody_and_the_whole_number_says_where_to_ask(page_as, theirs, language):
    document, name, number = theirs
    page = page_as(STRANGER, language=language)
    for needle in (document[:10], document[:-1], document):
        page.goto(f"/search/?q={needle}")
        expect(page.locator("main")).not_to_contain_text(number)
        expect(page.locator("main a.hit")).to_have_count(0)
    page.goto("/customers/prospects/new/")
    page.locator("#id_kind").select_option("person")
    page.locator("#id_document_type").select_option("resident_id")
    page.locator("#id_document_number").press_sequentially(document)
    expect(page.locator("#matches")).to_contain_text(SAID[language])
    for secret in (name, number):
        expect(page.locator("main")).not_to_contain_text(secret)

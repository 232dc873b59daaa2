import json
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from bankcrm.lake.contract import Column, Feed, Kind
from bankcrm.lake.delivery import read_delivery
from bankcrm.lake.mapping import MappingError, map_delivery

DAY = date(2026, 11, 22)
SOURCE = Column("source_system", Kind.ID, "", "", required=True)
PERSON = Feed(
    "person",
    "",
    "",
    key=("source_system", "customer_id"),
    columns=(
        SOURCE,
        Column("customer_id", Kind.ID, "", "", required=True),
        Column("name", Kind.TEXT, "", ""),
        Column("gender", Kind.TEXT, "", ""),
        Column("opened_on", Kind.DATE, "", ""),
    ),
)
TRANSACTION = Feed(
    "transaction",
    "",
    "",
    key=("source_system", "transaction_id"),
    dated_by="transacted_on",
    columns=(
        SOURCE,
        Column("transaction_id", Kind.ID, "", "", required=True),
        Column("holding_id", Kind.ID, "", "", required=True),
        Column("transacted_on", Kind.DATE, "", "", required=True),
        Column("sequence", Kind.INTEGER, "", "", required=True),
        Column("direction", Kind.TEXT, "", ""),
        Column("amount", Kind.MONEY, "", ""),
        Column("currency", Kind.TEXT, "", ""),
        Column("balance_after", Kind.MONEY, "", ""),
    ),
)
BALANCE = Feed(
    "balance",
    "",
    "",
    key=("source_system", "holding_id", "balance_on"),
    dated_by="balance_on",
    columns=(
        SOURCE,
        Column("holding_id", Kind.ID, "", "", required=True),
        Column("balance_on", Kind.DATE, "", "", required=True),
        Column("currency", Kind.TEXT, "", ""),
        Column("balance", Kind.MONEY, "", ""),
    ),
)
FEEDS = {feed.name: feed for feed in (PERSON, BALANCE, TRANSACTION)}
BANK = '[bank]\nname = "B"\nbase_currency = "CZK"\nsource_system = "B"\n'
CLIENTS = '[files.client]\npath = "client*.csv"\ndelimiter = ";"\nencoding = "gb18030"\n'
CODES = '[codes.sex]\nM = "male"\nF = "female"\n'


class Bank:
    """A mapping and a source folder of a test."""

    def __init__(self, tmp_path):
        self.tmp_path = tmp_path
        self.source = tmp_path / "source"
        self.source.mkdir()
        self.mapping = tmp_path / "mapping"
        self.mapping.mkdir()
        self.out = tmp_path / "mapped" / "2026-11-22"

    def put(self, name, text, encoding="gb18030"):
        (self.source / name).write_bytes(text.encode(encoding))

    def map(self, toml, **sql):
        (self.mapping / "mapping.toml").write_text(toml)
        for name, text in sql.items():
            (self.mapping / f"{name}.sql").write_text(text)
        return map_delivery(self.mapping, source=self.source, business_date=DAY, out=self.out, feeds=FEEDS)

    def person(self, sql):
        return self.map(BANK + CLIENTS + CODES + '[feeds.person]\nsql_file = "person.sql"\n', person=sql)

    def rows(self, feed, columns="*"):
        return duckdb.sql(f"SELECT {columns} FROM '{self.out / feed}.parquet'").fetchall()


@pytest.fixture
def bank(tmp_path):
    bank = Bank(tmp_path)
    bank.put("client1.csv", "No;Name;Sex\n1;张三;M\n2;𠮷;F\n")
    bank.put("client2.csv", "No;Name;Sex\n3;;X\n")
    return bank


def test_a_select_over_files_and_code_tables_becomes_a_delivery(bank):
    folder = bank.person(
        "SELECT no AS customer_id, name, value AS gender, $business_date AS opened_on "
        "FROM client LEFT JOIN code_sex ON code = sex"
    )
    assert bank.rows("person") == [
        ("B", "1", "张三", "male", DAY),
        ("B", "2", "𠮷", "female", DAY),
        ("B", "3", None, None, DAY),
    ]
    delivery = read_delivery(folder, known=FEEDS)
    assert (delivery.base_currency, delivery.mode, delivery.faults) == ("CZK", "daily", ())
    assert [(file.feed, file.scope, file.rows) for file in delivery.files] == [("person", "full", 3)]


def test_the_same_source_gives_the_same_bytes_and_replaces_what_stood_there(bank):
    sql = "SELECT no AS customer_id FROM client"
    first = {path.name: path.read_bytes() for path in bank.person(sql).iterdir()}
    (bank.out / "left-over").write_text("x")
    assert {path.name: path.read_bytes() for path in bank.person(sql).iterdir()} == first


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT no AS customer_id, 1 AS shoe_size FROM client", ["person", "shoe_size"]),
        ("SELECT name FROM client", ["person", "customer_id", "required"]),
        ("SELECT no AS customer_id FROM clients", ["person", "clients"]),
        ("SELECT no AS customer_id FROM client WHERE $today > name", ["person", "$today"]),
        ("SELECT no AS customer_id FROM client; SELECT 2", ["person", "one SELECT"]),
        ("SELECT no AS FROM", ["person"]),
    ],
)
def test_a_select_that_does_not_fit_the_contract_is_named_with_its_feed_and_column(bank, sql, said):
    with pytest.raises(MappingError) as caught:
        bank.person(sql)
    for word in said:
        assert word in str(caught.value)
    assert not bank.out.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT content AS customer_id FROM read_text('/etc/passwd')",
        "SELECT file AS customer_id FROM glob('/etc/*')",
        "SELECT * FROM '{source}/client1.csv'",
        "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
        "SELECT * FROM 'https://127.0.0.1:9/x.parquet'",
        "COPY (SELECT 1) TO '{source}/stolen.csv'",
        "ATTACH '{source}/stolen.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "CREATE TABLE x AS SELECT 1",
        "SELECT 1 AS customer_id; COPY (SELECT 1) TO '{source}/stolen.csv'",
        "PRAGMA database_list",
        "EXPORT DATABASE '{source}'",
        "CALL pragma_version()",
    ],
)
def test_a_mapping_reaches_no_file_no_host_and_no_setting(bank, sql):
    before = sorted(bank.source.iterdir())
    with pytest.raises(MappingError):
        bank.person(sql.format(source=bank.source))
    assert sorted(bank.source.iterdir()) == before
    assert not bank.out.exists()


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[bank]\n", "bank.name"),
        (BANK + "[feeds.person]\n", "sql"),
        (BANK + '[feeds.nothing]\nsql = "SELECT 1"\n', "nothing"),
        (BANK + '[feeds.person]\nsql_file = "../../secret.sql"\n', "leaves"),
        (BANK + '[files.a]\npath = "../a.csv"\n[feeds.person]\nsql = "SELECT 1"\n', "leaves"),
        (BANK + '[files.a]\npath = "/etc/passwd"\n[feeds.person]\nsql = "SELECT 1"\n', "leaves"),
        (BANK + '[files.a]\npath = "nothing.csv"\n[feeds.person]\nsql = "SELECT 1"\n', "nothing.csv"),
        (BANK + '[files.a]\npath = "a.csv"\ndelimter = ";"\n', "delimter"),
        (BANK + "[surprise]\n", "surprise"),
        ("= 1", "mapping.toml"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(bank, toml, said):
    with pytest.raises(MappingError, match=said):
        bank.map(toml)


def test_a_broken_line_of_a_source_file_is_named(bank):
    bank.put("client3.csv", "No;Name;Sex\n4;d;M\n5;e\n")
    with pytest.raises(MappingError, match=r"client3\.csv.*line 3: too_few_columns"):
        bank.person("SELECT no AS customer_id FROM client")


def test_a_delimiter_too_many_in_a_source_file_never_shifts_values_into_other_columns(bank):
    bank.put("client3.csv", "No;Name;Sex\n4;d;e;\n")
    with pytest.raises(MappingError, match=r"client3\.csv.*line 2: too_many_columns"):
        bank.person("SELECT no AS customer_id FROM client")


def chained(bank, **options):
    bank.put(
        "move.csv",
        "id;acc;day;dir;amt;bal\n10;A;20261121;debit;5;20\n9;A;20261121;credit;25;25\n11;A;20261122;credit;1;21\n",
    )
    sql = (
        "SELECT id AS transaction_id, acc AS holding_id, day AS transacted_on, dir AS direction, "
        "amt AS amount, 'CZK' AS currency, bal AS balance_after FROM move"
    )
    chosen = "".join(f"{key} = {str(value).lower()}\n" for key, value in options.items())
    bank.map(
        BANK + f'[options]\n{chosen}[files.move]\npath = "move.csv"\ndelimiter = ";"\n'
        f'[feeds.transaction]\nsql = "{sql}"\n'
    )


def test_transactions_get_their_order_and_day_ends_from_the_chain_of_balances(bank):
    chained(bank, order_by_balance_chain=True, balance_from_transactions=True)
    assert sorted(bank.rows("transaction", "transaction_id, sequence")) == [("10", 2), ("11", 1), ("9", 1)]
    assert bank.rows("balance", "holding_id, balance_on, balance") == [
        ("A", date(2026, 11, 21), Decimal(20)),
        ("A", DAY, Decimal(21)),
    ]
    assert json.loads((bank.out / "manifest.json").read_text())["mapping"]["days_not_in_order"] == 0


def test_without_the_option_a_required_sequence_is_missed(bank):
    with pytest.raises(MappingError, match="sequence"):
        chained(bank, balance_from_transactions=True)

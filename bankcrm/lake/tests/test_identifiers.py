from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bankcrm.lake import identifiers
from bankcrm.lake.connection import connect

ON = date(2026, 11, 22)
VECTORS = [
    ("resident_id", "11010519491231002X", True),
    ("resident_id", "11010519491231002x", True),
    ("resident_id", "440524188001010014", True),
    ("resident_id", "110105194912310021", False),  # check character
    ("resident_id", "110105491231002", True),  # 15 digits
    ("resident_id", "110105490231002", False),  # 31 February
    ("resident_id", "11010520491231002X", False),  # born in the future
    ("resident_id", "01010519491231002X", False),  # no such province
    ("resident_id", "810000199408230021", False),  # a residence permit is not a resident ID
    ("hk_macao_taiwan_residence", "810000199408230021", True),
    ("hk_macao_taiwan_residence", "830000199201300022", True),
    ("hk_macao_taiwan_residence", "810000199408230022", False),
    ("hk_macao_taiwan_residence", "11010519491231002X", False),
    ("foreign_residence", "CAN110182063111", False),  # born on 31 June
    ("foreign_residence", "CAN110182063011", True),
    ("foreign_residence", "911124198108030024", True),
    ("foreign_residence", "911124198108030025", False),
    ("uscc", "91100000100003962T", True),
    ("uscc", "91110000710926094P", True),
    ("uscc", "91440300708461136T", True),
    ("uscc", "913300007996550586", True),
    ("uscc", "91350100M000100Y43", True),
    ("uscc", "91350100M000100Y4Z", False),  # copied everywhere, and wrong
    ("organisation_code", "D2143569X", True),
    ("organisation_code", "10000396-2", True),
    ("organisation_code", "71092609-4", True),
    ("organisation_code", "710926095", False),
    ("lei", "7LTWFZYICNSX8D621K86", True),
    ("lei", "969500KSV493XWY0PS33", True),
    ("lei", "969500KSV493XWY0PS34", False),
    ("passport", "whatever 1", True),
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    connection = connect(temp=tmp_path_factory.mktemp("duck"))
    identifiers.define_macros(connection, on=ON)
    return connection


@pytest.mark.parametrize(("document_type", "number", "valid"), VECTORS)
def test_a_number_keeps_the_rule_of_its_type_in_both_forms(lake, document_type, number, valid):
    assert identifiers.identifier_ok(document_type, number, on=ON) is valid
    assert lake.execute("SELECT identifier_ok($1, $2)", [document_type, number]).fetchone() == (valid,)


@pytest.mark.parametrize(
    ("number", "valid"), [("6228480030212345679", True), ("6228480030212345678", False), ("1", False)]
)
def test_a_card_number_ends_with_its_luhn_digit(lake, number, valid):
    assert identifiers.luhn_ok(number) is valid
    assert lake.execute("SELECT luhn_ok($1)", [number]).fetchone() == (valid,)


def test_an_old_resident_id_grows_to_eighteen_characters():
    assert identifiers.resident_id_18("110105491231002") == "11010519491231002X"
    assert identifiers.resident_id_18("11010519491231002x") == "11010519491231002X"


def test_the_organisation_code_stands_inside_the_credit_code():
    for uscc, code in [("91100000100003962T", "100003962"), ("91110000710926094P", "710926094")]:
        assert identifiers.organisation_code_of(uscc) == code
        assert identifiers.organisation_code_ok(code)


def near(number):
    """The number itself, or with one character changed, or cut."""
    return st.one_of(
        st.just(number),
        st.tuples(st.integers(0, len(number) - 1), st.sampled_from("0123456789ABXZIx- ０é")).map(
            lambda change: number[: change[0]] + change[1] + number[change[0] + 1 :]
        ),
        st.integers(0, len(number)).map(lambda end: number[:end]),
    )


TYPES = st.sampled_from(sorted({document_type for document_type, _, _ in VECTORS}))
NUMBERS = st.one_of(
    st.sampled_from([number for _, number, _ in VECTORS]).flatmap(near),
    st.text("0123456789ABCXx-", max_size=22),
    st.from_regex(r"\A[1-9][0-9]{5}(19|20)[0-9]{9}[0-9X]\Z"),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(TYPES, NUMBERS), min_size=40, max_size=80))
def test_the_macro_and_the_function_always_agree(lake, documents):
    placeholders = ", ".join("(?, ?)" for _ in documents)
    found = lake.execute(
        f"SELECT identifier_ok(t, n), luhn_ok(n) FROM (VALUES {placeholders}) AS v(t, n)",
        [value for document in documents for value in document],
    ).fetchall()
    assert found == [
        (identifiers.identifier_ok(document_type, number, on=ON), identifiers.luhn_ok(number))
        for document_type, number in documents
    ]

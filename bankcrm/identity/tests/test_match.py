"""The matching rule on rows of its own: same kind, document and normalised name are one customer; nothing else is."""

from itertools import count

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bankcrm.feeds.matching import MatchInput
from bankcrm.identity.match import MOST_NAMES, SQL, match_by_document

FIRST_KEY = 1000


class Matching:
    """Parties with their documents, and what the rule makes of them."""

    def __init__(self, out):
        self.out = out
        self.lake = duckdb.connect()
        self.lake.execute("CREATE TABLE party (source_key VARCHAR, source_system VARCHAR, kind VARCHAR, name VARCHAR)")
        self.lake.execute(
            "CREATE TABLE src_identity_document (source_key VARCHAR, document_type VARCHAR, document_number VARCHAR)"
        )
        self.lake.execute("CREATE TABLE ref_name (name VARCHAR, kind VARCHAR, normalised VARCHAR)")
        self.lake.execute("CREATE TABLE ref_source_rank (source_system VARCHAR, rank INTEGER)")
        self.lake.execute("INSERT INTO ref_source_rank VALUES ('CORE', 0), ('CARD', 1)")
        self.lake.execute("CREATE TABLE known_map (source_key VARCHAR, customer_id BIGINT)")
        self.lake.execute(
            "CREATE TABLE staff_document (customer_id BIGINT, kind VARCHAR, name VARCHAR, document_type VARCHAR, "
            "document_number VARCHAR)"
        )
        self.keys = count(FIRST_KEY)

    def party(self, key, name, *documents, kind="person"):
        """`documents` are numbers of passports."""
        self.lake.execute("INSERT INTO party VALUES (?, ?, ?, ?)", [key, key.split("/")[0], kind, name])
        for number in documents:
            self.lake.execute("INSERT INTO src_identity_document VALUES (?, 'passport', ?)", [key, number])
        normalised = (name or "").replace(" ", "").upper()
        self.lake.execute(
            "INSERT INTO ref_name SELECT $1, $2, $3 WHERE NOT EXISTS "
            "(SELECT 1 FROM ref_name WHERE name = $1 AND kind = $2)",
            [name, kind, normalised],
        )
        return self

    def run(self):
        """source key -> customer; what is decided is known from then on."""
        self.result = match_by_document(
            MatchInput(self.lake, lambda wanted: [next(self.keys) for _ in range(wanted)], self.out)
        )
        rows = self.lake.execute(
            "SELECT source_key, customer_id FROM ref_customer_map WHERE NOT starts_with(source_key, '@staff/')"
        ).fetchall()
        self.lake.execute("DELETE FROM known_map")
        if rows:
            self.lake.executemany("INSERT INTO known_map VALUES (?, ?)", rows)
        assert len(rows) == len(dict(rows))
        return dict(rows)

    def candidates(self):
        sql = (SQL / "candidates.sql").read_text(encoding="utf-8")
        rows = self.lake.execute(f"SELECT left_key, right_key, reason FROM ({sql}) ORDER BY ALL")
        return rows.fetchall()


@pytest.fixture
def matching(tmp_path):
    return Matching(tmp_path)


def test_the_same_document_and_name_are_one_customer(matching):
    found = matching.party("CORE/1", "LI LEI", "E1").party("CARD/9", "li lei", "e1").run()
    assert found["CORE/1"] == found["CARD/9"]
    assert (matching.result.created, matching.candidates()) == (1, [])


def test_another_name_is_a_candidate_and_not_joined(matching):
    found = matching.party("CORE/1", "张三", "E1").party("CARD/9", "李四", "E1").run()
    assert found["CORE/1"] != found["CARD/9"]
    assert matching.candidates() == [("CARD/9", "CORE/1", "name_differs")]


def test_a_person_and_an_organisation_are_never_one(matching):
    found = matching.party("CORE/1", "张三", "E1").party("CORE/2", "张三", "E1", kind="organisation").run()
    assert found["CORE/1"] != found["CORE/2"] and matching.candidates() == []


def test_parties_without_a_name_are_not_joined_by_a_document(matching):
    found = matching.party("CORE/1", None, "E1").party("CARD/9", None, "E1").run()
    assert found["CORE/1"] != found["CARD/9"]


def test_a_chain_of_documents_joins_its_ends(matching):
    found = (
        matching.party("CORE/1", "张三", "E1").party("CORE/2", "张三", "E1", "E2").party("CARD/3", "张三", "E2").run()
    )
    assert len(set(found.values())) == 1


def test_a_new_source_joins_the_customer_that_is_there_and_numbers_stay(matching):
    first = matching.party("CORE/1", "张三", "E1").run()
    second = matching.party("CARD/1", "张三", "E1").party("CARD/2", "王五", "E2").run()
    assert second["CARD/1"] == second["CORE/1"] == first["CORE/1"]
    assert (matching.result.joined, matching.result.created) == (1, 1)


def test_two_customers_that_prove_to_be_one_stay_two_and_wait_for_a_steward(matching):
    first = matching.party("CORE/1", "张三", "E1").party("CARD/2", "张三", "E2").run()
    matching.lake.execute("INSERT INTO src_identity_document VALUES ('CARD/2', 'passport', 'E1')")
    second = matching.run()
    assert second == first and len(set(second.values())) == 2
    assert matching.candidates() == [("CARD/2", "CORE/1", "would_join")]


def test_a_new_source_between_two_customers_goes_to_the_older_one(matching):
    first = matching.party("CORE/1", "张三", "E1").party("CARD/2", "张三", "E2").run()
    second = matching.party("CARD/3", "张三", "E1", "E2").run()
    assert second == {**first, "CARD/3": min(first.values())}
    assert ("CARD/2", "CARD/3", "would_join") in matching.candidates()


def test_a_placeholder_shown_under_many_names_joins_nobody(matching):
    for number in range(MOST_NAMES):
        matching.party(f"CORE/{number}", f"客户{number}", "999")
    matching.party("CARD/1", "客户0", "999").party("CARD/2", "另一个", "999")
    assert len(set(matching.run().values())) == MOST_NAMES + 2


def test_who_vanishes_keeps_the_customer(matching):
    first = matching.party("CORE/1", "张三", "E1").run()
    matching.lake.execute("DELETE FROM party")
    matching.lake.execute("DELETE FROM src_identity_document")
    assert matching.run() == first


PARTIES = st.lists(
    st.tuples(
        st.sampled_from(["CORE", "CARD", "LOAN"]),
        st.sampled_from(["张三", "李四", None]),
        st.lists(st.sampled_from(["E1", "E2", "E3"]), max_size=2, unique=True),
    ),
    max_size=7,
)


def groups(found):
    """The partition, whatever the customers are called."""
    by_customer = {}
    for key, customer in found.items():
        by_customer.setdefault(customer, set()).add(key)
    return sorted(sorted(keys) for keys in by_customer.values())


def connected(parties):
    """The slow twin: whoever shares a document and a name is joined, until nobody is."""
    together = {key: {key} for key, _name, _documents in parties}
    for one, name, documents in parties:
        for other, other_name, other_documents in parties:
            if name is not None and name == other_name and set(documents) & set(other_documents):
                union = together[one] | together[other]
                for key in union:
                    together[key] = union
    return sorted({tuple(sorted(keys)) for keys in together.values()})


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(PARTIES, st.randoms())
def test_the_order_of_rows_does_not_matter(tmp_path, drawn, random):
    parties = [(f"{system}/{number}", name, documents) for number, (system, name, documents) in enumerate(drawn)]
    shuffled = list(parties)
    random.shuffle(shuffled)
    found = []
    for rows in (parties, shuffled):
        matching = Matching(tmp_path)
        for key, name, documents in rows:
            matching.party(key, name, *documents)
        found.append(matching.run())
    assert found[0] == found[1]
    assert [tuple(keys) for keys in groups(found[0])] == connected(parties)

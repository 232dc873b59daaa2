"""DuckDB's reader is used wherever it reads what the splitter reads; here the two are held against each other."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bankcrm.lake import staging
from bankcrm.lake.contract import Column, Feed, Kind
from bankcrm.lake.delivered import FileFormat
from bankcrm.lake.formats import make_plain
from bankcrm.lake.tests.landing_cases import Landing

PAIR = Feed("pair", "", "", key=("a",), columns=(Column("a", Kind.TEXT, "", ""), Column("b", Kind.TEXT, "", "")))
ROWS = "SELECT _record, a, b FROM landing_stage ORDER BY _record"


@pytest.fixture(scope="module")
def landing(tmp_path_factory):
    return Landing(tmp_path_factory.mktemp("staging"))


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.text(st.sampled_from('ab,,"\n\n\r 张|'), max_size=40),
    st.sampled_from([",", "|", "|,", ",,"]),
    st.sampled_from(['"', ""]),
)
@example('"a" ,b\n', ",", '"')
@example(' "a",b\n', ",", '"')
@example('a,"b\n', ",", '"')
@example("a,b\r", ",", '"')
@example('"",b\n\n"""",b', ",", '"')
@example('  ",', ",", '"')  # DuckDB takes the quote for a letter
@example('|  ""\n', "|", '"')
@example(',  " "', ",", '"')
@example('|"\r\n"', "|", '"')
def test_what_duckdb_reads_is_what_the_splitter_reads(landing, content, delimiter, quote):
    form = FileFormat(delimiter=delimiter, quote=quote, header=False, columns=("a", "b"))
    file = landing.file(content.encode(), feed="pair", form=form)
    temp = landing.root / "temp"
    temp.mkdir(parents=True, exist_ok=True)
    plain = make_plain(file, temp)
    fast = staging._stage_fast(PAIR, file, plain, landing.root, landing.connection)
    if fast is None:
        return
    found = landing.connection.execute(ROWS).fetchall()
    exact = staging.stage_exactly(PAIR, file, plain, temp=temp, connection=landing.connection)
    assert exact.broken == ()
    assert found == landing.connection.execute(ROWS).fetchall()


def test_plain_files_are_read_by_duckdb(landing):
    """Or the test above would compare nothing."""
    landing.root.mkdir(parents=True, exist_ok=True)
    for content in ("a,b\nc,d\n", '"a,",b\r\n"c\n""",\r\n'):
        form = FileFormat(header=False, columns=("a", "b"))
        file = landing.file(content, feed="pair", form=form)
        plain = make_plain(file, landing.root)
        assert staging._stage_fast(PAIR, file, plain, landing.root, landing.connection) is not None

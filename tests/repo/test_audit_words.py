import pytest
from django.utils import translation

from bankcrm.core import audit_words
from tests.repo import audit_codes


def test_the_code_of_every_recorded_action_can_be_read_from_the_source():
    assert [odd for path in audit_codes.sources() for odd in audit_codes.unresolved(path)] == []


def test_every_action_that_the_source_records_has_a_name():
    codes = {code for path in audit_codes.sources() for code in audit_codes.recorded(path)}
    assert len(codes) > 70  # the reader of the source still finds them
    nameless = codes - set(audit_words.actions())
    assert not nameless, f"name them in the app's audit_names.py: {sorted(nameless)}"


def test_every_value_that_the_source_records_has_a_name():
    names = {name for path in audit_codes.sources() for name in audit_codes.value_names(path)}
    assert len(names) > 100  # the reader of the source still finds them
    nameless = {name for name in names if audit_words.name_of(name) == name}
    assert not nameless, f"name them in the app's audit_names.py: {sorted(nameless)}"


def test_the_reader_finds_the_names_of_values(tmp_path):
    path = tmp_path / "x.py"
    path.write_text("def tell():\n told = {'a': 1}\n audit.record('x.y', detail=told, after={'b': {'c': 2}, **more})")
    assert audit_codes.value_names(path) == {"a", "b", "c"}


def test_every_name_has_its_chinese():
    for action in audit_words.actions().values():
        with translation.override("zh-hans"):
            chinese = str(action.label)
        assert any("一" <= character <= "鿿" for character in chinese), action.code


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ("audit.record('a.b', by=x)", {"a.b"}),
        ("audit.record('a.b' if x else 'a.c', by=x)", {"a.b", "a.c"}),
        ("NAME = 'a.b'\naudit.record(NAME, by=x)", {"a.b"}),
        ("def tell(action): audit.record(action, by=x)\ntell('a.b')\ntell(action='a.c')", {"a.b", "a.c"}),
    ],
)
def test_the_reader_finds_codes_however_they_are_given(tmp_path, source, codes):
    path = tmp_path / "x.py"
    path.write_text(source)
    assert audit_codes.recorded(path) == codes
    assert audit_codes.unresolved(path) == []


def test_a_code_that_cannot_be_read_is_named(tmp_path):
    path = tmp_path / "x.py"
    path.write_text("audit.record(make(), by=x)")
    assert audit_codes.unresolved(path) == ["x.py:1"]

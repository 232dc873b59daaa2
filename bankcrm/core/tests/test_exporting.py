"""Tracing codes, cells that are no formulas, purposes, covers: the pieces of which exports are made."""

import csv
import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bankcrm.core.choices import check_choices
from bankcrm.core.exporting import codes
from bankcrm.core.exporting.cells import harmless, plain
from bankcrm.core.exporting.codes import Fault, NotACode
from bankcrm.core.exporting.cover import Cover
from bankcrm.core.exporting.purposes import Purpose, purpose_of
from bankcrm.core.exporting.writers import CsvWriter, Head, XlsxWriter, sheet_name

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
NOT_SHOWN = " \t\r\n\u3000\u200b\ufeff"
TEXTS = st.one_of(
    st.text(max_size=40),
    st.builds("".join, st.tuples(st.text(NOT_SHOWN, max_size=3), st.sampled_from(SIGNS), st.text(max_size=20))),
)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def cover(**values):
    usual = {
        "title": "Customers",
        "about": "Data date 2026-11-22",
        "maker": "E00001 林晓",
        "place": "城东支行",
        "made_at": dt.datetime(2026, 11, 23, 9, 5, tzinfo=dt.UTC),
        "expires_at": dt.datetime(2026, 11, 30, 9, 5, tzinfo=dt.UTC),
        "purpose": "Visits: 季度回访",
        "code": "ABCDE-FGHJK",
    }
    return Cover(**(usual | values))


def written(writer, path, rows, **of_cover):
    made = writer(path, cover(**of_cover), [Head("a", "A"), Head("b", "B", is_money=True)])
    for row in rows:
        made.row(row)
    made.close()
    return path.read_bytes()


# Tracing codes ------------------------------------------------------------------------------------------------------


def test_a_code_is_read_however_it_is_typed():
    code = codes.draw()
    assert codes.read(codes.grouped(code)) == code
    wide = "".join(chr(ord(one) + 0xFEE0) for one in code.lower())
    for typed in (code.lower(), f" {code[:3]} {code[3:]} ", wide, f"{code[:5]}－{code[5:]}"):
        assert codes.read(typed) == code


@given(place=st.integers(0, codes.LENGTH - 1), other=st.sampled_from(codes.ALPHABET))
def test_every_single_wrong_character_is_told(place, other):
    code = codes.draw()
    if code[place] != other:
        with pytest.raises(NotACode) as told:
            codes.read(code[:place] + other + code[place + 1 :])
        assert told.value.fault is Fault.CHECK


@given(one=st.integers(0, codes.DRAWN - 1), two=st.integers(0, codes.DRAWN - 1))
def test_two_characters_that_changed_places_are_told(one, two):
    code = codes.draw()
    turned = list(code)
    turned[one], turned[two] = turned[two], turned[one]
    if "".join(turned) != code:
        with pytest.raises(NotACode):
            codes.read("".join(turned))


@pytest.mark.parametrize(
    ("typed", "fault"), [("ABC", Fault.LENGTH), ("O0IL1-22222", Fault.CHARACTER), ("", Fault.LENGTH)]
)
def test_what_is_no_code_is_told_apart(typed, fault):
    with pytest.raises(NotACode) as told:
        codes.read(typed)
    assert told.value.fault is fault


# Cells --------------------------------------------------------------------------------------------------------------


def is_formula(text):
    """What a spreadsheet would calculate, also one that trims blanks and knows full-width signs."""
    return (text[:1] in "\t\r\n" and text != "") or re.match(
        f"[{re.escape(NOT_SHOWN)}]*[{re.escape(SIGNS)}]", text
    ) is not None


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
@example(text="=1+1")
@example(text="＝HYPERLINK(1)")
@example(text="\u200b@x")
def test_no_text_survives_as_a_formula(text, tmp_path_factory):
    made = harmless(text)
    assert not is_formula(made)
    assert made.removeprefix("'") == text[:32_000] or made == text


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=8))
def test_no_file_holds_a_formula(texts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cells")
    rows = [[plain(text), plain(Decimal("1.50"))] for text in texts]
    lines = list(csv.reader(io.StringIO(written(CsvWriter, folder / "a.csv", rows).decode("utf-8-sig"), newline="")))
    for cell in (one for line in lines for one in line):
        assert not is_formula(cell) or re.fullmatch(r"\t\d{11,}", cell)
    with zipfile.ZipFile(io.BytesIO(written(XlsxWriter, folder / "a.xlsx", rows))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count("<v>1.5</v>") == len(rows)
    for cell in re.findall(r"<t[^>]*>(.*?)</t>", sheet, re.DOTALL):
        assert cell[:1] not in "=+-@\t\r\n＝＋－＠" or not cell


def test_ordinary_text_stays_as_it_is():
    assert harmless("江南-精工") == "江南-精工"
    assert harmless("") == ""


def test_numbers_stay_numbers_and_long_ids_stay_text(tmp_path):
    rows = [[plain("62220001234567890"), plain(Decimal("-12.30"))], [plain("-5"), plain(-5)]]
    content = written(XlsxWriter, tmp_path / "a.xlsx", rows)
    found = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert found[-2] == ["62220001234567890", -12.3]
    assert found[-1] == ["'-5", -5]
    text = written(CsvWriter, tmp_path / "a.csv", rows).decode("utf-8-sig")
    assert text.splitlines()[-2:] == ["\t62220001234567890,-12.30", "'-5,-5"]


# Cover, header and footer, properties -------------------------------------------------------------------------------


def test_a_workbook_carries_its_code_on_every_printed_sheet_and_in_its_properties(tmp_path):
    content = written(XlsxWriter, tmp_path / "a.xlsx", [["x", 1]], maker="E1 A&B", title="=Sum: [x]")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        properties = book.read("docProps/core.xml").decode() + book.read("docProps/custom.xml").decode()
    margins = re.search(r"<oddHeader>(.*?)</oddHeader><oddFooter>(.*?)</oddFooter>", sheet)
    for margin in margins.groups():
        assert "ABCDE-FGHJK" in margin
        assert "城东支行" in margin
        assert "2026-11-23 09:05" in margin
        assert "A&amp;&amp;B" in margin
    assert properties.count("ABCDE-FGHJK") >= 2
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "'=Sum: [x]"
    assert "delete after 2026-11-30" in rows[3][0]
    assert "ABCDE-FGHJK" in rows[3][0]


def test_the_first_lines_of_a_csv_carry_maker_purpose_and_code(tmp_path):
    lines = written(CsvWriter, tmp_path / "a.csv", []).decode("utf-8-sig").splitlines()
    assert "E00001 林晓 (城东支行)" in lines[2]
    assert "季度回访" in lines[2]
    assert "ABCDE-FGHJK" in lines[3]


@pytest.mark.parametrize(("title", "name"), [("a/b:c", "a b c"), ("", "1"), ("x" * 40, "x" * 31), ("'q'", "q")])
def test_a_sheet_is_called_as_spreadsheets_allow(title, name):
    assert sheet_name(title) == name


# Purposes -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "abc", "aaaaaa", "......", "  a b  "])
def test_a_purpose_needs_words(text):
    with pytest.raises(ValidationError) as told:
        purpose_of("visit", text)
    assert set(told.value.message_dict) == {"purpose"}


@pytest.mark.django_db
def test_a_purpose_is_of_the_banks_list_and_reads_in_the_readers_language():
    with pytest.raises(ValidationError) as told:
        purpose_of("holiday", "上门走访")
    assert set(told.value.message_dict) == {"purpose_code"}
    assert purpose_of("visit", " 上门  走访 ").words == "Visits and customer care: 上门 走访"
    with override("zh-hans"):
        assert Purpose("visit", "x").label == "走访与客户维护"
    assert Purpose("gone", "x").label == "gone"


@pytest.mark.parametrize("text", ["", ";", "visit", "a=甲/A; b", "a=甲/A; a=乙/B"])
def test_a_list_that_cannot_be_read_is_refused(text):
    with pytest.raises(ValidationError):
        check_choices(text)

import pytest

from bankcrm.lake.delivered import FileFormat
from bankcrm.lake.splitter import records

PLAIN = FileFormat()


def read(tmp_path, content, form=PLAIN, width=3, header_lines=0):
    path = tmp_path / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(form.encoding))
    return [
        (record.line, record.problem or list(record.fields))
        for record in records(path, form, width=width, header_lines=header_lines)
    ]


def test_a_line_break_inside_quotes_moves_the_lines_that_follow(tmp_path):
    assert read(tmp_path, '1,"x\ny",3\n4,5,6\n') == [(1, ["1", "x\ny", "3"]), (3, ["4", "5", "6"])]


def test_a_line_with_too_few_or_too_many_fields_is_named_and_reading_goes_on(tmp_path):
    found = read(tmp_path, "1,2\n1,2,3\n1,2,3,4\n7,8,9")
    assert found == [(1, "too_few_columns"), (2, ["1", "2", "3"]), (3, "too_many_columns"), (4, ["7", "8", "9"])]


def test_a_quote_that_never_closes_costs_its_own_line_only(tmp_path):
    assert read(tmp_path, '1,"2,3\n4,5,6\n7,8,9\n') == [(1, "open_quote"), (2, ["4", "5", "6"]), (3, ["7", "8", "9"])]


def test_text_after_a_closing_quote_costs_the_first_line_of_the_record(tmp_path):
    found = read(tmp_path, '1,"2"x,3\n4,"5\n5"x,6\n7,8,9\n')
    assert found == [(1, "stray_quote"), (2, "stray_quote"), (3, "too_few_columns"), (4, ["7", "8", "9"])]


def test_two_quotes_inside_quotes_are_one_and_a_quote_inside_plain_text_is_text(tmp_path):
    assert read(tmp_path, '1,"a""b",3\n4,5"5,6\n') == [(1, ["1", 'a"b', "3"]), (2, ["4", '5"5', "6"])]


def test_without_a_quote_character_quotes_are_text(tmp_path):
    form = FileFormat(delimiter="|+|", quote="")
    assert read(tmp_path, '"1|+|x+y|z|+|3"\n', form) == [(1, ['"1', "x+y|z", '3"'])]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_may_be_mixed_and_blank_lines_are_counted_but_no_records(tmp_path, end):
    assert read(tmp_path, f"1,2,3\n\r\n4,5,6{end}7,8,9") == [
        (1, ["1", "2", "3"]),
        (3, ["4", "5", "6"]),
        (4, ["7", "8", "9"]),
    ]


def test_bytes_that_are_not_of_the_encoding_cost_their_line_only(tmp_path):
    form = FileFormat(encoding="gb18030")
    content = "张三,2,3\n".encode("gb18030") + b"4,\xff,6\n" + "𠮷,8,9\n".encode("gb18030")
    assert read(tmp_path, content, form) == [
        (1, ["张三", "2", "3"]),
        (2, "bad_encoding"),
        (3, ["𠮷", "8", "9"]),
    ]


def test_lines_count_the_header_and_a_byte_order_mark_is_no_text(tmp_path):
    assert read(tmp_path, "\ufeffa,b,c\n1,2,3\n", header_lines=1) == [(2, ["1", "2", "3"])]
    assert read(tmp_path, "\ufeff1,2,3\n") == [(1, ["1", "2", "3"])]

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.core.names import initials, normalise, pieces, pinyin, search_names, search_names_of, sort_key


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("张 建国", "张建国"),
        ("张　建国 ", "张建国"),
        ("ＡＢＣ公司", "abc公司"),
        ("江州（集团）有限公司", "江州(集团)有限公司"),
        ("阿卜杜拉·买买提", "阿卜杜拉•买买提"),
        ("阿卜杜拉・买买提", "阿卜杜拉买买提"),
    ],
)
def test_spellings_of_one_name_are_equal(left, right):
    assert normalise(left) == normalise(right)


@pytest.mark.parametrize(("left", "right"), [("张建国", "张建"), ("张健国", "张建国"), ("㛃", "洁")])
def test_different_names_stay_different(left, right):
    assert normalise(left) != normalise(right)


def test_no_name_is_empty():
    assert (normalise(None), pinyin(""), sort_key(""), pieces("")) == ("", (), "", ())


@pytest.mark.parametrize(
    ("name", "read", "first_letters"),
    [
        ("张建国", ("zhangjianguo",), ("zjg",)),
        ("单雄信", ("shanxiongxin", "danxiongxin"), ("sxx", "dxx")),
        ("仇英", ("qiuying", "chouying"), ("qy", "cy")),
        ("解缙", ("xiejin", "jiejin"), ("xj", "jj")),
        ("区寄", ("ouji", "quji"), ("oj", "qj")),
        ("翟让", ("zhairang", "dirang"), ("zr", "dr")),
        ("曾巩", ("zenggong", "cenggong"), ("zg", "cg")),
        ("查良镛", ("zhaliangyong", "chaliangyong"), ("zly", "cly")),
        ("尉迟恭", ("yuchigong", "weichigong"), ("ycg", "wcg")),
        ("万俟卨", ("moqixie", "wanqixie"), ("mqx", "wqx")),
        ("John Smith", ("johnsmith",), ("j",)),
    ],
)
def test_surnames_are_found_by_both_readings_the_right_one_first(name, read, first_letters):
    assert pinyin(name) == read
    assert initials(name) == first_letters


def test_firms_are_read_by_their_words():
    assert pinyin("江州银行", person=False) == ("jiangzhouyinhang",)
    assert pinyin("重庆长城A1公司", person=False) == ("chongqingchangchenga1gongsi",)


def test_names_sort_as_in_a_telephone_book():
    names = ["赵一", "阿明", "曾二", "先生", "西安", "单三"]
    assert sorted(names, key=sort_key) == ["阿明", "单三", "西安", "先生", "曾二", "赵一"]


def test_pieces_are_all_single_characters_and_pairs():
    assert set(pieces("张建国")) == {"张", "建", "国", "张建", "建国"}


@given(st.text(max_size=12))
def test_any_text_has_search_names(name):
    found = search_names(name)
    assert found.pinyin == pinyin(name)
    assert found.initials == initials(name)
    assert found.sort_key == sort_key(name)
    assert found.pieces == pieces(name)
    assert all(len(piece) <= 2 for piece in found.pieces)
    assert all(part == part.casefold() for part in found.pinyin)


@given(st.lists(st.tuples(st.sampled_from(["张伟", "单雄信", "江州银行", ""]), st.booleans()), max_size=30))
def test_many_at_once_are_the_same_as_one_by_one(rows):
    assert list(search_names_of(rows)) == [search_names(name, person=person) for name, person in rows]

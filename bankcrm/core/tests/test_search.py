import pytest

from bankcrm.core.search import Kind, classify


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("", Kind.EMPTY, ""),
        ("   ", Kind.EMPTY, ""),
        ("138 1234-5678", Kind.DIGITS, "13812345678"),
        ("１３８１２３４５６７８", Kind.DIGITS, "13812345678"),
        ("5679", Kind.DIGITS, "5679"),
        ("11010519491231002x", Kind.MIXED, "11010519491231002X"),
        ("91100000100003962T", Kind.MIXED, "91100000100003962T"),
        ("D2143569-X", Kind.MIXED, "D2143569X"),
        ("zjg", Kind.LATIN, "ZJG"),
        ("Zhang Jianguo", Kind.LATIN, "ZHANGJIANGUO"),
        ("张", Kind.CHINESE_1, "张"),
        ("张建", Kind.CHINESE_2PLUS, "张建"),
        ("建 国", Kind.CHINESE_2PLUS, "建国"),
        ("江州A1", Kind.CHINESE_2PLUS, "江州A1"),
        ("阿·卜", Kind.CHINESE_2PLUS, "阿卜"),
        ("𠮷", Kind.CHINESE_1, "𠮷"),
    ],
)
def test_the_needle_says_where_to_look(text, kind, number):
    needle = classify(text)
    assert (needle.kind, needle.number) == (kind, number)


def test_a_needle_is_cut_before_it_costs_anything():
    assert len(classify("张" * 10_000).text) == 60

"""Figures, states and charts as people read them."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.core.ui.charts import Chart, Series
from bankcrm.core.ui.figures import MoneyFormat, change_html, grouped, percent, reader_format, rise_html
from bankcrm.core.ui.states import State

WAN, YUAN, YI = MoneyFormat(10_000), MoneyFormat(1), MoneyFormat(100_000_000)


def rendered(source, **context):
    with translation.override("zh-hans"):
        return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("form", "value", "text"),
    [
        (WAN, "128462031.22", "12,846.20"),
        (WAN, "50.00", "0.01"),
        (WAN, "49.99", "0.00"),
        (WAN, "-50.00", "−0.01"),
        (WAN, "-49.99", "−0.00"),
        (WAN, "0", "0"),
        (YUAN, "1234567.5", "1,234,567.50"),
        (YUAN, "0.01", "0.01"),
        (YI, "128462031.22", "1.2846"),
        (YI, "5000", "0.0001"),
    ],
)
def test_amounts_are_rounded_half_up_in_the_readers_unit_and_zero_is_zero(form, value, text):
    assert form.text(Decimal(value)) == text


@given(st.integers(-(10**15), 10**15), st.sampled_from([WAN, YUAN, YI]))
def test_the_shown_amount_is_within_half_of_its_last_digit(fen, form):
    shown = Decimal(form.fen(fen).replace(",", "").replace("−", "-"))
    exact = Decimal(fen) / 100 / form.size
    assert abs(shown - exact) <= Decimal(1).scaleb(-form.digits) / 2


def test_nothing_is_shown_for_no_value():
    assert (WAN.fen(None), WAN.text(None), percent(None)) == ("", "", "")


def test_the_unit_is_named_once_and_other_currencies_by_their_code():
    with translation.override("zh-hans"):
        assert [form.label for form in (YUAN, WAN, YI)] == ["元", "万元", "亿元"]
        assert MoneyFormat(10_000, "CZK").label == "万 CZK"
        assert MoneyFormat(1, "CZK").label == "CZK"


def test_an_unknown_unit_of_a_user_becomes_the_usual_one(db):
    assert reader_format(SimpleNamespace(money_unit="7")).size == 10_000
    assert reader_format(None).size == 10_000


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        ("103.1", "100", '<span class="up">3.1%</span>'),
        ("96.9", "100", '<span class="down">3.1%</span>'),
        ("100", "100", "0.0%"),
        ("5", "0", '<span class="up">由 0 起</span>'),
        ("-5", "-10", '<span class="up">50.0%</span>'),
    ],
)
def test_a_change_has_its_direction_beside_the_colour(now, before, text):
    with translation.override("zh-hans"):
        assert str(change_html(Decimal(now), Decimal(before))) == text


def test_a_change_without_a_former_value_is_no_data():
    assert change_html(Decimal(1), None) is State.NONE
    assert rise_html(None, WAN) is State.NONE


def test_a_rise_shows_its_amount_without_sign():
    assert rise_html(-500_000, WAN) == '<span class="down">0.50</span>'
    assert rise_html(0, WAN) == "0"


def test_grouping_keeps_the_digits():
    assert grouped(1_234_567, 2) == "12,345.67"
    assert grouped(-7, 0) == "−7"


def test_the_four_states_read_differently():
    texts = [
        rendered(source, zero=Decimal(0))
        for source in ("{% money none %}", "{% money zero %}", '{% state "denied" %}', '{% state "undelivered" %}')
    ]
    assert len(set(texts)) == 4
    assert texts[1] == "0"
    assert [word in text for word, text in zip(["无数据", "0", "无权查看", "未送达"], texts, strict=True)] == [True] * 4


def test_an_icon_with_a_label_speaks_and_one_without_is_silent():
    assert 'aria-hidden="true"' in rendered('{% icon "users" %}')
    assert 'aria-label="客户"' in rendered('{% icon "users" "客户" %}')


def test_a_breadcrumb_leads_back_and_ends_here():
    text = rendered('{% breadcrumb "客户" "/customers/" "某户" %}')
    assert '<a href="/customers/">客户</a>' in text
    assert '<li aria-current="page">某户</li>' in text


CHART = Chart(
    "trend", "line", "存款", ["10 月", "11 月"], [Series("存款", [Decimal("12345678.90"), None])], head="月份"
)


def test_a_chart_and_its_table_say_the_same():
    assert CHART.spec(WAN)["series"][0]["values"] == [1234.5679, None]
    text = rendered("{% chart picture %}", picture=CHART)
    assert 'type="application/json"' in text
    assert "1,234.57" in text
    assert "无数据" in text


def test_a_chart_without_values_says_so_in_place_of_an_empty_picture():
    text = rendered("{% chart picture %}", picture=Chart("none", "bar", "空", ["a"], [Series("x", [None])]))
    assert "data-chart" not in text
    assert "没有可绘制的数据" in text


def test_counts_in_charts_are_whole_numbers():
    chart = Chart("n", "bar", "户数", ["a"], [Series("x", [1234])], is_money=False)
    assert chart.rows(WAN) == [("a", ["1,234"])]
    assert chart.spec(WAN)["unit"] == ""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.core import masking
from bankcrm.core.masking import Clearance, mask, needle_matches, visible_tail


@pytest.mark.parametrize(
    ("field_class", "value", "shown"),
    [
        ("person_name", "李建国", "李**"),
        ("person_name", "李明", "李*"),
        ("person_name", "李", "*"),
        ("person_name", "阿卜杜拉·买买提", "阿*******"),
        ("id_number", "11010519491231002X", "110***********002X"),
        ("id_number", "110105491231002", "110********1002"),
        ("mobile", "13812341234", "138****1234"),
        ("phone", "057188881234", "0571******34"),
        ("phone", "88881234", "******34"),
        ("account", "6228480030212345679", "622848*********5679"),
        ("email", "dong@x.cn", "d**@x.cn"),
        ("email", "d@x.cn", "**@x.cn"),
        ("email", "nonsense", "***"),
        ("address", "浙江省杭州市西湖区文三路1号2单元", "浙江省杭州市西湖区***"),
        ("address", "江州市城东区人民路5号", "江州市城东区***"),
        ("address", "1 Main Street", "***"),
        ("wechat", "wx_lin2020", "w***"),
        ("wechat", "lin", "***"),
        ("uscc", "91100000100003962T", "91100000100003962T"),
        ("company_name", "江州钢铁有限公司", "江州钢铁有限公司"),
        ("secret", "hunter2", "******"),
        ("mobile", "", ""),
        ("mobile", None, ""),
    ],
)
def test_masks(field_class, value, shown):
    assert mask(field_class, value) == shown


@pytest.mark.parametrize("value", ["1", "12", "123", "1234", "12345", "123456"])
@pytest.mark.parametrize("field_class", ["id_number", "mobile", "phone", "account"])
def test_short_numbers_keep_four_characters_hidden(field_class, value):
    shown = mask(field_class, value)
    assert shown.count("*") >= min(4, len(value))


PERSONAL = sorted(masking.CLASSES - masking.PLAIN_CLASSES)


@given(st.sampled_from(PERSONAL), st.text(min_size=1, max_size=40))
def test_no_personal_value_comes_out_whole(field_class, value):
    shown = mask(field_class, value)
    text = value.strip()
    if text.strip("*"):
        assert shown != text
    assert shown == "" or "*" in shown


@given(st.sampled_from(sorted(masking.CLASSES)), st.text(max_size=20))
def test_secrets_stay_hidden_and_the_rest_is_plain_with_the_right_to_it(field_class, value):
    shown = mask(field_class, value, plain=True)
    assert shown == (("******" if value.strip() else "") if field_class == "secret" else value.strip())


def test_an_unknown_class_is_refused():
    with pytest.raises(KeyError):
        mask("face", "x")


def test_a_needle_finds_by_the_whole_value_or_exactly_the_tail_that_is_shown():
    number = "11010519491231002X"
    assert needle_matches("id_number", number, number)
    assert needle_matches("id_number", number, "002X")
    for guess in ("110", "1101", "02X", "1002X", "1949", ""):
        assert not needle_matches("id_number", number, guess), guess
    assert needle_matches("id_number", number, "1949", plain=True)


@given(
    st.sampled_from(PERSONAL),
    st.text("0123456789", min_size=1, max_size=20),
    st.text("0123456789", min_size=1, max_size=8),
)
def test_a_needle_finds_nothing_that_the_mask_hides(field_class, value, needle):
    if needle_matches(field_class, value, needle) and needle != value:
        assert mask(field_class, value).endswith(needle)


def test_the_visible_tail_of_a_short_number_is_shorter():
    assert (visible_tail("account"), visible_tail("account", "12345"), visible_tail("person_name")) == (4, 1, 0)


def test_a_clearance_shows_its_classes_and_masks_the_rest():
    clearance = Clearance(frozenset({"mobile", "secret"}))
    assert clearance.show("mobile", "13812341234") == "13812341234"
    assert clearance.show("id_number", "11010519491231002X") == "110***********002X"
    assert clearance.show("secret", "x") == "******"

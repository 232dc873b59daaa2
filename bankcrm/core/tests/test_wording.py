from django.utils.translation import override

from bankcrm.core.wording import clauses, listed


def test_things_are_listed_as_each_language_does():
    for language, text in (("en", "a, 2"), ("zh-hans", "a、2")):
        with override(language):
            assert listed(["a", 2]) == text


def test_clauses_stand_apart_as_each_language_does_and_empty_ones_leave_no_mark():
    for language, text in (("en", "a; b"), ("zh-hans", "a；b")):
        with override(language):
            assert clauses(["a", "", "b"]) == text

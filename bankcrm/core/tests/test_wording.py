from django.utils.translation import override

from bankcrm.core.wording import listed


def test_things_are_listed_as_each_language_does():
    for language, text in (("en", "a, 2"), ("zh-hans", "a、2")):
        with override(language):
            assert listed(["a", 2]) == text

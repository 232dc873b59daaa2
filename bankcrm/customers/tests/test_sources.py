"""Source systems and countries are called by their names, not by the codes of files."""

import pytest
from django.utils.translation import override

from bankcrm.core.choices import read_choices
from bankcrm.core.testing import as_owner
from bankcrm.customers.queries.basic import country_name
from bankcrm.customers.sources import named
from bankcrm.system.models import ParameterValue


def test_names_come_in_both_languages_and_one_alone_serves_both():
    assert read_choices("CORE=核心/Core; OLD=老系统; X=/Only") == {
        "CORE": ("核心", "Core"),
        "OLD": ("老系统", "老系统"),
        "X": ("Only", "Only"),
    }


@pytest.mark.parametrize("slip", ["", ";;", "CORE", "=核心", "CORE=", " ; = ; "])
def test_a_slip_in_the_setting_takes_no_page_away(slip):
    assert read_choices(slip) == {}


@pytest.mark.django_db
def test_a_system_without_a_name_keeps_its_code():
    with override("zh-hans"):
        assert named("CORE, T24") == "核心系统, T24"
    with override("en"):
        assert named("CORE") == "Core banking"


@pytest.mark.django_db
def test_a_bank_names_its_own_systems():
    with as_owner():
        ParameterValue.objects.create(
            key="customers.source_names", value="T24=新核心/New core", valid=("2026-01-01", None)
        )
    with override("zh-hans"):
        assert named("T24, CORE") == "新核心, CORE"


def test_a_country_is_named_in_the_readers_language():
    with override("zh-hans"):
        assert country_name("CN") == "中国"
    with override("en"):
        assert (country_name("CN"), country_name("ZZZ"), country_name("")) == ("China", "ZZZ", "")

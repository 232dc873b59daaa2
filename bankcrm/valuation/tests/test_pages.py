"""The page of the tier table, the form of a new one, the panel that explains a tier, and the route for programs."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bankcrm.core.models import AuditEvent
from bankcrm.customers.queries import lake
from bankcrm.customers.queries.history_words import audit_events
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.tests.factories import FakeLake
from bankcrm.org.tests.factories import token_for
from bankcrm.valuation.models import TierTable
from bankcrm.valuation.tests.test_standing import text_of

SET = "/valuation/tiers/new/"


def row(place, name="", name_en="", threshold="", months="", code="", **more):
    return {
        f"l{place}-name": name, f"l{place}-name_en": name_en, f"l{place}-threshold": threshold,
        f"l{place}-fall_months": months, f"l{place}-code": code,
        **{f"l{place}-{key}": value for key, value in more.items()},
    }  # fmt: skip


ENTERED = {
    "first_month": "2026-12", "reason": "Board decision",
    **row(0, "大众", "Mass", "0", "", "mass"), **row(1, "金卡", "Gold", "400000", "2", "gold"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Tier table from 2000-01", "In force now", "Private banking", "No tier"]),
        ("zh-hans", ["私人银行", "执行中", "对公客户尚未分层"]),
    ],
)
def test_head_office_sees_the_table_with_how_many_stand_in_each_level(bank, language, words):
    page = bank.client("wu", language).get("/valuation/tiers/")
    text = text_of(page)
    assert all(word in text for word in words if word != "No tier")
    assert f'href="{reverse("customers:list")}?tier=gold"' in page.content.decode()
    assert "/valuation/tiers/new/" not in page.content.decode()


def test_a_branch_has_no_such_page(bank):
    assert bank.client("hua").get("/valuation/tiers/").status_code == 403
    assert bank.client("wu").get(SET).status_code == 403


def test_the_form_begins_with_the_newest_table_and_a_preview_sets_nothing(bank):
    client = bank.client("mei")
    page = client.get(SET).content.decode()
    assert 'value="6000000.00"' in page
    assert page.count('class="tier-row"') == 7 + 2
    answer = client.post(SET, {**ENTERED, "preview": "1"})
    assert answer.status_code == 200
    assert re.search(r"Mass 2 Gold 1 ", text_of(answer).partition("What it comes to")[2])
    assert TierTable.objects.count() == 1


def test_the_form_sets_the_table(bank):
    client = bank.client("mei")
    entered = {**ENTERED, **row(2, "钻石", "Diamond", "3000000", "3", "diamond", remove="on")}
    answer = client.post(SET, entered, follow=True)
    assert "The tier table is set from 2026-12 on." in text_of(answer)
    made = TierTable.objects.get(first_month=date(2026, 12, 1))
    assert [one.code for one in made.levels.order_by("threshold")] == ["mass", "gold"]
    assert "To come" in text_of(answer)
    client.post(reverse("valuation:withdraw", args=[made.pk]))
    assert TierTable.objects.count() == 1


def test_mistakes_are_said_at_their_rows_and_nothing_is_set(bank):
    client = bank.client("mei")
    answer = client.post(SET, {**ENTERED, **row(2, "银卡", "Silver", "50000", "3", "silver")})
    assert answer.status_code == 422
    assert "The amount must be above that of the level before it." in text_of(answer)
    answer = client.post(SET, {**ENTERED, **row(2, "银卡", "Silver", "", "3", "silver")})
    assert "Enter the amount from which a customer stands in the level." in text_of(answer)
    answer = client.post(SET, {**ENTERED, "first_month": "2026-11"})
    assert answer.status_code == 422
    answer = client.post(SET, {**ENTERED, **row(1, "金卡", "Gold", "many", "2", "gold")})
    assert answer.status_code == 422
    answer = client.post(SET, {**ENTERED, "reason": ""})
    assert "Say why, in at most 200 characters." in text_of(answer)
    assert TierTable.objects.count() == 1


class Months(FakeLake):
    def run(self, name, params):
        if name != "customer_tier_months":
            return super().run(name, params)
        line = {"level_code": "gold", "since_month": "2026-03"}
        return [
            {**line, "month": "2026-09", "aum_average": Decimal(299_000), "below_months": 0},
            {**line, "month": "2026-10", "aum_average": Decimal(298_000), "below_months": 1},
            {**line, "month": "2026-11", "aum_average": Decimal(70_000), "below_months": 2},
        ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "in 2026-12 the customer falls to Silver",
                "For Gold the average lacks",
                "so far",
                "below its level for 2 of 3",
            ],
        ),
        ("zh-hans", ["2026-12 该客户将降至银卡", "距金卡还差", "截至目前", "未达标"]),
    ],
)
def test_the_panel_says_why_and_what_happens_next_month(bank, language, words):
    jin = bank.people["jin"]
    with lake.using(Months()):
        page = text_of(bank.client("hua", language).get(reverse("valuation:why", args=[jin.number])))
    assert all(word in page for word in words), page
    event = AuditEvent.objects.filter(action="customer.view").latest("pk")
    who = subject(bank.scope("hua"), jin.number)
    label = "Customer tier" if language == "en" else "客户分层"
    with translation.override(language):
        assert audit_events(who, [event])[0].detail[0][1] == label


def test_programs_get_the_tier(bank):
    jin, firm = bank.people["jin"], bank.people["firm"]
    headers = {"Authorization": f"Bearer {token_for(bank.mei)}", "accept-language": "en"}
    ask = lambda who: Client().get(f"/api/v1/customers/{who.number}/tier", headers=headers).json()  # noqa: E731
    assert ask(jin) == {
        "level": "gold", "name": "Gold", "month": "2026-11", "since_on": "2026-03-01", "below_months": 2,
        "fall_months": 3, "threshold": "300000.00",
    }  # fmt: skip
    assert ask(firm)["level"] is None


def test_a_strangers_customer_is_none(bank):
    elsewhere = bank.people["jin"]
    with_other = bank.client("hua")
    assert with_other.get(reverse("valuation:why", args=["00000000000"])).status_code == 404
    assert with_other.get(reverse("valuation:why", args=[elsewhere.number])).status_code == 200

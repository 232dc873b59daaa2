"""Who may be contacted for marketing: one decision in lists, files, prints, contact plans and the API."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bankcrm.core import jobs, parameters
from bankcrm.core.models import Job, StoredFile
from bankcrm.core.parameters import ValuesOfDay
from bankcrm.core.testing import as_owner
from bankcrm.customers.consent_parameters import GIVEN, MARKETING_BASIS, Use, check_codes, use_of
from bankcrm.customers.consent_rules import ANY, Verdict, verdict
from bankcrm.customers.models import Customer, ProcessingRestriction
from bankcrm.customers.queries.permitted import FACE_TO_FACE, marketing_q, permitted_q, restricted_ids
from bankcrm.customers.service_codes import ConsentChannel
from bankcrm.customers.tests.factories import TODAY, ContactPointFactory, CustomerFactory
from bankcrm.customers.tests.service_factories import ConsentFactory, RestrictionFactory
from bankcrm.customers.tests.test_consents import T0, word
from bankcrm.customers.tests.test_contact_plans import put
from bankcrm.org.queries import unit_path
from bankcrm.org.tests.factories import token_for

WORDS = st.lists(
    st.tuples(
        st.sampled_from(["any", "phone", "sms"]),
        st.sampled_from(["given", "withdrawn"]),
        st.integers(0, 4),
        st.sampled_from(["marketing", "marketing", "service"]),
        st.sampled_from([None, None, TODAY, TODAY - dt.timedelta(days=1)]),
    ),
    max_size=6,
)


@pytest.fixture
def values(monkeypatch):
    held = {}
    monkeypatch.setattr(parameters, "_values", [lambda day: ValuesOfDay(held, unit_path)])
    return held


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(WORDS, st.booleans(), st.booleans())
def test_the_condition_in_the_database_says_what_the_rule_says(cast, values, words, is_restricted, needs_consent):
    """Each example replaces what the customer said before."""
    values.update({(MARKETING_BASIS, None): GIVEN} if needs_consent else {})
    if not needs_consent:
        values.clear()
    with as_owner():
        cast.customer.consents.all().delete()
        cast.customer.restrictions.all().delete()
    said = [word(channel, status, day, purpose, until) for channel, status, day, purpose, until in words]
    for one in said:
        ConsentFactory(customer=cast.customer, purpose=one.purpose, channel=one.channel, status=one.status,
                       decided_at=one.decided_at, until_on=one.until_on if one.status == "given" else None)  # fmt: skip
    if is_restricted:
        RestrictionFactory(customer=cast.customer)
    rows = Customer.objects.everything(because="test")
    for channel in (ANY, "phone", "email", FACE_TO_FACE):
        asked = {"is_restricted": is_restricted, "needs_consent": needs_consent}
        found = verdict(said, "marketing", channel, TODAY, **asked) is Verdict.ALLOWED
        assert rows.filter(permitted_q("marketing", channel, TODAY), pk=cast.customer.pk).exists() is found, channel


@pytest.mark.parametrize(
    ("words", "channel", "found"),
    [
        ([], "sms", "allowed"),
        ([word(status="withdrawn")], "sms", "withdrawn"),
        ([word("phone", "withdrawn")], "sms", "allowed"),
        ([word("phone", "withdrawn")], ANY, "withdrawn"),
        ([word("phone", "withdrawn")], FACE_TO_FACE, "allowed"),
        ([word(status="withdrawn"), word("sms", "given", 1)], "sms", "allowed"),
        ([word(status="withdrawn"), word("sms", "given", 1)], "phone", "withdrawn"),
        ([word("sms", "given"), word(status="withdrawn", day=1)], "sms", "withdrawn"),
        ([word(until_on=TODAY)], "sms", "allowed"),
        ([word(until_on=TODAY - dt.timedelta(days=1))], "sms", "run_out"),
        ([word(status="withdrawn", purpose="service")], "sms", "allowed"),
    ],
)
def test_the_worked_cases(words, channel, found):
    assert verdict(words, "marketing", channel, TODAY, is_restricted=False, needs_consent=False) == found
    assert verdict(words, "marketing", channel, TODAY, is_restricted=True, needs_consent=False) == "restricted"


def test_where_the_bank_wants_consent_first_silence_is_none():
    asked = {"is_restricted": False, "needs_consent": True}
    assert verdict([], "marketing", "sms", TODAY, **asked) is Verdict.NOT_GIVEN
    assert verdict([word("phone")], "marketing", "sms", TODAY, **asked) is Verdict.NOT_GIVEN
    assert verdict([word("phone")], "marketing", "phone", TODAY, **asked) is Verdict.ALLOWED


def test_a_purpose_is_what_the_bank_names_it(values):
    assert (use_of("campaign"), use_of("regulator"), use_of("visit")) == (Use.MARKETING, Use.NECESSARY, Use.OTHER)
    with pytest.raises(ValidationError):
        check_codes("campaign, 营销")


@pytest.mark.django_db
def test_a_restriction_counts_from_its_first_to_its_last_day_until_it_is_lifted(cast):
    day = dt.timedelta(days=1)
    spans = [
        (TODAY, None, True),
        (TODAY + day, None, False),
        (TODAY - day, TODAY, True),
        (TODAY - 2 * day, TODAY - day, False),
    ]
    for from_on, until_on, counts in spans:
        made = RestrictionFactory(customer=CustomerFactory(owning_unit=cast.a), from_on=from_on, until_on=until_on)
        assert bool(restricted_ids([made.customer_id])) is counts
    lifted = RestrictionFactory(customer=cast.customer, lifted_at=T0, lifted_because="客户撤回请求")
    assert not restricted_ids([lifted.customer_id])


@pytest.fixture
def crowd(cast):
    """Beside the covered customer, one who refused all marketing, one by phone, and one who is restricted."""
    people = {"willing": cast.customer}
    for name in ("refused", "by_phone", "restricted"):
        people[name] = CustomerFactory(owning_unit=cast.a, name=f"客户{name}")
    ConsentFactory(customer=people["refused"])
    ConsentFactory(customer=people["by_phone"], channel="phone")
    RestrictionFactory(customer=people["restricted"])
    return people


# What comes out for each way of asking: the channel of marketing, or another purpose.
OUT = [
    ({"purpose_code": "campaign"}, {"willing"}),
    ({"purpose_code": "campaign", "channel": "any"}, {"willing"}),
    ({"purpose_code": "campaign", "channel": "sms"}, {"willing", "by_phone"}),
    ({"purpose_code": "campaign", "channel": "phone"}, {"willing"}),
    ({"purpose_code": "visit"}, {"willing", "refused", "by_phone"}),
    ({"purpose_code": "regulator"}, {"willing", "refused", "by_phone", "restricted"}),
]


def order(cast, **data):
    asked = {"query": "", "ids": "", "format": "csv", "purpose": "季度客户名单", **data}
    return cast.client("zhao").post(reverse("customers:export"), asked)


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "expected"), OUT)
@pytest.mark.parametrize("is_selected", [False, True])
def test_a_file_holds_only_those_who_may_be_in_it(cast, crowd, settings, tmp_path, asked, expected, is_selected):
    settings.FILES_ROOT = tmp_path
    ids = ",".join(str(one.pk) for one in crowd.values()) if is_selected else ""
    with as_owner():
        cast.zhao.refresh_from_db()
    cast.client("zhao").post(reverse("customers:columns"), {"columns": ["customer", "number", "marketing"]})
    answer = order(cast, ids=ids, **asked)
    assert answer.status_code == 200, answer.content.decode()
    with as_owner():
        job = Job.objects.latest("pk")
        assert jobs.run(job.pk) == "done", Job.objects.get(pk=job.pk).problem
    job.refresh_from_db()
    stored = StoredFile.objects.get()
    text = (tmp_path / stored.path).read_text("utf-8-sig")
    assert job.result["rows"] == len(expected)
    assert job.result["left_out"] == len(crowd) - len(expected)
    names = {name for name, one in crowd.items() if one.number in text}
    assert names == expected
    assert ("left out" in answer.content.decode()) is (len(expected) < len(crowd))
    assert ("已剔除" in text) is (len(expected) < len(crowd))


def api(cast):
    return {"Authorization": f"Bearer {token_for(cast.zhao)}", "Accept-Language": "en"}


@pytest.mark.django_db
def test_an_unknown_channel_orders_nothing(cast, crowd):
    assert order(cast, purpose_code="campaign", channel="pigeon").status_code == 422
    assert not Job.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("any", {"willing"}),
        ("sms", {"willing", "by_phone"}),
        ("phone", {"willing"}),
        ("no", {"refused", "by_phone", "restricted"}),
        ("restricted", {"restricted"}),
        ("pigeon", set()),
    ],
)
def test_the_list_its_totals_and_the_api_filter_alike(cast, crowd, value, expected):
    page = cast.client("zhao").get(reverse("customers:list"), {"marketing": value}).content.decode()
    assert {name for name, one in crowd.items() if f"/customers/{one.number}/" in page} == expected
    answer = cast.client("zhao").get("/api/v1/customers", {"marketing": value}, headers=api(cast))
    if value == "pigeon":
        assert answer.status_code == 422
    else:
        found = {line["number"] for line in answer.json()["items"]}
        assert {name for name, one in crowd.items() if one.number in found} == expected


@pytest.mark.django_db
def test_the_api_says_of_each_contact_whether_it_may_be_used_for_marketing(cast, crowd):
    customer = crowd["by_phone"]
    for kind, value in (("mobile", "13800001111"), ("email", "kehu@example.cn")):
        ContactPointFactory(customer=customer, contact_type=kind, value=value)
    shown = cast.client("zhao").get(f"/api/v1/customers/{customer.number}", headers=api(cast)).json()
    assert {one["kind"]: one["marketing"] for one in shown["contacts"]} == {"mobile": False, "email": True}


@pytest.mark.django_db
@pytest.mark.parametrize("channel", [ANY, *ConsentChannel.values])
def test_nobody_who_withdrew_is_found_for_marketing_by_any_channel(cast, crowd, channel):
    found = set(Customer.objects.within(cast.scope("zhao")).filter(marketing_q(channel)).values_list("pk", flat=True))
    assert crowd["refused"].pk not in found and crowd["restricted"].pk not in found and crowd["willing"].pk in found


@pytest.mark.django_db
def test_the_column_says_whom_one_may_contact(cast, crowd):
    client = cast.client("zhao")
    client.post(reverse("customers:columns"), {"columns": ["customer", "marketing"]})
    page = client.get(reverse("customers:list")).content.decode()
    for text in ("Not by: Telephone", "No: refused", "No: processing restricted", ">Yes<"):
        assert text in page, text


@pytest.mark.django_db
def test_a_restricted_customer_is_found_and_marked_without_the_reason(cast, crowd, fake_lake):
    with as_owner():
        ProcessingRestriction.objects.everything(because="test").update(note="与前妻纠纷")
    customer = crowd["restricted"]
    client = cast.client("zhao")
    pages = [
        client.get(reverse(f"customers:{tab}", args=[customer.number])).content.decode()
        for tab in ("overview", "basic")
    ]
    assert all("Processing restricted" in page and "与前妻纠纷" not in page for page in pages)
    assert all("The customer asks for it" not in page for page in pages)
    assert customer.number in client.get(reverse("customers:list")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "kind", "is_made"),
    [
        ("willing", "call", True),
        ("refused", "visit", False),
        ("by_phone", "call", False),
        ("by_phone", "visit", True),
        ("restricted", "visit", False),
    ],
)
def test_no_contact_plan_for_who_does_not_want_it(cast, crowd, who, kind, is_made):
    cast.customer = crowd[who]
    if is_made:
        put(cast, "zhao", kind=kind)
    else:
        with pytest.raises(ValidationError) as refused:
            put(cast, "zhao", kind=kind)
        assert set(refused.value.message_dict) == {"kind"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "purpose", "status"),
    [
        ("willing", "campaign", 302),
        ("refused", "campaign", 422),
        ("refused", "visit", 302),
        ("restricted", "visit", 422),
        ("restricted", "regulator", 302),
    ],
)
def test_a_print_asks_the_same(cast, crowd, fake_lake, who, purpose, status):
    data = {"section": ["overview"], "purpose_code": purpose, "purpose": "季度客户名单"}
    url = reverse("customers:print", args=[crowd[who].number])
    assert cast.client("zhao").post(url, data).status_code == status

"""How complete the information on customers is: the same on the page, in the worklist and in its counts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bankcrm.core.testing import as_owner
from bankcrm.customers.models import OrganisationProfile, PersonProfile
from bankcrm.customers.queries import gaps
from bankcrm.customers.queries.completeness import glance
from bankcrm.customers.queries.incomplete import Wanted, counts, incomplete
from bankcrm.customers.tests.factories import (
    TODAY,
    ContactPointFactory,
    CoverageFactory,
    CustomerFactory,
    DocumentFactory,
    FiguresFactory,
    HoldingFactory,
    OrganisationFactory,
    RelationFactory,
)
from bankcrm.customers.tests.paper_factories import CustomerFileFactory, PaperWaiverFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"


def fields(model, customer, **values):
    with as_owner():
        model.objects.everything(because="test").filter(pk=customer.pk).update(**values)


PERSON_STEPS = (
    lambda one: fields(PersonProfile, one, gender="male"),
    lambda one: fields(PersonProfile, one, birth_on="1980-01-01"),
    lambda one: fields(PersonProfile, one, nationality="CN", occupation="clerk"),
    lambda one: fields(PersonProfile, one, employer_name="一厂", annual_income="1.00"),
    lambda one: DocumentFactory(customer=one, expires_on=None),
    lambda one: ContactPointFactory(customer=one, contact_type="mobile"),
    lambda one: ContactPointFactory(customer=one, contact_type="address"),
    lambda one: CustomerFileFactory(customer=one, paper_kind="id_copy"),
)
ORGANISATION_STEPS = (
    lambda one: fields(OrganisationProfile, one, organisation_type="limited", enterprise_size="small"),
    lambda one: fields(OrganisationProfile, one, registered_capital="1.00", established_on="2001-01-01"),
    lambda one: fields(OrganisationProfile, one, business_scope="机械"),
    lambda one: DocumentFactory(customer=one, document_type="uscc", expires_on=None),
    lambda one: RelationFactory(customer=one, relation_type="legal_representative", related=None, related_name="王"),
    lambda one: ContactPointFactory(customer=one, contact_type="phone"),
    lambda one: ContactPointFactory(customer=one, contact_type="address"),
    lambda one: CustomerFileFactory(customer=one, paper_kind="licence"),
    lambda one: CustomerFileFactory(customer=one, paper_kind="representative_id"),
    lambda one: PaperWaiverFactory(customer=one, paper_kind="owners"),
)


@pytest.mark.parametrize(
    ("factory", "steps"), [(CustomerFactory, PERSON_STEPS), (OrganisationFactory, ORGANISATION_STEPS)]
)
def test_each_value_raises_completeness_up_to_100(cast, factory, steps):
    one = factory(profile=False)
    assert glance(one).percent < 30  # name, and what a factory gives
    from bankcrm.customers.tests.factories import OrganisationProfileFactory, PersonProfileFactory

    if one.is_person:
        PersonProfileFactory(customer=one, gender="", birth_on=None, nationality="", occupation="")
    else:
        OrganisationProfileFactory(
            customer=one, organisation_type="", enterprise_size="", registered_capital=None, employee_count=None
        )
    seen = [glance(one).percent]
    for step in steps:
        step(one)
        seen.append(glance(one).percent)
    assert seen == sorted(set(seen)) and seen[-1] == 100
    assert glance(one).missing == ()


def test_an_expired_document_or_paper_is_not_there(cast):
    one = cast.customer
    DocumentFactory(customer=one, expires_on="2026-11-22")
    CustomerFileFactory(customer=one, paper_kind="id_copy", valid_until="2026-11-22")
    names = {gap.code for gap in lacking(one)}
    assert {"person_document", "person_id_copy"} <= names
    DocumentFactory(customer=one, expires_on=TODAY)
    CustomerFileFactory(customer=one, paper_kind="id_copy", valid_until=TODAY)
    assert not {gap.code for gap in lacking(one)} & {"person_document", "person_id_copy"}


def test_a_waiver_counts_until_its_day_is_over(cast):
    waiver = PaperWaiverFactory(customer=cast.customer, paper_kind="id_copy", until_on=TODAY)
    assert "person_id_copy" not in {gap.code for gap in lacking(cast.customer)}
    with as_owner():
        waiver.until_on = TODAY.replace(day=TODAY.day - 1)
        waiver.save()
    assert "person_id_copy" in {gap.code for gap in lacking(cast.customer)}


def lacking(customer):
    found = gaps.today_gaps()
    return gaps.lacking(gaps.read([customer.pk], found)[customer.pk], found)


def test_papers_are_asked_for_by_what_is_held_and_still_open(cast):
    one = cast.customer
    holding = HoldingFactory(customer=one, unit=cast.a, product_class="consumer_loan", figure_class="loan")
    assert "person_income_proof" in {gap.code for gap in lacking(one)}
    with as_owner():
        holding.status = "closed"
        holding.save()
    assert "person_income_proof" not in {gap.code for gap in lacking(one)}


def page(cast, who="lin", **wanted):
    return incomplete(cast.scope(who), Wanted(**wanted))


def test_the_worklist_has_the_managers_own_customers_the_most_valuable_first(cast):
    rich = CustomerFactory(owning_unit=cast.a)
    FiguresFactory(customer=rich, aum_end="900000.00")
    CoverageFactory(customer=rich, user=cast.lin)
    CustomerFactory(owning_unit=cast.a)  # nobody's
    prospect = CustomerFactory(owning_unit=cast.a, status="prospect")
    CoverageFactory(customer=prospect, user=cast.lin)
    ended = CustomerFactory(owning_unit=cast.a, status="ended")
    CoverageFactory(customer=ended, user=cast.lin)
    found = page(cast)
    assert [line.customer.pk for line in found.lines] == [rich.pk, cast.customer.pk, prospect.pk]
    assert found.looked_at == 3 and found.next == ""


def test_the_worklist_leaves_out_who_is_complete_and_narrows_by_what_is_missing(cast):
    for step in PERSON_STEPS:
        step(cast.customer)
    assert page(cast).lines == ()
    CoverageFactory(customer=(other := CustomerFactory(owning_unit=cast.a)), user=cast.lin)
    assert [line.customer.pk for line in page(cast, gap="person_phone").lines] == [other.pk]
    assert page(cast, gap="organisation_phone").lines == () and page(cast, kind="organisation").lines == ()


def test_the_worklist_stays_in_the_scope(cast):
    foreign = CustomerFactory(owning_unit=cast.b)
    seen = {line.customer.pk for line in page(cast, "zhao", mine=False).lines}
    assert cast.customer.pk in seen and foreign.pk not in seen
    assert foreign.pk in {line.customer.pk for line in page(cast, "wu", mine=False).lines}


def test_counts_are_those_of_the_list(cast):
    CustomerFactory.create_batch(3, owning_unit=cast.a)
    some = CustomerFactory(owning_unit=cast.a)
    ContactPointFactory(customer=some, contact_type="mobile")
    OrganisationFactory(owning_unit=cast.a)
    numbers = counts(cast.scope("zhao"), Wanted(mine=False))
    for code, number in numbers.items():
        assert len(page(cast, "zhao", mine=False, gap=code).lines) == number, code
    assert numbers["person_phone"] == 4 and numbers["organisation_legal_representative"] == 1


def test_a_page_of_the_worklist_asks_as_much_for_twenty_rows_as_for_ten(cast):
    CustomerFactory.create_batch(10, owning_unit=cast.a)
    client = cast.client("zhao")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/customers/incomplete/?all=1").status_code == 200
        return len(queries)

    asked()
    few = asked()
    CustomerFactory.create_batch(10, owning_unit=cast.a)
    assert asked() == few


def test_pages_of_the_worklist_follow_each_other_without_a_gap(cast, monkeypatch):
    from bankcrm.customers.queries import incomplete as module

    monkeypatch.setattr(module, "PORTION", 3)
    monkeypatch.setattr(module, "ENOUGH", 3)
    for number, one in enumerate(CustomerFactory.create_batch(7, owning_unit=cast.a)):
        FiguresFactory(customer=one, aum_end=f"{number}.00")
    seen, token = [], ""
    while True:
        found = page(cast, "zhao", mine=False, after=token)
        seen += [line.customer.pk for line in found.lines]
        token = found.next
        if not token:
            break
    assert len(seen) == len(set(seen)) == 8


def test_the_repair_list_leads_to_the_form_that_mends_each_line(cast, fake_lake):
    base = f"/customers/{cast.customer.number}"
    said = cast.client("lin").get(f"{base}/documents/").content.decode()
    for address in (
        "add/document/",
        "add/contact-point/?contact_type=mobile",
        "add/contact-point/?contact_type=address",
        "basic/employer_name/",
        "files/new/?paper_kind=id_copy",
    ):
        assert f'href="{base}/{address}"' in said, address
    form = cast.client("lin").get(f"{base}/add/contact-point/?contact_type=address").content.decode()
    assert '<option value="address" selected' in form


def test_who_cannot_mend_is_shown_what_is_missing_and_no_way_to_a_refusal(cast, fake_lake):
    base = f"/customers/{cast.customer.number}"
    said = cast.client("wu").get(f"{base}/documents/").content.decode()
    assert "Telephone number" in said and "add/contact-point/" not in said and "files/new/" not in said
    listed = cast.client("wu").get("/customers/incomplete/?all=1").content.decode()
    assert "Mend" not in listed and f'href="{base}/documents/"' in listed


def test_the_overview_tells_the_percentage_to_those_who_may_see_it(cast, fake_lake):
    base = f"/customers/{cast.customer.number}"
    assert f'hx-get="{base}/completeness/"' in cast.client("lin").get(f"{base}/").content.decode()
    said = cast.client("lin").get(f"{base}/completeness/").content.decode()
    assert f"<b>{glance(cast.customer).percent}%</b> complete" in said and "Telephone number" in said
    assert "completeness" not in cast.client("call").get(f"{base}/?tab=overview").content.decode()
    assert cast.client("chen").get(f"{base}/completeness/").status_code == 404


def test_the_worklist_begins_with_ones_own_customers_or_with_all_where_one_has_none(cast):
    CustomerFactory(owning_unit=cast.a, name="李四的客户")
    for who, expected in (("lin", False), ("wu", True), ("zhao", True)):
        assert ("李四的客户" in cast.client(who).get("/customers/incomplete/").content.decode()) is expected, who

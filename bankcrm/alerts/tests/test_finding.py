"""Which alerts the data give rise to, whose tasks they become, and how they end."""

import datetime as dt
from decimal import Decimal

import pytest

from bankcrm.alerts.kinds import RULE_KINDS
from bankcrm.alerts.models import Alert, AlertRule, Movement
from bankcrm.alerts.tests.conftest import alerts, covered, tasks
from bankcrm.core.models import AuditEvent
from bankcrm.core.testing import as_owner
from bankcrm.customers.actions.tasks import complete_task, hand_on_task
from bankcrm.customers.models import ContactPlan, Customer, Holding, IdentityDocument, PersonProfile
from bankcrm.customers.tests.factories import (
    DATA_DATE,
    NOW,
    CustomerFactory,
    DocumentFactory,
    FacilityFactory,
    HoldingFactory,
    OrganisationFactory,
    RiskMarkFactory,
)
from bankcrm.customers.tests.service_factories import ConsentFactory, RestrictionFactory
from bankcrm.feeds.models import CalendarDay
from bankcrm.org.tests.factories import scope_of, user_with_post

pytestmark = pytest.mark.django_db


def in_days(days):
    return DATA_DATE + dt.timedelta(days=days)


def deposit(customer, days=10, amount="200000.00", **values):
    return HoldingFactory(customer=customer, matures_on=in_days(days), balance_base=Decimal(amount), **values)


def change(model, pk, **values):
    with as_owner():
        model.objects.everything(because="test").filter(pk=pk).update(**values)


def test_a_deposit_that_matures_becomes_a_task_of_the_lead_manager(desk):
    held = deposit(desk.customer)
    found = desk.find()
    (alert,), (task,) = alerts(), tasks()
    assert (found.created, found.tasks, found.ungiven) == (1, 1, 0)
    assert (alert.kind, alert.object_key, alert.occasion_on) == ("deposit_maturity", held.key, in_days(10))
    assert (task.assignee, task.customer_id, task.origin) == (desk.lin, desk.customer.pk, "alert")
    assert (task.kind, task.about_on, alert.task_id) == ("deposit_maturity", in_days(10), task.pk)
    assert task.due_at.astimezone().isoformat() and f"{task.due_at:%Y-%m-%d %H}" == "2026-11-26 10"  # 18:00 in Shanghai
    assert task.created_by is None


def test_the_same_data_twice_make_nothing_twice(desk):
    deposit(desk.customer)
    RiskMarkFactory(customer=desk.customer, days_overdue=4)
    desk.find()
    before = [(one.pk, one.task_id) for one in alerts()]
    again = desk.find()
    assert (again.created, again.tasks, again.ended, again.reopened, again.moved) == (0, 0, 0, 0, 0)
    assert [(one.pk, one.task_id) for one in alerts()] == before
    assert len(tasks()) == 2


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"days": 15}, 1),
        ({"days": 16}, 0),
        ({"days": 0}, 1),
        ({"days": -1}, 0),
        ({"amount": "100000.00"}, 1),
        ({"amount": "99999.99"}, 0),
        ({"status": "closed"}, 0),
        ({"figure_class": "card"}, 0),
    ],
)
def test_days_ahead_and_amount_of_the_rule_are_both_included(desk, values, expected):
    deposit(desk.customer, **values)
    assert desk.find().created == expected


def test_investments_loans_and_what_the_bank_has_promised_have_rules_of_their_own(desk):
    deposit(desk.customer, figure_class="investment", product_class="wealth", amount="60000.00")
    deposit(desk.customer, days=29, figure_class="loan", product_class="mortgage_loan")
    deposit(desk.customer, days=15, figure_class="contingent", product_class="acceptance", amount="1.00")
    deposit(desk.customer, days=16, figure_class="contingent", product_class="guarantee", amount="1.00")
    desk.find()
    assert sorted(one.kind for one in alerts()) == ["contingent_maturity", "loan_maturity", "wealth_maturity"]


def test_a_branch_that_asks_for_more_or_switches_off_is_heard(desk):
    deposit(desk.customer)
    desk.rule("A", "deposit_maturity", min_amount=Decimal(300_000))
    assert desk.find().created == 0
    desk.rule("A", "deposit_maturity", min_amount=Decimal(150_000))
    assert desk.find().created == 1
    desk.rule("A", "deposit_maturity", is_active=False)
    assert desk.find().ended == 1
    (alert,), (task,) = alerts(), tasks()
    assert alert.ended_because == "rule_changed"
    assert (task.status, task.outcome_code) == ("cancelled", "rule_changed")


def test_without_a_lead_manager_the_head_gets_it_the_nearest_up_the_tree(desk):
    deposit(CustomerFactory(owning_unit=desk.units["A1"]))
    desk.find()
    assert [task.assignee for task in tasks()] == [desk.zhao]


def test_a_manager_who_has_left_gets_nothing(desk):
    deposit(desk.customer)
    with as_owner():
        desk.lin.left_on = dt.date(2026, 11, 1)
        desk.lin.save()
    desk.find()
    assert [task.assignee for task in tasks()] == [desk.zhao]


def test_the_rule_may_send_it_to_the_head_in_any_case(desk):
    deposit(desk.customer)
    desk.rule("A", "deposit_maturity", goes_to="head")
    desk.find()
    assert [task.assignee for task in tasks()] == [desk.zhao]


def test_where_no_unit_up_the_tree_has_a_head_the_alert_waits_for_one(desk):
    deposit(CustomerFactory(owning_unit=desk.units["HO"]))
    found = desk.find()
    assert (found.created, found.tasks, found.ungiven) == (1, 0, 1)
    head = user_with_post("branch_head", "subtree", unit=desk.units["HO"])
    found = desk.find()
    assert (found.created, found.tasks, found.ungiven) == (0, 1, 0)
    assert [task.assignee for task in tasks()] == [head]
    assert alerts()[0].task_id == tasks()[0].pk


def test_whoever_covers_the_customer_now_gets_the_open_task(desk):
    deposit(desk.customer)
    desk.find()
    other = user_with_post(unit=desk.units["A"])
    change(Customer, desk.customer.pk, lead=other)
    assert desk.find().moved == 1
    assert [task.assignee for task in tasks()] == [other]


def test_what_people_have_handed_on_stays_where_they_put_it(desk):
    deposit(desk.customer)
    desk.find()
    other, third = user_with_post(unit=desk.units["A"]), user_with_post(unit=desk.units["A"])
    hand_on_task(by=desk.zhao, scope=desk.scope("zhao"), task_id=tasks()[0].pk, assignee_id=third.pk)
    change(Customer, desk.customer.pk, lead=other)
    assert desk.find().moved == 0
    assert [task.assignee for task in tasks()] == [third]


def test_a_corrected_load_ends_what_has_lost_its_reason_and_brings_back_what_has_it_again(desk):
    held = deposit(desk.customer)
    desk.find()
    change(Holding, held.pk, matures_on=in_days(100))
    assert desk.find().ended == 1
    (alert,), (task,) = alerts(), tasks()
    assert (alert.ended_because, alert.ended_on) == ("ground_gone", DATA_DATE)
    assert (task.status, task.outcome_code) == ("cancelled", "ground_gone")
    assert task.closed_at is not None
    change(Holding, held.pk, matures_on=in_days(10))
    assert desk.find().reopened == 1
    (alert,), (task,) = alerts(), tasks()
    assert (alert.ended_on, alert.ended_because) == (None, "")
    assert (task.status, task.outcome_code, task.closed_at) == ("open", "", None)


def test_a_day_that_has_passed_ends_its_alert_by_itself(desk):
    deposit(desk.customer, days=1)
    desk.find()
    desk.day(in_days(2))
    assert desk.find().ended == 1
    assert (alerts()[0].ended_because, tasks()[0].outcome_code) == ("passed", "passed")


def test_a_task_that_is_done_stays_done_and_is_not_made_again(desk):
    held = deposit(desk.customer)
    desk.find()
    complete_task(by=desk.lin, scope=desk.scope("lin"), task_id=tasks()[0].pk, outcome_code="agreed")
    again = desk.find()
    assert (again.created, again.tasks) == (0, 0)
    change(Holding, held.pk, matures_on=in_days(100))
    desk.find()
    (task,) = tasks()
    assert (task.status, task.outcome_code) == ("done", "agreed")


def test_another_maturity_of_the_same_deposit_is_another_occasion(desk):
    held = deposit(desk.customer)
    desk.find()
    change(Holding, held.pk, matures_on=in_days(12))
    found = desk.find()
    assert (found.created, found.ended) == (1, 1)


def test_an_overdue_loan_is_one_alert_as_long_as_it_lasts(desk):
    mark = RiskMarkFactory(customer=desk.customer, days_overdue=1)
    desk.find()
    for days in (2, 5, 6):
        change(type(mark), mark.pk, days_overdue=days)
        assert desk.find().created == 0
    change(type(mark), mark.pk, days_overdue=0)
    assert desk.find().ended == 1
    change(type(mark), mark.pk, days_overdue=1, as_of_on=in_days(30))
    assert desk.find().created == 1


def test_a_renewed_document_ends_the_alert_of_the_old_one(desk):
    old = DocumentFactory(customer=desk.customer, expires_on=in_days(-3))
    desk.find()
    assert [one.kind for one in alerts(ended_on=None)] == ["document_expiry"]
    assert old.document_number not in alerts()[0].object_key
    DocumentFactory(customer=desk.customer, expires_on=in_days(3_000))
    assert desk.find().ended == 1


def test_the_same_document_from_two_sources_is_one_alert(desk):
    for source in ("CORE/1", "CARD/7"):
        DocumentFactory(customer=desk.customer, source_key=source, expires_on=in_days(3))
    assert desk.find().created == 1


@pytest.mark.parametrize(("days", "expected"), [(30, 1), (31, 0), (-180, 1), (-181, 0)])
def test_documents_are_asked_for_before_and_a_while_after_their_end(desk, days, expected):
    DocumentFactory(customer=desk.customer, expires_on=in_days(days))
    assert desk.find().created == expected
    assert IdentityDocument.objects.everything(because="test").count() == 1


def test_a_contact_that_a_plan_asks_for_is_due_until_somebody_is_reached(desk):
    ContactPlan.objects.create(customer=desk.customer, kind="call", every_days=30, begins_on=in_days(3), by=desk.lin)
    assert desk.find().created == 1
    change(ContactPlan, ContactPlan.objects.everything(because="test").get().pk, begins_on=in_days(-9))
    found = desk.find()
    assert (found.created, found.ended) == (1, 1)  # another day: another occasion
    assert desk.find().ended == 0  # late, and still due
    change(Customer, desk.customer.pk, last_contact_on=in_days(-1))
    assert desk.find().ended == 1
    assert alerts()[0].kind == "contact_due"


@pytest.mark.parametrize(
    ("channel", "kind", "created"),
    [("any", "visit", 0), ("phone", "call", 0), ("phone", "visit", 1), ("sms", "call", 1)],
)
def test_nobody_is_sent_to_a_customer_who_refused_that_way_of_contact(desk, channel, kind, created):
    ContactPlan.objects.create(customer=desk.customer, kind=kind, every_days=30, begins_on=in_days(3), by=desk.lin)
    ConsentFactory(customer=desk.customer, channel=channel)
    assert desk.find().created == created


def test_of_a_restricted_customer_only_what_must_be_watched_is_told(desk):
    RestrictionFactory(customer=desk.customer, from_on=DATA_DATE)
    change(PersonProfile, desk.customer.pk, birth_on=in_days(2).replace(year=1985))
    ContactPlan.objects.create(customer=desk.customer, kind="visit", every_days=30, begins_on=in_days(3), by=desk.lin)
    deposit(desk.customer)
    DocumentFactory(customer=desk.customer, expires_on=in_days(3))
    desk.find()
    assert [one.kind for one in alerts()] == ["document_expiry"]


def test_a_plan_that_has_ended_asks_for_nothing(desk):
    ContactPlan.objects.create(
        customer=desk.customer, kind="call", every_days=30, begins_on=in_days(0), by=desk.lin, ended_at=NOW
    )
    assert desk.find().created == 0


@pytest.mark.parametrize(
    ("born", "today", "expected"),
    [
        ("1985-11-24", "2026-11-22", "2026-11-24"),
        ("1985-11-26", "2026-11-22", None),
        ("1984-02-29", "2027-02-26", "2027-02-28"),
        ("1984-02-29", "2028-02-27", "2028-02-29"),
        ("1990-01-02", "2026-12-31", "2027-01-02"),
    ],
)
def test_birthdays_come_every_year(desk, born, today, expected):
    change(PersonProfile, desk.customer.pk, birth_on=born)
    desk.day(dt.date.fromisoformat(today))
    desk.find()
    assert [str(one.occasion_on) for one in alerts(kind="birthday")] == ([expected] if expected else [])


def test_facilities_that_end_soon(desk):
    firm = OrganisationFactory(owning_unit=desk.units["A"], lead=desk.lin)
    FacilityFactory(customer=firm, to_on=in_days(60))
    FacilityFactory(customer=firm, to_on=in_days(61))
    FacilityFactory(customer=firm, to_on=in_days(10), status="ended")
    desk.find()
    assert [one.kind for one in alerts()] == ["facility_expiry"]


@pytest.mark.parametrize(
    ("line", "amount", "direction", "expected"),
    [
        ("retail", "500000.00", "both", 1),
        ("retail", "-500000.00", "both", 1),
        ("retail", "499999.99", "both", 0),
        ("retail", "-500000.00", "in", 0),
        ("retail", "-500000.00", "out", 1),
        ("corporate", "500000.00", "both", 0),
        ("corporate", "5000000.00", "both", 1),
    ],
)
def test_large_movements_by_line_and_direction(desk, line, amount, direction, expected):
    change(Customer, desk.customer.pk, line=line)
    with as_owner():
        Movement.objects.create(customer=desk.customer, moved_on=DATA_DATE, net_base=Decimal(amount))
    desk.rule("A", "large_movement", line, direction=direction)
    assert desk.find().created == expected


def test_who_has_ended_the_relationship_is_left_alone(desk):
    deposit(desk.customer)
    change(Customer, desk.customer.pk, status="ended")
    assert desk.find().created == 0


def test_a_due_time_keeps_the_banks_calendar(desk):
    deposit(desk.customer)
    with as_owner():
        for day in (24, 25, 26):
            CalendarDay.objects.create(day=dt.date(2026, 11, day), is_business_day=False)
    desk.find()
    assert f"{tasks()[0].due_at:%m-%d}" == "12-01"


def test_the_head_offices_rules_are_data_from_the_first_run_on(desk):
    desk.find()
    assert AlertRule.objects.filter(unit=desk.units["HO"]).count() == len(RULE_KINDS)
    AlertRule.objects.filter(kind="birthday").update(days_ahead=0)
    desk.find()
    assert AlertRule.objects.get(kind="birthday").days_ahead == 0


def test_a_run_is_on_record(desk):
    deposit(desk.customer)
    desk.find()
    event = AuditEvent.objects.get(action="alerts.find")
    assert (event.after["created"], event.after["tasks"]) == (1, 1)


def test_alerts_are_as_visible_as_their_customers(desk):
    deposit(desk.customer)
    deposit(CustomerFactory(owning_unit=desk.units["B"]))
    desk.find()
    seen = {who: Alert.objects.within(scope_of(getattr(desk, who))).count() for who in ("lin", "zhao", "chen", "gao")}
    assert seen == {"lin": 1, "zhao": 1, "chen": 1, "gao": 2}


def test_another_customer_of_the_manager_has_an_alert_of_its_own(desk):
    deposit(desk.customer)
    deposit(covered(desk, name="李四"))
    assert desk.find().created == 2

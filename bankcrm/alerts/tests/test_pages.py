"""The pages of alerts, rules and tasks."""

import datetime as dt
from decimal import Decimal

import pytest

from bankcrm.alerts.models import AlertRule
from bankcrm.alerts.tests.conftest import alerts, covered, tasks
from bankcrm.core.models import AuditEvent
from bankcrm.customers.models import Task
from bankcrm.customers.tests.factories import (
    DATA_DATE,
    NOW,
    CustomerFactory,
    HoldingFactory,
    RiskMarkFactory,
    TaskFactory,
)
from bankcrm.org.tests.factories import user_with_post

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}


def deposit(customer, days=10):
    return HoldingFactory(
        customer=customer, matures_on=DATA_DATE + dt.timedelta(days=days), balance_base=Decimal(200_000)
    )


def text_of(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_number_of_the_card_opens_the_list_that_gives_it(desk):
    for days in (3, 5):
        deposit(covered(desk), days)
    deposit(CustomerFactory(owning_unit=desk.units["B"]))
    RiskMarkFactory(customer=desk.customer, days_overdue=3)
    desk.find()
    for who, expected in (("lin", [2, 1]), ("zhao", [2, 1]), ("chen", [1])):
        client = desk.client(who)
        card = next(context for card, context in client.get("/").context["cards"] if card.code == "alerts")
        assert [number for _label, number, _url in card["figures"]] == expected
        for _label, number, url in card["figures"]:
            page = client.get(url)
            assert page.context["count"] == number == len(page.context["lines"])


def test_who_may_not_see_risk_marks_sees_no_alert_of_them(desk, no_figures):
    RiskMarkFactory(customer=desk.customer, days_overdue=3)
    desk.find()
    assert desk.client("gao").get("/alerts/").context["total"] == 0
    assert desk.client("lin").get("/alerts/").context["total"] == 1
    contacts = f"/customers/{desk.customer.number}/contacts/"
    assert "Loan overdue" in text_of(desk.client("lin").get(contacts))
    assert "Loan overdue" not in text_of(desk.client("gao").get(contacts))


def test_the_customer_page_shows_the_task_with_its_outcome(desk, no_figures):
    deposit(desk.customer)
    desk.find()
    client = desk.client("lin")
    contacts = f"/customers/{desk.customer.number}/contacts/"
    assert "Deposit matures · 2026-12-02" in text_of(client.get(contacts))
    client.post(f"/tasks/{tasks()[0].pk}/close/", {"outcome_code": "agreed", "outcome": "转存一年"}, headers=HTMX)
    assert "Customer agreed · 转存一年" in text_of(client.get(contacts))


def test_reading_alerts_is_on_record(desk):
    desk.client("lin").get("/alerts/?kind=birthday")
    assert AuditEvent.objects.get(action="alerts.view").detail == {"kind": "birthday", "rows": 0}


@pytest.mark.parametrize("path", ["/alerts/", "/tasks/"])
def test_ten_rows_cost_as_many_queries_as_twenty(desk, path, django_assert_max_num_queries):
    counted = []
    for _more in range(2):
        for _row in range(10):
            deposit(covered(desk))
        desk.find()
        client = desk.client("lin")
        client.get(path)
        with django_assert_max_num_queries(40) as queries:
            client.get(path)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_alerts_come_a_page_at_a_time_without_gaps(desk):
    for days in range(60):
        deposit(covered(desk), days % 15)
    desk.find()
    client = desk.client("lin")
    first = client.get("/alerts/")
    second = client.get(f"/alerts/?page={first.context['page'].next}")
    shown = [line.alert.pk for page in (first, second) for line in page.context["lines"]]
    assert len(shown) == len(set(shown)) == 60


# Tasks --------------------------------------------------------------------------------------------------------------


def titles(client, query=""):
    return [line.task.title for line in client.get(f"/tasks/{query}").context["lines"]]


def test_tasks_are_narrowed_by_time_and_kind(desk):
    for title, hours in (("迟", -30), ("今", 2), ("周", 100), ("远", 400)):
        TaskFactory(assignee=desk.lin, title=title, due_at=NOW + dt.timedelta(hours=hours))
    deposit(desk.customer)
    desk.find()
    client = desk.client("lin")
    assert titles(client, "?due=overdue") == ["迟"]
    assert titles(client, "?due=today") == ["迟", "今"]
    assert titles(client, "?due=week&kind=planned") == ["迟", "今", "周"]
    assert [title[:4] for title in titles(client, "?kind=deposit_maturity")] == ["存款到期"]
    assert len(titles(client, "?due=nonsense&kind=nonsense")) == 5


def test_a_head_sees_the_units_tasks_and_a_manager_ones_own_only(desk):
    TaskFactory(assignee=desk.lin, title="林的", customer=desk.customer)
    TaskFactory(assignee=desk.chen, title="陈的")
    assert titles(desk.client("zhao")) == []
    assert titles(desk.client("zhao"), "?whose=unit") == ["林的"]
    assert titles(desk.client("lin"), "?whose=unit") == ["林的"]
    assert titles(desk.client("chen"), "?whose=unit") == ["陈的"]
    assert "?whose" not in text_of(desk.client("lin").get("/tasks/"))


def test_a_task_is_postponed_with_a_reason(desk):
    task = TaskFactory(assignee=desk.lin, customer=desk.customer)
    client, url = desk.client("lin"), f"/tasks/{task.pk}/postpone/"
    assert client.post(url, {"due_at": "2026-12-01T09:00", "reason": ""}, headers=HTMX).status_code == 422
    assert client.post(url, {"due_at": "2026-11-24T09:00", "reason": "客户出差"}, headers=HTMX).status_code == 422
    assert client.post(url, {"due_at": "2026-12-01T09:00", "reason": "客户出差"}, headers=HTMX).status_code == 204
    task.refresh_from_db()
    assert (f"{task.due_at:%Y-%m-%d %H:%M}", task.postponed) == ("2026-12-01 01:00", 1)
    assert AuditEvent.objects.get(action="customer.postpone_task").reason == "客户出差"


def test_a_head_hands_a_task_on_within_the_unit_and_not_beyond(desk):
    task = TaskFactory(assignee=desk.lin, customer=desk.customer)
    other = user_with_post(unit=desk.units["A1"])
    url = f"/tasks/{task.pk}/hand-on/"
    assert desk.client("lin").get(url).status_code == 403
    assert desk.client("chen").get(url).status_code == 404
    head = desk.client("zhao")
    assert head.post(url, {"assignee": desk.chen.pk}, headers=HTMX).status_code == 422
    assert head.post(url, {"assignee": other.pk, "reason": "休假"}, headers=HTMX).status_code == 204
    task.refresh_from_db()
    assert task.assignee == other
    assert AuditEvent.objects.get(action="customer.hand_on_task").reason == "休假"


def test_a_head_does_not_close_the_tasks_of_others(desk):
    task = TaskFactory(assignee=desk.lin, customer=desk.customer)
    answer = desk.client("zhao").post(f"/tasks/{task.pk}/close/", {"outcome_code": "agreed"}, headers=HTMX)
    assert answer.status_code == 422
    assert Task.objects.get(pk=task.pk).status == "open"


def test_ones_own_task_can_be_closed_after_its_customer_has_left_the_scope(desk):
    task = TaskFactory(assignee=desk.lin, customer=CustomerFactory(owning_unit=desk.units["B"], name="欧阳建国"))
    client, url = desk.client("lin"), f"/tasks/{task.pk}/close/"
    assert "欧阳建国" not in text_of(client.get(url))
    assert client.post(url, {"outcome_code": "not_needed"}, headers=HTMX).status_code == 204


# Rules --------------------------------------------------------------------------------------------------------------


def shown(client, query=""):
    return {rule.kind.code: rule for rule in client.get(f"/alerts/rules/{query}").context["rules"]}


def test_the_page_says_where_each_value_comes_from(desk):
    desk.find()
    desk.rule("A", "birthday", days_ahead=7)
    rule = shown(desk.client("zhao"))["birthday"]
    assert [(one.value.name, one.held, one.source.code) for one in rule.values] == [
        ("days_ahead", 7, "A"),
        ("due_days", 3, "HO"),
        ("goes_to", "lead", "HO"),
    ]
    below = shown(desk.client("zhao"), f"?unit={desk.units['A1'].pk}")["birthday"]
    assert [one.source.code for one in below.values] == ["A", "HO", "HO"]
    assert desk.client("zhao").get(f"/alerts/rules/?unit={desk.units['B'].pk}").status_code == 404


def post(client, unit, code, **values):
    return client.post(f"/alerts/rules/{unit.pk}/{code}/", values, headers=HTMX)


def test_a_branch_head_sets_a_rule_of_the_branch_and_takes_it_back(desk):
    desk.find()
    client, unit = desk.client("zhao"), desk.units["A"]
    assert post(client, unit, "birthday", days_ahead="10").status_code == 204
    row = AlertRule.objects.get(unit=unit)
    assert (row.days_ahead, row.due_days, row.is_active, row.changed_by) == (10, None, None, desk.zhao)
    event = AuditEvent.objects.get(action="alerts.set_rule")
    assert (event.before["days_ahead"], event.after["days_ahead"]) == (None, 10)
    assert post(client, unit, "birthday", days_ahead="10").status_code == 204
    assert AuditEvent.objects.filter(action="alerts.set_rule").count() == 1
    assert post(client, unit, "birthday").status_code == 204
    assert not AlertRule.objects.filter(unit=unit).exists()


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("birthday", {"days_ahead": "181"}),
        ("birthday", {"days_ahead": "-1"}),
        ("birthday", {"due_days": "61"}),
        ("birthday", {"goes_to": "everybody"}),
        ("deposit_maturity", {"min_amount": "-0.01"}),
        ("deposit_maturity", {"min_amount": "NaN"}),
        ("large_movement-retail", {"min_amount": "49999.99"}),
        ("overdue", {"min_days": "0"}),
    ],
)
def test_values_keep_their_bounds(desk, code, values):
    desk.find()
    assert post(desk.client("zhao"), desk.units["A"], code, **values).status_code == 422
    assert not AlertRule.objects.filter(unit=desk.units["A"]).exists()


def test_the_head_office_must_say_everything(desk):
    desk.find()
    client, root = desk.client("gao"), desk.units["HO"]
    assert post(client, root, "birthday", days_ahead="5").status_code == 422
    full = {"is_active": "on", "days_ahead": "5", "due_days": "2", "goes_to": "lead"}
    assert post(client, root, "birthday", **full).status_code == 204
    assert AlertRule.objects.get(unit=root, kind="birthday").days_ahead == 5


def test_nobody_sets_the_rules_of_a_unit_above_or_beside(desk):
    desk.find()
    for unit in ("HO", "B"):
        assert post(desk.client("zhao"), desk.units[unit], "birthday", days_ahead="5").status_code == 404
    assert post(desk.client("lin"), desk.units["A"], "birthday", days_ahead="5").status_code == 403
    assert len(alerts()) == 0


# Handing several on ---------------------------------------------------------------------------------------------------


def test_a_head_hands_several_tasks_on_at_once_and_each_customer_remembers(desk):
    first, second = (TaskFactory(assignee=desk.lin, customer=desk.customer) for _ in range(2))
    other = user_with_post(unit=desk.units["A1"])
    head, asked = desk.client("zhao"), {"task": [first.pk, second.pk]}
    assert 'name="task"' in text_of(head.get("/tasks/?whose=unit"))
    assert "2 tasks selected" in text_of(head.get("/tasks/hand-on/", asked))
    sent = {**asked, "assignee": other.pk, "reason": "休假"}
    assert head.post("/tasks/hand-on/", sent, headers=HTMX).status_code == 204
    assert set(Task.objects.filter(pk__in=asked["task"]).values_list("assignee", flat=True)) == {other.pk}
    whole = AuditEvent.objects.get(action="task.hand_on_many")
    assert (whole.after, whole.reason) == ({"tasks": sorted(asked["task"])}, "休假")
    assert AuditEvent.objects.filter(action="customer.hand_on_task", customer_id=desk.customer.pk).count() == 2


@pytest.mark.parametrize("fault", ["reason", "receiver", "closed", "beyond", "none"])
def test_several_tasks_are_handed_on_all_or_none(desk, fault):
    first = TaskFactory(assignee=desk.lin, customer=desk.customer)
    second = TaskFactory(
        assignee=desk.chen if fault == "beyond" else desk.lin,
        customer=desk.customer,
        **({"status": "done", "closed_at": NOW} if fault == "closed" else {}),
    )
    other = desk.chen if fault == "receiver" else user_with_post(unit=desk.units["A1"])
    sent = {
        "task": [] if fault == "none" else [first.pk, second.pk],
        "assignee": other.pk,
        "reason": "" if fault == "reason" else "休假",
    }
    assert desk.client("zhao").post("/tasks/hand-on/", sent, headers=HTMX).status_code == 422
    assert Task.objects.get(pk=first.pk).assignee == desk.lin
    assert not AuditEvent.objects.filter(action="task.hand_on_many").exists()


def test_nobody_hands_on_what_lies_out_of_scope_or_without_the_right(desk):
    task = TaskFactory(assignee=desk.lin, customer=desk.customer)
    sent = {"task": [task.pk], "assignee": desk.chen.pk, "reason": "x"}
    assert desk.client("chen").post("/tasks/hand-on/", sent, headers=HTMX).status_code == 404
    assert desk.client("lin").post("/tasks/hand-on/", sent, headers=HTMX).status_code == 403
    assert 'name="task"' not in text_of(desk.client("lin").get("/tasks/"))

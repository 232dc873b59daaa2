"""Rows that addresses name, for the walk over all addresses: each maker gives the address's arguments.

`maker(user)` makes a row that this user, whose scope is the whole bank, may see; nobody else is given anything.
"""

import datetime as dt

from django.conf import settings
from django.utils import timezone

from bankcrm.core import audit, dates
from bankcrm.core.exporting import records
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.models import Approval, Job, StoredFile
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.customers.fields import fields_of
from bankcrm.customers.models import SavedView
from bankcrm.customers.tests.factories import (
    CoverageFactory,
    CustomerFactory,
    HoldingFactory,
    OrganisationFactory,
    OverrideFactory,
    StaffEntryFactory,
    TaskFactory,
)
from bankcrm.customers.tests.group_factories import GroupFactory, ProposalFactory
from bankcrm.customers.tests.paper_factories import CustomerFileFactory, PaperWaiverFactory
from bankcrm.feeds.models import Load
from bankcrm.feeds.tests.ledger_cases import DifferenceFactory
from bankcrm.identity.models import DataWork
from bankcrm.org.models import ApiToken, Delegation, EthicalWall
from bankcrm.org.roles import permissions_of
from bankcrm.org.tests.factories import PostFactory, UnitFactory, UserFactory, scope_of, token_for
from bankcrm.org.tests.login_factories import LoginAlertFactory, SecondFactorFactory, SessionFactory
from bankcrm.privacy.tests.factories import SubjectRequestFactory
from bankcrm.segments.tests.factories import CustomerTagFactory, TagFactory
from bankcrm.system.audit_queries import microseconds
from bankcrm.system.menus import arranging
from bankcrm.system.models import MenuLine, ParameterValue
from bankcrm.valuation.tests.factories import make_table
from bankcrm.webhooks.tests.factories import DeliveryFactory, SubscriptionFactory


def customer(user):
    return {"number": CustomerFactory().number}


def approval(user):
    return {
        "approval_id": Approval.objects.create(
            kind="test", asked_by=user, asked_at=timezone.now(), due_on=dt.date(2026, 11, 26)
        ).pk
    }


def parameter(user):
    return {"key": "login.idle_minutes"}


def parameter_value(user):
    unit = UnitFactory()
    made = ParameterValue.objects.create(
        key="customers.large_flow.person", unit=unit, value="60000", valid=(dt.date(2020, 1, 1), None)
    )
    return {"value_id": made.pk}


def audit_event(user):
    """Something that somebody did at no unit at all: seen by the whole bank only."""
    event = audit.record("test.done", by=Scope.system(because="walk"))
    return {"at": microseconds(event.occurred_at), "event_id": event.id}


def audited_person(user):
    return {"user_id": UserFactory().pk}


def post(user):
    return {"post_id": PostFactory(user=UserFactory()).pk}


def delegation(user):
    today, colleague = dates.today(), UserFactory()
    with as_owner():
        made = Delegation.objects.create(
            post=user.posts.first(), principal=user, delegate=colleague, made_by=user,
            valid=(today, today + dt.timedelta(days=1)), reason="x", made_at=timezone.now(),
        )  # fmt: skip
    return {"delegation_id": made.pk}


def role(user):
    return {"code": "auditor"}


def unit(user):
    return {"unit_id": UnitFactory().pk}


def export_record(user):
    made = records.record_print(
        content=records.Content("customer", "Customer page", ["Overview"], 1, "overview"),
        purpose=Purpose("visit", "walk over all addresses"),
        by=scope_of(user),
    )
    return {"record_id": made.pk}


def menu_line(user):
    MenuLine.objects.get_or_create(code="customers-mine", defaults={"label_zh": "我的"})
    arranging.forget()
    return {"code": "customers-mine"}


def menu_link(user):
    made, _new = MenuLine.objects.get_or_create(
        code="link-walk",
        defaults={"label_zh": "甲", "label_en": "A", "url": "https://oa.bank.example/", "parameter": "emp"},
    )
    arranging.forget()
    return {"line_id": made.pk}


def print_record(user):
    customer = CustomerFactory()
    made = records.record_print(
        content=records.Content("customer", "Customer page", ["Overview"], 1, "overview", customer_id=customer.pk),
        purpose=Purpose("visit", "walk over all addresses"),
        by=scope_of(user),
    )
    return {"number": customer.number, "code": made.code}


def customer_document(user):
    return {"number": CustomerFactory().number, "field_class": "id_number"}


def wall(user):
    with as_owner():
        made = EthicalWall.objects.create(
            name="W", reason="r", valid=(dt.date(2020, 1, 1), None), set_at=timezone.now()
        )
    return {"wall_id": made.pk}


def webhook(user):
    return {"webhook_id": SubscriptionFactory().pk}


def webhook_delivery(user):
    return {"delivery_id": DeliveryFactory(state="given_up").pk}


def own_session(user):
    return {"session_id": SessionFactory(user=user).pk}


def token(user):
    token_for(UserFactory(), name="walk")
    return {"token_id": ApiToken.objects.latest("id").pk}


def own_factor(user):
    return {"factor_id": SecondFactorFactory(user=user).pk}


def login_alert(user):
    return {"alert_id": LoginAlertFactory().pk}


def user(user):
    return {"user_id": UserFactory().pk}


def customer_field(user):
    return {"number": CustomerFactory().number, "name": maintainable()}


def maintainable():
    """A field that staff may correct."""
    return next(field.name for field in fields_of("person") if field.is_maintainable)


def customer_override(user):
    made = OverrideFactory(by=user)
    return {"number": made.customer.number, "name": made.field}


def staff_entry(user):
    made = StaffEntryFactory(by=user)
    return {"number": made.customer.number, "entry_id": made.pk}


def customer_file(user):
    made = CustomerFileFactory(by=user)
    CoverageFactory(customer=made.customer, user=user)  # some open the files only of whom they look after
    return {"number": made.customer.number, "file_id": made.pk}


def customer_paper(user):
    return {"number": CustomerFactory().number, "paper_kind": "id_copy"}


def customer_waiver(user):
    made = PaperWaiverFactory(by=user)
    return {"number": made.customer.number, "paper_kind": made.paper_kind}


def holding(user):
    made = HoldingFactory()
    return {"number": made.customer.number, "holding_id": made.pk}


def task(user):
    made = TaskFactory(assignee=user)
    return {"number": made.customer.number, "task_id": made.pk}


def own_task(user):
    return {"task_id": TaskFactory(assignee=user).pk}


def alert_rule(user):
    return {"unit_id": UnitFactory().pk, "code": "birthday"}


def calendar_secret(user):
    return {"secret": "there-is-none"}


def group(user):
    return {"group_id": GroupFactory(members=[OrganisationFactory()], confirmed_by=user).pk}


def group_proposal(user):
    return {"proposal_id": ProposalFactory(members=[OrganisationFactory()]).pk}


def saved_view(user):
    with as_owner():
        return {"view_id": SavedView.objects.create(user=user, list_code="all", name="x").pk}


def load(user):
    with as_owner():
        made = Load.objects.create(
            business_date=dt.date(2026, 11, 22), folder="/nowhere", fingerprint="0", state="failed"
        )
    return {"pk": made.pk}


def ledger_difference(user):
    return {"pk": DifferenceFactory().pk}


def api_load(user):
    return {"load_id": load(user)["pk"]}


def job(user):
    with as_owner():
        return {"job_id": Job.objects.create(kind="test", label="Test", by=user, status=Job.Status.DONE).pk}


def file(user):
    path = settings.FILES_ROOT / "walk" / str(user.pk)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    with as_owner():
        permission = min(permissions_of(user.posts.get().role))
        made = StoredFile.objects.create(
            name="x.csv", path=f"walk/{user.pk}", content_type="text/csv", size=1, sha256="0", owner=user,
            permission=permission, expires_at=timezone.now() + dt.timedelta(days=1),
        )  # fmt: skip
    return {"file_id": made.pk}


def tag(user):
    return {"tag_id": TagFactory(unit=user.posts.first().unit, made_by=user).pk}


def customer_tag(user):
    made = CustomerTagFactory(by=user, tag__made_by=user, tag__unit=user.posts.first().unit)
    return {"number": made.customer.number, "tag_id": made.tag_id}


def tier_table(user):
    return {"table_id": make_table(dt.date(2100, 1, 1)).pk}


def subject_request(user):
    return {"request_id": SubjectRequestFactory().pk}


def data_work(user):
    customer = CustomerFactory()
    with as_owner():
        made = DataWork.objects.create(
            key=f"no_contact/{customer.pk}//", customer=customer, kind="no_contact", found_on=dt.date(2026, 11, 22)
        )
    return {"work_id": made.pk}


ROWS = {
    maker.__name__: maker
    for maker in (
        approval,
        export_record,
        menu_line,
        menu_link,
        print_record,
        wall,
        customer_document,
        parameter,
        parameter_value,
        audit_event,
        audited_person,
        customer,
        customer_field,
        group,
        group_proposal,
        customer_override,
        customer_file,
        customer_paper,
        customer_waiver,
        holding,
        task,
        own_task,
        calendar_secret,
        alert_rule,
        own_session,
        own_factor,
        token,
        login_alert,
        user,
        saved_view,
        load,
        ledger_difference,
        api_load,
        job,
        file,
        staff_entry,
        tag,
        customer_tag,
        tier_table,
        data_work,
        subject_request,
        unit,
        post,
        delegation,
        role,
        webhook,
        webhook_delivery,
    )
}

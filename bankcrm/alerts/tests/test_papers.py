"""Papers that staff uploaded end like identity documents: by the same rule, for the same people."""

import datetime as dt

import pytest

from bankcrm.alerts.tests.conftest import alerts, tasks
from bankcrm.core.testing import as_owner
from bankcrm.customers.models import CustomerFile
from bankcrm.customers.tests.factories import DATA_DATE, DocumentFactory
from bankcrm.customers.tests.paper_factories import CustomerFileFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"


def paper(customer, days, **values):
    until = DATA_DATE + dt.timedelta(days=days) if days is not None else None
    return CustomerFileFactory(customer=customer, valid_until=until, **values)


def change(row, **values):
    with as_owner():
        CustomerFile.objects.everything(because="test").filter(pk=row.pk).update(**values)


@pytest.mark.parametrize(("days", "count"), [(30, 1), (31, 0), (0, 1), (-180, 1), (-181, 0), (None, 0)])
def test_a_paper_that_ends_is_an_alert_of_the_rule_for_documents(desk, days, count):
    paper(desk.customer, days)
    assert desk.find().created == count
    assert [(one.kind, task.assignee) for one, task in zip(alerts(), tasks(), strict=True)] == [
        ("document_expiry", desk.lin)
    ] * count


def test_a_newer_version_or_another_of_the_kind_that_runs_longer_ends_the_alert(desk):
    first = paper(desk.customer, 5)
    desk.find()
    paper(desk.customer, 400)
    assert desk.find().ended == 1
    other = paper(desk.customer, 5, paper_kind="licence")
    assert desk.find().created == 1
    change(other, replaced_at="2026-11-23T10:00+08:00")
    assert desk.find().ended == 1
    assert first.pk != other.pk and [task.status for task in tasks()] == ["cancelled", "cancelled"]


def test_a_copy_of_a_document_does_not_alert_beside_the_document(desk):
    document = DocumentFactory(customer=desk.customer, expires_on=DATA_DATE + dt.timedelta(days=5))
    paper(desk.customer, 5, document_key=document.feed_key)
    assert desk.find().created == 1

"""From a delivery to events: who is new, and what changed."""

import pytest

from bankcrm.core import jobs
from bankcrm.core.models import Job
from bankcrm.core.testing import as_owner
from bankcrm.customers.models import Customer
from bankcrm.feeds.tests.conftest import small_bank  # noqa: F401 - a fixture
from bankcrm.feeds.tests.small_bank import FIRST, document, next_day, person
from bankcrm.org.models import OrgUnit
from bankcrm.org.tests.factories import user_with_post
from bankcrm.webhooks.models import Arrival, Delivery
from bankcrm.webhooks.tests.conftest import told
from bankcrm.webhooks.tests.factories import SubscriptionFactory, TokenFactory

pytestmark = pytest.mark.django_db(transaction=True)


def number_of(name):
    return Customer.objects.everything(because="test").get(name=name).number


def run_jobs():
    with as_owner():
        for job in Job.objects.filter(kind="webhooks.gather", status="queued"):
            jobs.run(job.pk)


def test_a_load_tells_who_is_new_and_what_changed(small_bank):  # noqa: F811
    assert small_bank.load(FIRST).state == "published"
    assert not Job.objects.filter(kind="webhooks.gather").exists()  # nobody listens
    user = user_with_post("auditor", "bank", unit=OrgUnit.objects.get(code="HO"))
    webhook = SubscriptionFactory(token=TokenFactory(user=user), kinds=["customer.created", "customer.changed"])
    second = {
        **FIRST,
        "person": [person("1", "张三", employer_name="二厂"), person("2", "李四"), person("9", "王五")],
        "identity_document": [*FIRST["identity_document"], document("9", "E99999999")],
    }
    assert small_bank.load(second, day=next_day()).state == "published"
    run_jobs()
    assert sorted(told(webhook)) == [
        ("customer.changed", number_of("张三"), ["person_profile.employer_name"]),
        ("customer.created", number_of("王五"), []),
    ]
    assert not Arrival.objects.exists()
    assert Delivery.objects.count() == 1

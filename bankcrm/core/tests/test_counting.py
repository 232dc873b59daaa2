import pytest

from bankcrm.core.counting import counts_of
from bankcrm.core.models import Approval, Job

pytestmark = pytest.mark.django_db


def test_several_counts_cost_one_statement_and_what_is_empty_counts_as_none(django_assert_num_queries):
    Job.objects.create(kind="x", label="one")
    Job.objects.create(kind="x", label="two")
    with django_assert_num_queries(1):
        found = counts_of({"jobs": Job.objects.order_by("label"), "approvals": Approval.objects.all()})
    assert found == {"jobs": 2, "approvals": 0}


def test_nothing_asked_is_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert counts_of({}) == {}

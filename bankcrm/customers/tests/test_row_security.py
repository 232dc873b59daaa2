"""The database's own wall: raw SQL as the web role sees what the ORM's scope sees, and no row more.

That both see the same customers, whatever tree, posts, coverage and ethical walls: test_visibility, test_walls.
"""

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.db.models import ForeignKey

from bankcrm.core import row_security
from bankcrm.core.postgres import role_name
from bankcrm.core.scope import Scope
from bankcrm.customers.models import ContactPoint, Coverage, Customer, Interaction
from bankcrm.customers.queries import listing, matches
from bankcrm.customers.tests.factories import (
    ContactPointFactory,
    CoverageFactory,
    CustomerFactory,
    DocumentFactory,
    FiguresFactory,
    HoldingFactory,
    InteractionFactory,
    SearchKeyFactory,
)
from bankcrm.customers.tests.raw import ids_by_raw_sql

pytestmark = pytest.mark.django_db
NO_POLICY = {
    "customers.Task": "is its assignee's, whoever its customer is; that one is read behind the wall",
    "customers.CustomerGroup": "names a head; read with its members, whose rows have policies",
    "customers.GroupProposal": "the same for a group that a rule proposes",
    "identity.MatchCandidate": "pairs of customers, read by data stewards, who see the whole bank",
}


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


@pytest.fixture
def stranger(cast):
    """A customer of branch B with something in many tables."""
    found = CustomerFactory(owning_unit=cast.b, name="李四")
    FiguresFactory(customer=found)
    for maker in (ContactPointFactory, DocumentFactory, HoldingFactory, InteractionFactory):
        maker(customer=found)
    SearchKeyFactory(customer=found, unit_no=found.unit_no)
    CoverageFactory(customer=found, user=cast.chen)
    return found


def test_every_table_that_hangs_on_a_customer_has_a_policy():
    walled = {policy.table for policy in row_security.wanted()}
    hanging = {
        model._meta.label: model._meta.db_table
        for model in apps.get_models()
        if not model._meta.proxy
        and model._meta.managed
        and any(isinstance(field, ForeignKey) and field.related_model is Customer for field in model._meta.fields)
    }
    assert len(walled) > 30
    assert {label for label, table in hanging.items() if table not in walled} == set(NO_POLICY)
    standing = sql("SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace")
    assert {name for (name,) in standing} == walled


def test_without_a_scope_the_web_role_sees_no_row_of_a_customer(cast, stranger):
    sql("SELECT set_config('app.scope', '', true)")
    for policy in row_security.wanted():
        assert sql(f"SELECT count(*) FROM {policy.table}") == [(0,)], policy.table


def test_what_hangs_on_a_stranger_is_not_seen_either(cast, stranger):
    mine, theirs = cast.scope("lin"), cast.scope("chen")
    for model in (Customer, ContactPoint, Interaction, Coverage):
        column = "id" if model is Customer else "customer_id"
        table = model._meta.db_table
        assert stranger.pk not in ids_by_raw_sql(mine, table, column), table
        assert stranger.pk in ids_by_raw_sql(theirs, table, column), table
    for table in ("customers_holding", "customers_searchkey", "customers_customerfigures", "customers_personprofile"):
        assert stranger.pk not in ids_by_raw_sql(mine, table, "customer_id"), table
        assert stranger.pk in ids_by_raw_sql(theirs, table, "customer_id"), table
        assert stranger.pk in ids_by_raw_sql(cast.scope("wu"), table, "customer_id"), table


def test_a_foreign_row_is_not_changed_by_a_statement_that_names_it(cast, stranger):
    with row_security.told(cast.scope("lin")):
        assert sql("UPDATE customers_customer SET name = 'x' WHERE id = %s", stranger.pk) == 0
        assert sql("UPDATE customers_customer SET name = 'x' WHERE id = %s", cast.customer.pk) == 1


@pytest.mark.parametrize("statement", ["SET ROLE {owner}", "SET ROLE {worker}", "SET row_security = off"])
def test_the_web_role_cannot_become_more_than_it_is(cast, stranger, statement):
    """In a test the session is the owner's, so that the membership itself is looked at where it may become anything."""
    if "ROLE" in statement:
        role = role_name("owner" if "owner" in statement else "worker")
        assert sql("SELECT pg_has_role(%s, %s, 'MEMBER')", role_name("web"), role) == [(False,)]
        return
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with row_security.told(cast.scope("lin")), refused, transaction.atomic():
        sql(statement)
        sql("SELECT count(*) FROM customers_customer")


def test_web_inherits_nothing_from_the_role_that_it_takes_on():
    web, beyond = role_name("web"), role_name("beyond")
    assert sql("SELECT pg_has_role(%s, %s, 'MEMBER'), pg_has_role(%s, %s, 'USAGE')", web, beyond, web, beyond) == [
        (True, False)
    ]
    assert sql("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", beyond) == [(False,)]


def test_reads_that_mean_the_whole_bank_pass_and_the_next_one_does_not(cast, stranger):
    with transaction.atomic(), row_security.told(cast.scope("lin")):
        assert Customer.objects.everything(because="test").filter(pk=stranger.pk).exists()
        assert not Customer.objects.scoped_already(because="test").filter(pk=stranger.pk).exists()
        assert sql("SELECT current_user") == [(role_name("web"),)]
        with row_security.beyond(because="test"):
            assert sql("SELECT count(*) FROM customers_customer WHERE id = %s", stranger.pk) == [(1,)]
        assert sql("SELECT count(*) FROM customers_customer WHERE id = %s", stranger.pk) == [(0,)]
    assert row_security.standing() is None


def test_a_statement_that_fails_beyond_the_wall_does_not_leave_it_open(cast, stranger):
    with row_security.told(cast.scope("lin")):
        with pytest.raises(ProgrammingError), transaction.atomic(), row_security.beyond(because="test"):
            sql("SELECT no_such_column FROM customers_customer")
        assert row_security.standing() is not None
        assert sql("SELECT current_user, count(*) FROM customers_customer WHERE id = %s", stranger.pk) == [
            (role_name("web"), 0)
        ]


def test_a_list_that_forgot_its_scope_shows_no_stranger(cast, stranger, monkeypatch):
    """The second wall behind the first: what stands in the list's rows is read again behind the policy."""
    everybody = Customer.objects.everything(because="a fault made on purpose")
    with transaction.atomic(), row_security.told(cast.scope("lin")):
        sort = listing.SORTS["name"]
        page = listing.page([everybody], sort, is_descending=False, token="", size=20)
    assert [row.pk for row in page.rows] == [cast.customer.pk]


def test_a_job_reads_as_its_owner_and_writes_nothing_meanwhile(cast, stranger):
    with row_security.behind(cast.scope("lin")):
        assert sql("SELECT id FROM customers_customer") == [(cast.customer.pk,)]
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            sql("UPDATE customers_customer SET name = 'x'")
    assert sql("SELECT current_user") == [(role_name("web"),)]
    assert Customer.objects.everything(because="test").filter(pk=stranger.pk).exists()


def test_whether_a_number_is_known_elsewhere_is_still_said(cast, stranger):
    document = DocumentFactory(customer=stranger, document_number="110101199003070011")
    SearchKeyFactory(customer=stranger, kind="document", value=document.document_number)
    scope = cast.scope("lin")
    with transaction.atomic(), row_security.told(scope):
        found = matches.matches(scope, document_type=document.document_type, document_number=document.document_number)
    assert [(one.pk, one.unit, one.name) for one in found] == [(stranger.pk, cast.b.label, "")]


def test_a_scope_of_nobody_sees_nothing(cast, stranger):
    assert ids_by_raw_sql(Scope.nobody()) == []

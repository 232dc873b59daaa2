"""The contract's code tables and the roles and scopes of `org` are the same; neither may import the other's side."""

from bankcrm.feeds.contract import codes
from bankcrm.org.models import OrgUnit, Post
from bankcrm.org.roles import ROLES


def test_the_contract_names_the_roles_that_there_are():
    assert set(codes.ROLES.codes) == set(ROLES)


def test_the_contract_names_the_data_scopes_that_there_are():
    assert set(codes.DATA_SCOPES.codes) == set(Post.DataScope.values)


def test_the_contract_names_the_kinds_of_unit_that_there_are():
    assert set(codes.UNIT_KINDS.codes) == set(OrgUnit.Kind.values)

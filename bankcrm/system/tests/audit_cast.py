"""Who the tests of the audit's pages and files are about."""

import pytest

from bankcrm.org.tests.factories import tree, user_with_post


@pytest.fixture
def units():
    return tree({"ho": {"east": {"east1": {}}, "west": {}}})


@pytest.fixture
def auditor(units):
    return user_with_post("auditor", "bank", unit=units["ho"])

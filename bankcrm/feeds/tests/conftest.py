"""The bank that the pipeline's tests load."""

import pytest

from bankcrm.feeds.tests.small_bank import SmallBank


@pytest.fixture
def small_bank(transactional_db, tmp_path, settings):
    """Nothing is loaded yet."""
    return SmallBank(tmp_path, settings)

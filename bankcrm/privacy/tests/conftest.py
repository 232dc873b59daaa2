"""The cast of the customer tests; Tao is the data steward of the bank, Wu reads all of it."""

from bankcrm.customers.tests.conftest import cast, fake_lake, still_clock

__all__ = ["cast", "fake_lake", "still_clock"]

"""The cast of the customer pages."""

from bankcrm.customers.tests.conftest import cast, still_clock

__all__ = ["cast", "still_clock"]

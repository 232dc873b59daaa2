"""What tests of all apps share: a database of their own, run as the web role; see `plugin` and `database`."""

from bankcrm.core.testing.roles import as_owner

__all__ = ["as_owner"]

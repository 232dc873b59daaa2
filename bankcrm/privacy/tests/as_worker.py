"""Erasing runs in the worker: with its rights, and no more."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from bankcrm.core.postgres import role_name
from bankcrm.core.testing import as_owner


@contextmanager
def as_worker() -> Iterator[None]:
    """The block's statements are the worker role's."""
    with as_owner():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")  # the owner now, whose wrapper sees nothing to change until the block ends
        connection.connection.execute(f"SET ROLE {role_name('worker')}")
        try:
            yield
        finally:
            if connection.connection.info.transaction_status.name != "INERROR":
                connection.connection.execute("RESET ROLE")

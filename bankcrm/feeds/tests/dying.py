"""A load in a process of its own, on the test's database and lake: `python -m … DATABASE LAKE FOLDER`.

The process works as the owner. With `BANKCRM_CRASH_AT` it is killed where that says.
"""

import os
import sys
from pathlib import Path


def main(database: str, lake: str, folder: str) -> None:
    """Loads the folder; prints how that ended."""
    os.environ["BANKCRM_DB_ROLE"] = "owner"
    os.environ["DJANGO_SETTINGS_MODULE"] = "bankcrm.config.settings"
    import django
    from django.conf import settings
    from django.db import connection

    django.setup()
    connection.settings_dict["NAME"] = database
    settings.LAKE_ROOT = Path(lake)
    from bankcrm.core.scope import Scope
    from bankcrm.feeds.pipeline import load_delivery

    print(load_delivery(Path(folder), by=Scope.system(because="test")).state)  # noqa: T201 - read by the test


if __name__ == "__main__":
    main(*sys.argv[1:])

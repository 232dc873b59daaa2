"""What a web process must not load: tables and engines that only loads use fill more memory than its own code."""

import os
import subprocess
import sys

import pytest

HEAVY = ("pyarrow", "pypinyin", "sqlglot", "splink", "numpy", "pandas", "python_calamine")
STARTED = "import sys, bankcrm.config.wsgi, bankcrm.config.urls, bankcrm.config.api; print(*sys.modules)"


@pytest.fixture(scope="module")
def modules():
    """The modules of a web process that has started, and answered nothing yet."""
    environment = os.environ | {"BANKCRM_DB_ROLE": "web", "BANKCRM_LAKE_QUERY": "process"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run([sys.executable, "-c", STARTED], env=environment, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("name", HEAVY)
def test_a_web_process_starts_without(modules, name):
    assert "django" in modules
    assert name not in modules

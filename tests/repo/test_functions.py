"""Every page has a name in the statistics of use."""

import tomllib
from pathlib import Path

from bankcrm.core.functions import OTHER, function_of, labels, page_functions

PUBLIC = {"healthz", "readyz", "metrics"}  # answered before anybody is known
ADDRESSES = Path(__file__).with_name("url_permissions.toml")


def test_every_address_belongs_to_a_function_with_a_name():
    names = labels()
    found = {address: function_of(address) for address in tomllib.loads(ADDRESSES.read_text(encoding="utf-8"))}
    nameless = {a: code for a, code in found.items() if a not in PUBLIC and (code == OTHER or code not in names)}
    assert not nameless, f"no PageFunction or menu entry for {nameless}"


def test_pages_are_added_only_to_functions_that_have_a_name():
    assert not [one.code for one in page_functions if one.code not in labels()]

"""A bank of three customers that is loaded for real: deliveries written by hand, the whole pipeline, PostgreSQL."""

import csv
import hashlib
import io
import json
from datetime import date, timedelta
from decimal import Decimal

from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.customers.models import Customer, Holding
from bankcrm.feeds.contract.catalogue import BY_NAME
from bankcrm.feeds.models import Load
from bankcrm.feeds.pipeline import load_delivery

DAY = date(2026, 11, 22)
OPERATOR = Scope.system(because="test")
RESIDENT_ID = "440524188001010014"


def unit(code, parent="HO", kind="branch", **more):
    return {"unit_id": code, "name": f"{code}行", "unit_kind": kind, "parent_id": parent, **more}


def post(number, unit_id="A", **more):
    return {
        "employee_id": number, "name": "林晓", "unit_id": unit_id, "role": "relationship_manager",
        "post_unit_id": unit_id, "data_scope": "self", "accredited_from": "2020-01-01", **more,
    }  # fmt: skip


def person(number, name, **more):
    return {"source_system": "CORE", "customer_id": number, "name": name, "unit_id": "A", **more}


def document(number, value, kind="passport", **more):
    return {
        "source_system": "CORE", "customer_id": number, "document_type": kind, "document_number": value, **more,
    }  # fmt: skip


def holding(number, customer, unit_id="A", **more):
    return {
        "source_system": "CORE", "holding_id": number, "customer_id": customer, "product_id": "demand",
        "unit_id": unit_id, "currency": "CNY", "status": "active", "opened_on": "2026-01-05", **more,
    }  # fmt: skip


def balance(number, amount, day=DAY, **more):
    return {
        "source_system": "CORE", "holding_id": number, "balance_on": day.isoformat(), "currency": "CNY",
        "balance": amount, **more,
    }  # fmt: skip


def covering(customer, employee, share="1", **more):
    return {
        "source_system": "CORE", "customer_id": customer, "object_type": "customer", "employee_id": employee,
        "coverage_role": "lead", "share": share, "from_on": "2026-01-01", **more,
    }  # fmt: skip


FIRST = {
    "org_unit": [unit("HO", None, "head_office"), unit("A"), unit("B")],
    "employee": [post("E1"), post("E2", "B")],
    "product": [{"product_id": "demand", "name": "活期", "product_class": "demand_deposit", "business_line": "retail"}],
    "person": [person("1", "张三", employer_name="一厂"), person("2", "李四")],
    "identity_document": [document("1", "E11111111"), document("2", "E22222222")],
    "holding": [holding("H1", "1"), holding("H2", "2", "B")],
    "balance": [balance("H1", "60.00"), balance("H2", "40.00")],
    "coverage": [covering("1", "E1")],
}


class SmallBank:
    """Writes deliveries into an inbox of its own and loads them as the loader would."""

    def __init__(self, root, settings):
        self.root = root
        settings.LAKE_ROOT, settings.INBOX_ROOT = root / "lake", root / "inbox"
        settings.INBOX_ROOT.mkdir(parents=True, exist_ok=True)
        self.inbox = settings.INBOX_ROOT

    def deliver(self, feeds, *, day=DAY, scope="full", **announced):
        """A folder with one file for each feed and a manifest; `announced` goes to what that says of balances."""
        folder = self.inbox / day.isoformat()
        folder.mkdir(exist_ok=True)
        files = [written(folder, feed, rows, scope) for feed, rows in feeds.items()]
        for entry in files:
            if entry["feed"] == "balance":
                entry |= announced
        manifest = {"business_date": day.isoformat(), "mode": "daily", "base_currency": "CNY", "files": files}
        (folder / "manifest.json").write_text(json.dumps(manifest))
        return folder

    def load(self, feeds=None, *, day=DAY, folder=None, tell=None, wait=True, **more):
        """Delivers and loads; answers the result."""
        folder = folder or self.deliver(FIRST if feeds is None else feeds, day=day, **more)
        with as_owner():
            return load_delivery(folder, by=OPERATOR, tell=tell, wait=wait)


def written(folder, feed, rows, scope):
    columns = [column.name for column in BY_NAME[feed].columns]
    columns += ["operation"] * any("operation" in row for row in rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode()
    (folder / f"{feed}.csv").write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    return {"file": f"{feed}.csv", "feed": feed, "scope": scope, "rows": len(rows), "sha256": sha256}


def money():
    """(customer's name, account, balance) of all holdings, in order."""
    rows = Holding.objects.everything(because="test").select_related("customer").order_by("key")
    return [(row.customer.name, row.key, row.balance) for row in rows]


def customers():
    """All customers but the unidentified one, by name."""
    rows = Customer.objects.everything(because="test").exclude(status="unidentified")
    return {row.name: row for row in rows}


def total():
    """The sum of all balances."""
    return sum((row[2] or Decimal(0) for row in money()), Decimal(0))


def states():
    """How the loads ended, oldest first."""
    return list(Load.objects.order_by("pk").values_list("state", flat=True))


def next_day(days=1):
    return DAY + timedelta(days=days)

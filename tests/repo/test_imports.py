"""Between apps only models, queries, actions (DESIGN §3); import-linter holds the order, this the doors."""

import ast

from tests.repo.source import PACKAGE, files, relative

OPEN = {"models", "queries", "actions"}
# The chassis and what stands around the apps: their public parts are whatever they say.
AROUND = {"config", "core", "lake", "demo"}
# Doors of single apps, each with its reason.
DOORS = {
    ("feeds", "contract"),  # the language in which a bank speaks to us: code tables and columns
    ("org", "roles"),  # roles are code that every app may read
    ("org", "clearance"),  # who may see plain values, asked wherever values are shown
    ("org", "login_queries"),  # reads about logins, beside those of units and users
    ("org", "tree"),  # pure numbering of the tree, which the load of units uses
    ("customers", "coverage_rules"),  # pure arithmetic of shares, which the load of coverage uses
    ("customers", "codes"),  # names of codes in both languages, shown wherever customers are
    ("customers", "task_codes"),  # kinds and outcomes of tasks in both languages, shown wherever tasks are
    ("customers", "service_codes"),  # channels and purposes of consents, by which other apps ask
    ("customers", "consent_rules"),  # what the decision about contact may be
    ("customers", "querysets"),  # the manager of whatever is as visible as its customer
    ("customers", "forms"),  # the forms of tasks: the desk shows them as the customer page does
    ("customers", "numbers"),  # the public customer number, as a macro of lake steps
    ("identity", "rules"),  # the pure rule that joins source customers, which the load uses
    ("feeds", "matching"),  # an extension point: identity registers the rule that joins source customers
    ("org", "separation"),  # a rule that whoever makes posts has to ask
    ("system", "audit_queries"),  # a customer's access record is a part of the audit
    ("system", "audit_actions"),
    ("system", "menus"),  # what the bank made of the menu, which the frame shows
    ("feeds", "publish"),  # an extension point: identity registers the table of candidates that a build publishes
}


def imported_modules(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for alias in node.names:
                yield f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name


def side_doors(app, source):
    """Imports of another app's inside."""
    for module in imported_modules(source):
        parts = module.split(".")
        if parts[0] != "bankcrm" or len(parts) < 3 or parts[1] == app or parts[1] in AROUND:
            continue
        if parts[2] not in OPEN and (parts[1], parts[2]) not in DOORS:
            yield module


def test_apps_use_one_anothers_front_doors():
    found = {}
    for path in files(".py"):
        if PACKAGE not in path.parents or "tests" in path.parts or "testing" in path.parts:
            continue
        app = path.relative_to(PACKAGE).parts[0]
        if app in {"config", "demo"}:
            continue  # they put the others together
        if problems := sorted(set(side_doors(app, path.read_text(encoding="utf-8")))):
            found[relative(path)] = problems
    assert found == {}


def test_a_side_door_is_found():
    source = "from bankcrm.customers.views import detail\nfrom bankcrm.customers.queries import find\n"
    assert list(side_doors("feeds", source)) == ["bankcrm.customers.views.detail"]

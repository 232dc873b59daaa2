"""`bankcrm customer`: finds and shows customers for the bank's IT staff, masked unless a reason is given."""

import getpass
import json
from typing import Any

import click

from bankcrm.core import audit
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Customer
from bankcrm.customers.queries.basic import basic
from bankcrm.customers.queries.figures import Figures
from bankcrm.customers.queries.header import Header, header
from bankcrm.customers.queries.holdings import holdings
from bankcrm.customers.queries.search import search
from bankcrm.customers.queries.subject import Subject, subject

JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
REASON = click.option("--reason", default="", help="Why you need personal data in plain; goes into the audit.")
NOT_FOUND = 1


@click.group()
def customer() -> None:
    """Find and show customers."""


@customer.command()
@click.argument("needle")
@click.option("--limit", type=click.IntRange(1, 50), default=20, show_default=True)
@JSON
@REASON
@click.pass_context
def find(context: click.Context, needle: str, limit: int, as_json: bool, reason: str) -> None:
    """Find customers by part of a name, pinyin, initials, a whole number, or the last digits that the mask shows."""
    scope = staff_scope(reason)
    hits = search(scope, needle, limit=limit)
    audit.record(
        "customers.search",
        by=scope,
        detail={"hits": len(hits), "from": "command line", "customers": [hit.customer.pk for hit in hits]},
    )
    rows = [
        {
            "number": hit.customer.number,
            "name": hit.name,
            "kind": hit.customer.kind,
            "unit": hit.customer.owning_unit.code,
            "found_by": f"{hit.why} {hit.shown}".strip(),
        }
        for hit in hits
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for row in rows:
            click.echo("  ".join(str(value) for value in row.values()))
        click.echo(f"{len(rows)} found" if rows else "nobody found", err=True)
    context.exit(0 if rows else NOT_FOUND)


@customer.command()
@click.argument("number")
@JSON
@REASON
def show(number: str, as_json: bool, reason: str) -> None:
    """Show one customer: who, figures, what it is made of, accounts."""
    scope = staff_scope(reason)
    try:
        who = subject(scope, number.replace(" ", ""))
    except Customer.DoesNotExist:
        raise click.ClickException(f"there is no customer {number}.") from None
    audit.record(
        "customer.view", by=scope, obj=who.customer, customer_id=who.customer.pk, detail={"tab": "command line"}
    )
    told = told_of(who)
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else _as_text(told))


def staff_scope(reason: str) -> Scope:
    """Sees the whole bank masked; with a reason in plain. The audit names the account of the machine."""
    if reason.strip():
        return Scope.system(because=f"{getpass.getuser()}: {reason.strip()}")
    return Scope(
        user_id=None,
        username=f"os:{getpass.getuser()}"[:20],
        role="it_operator",
        is_bank=True,
        permissions=frozenset({"customers.view", "customers.search", "customers.figures"}),
    )


def told_of(who: Subject) -> dict[str, Any]:
    """What the command tells of a customer, as plain JSON: amounts are text, exact to the cent."""
    head, known, held = header(who), basic(who), holdings(who)
    return {
        "number": who.customer.number,
        "name": who.name,
        "kind": who.customer.kind,
        "status": who.customer.status,
        "owning_unit": who.customer.owning_unit.code,
        "marks": [mark.code for mark in head.marks],
        "coverage": [
            {"name": str(one.name), "role": str(one.role), "share": str(one.share), "virtual": one.is_virtual}
            for one in head.lookers
        ],
        "figures": _figures(head),
        "fields": {line.field.name: line.text for line in known.lines if line.is_known},
        "documents": [{"type": row.label, "number": row.number} for row in known.documents],
        "contacts": [{"type": row.contact_type, "value": row.text} for row in known.contacts],
        "sources": [
            {"system": row.source_system, "id": row.source_id, "present": row.is_present} for row in known.sources
        ],
        "holdings": [
            {
                "key": line.key,
                "account": line.account,
                "class": line.product_class,
                "currency": line.currency,
                "status": line.status,
                "balance": None if line.balance is None else str(line.balance),
            }
            for group in held.groups
            for line in group.lines
        ],
    }


def _figures(head: Header) -> dict[str, str | None]:
    row = getattr(head.customer, "figures", None)
    figures = Figures.of(row) if row else None
    told: dict[str, str | None] = {"date": head.moment.on.isoformat()}
    for name in Figures.__dataclass_fields__:
        told[name] = None if figures is None else str(getattr(figures, name))
    return told


def _as_text(told: dict[str, Any]) -> str:
    lines = []
    for name, value in told.items():
        if isinstance(value, list):
            lines.append(f"{name}:")
            lines += [f"  {_line(row)}" for row in value] or ["  -"]
        elif isinstance(value, dict):
            lines.append(f"{name}:")
            lines += [f"  {key}: {text}" for key, text in value.items()]
        else:
            lines.append(f"{name}: {value}")
    return "\n".join(lines)


def _line(row: Any) -> str:
    return "  ".join(str(value) for value in row.values()) if isinstance(row, dict) else str(row)

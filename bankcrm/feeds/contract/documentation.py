"""Makes `docs/feeds.md` of the contract: `python -m bankcrm.feeds.contract.documentation > docs/feeds.md`."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bankcrm.feeds.contract.catalogue import BY_NAME, FEEDS
from bankcrm.feeds.contract.codes import DELTA_OPERATIONS
from bankcrm.lake.checks import severity_of
from bankcrm.lake.contract import CodeTable, Column, Feed, Kind, Reference
from bankcrm.lake.reasons import FAULT_REASONS, ROW_REASONS

# What is not made of declarations; what it promises is held by the tests of `lake`.
PROSE = Path(__file__).with_name("prose.md")
TYPES = {
    Kind.TEXT: "text",
    Kind.CODE: "code",
    Kind.ID: "id",
    Kind.INTEGER: "integer",
    Kind.MONEY: "money",
    Kind.RATE: "rate",
    Kind.QUANTITY: "quantity",
    Kind.DATE: "date",
    Kind.TIMESTAMP: "timestamp",
    Kind.BOOLEAN: "boolean",
}
SEVERITIES = {
    "row": "the row is quarantined",
    "value": "the value is taken out",
    "warning": "a warning, nothing is taken out",
}
TARGETS = {"party": "[person](#person) or [organisation](#organisation)", "employee_number": "[employee](#employee)"}


def render() -> str:
    """The whole page, in Markdown."""
    page = PROSE.read_text(encoding="utf-8")
    made = {
        "overview": _overview(),
        "reasons": _reasons(),
        "feeds": "\n".join(_feed(feed) for feed in FEEDS),
        "code tables": _code_tables(),
    }
    for place, content in made.items():
        page = page.replace(f"<!-- {place} -->", content.strip("\n"))
    return page


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _overview() -> str:
    rows = [
        (
            f"[{feed.name}](#{feed.name})",
            feed.zh,
            feed.en,
            f"dated by `{feed.dated_by}`" if feed.dated_by else "state",
            f"Σ `{feed.total_column}` by `{feed.total_by}`" if feed.total_column else "",
        )
        for feed in FEEDS
    ]
    return table(("feed", "接口", "what", "kind", "control total"), rows)


def _feed(feed: Feed) -> str:
    lines = [
        f"### {feed.name}",
        "",
        f"{feed.zh}. {feed.en}. Key: {', '.join(f'`{column}`' for column in feed.key)}.",
        "",
    ]
    lines.append(table(("column", "type", "required", "含义", "meaning"), [_column(column) for column in feed.columns]))
    found = [*_rules(feed), *(_reference(reference) for reference in feed.references)]
    if found:
        lines += ["", *found]
    if feed.note:
        lines += ["", feed.note]
    return "\n".join(lines) + "\n"


def _column(column: Column) -> tuple[str, ...]:
    kind = TYPES[column.kind]
    if column.code_table:
        kind = f"[{column.code_table.name}](#code-table-{column.code_table.name})"
    elif column.kind in (Kind.TEXT, Kind.ID):
        kind += f", at most {column.max_length}"
    required = "yes" if column.required else ("takes the row" if column.takes_row else "")
    unit = f" ({column.unit})" if column.unit else ""
    return f"`{column.name}`", kind, required, column.zh, column.en + unit


def _rules(feed: Feed) -> Iterator[str]:
    for rule in feed.rules:
        severity = SEVERITIES[severity_of(feed, rule)]
        yield f"- `{rule.name}` ({severity}): {rule.en}. {rule.zh}。 `{rule.sql}`"


def _reference(reference: Reference) -> str:
    target = TARGETS.get(reference.feed, f"[{reference.feed}](#{reference.feed})")
    columns = ", ".join(f"`{column}`" for column in reference.columns)
    severity = SEVERITIES["row" if reference.takes_row else "warning"]
    return f"- {columns} → {target}; unknown: {severity}."


def _reasons() -> str:
    row_rows = [(f"`{code}`", chinese, english) for code, (chinese, english) in ROW_REASONS.items()]
    file_rows = [(f"`{code}`", chinese, english) for code, (chinese, english) in FAULT_REASONS.items()]
    head = ("code", "原因", "reason")
    return (
        "### Reasons for rows and values\n\nBesides these, each rule of a feed is a reason under its own name.\n\n"
        f"{table(head, row_rows)}\n\n### Faults of files, deliveries and mappings\n\n{table(head, file_rows)}\n"
    )


def _code_tables() -> str:
    lines = ["## Code tables", ""]
    for codes in used_code_tables(BY_NAME).values():
        lines += [f"### Code table {codes.name}", ""]
        lines += [
            table(("code", "中文", "English"), [(f"`{code}`", *texts) for code, texts in codes.codes.items()]),
            "",
        ]
    return "\n".join(lines)


def used_code_tables(feeds: Mapping[str, Feed]) -> dict[str, CodeTable]:
    """The code tables of all columns, by name, and the one of delta operations."""
    found = {
        column.code_table.name: column.code_table
        for feed in feeds.values()
        for column in feed.columns
        if column.code_table
    }
    return {**found, DELTA_OPERATIONS.name: DELTA_OPERATIONS}


if __name__ == "__main__":
    sys.stdout.write(render())

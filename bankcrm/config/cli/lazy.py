"""Commands that are imported when they are asked for, and that find their database started and migrated."""

import os
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from bankcrm.core.home import VARIABLE


@dataclass(frozen=True)
class Entry:
    """Where a command is written ("module:name"), its line in the list, and the database role it works as.

    A command without a role looks after its database itself.
    """

    target: str
    summary: str
    role: str | None = None

    def load(self) -> click.Command:
        """Imports the command, after Django when it works on the database."""
        if self.role is not None:
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bankcrm.config.settings")
            os.environ["BANKCRM_DB_ROLE"] = self.role
            import django

            django.setup()
        module, _, name = self.target.partition(":")
        command: click.Command = getattr(import_module(module), name)
        if self.role is not None:
            _give_database(command, self.role)
        return command


class LazyGroup(click.Group):
    """A group whose commands stand in a table of entries."""

    def __init__(self, *arguments: Any, entries: dict[str, Entry], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the table's order: what is used most comes first."""
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the command, with the home named to everything that reads it when imported."""
        if home := ctx.params.get("home"):
            os.environ[VARIABLE] = str(Path(home).expanduser().absolute())
        entry = self.entries.get(cmd_name)
        return None if entry is None else entry.load()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in self.entries.items()])


def _give_database(command: click.Command, role: str) -> None:
    """Wraps the work, not the help, of a command and of those below it."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _give_database(below, role)
        return
    work = command.invoke

    def invoke(ctx: click.Context) -> Any:
        from bankcrm.config.cli.bank import database

        with database(role):
            return work(ctx)

    command.invoke = invoke  # type: ignore[method-assign]

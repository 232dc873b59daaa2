"""A load's look at the ledger: whether the accounts add up to it, and what the bank wants done where they do not."""

from bankcrm.core import parameters
from bankcrm.feeds.publish.ledger import tolerance
from bankcrm.feeds.run import Refused, Run

STOP = "stop"
NAMED = 5


def check_ledger(run: Run) -> None:
    """Counts the cells that do not tie, after the figures are built.

    Parameter `feeds.ledger_difference`: `stop` refuses the load (raises Refused), `mark` says so in its log; the
    publication puts the differences on the worklist.
    """
    counted = run.lake.execute("SELECT count(*) FROM out_ledger_cell").fetchone()
    if not counted or not counted[0]:
        return
    rows = run.lake.execute(
        "SELECT unit_id, currency, account_class, difference FROM out_ledger_cell WHERE abs(difference) > ? "
        "ORDER BY abs(difference) DESC, unit_id, currency, account_class",
        [tolerance()],
    ).fetchall()
    run.log("ledger", cells=counted[0], differing=len(rows))
    if rows and parameters.value("feeds.ledger_difference") == STOP:
        named = "; ".join(" ".join(str(value) for value in row) for row in rows[:NAMED])
        raise Refused("ledger_differs", {"count": len(rows), "cells": counted[0], "named": named})

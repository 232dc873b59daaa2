"""What needs a second person: asking, deciding, and carrying out.

An app registers an `extensions.ApprovalKind` and, where its action needs a second person, calls `ask`. The page of
to-dos shows the request with its differences to whoever may decide; `agree` carries it out in its own transaction.
A bank's own processes may stand behind the same interface later.
"""

from bankcrm.core.approvals.engine import agree, ask, hand_on, send_back, withdraw
from bankcrm.core.approvals.people import register_people
from bankcrm.core.approvals.queries import decides, open_for, to_decide
from bankcrm.core.approvals.words import Difference, Line, Words, line_of

__all__ = [
    "Difference",
    "Line",
    "Words",
    "agree",
    "ask",
    "decides",
    "hand_on",
    "line_of",
    "open_for",
    "register_people",
    "send_back",
    "to_decide",
    "withdraw",
]

"""The bank's staff: the cast, managers for each unit that sees customers, heads, team leaders, head office."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from bankcrm.demo import cast, names
from bankcrm.demo.units import HEAD, Unit, fronts_of

# Line of business, customers for a manager, the part of the bank's customers that are of this line and covered. A
# corporate manager does more for each customer and so has fewer.
LINES: tuple[tuple[str, int, float], ...] = (("retail", 300, 0.92 * 0.65), ("corporate", 80, 0.08 * 0.97))
HEAD_OFFICE_POSTS: tuple[tuple[str, str, int], ...] = (
    ("客户服务中心", "call_centre", 5),
    ("数据管理部", "data_steward", 2),
    ("审计部", "auditor", 1),
    ("产品管理部", "product_manager", 3),
    ("公司金融部", "head_office_marketing", 2),
    ("普惠金融部", "head_office_marketing", 1),
    ("信息科技部", "it_operator", 2),
)
"""Department, role, how many beside the cast."""


@dataclass(frozen=True)
class Post:
    """A row of the employee feed; `unit_id` is the home unit. Empty texts are absent values."""

    employee_id: str
    name: str
    unit_id: str
    role: str
    post_unit_id: str
    data_scope: str
    mobile: str
    name_en: str = ""
    business_line: str = ""
    team_id: str = ""
    team_name: str = ""
    accredited_from: date | None = None


@dataclass
class Roster:
    """Posts given so far; new employees get the next number and name."""

    posts: list[Post] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(200_001))

    def hire(
        self, unit: Unit, role: str, data_scope: str, *, post_unit_id: str = "", line: str = "", team: bool = False
    ) -> str:
        """Adds an employee with one post at the unit (or at `post_unit_id`); answers the employee number."""
        number = next(self.numbers)
        is_manager = role == "relationship_manager"
        self.posts.append(
            Post(
                employee_id=str(number),
                name=_name(number - 200_000),
                unit_id=unit.unit_id,
                role=role,
                post_unit_id=post_unit_id or unit.unit_id,
                data_scope=data_scope,
                mobile=f"138079{number % 100_000:05d}",
                business_line=line,
                team_id=team_of(unit) if team else "",
                team_name=TEAM if team else "",
                accredited_from=date(2015 + number % 10, 1 + number % 12, 1) if is_manager else None,
            )
        )
        return str(number)

    def cast_member(self, member: cast.Member, home: Unit, post: Unit) -> None:
        """Adds a member of the cast."""
        in_team = member.covers or member.role == "team_leader"
        self.posts.append(
            Post(
                employee_id=member.employee_id,
                name=member.name,
                unit_id=home.unit_id,
                role=member.role,
                post_unit_id=post.unit_id,
                data_scope=member.data_scope,
                mobile=f"139079{member.employee_id[-5:]}",
                name_en=member.name_en,
                business_line=member.business_line,
                team_id=team_of(home) if in_team else "",
                team_name=TEAM if in_team else "",
                accredited_from=date(2019, 3, 1) if in_team else None,
            )
        )


TEAM = "客户经理一组"


def team_of(unit: Unit) -> str:
    """Managers of a sub-branch and of its outlets make one team."""
    return f"T{unit.unit_id[:4]}00"


def make_staff(units: list[Unit], size: int) -> tuple[list[Post], list[dict[str, object]]]:
    """The posts, and who manages which unit's customers.

    The second list has for each manager and line: front (index of the unit), line, number within the unit, branch,
    place among the branch's managers of the line, employee_id.
    """
    roster = Roster()
    by_name = {unit.name: unit for unit in units}
    for member in cast.CAST:
        roster.cast_member(member, by_name[member.unit], by_name[member.post_unit])
    managers: list[dict[str, object]] = []
    for front, unit in enumerate(fronts_of(units)):
        share = unit.weight / sum(other.weight for other in units)
        for line, load, part in LINES:
            ids = _managers(roster, unit, line, max(1, round(size * part * share / load)))
            branch = unit.unit_id[:2]
            before = sum(1 for other in managers if (other["branch"], other["line"]) == (branch, line))
            managers += [
                {
                    "front": front,
                    "line": line,
                    "number": number,
                    "branch": branch,
                    "place": before + number,
                    "employee_id": employee,
                }
                for number, employee in enumerate(ids)
            ]
    _heads(roster, units)
    for department, role, many in HEAD_OFFICE_POSTS:
        for _ in range(many):
            roster.hire(by_name[department], role, "bank", post_unit_id=HEAD)
    return roster.posts, managers


def _managers(roster: Roster, unit: Unit, line: str, wanted: int) -> list[str]:
    """The unit's managers of a line. A member of the cast comes first and looks after both lines."""
    ids = [member.employee_id for member in cast.CAST if member.covers and member.unit == unit.name]
    while len(ids) < wanted:
        ids.append(roster.hire(unit, "relationship_manager", "self", line=line, team=True))
    return ids


def _heads(roster: Roster, units: list[Unit]) -> None:
    """Heads of branches and sub-branches, team leaders and risk officers, where the cast has none."""
    led = {(member.role, member.post_unit) for member in cast.CAST}
    for unit in units:
        if unit.unit_kind == "branch":
            roster.hire(unit, "risk_officer", "subtree")
        if unit.unit_kind in {"branch", "sub_branch"} and ("branch_head", unit.name) not in led:
            roster.hire(unit, "branch_head", "subtree")
        if unit.unit_kind == "sub_branch" and ("team_leader", unit.name) not in led:
            roster.hire(unit, "team_leader", "team", team=True)


def _name(number: int) -> str:
    """A name for the n-th employee."""
    surnames = names.SURNAME_WEIGHTS.split()[:200:2]
    given = names.GIVEN_CHARACTERS["male_middle"] + names.GIVEN_CHARACTERS["female_middle"]
    first = given[number * 17 % len(given)]
    second = given[(number * 31 + number // 7) % len(given)]
    short = number % 3 == 0 or first == second
    return surnames[number * 7 % len(surnames)] + (first if short else first + second)

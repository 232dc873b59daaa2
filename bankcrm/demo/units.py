"""The bank's tree of units and its staff, at a size that fits the number of customers."""

from dataclasses import dataclass
from datetime import date, timedelta

from bankcrm.demo import cast, names, places

HEAD = "000000"
DEPARTMENTS = (
    ("零售金融部", "Retail Banking"), ("公司金融部", "Corporate Banking"), ("普惠金融部", "Inclusive Finance"),
    ("机构金融部", "Institutional Banking"), ("信用卡中心", "Credit Card Centre"), ("产品管理部", "Product Management"),
    ("风险管理部", "Risk Management"), ("数据管理部", "Data Management"), ("客户服务中心", "Call Centre"),
    ("审计部", "Internal Audit"), ("信息科技部", "Information Technology"), ("计划财务部", "Planning and Finance"),
)  # fmt: skip
PERSONS_PER_MANAGER = 300  # the usual load of a retail manager …
ORGANISATIONS_PER_MANAGER = 80  # … and of a corporate one, who does more for each


@dataclass(frozen=True)
class Unit:
    """A unit. `weight` is its share of customers; 0 for those that see none."""

    unit_id: str
    name: str
    name_en: str
    unit_kind: str
    parent_id: str
    region: str
    opened_on: date
    weight: float = 0.0
    district: places.District | None = None


@dataclass(frozen=True)
class Post:
    """A row of the employee feed."""

    employee_id: str
    name: str
    name_en: str
    unit_id: str
    role: str
    post_unit_id: str
    data_scope: str
    business_line: str = ""
    team_id: str = ""
    team_name: str = ""
    accredited_from: date | None = None
    mobile: str = ""


def make_units(size: int, first_day: date) -> list[Unit]:
    """Head office, departments, branches by city, sub-branches and outlets: about 60 for 20,000 customers, 400 for 1 M."""
    wanted = round(60 * max(1.0, size / 20_000) ** 0.48)
    branch_count = min(len(places.CITIES), 6 + wanted // 60)
    units = [Unit(HEAD, names.BANK, "Bank of Jiangzhou", "head_office", "", "九江市", date(1998, 6, 18))]
    units += [
        Unit(f"00{index:02d}00", name, english, "department", HEAD, "九江市", date(1998, 6, 18))
        for index, (name, english) in enumerate(DEPARTMENTS, start=1)
    ]
    fronts = max(branch_count * 6, wanted - len(units) - branch_count)
    for branch in range(branch_count):
        share = fronts // branch_count + (1 if branch < fronts % branch_count else 0)
        units += _branch(branch, share, first_day)
    return units


def _branch(branch: int, fronts: int, first_day: date) -> list[Unit]:
    city, short, english, _ = places.CITIES[branch]
    own = [district for district in places.districts() if district.city_index == branch]
    code = f"{branch + 1:02d}"
    opened = date(1998 + branch * 2, 9, 1)
    units = [Unit(f"{code}0000", f"{short}分行", f"{english} Branch", "branch", HEAD, city, opened)]
    for number in range(min(12, max(5, round(fronts * 0.6)))):
        units.append(_sub_branch(branch, number, own[number % len(own)], opened))
    subs = units[1:]
    for number in range(fronts - len(subs)):
        units.append(_outlet(number, subs[number % len(subs)], number // len(subs) + 1, first_day))
    return units


def _sub_branch(branch: int, number: int, district: places.District, opened: date) -> Unit:
    if branch == 0 and number < len(places.HOME_SUB_BRANCHES):
        name = places.HOME_SUB_BRANCHES[number]
    else:
        base = district.name[:-1] if len(district.name) > 2 else district.name
        districts = sum(1 for other in places.districts() if other.city_index == branch)
        name = base if number < districts else places.OUTLET_STREETS[(number * 5 + branch) % len(places.OUTLET_STREETS)]
    weight = (3.0 if branch == 0 else 2.0) * (1.2 if number == 0 else 1.0)
    unit_id = f"{branch + 1:02d}{number + 1:02d}00"
    opened = opened + timedelta(days=200 * (number + 1))
    return Unit(
        unit_id, f"{name}支行", "", "sub_branch", f"{branch + 1:02d}0000", district.city, opened, weight, district
    )


def _outlet(number: int, parent: Unit, serial: int, first_day: date) -> Unit:
    street = places.OUTLET_STREETS[number % len(places.OUTLET_STREETS)]
    name = f"{parent.name.removesuffix('支行')}{street}社区网点"
    opened = min(parent.opened_on + timedelta(days=1500 + 90 * number), first_day - timedelta(days=30))
    unit_id = f"{parent.unit_id[:4]}{serial:02d}"
    return Unit(unit_id, name, "", "outlet", parent.unit_id, parent.region, opened, 1.0, parent.district)


def fronts_of(units: list[Unit]) -> list[Unit]:
    """The units that look after customers, 城东支行 first."""
    return [unit for unit in units if unit.weight > 0]


def make_staff(units: list[Unit], size: int) -> tuple[list[Post], list[dict[str, object]]]:
    """Rows of the employee feed, and who manages which unit's customers.

    The second list has one entry for each manager and line: front (index of the unit), line, number, employee_id.
    """
    by_name = {unit.name: unit for unit in units}
    posts = [_cast_post(member, by_name) for member in cast.CAST]
    managers: list[dict[str, object]] = []
    total = sum(unit.weight for unit in units)
    serial = 200_000
    people = _staff_names()
    for front, unit in enumerate(fronts_of(units)):
        members = [member for member in cast.CAST if member.covers and member.unit == unit.name]
        for line, post_line, load, part in (
            ("retail", "retail", PERSONS_PER_MANAGER, 0.92 * 0.65),
            ("corporate", "corporate", ORGANISATIONS_PER_MANAGER, 0.08 * 0.97),
        ):
            count = max(1, round(size * part * unit.weight / total / load))
            ids = [member.employee_id for member in members][:1]
            while len(ids) < count:
                serial += 1
                ids.append(str(serial))
                posts.append(_manager_post(str(serial), next(people), unit, post_line))
            managers += [
                {"front": front, "line": line, "number": number, "employee_id": employee}
                for number, employee in enumerate(ids)
            ]
        heads = [] if unit.name == cast.CITY_EAST else [("branch_head", "subtree", "")]
        if unit.unit_kind == "sub_branch" and unit.name != cast.CITY_EAST:
            heads.append(("team_leader", "team", f"T{unit.unit_id}"))
        for role, scope, team in heads if unit.unit_kind == "sub_branch" else []:
            serial += 1
            posts.append(_plain_post(str(serial), next(people), unit, role, scope, team))
    posts += _office_posts(units, serial, people)
    return posts, managers


def _staff_names():  # type: ignore[no-untyped-def]
    """Endless names of staff, the same every time."""
    surnames = names.SURNAME_WEIGHTS.split()[::2]
    given = names.GIVEN_CHARACTERS["male_middle"] + names.GIVEN_CHARACTERS["female_middle"]
    number = 0
    while True:
        number += 1
        first = given[(number * 17) % len(given)]
        second = given[(number * 31 + number // 7) % len(given)]
        yield surnames[(number * 7) % 100] + (first if number % 3 == 0 or first == second else first + second)


def _team(unit: Unit) -> tuple[str, str]:
    """Managers of a sub-branch and its outlets make one team."""
    return f"T{unit.unit_id[:4]}00", "客户经理一组"


def _cast_post(member: cast.Member, by_name: dict[str, Unit]) -> Post:
    home, post = by_name[member.unit], by_name[member.post_unit]
    in_team = member.covers or member.role == "team_leader"
    team_id, team_name = _team(home) if in_team else ("", "")
    return Post(
        member.employee_id, member.name, member.name_en, home.unit_id, member.role, post.unit_id, member.data_scope,
        member.business_line, team_id, team_name, date(2019, 3, 1) if in_team else None, f"139079{member.employee_id[-5:]}",
    )  # fmt: skip


def _manager_post(employee_id: str, name: str, unit: Unit, line: str) -> Post:
    team_id, team_name = _team(unit)
    return Post(
        employee_id, name, "", unit.unit_id, "relationship_manager", unit.unit_id, "self", line, team_id, team_name,
        date(2015 + int(employee_id) % 10, 1 + int(employee_id) % 12, 1), f"138079{employee_id[-5:]}",
    )  # fmt: skip


def _plain_post(employee_id: str, name: str, unit: Unit, role: str, scope: str, team: str = "") -> Post:
    return Post(
        employee_id, name, "", unit.unit_id, role, unit.unit_id, scope, "", team, _team(unit)[1] if team else "",
        None, f"136079{employee_id[-5:]}",
    )  # fmt: skip


def _office_posts(units: list[Unit], serial: int, people) -> list[Post]:  # type: ignore[no-untyped-def]
    """Branch heads and risk officers of branches, and more hands at head office."""
    by_name = {unit.name: unit for unit in units}
    posts = []
    for unit in units:
        if unit.unit_kind != "branch":
            continue
        roles = [("risk_officer", "subtree")] + ([] if unit.name == cast.HOME_BRANCH else [("branch_head", "subtree")])
        for role, scope in roles:
            serial += 1
            posts.append(_plain_post(str(serial), next(people), unit, role, scope))
    for department, role, count in (
        ("客户服务中心", "call_centre", 5), ("数据管理部", "data_steward", 2), ("审计部", "auditor", 1), ("产品管理部", "product_manager", 3),
        ("公司金融部", "head_office_marketing", 2), ("普惠金融部", "head_office_marketing", 1), ("信息科技部", "it_operator", 2),
    ):  # fmt: skip
        home = by_name[department]
        for _ in range(count):
            serial += 1
            posts.append(
                Post(str(serial), next(people), "", home.unit_id, role, HEAD, "bank", mobile=f"135079{str(serial)[-5:]}")
            )
    return posts

"""The bank's tree of units, at a size that fits the number of customers."""

from dataclasses import dataclass
from datetime import date, timedelta

from bankcrm.demo import names, places

HEAD = "000000"
DEPARTMENTS = (
    ("零售金融部", "Retail Banking"), ("公司金融部", "Corporate Banking"), ("普惠金融部", "Inclusive Finance"),
    ("机构金融部", "Institutional Banking"), ("信用卡中心", "Credit Card Centre"), ("产品管理部", "Product Management"),
    ("风险管理部", "Risk Management"), ("数据管理部", "Data Management"), ("客户服务中心", "Call Centre"),
    ("审计部", "Internal Audit"), ("信息科技部", "Information Technology"), ("计划财务部", "Planning and Finance"),
)  # fmt: skip


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


def make_units(size: int, first_day: date) -> list[Unit]:
    """Head office, departments, branches, sub-branches, outlets: about 60 for 20,000 customers, 400 for 1 M."""
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

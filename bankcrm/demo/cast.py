"""The demonstration cast: one employee for each role, and a second who agrees where two are needed.

They are the same in every demonstration bank and come in through the employee feed; `make demo` prints them as the
table of logins.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """A member of the cast. `unit` and `post_unit` are names of `units.py`, resolved when the bank is made."""

    employee_id: str
    name: str
    name_en: str
    role: str
    unit: str
    post_unit: str
    data_scope: str
    shows: str
    """What to look at when logged in as this one."""
    business_line: str = ""
    covers: bool = False


HEAD_OFFICE = "江州银行"
CITY_EAST = "城东支行"
EAST_LAKE = "东湖支行"
HOME_BRANCH = "江州分行"

LIN = Member(
    "100482", "林晓", "Lin Xiao", "relationship_manager", CITY_EAST, CITY_EAST, "self", "own customers", covers=True
)
CHEN = Member(
    "100517",
    "陈立",
    "Chen Li",
    "relationship_manager",
    EAST_LAKE,
    EAST_LAKE,
    "self",
    "customers of another branch",
    covers=True,
)
ZHOU = Member("100455", "周颖", "Zhou Ying", "team_leader", CITY_EAST, CITY_EAST, "team", "the team's customers")
ZHAO = Member(
    "100311", "赵敏", "Zhao Min", "branch_head", CITY_EAST, CITY_EAST, "subtree", "sub-branch and its outlets"
)
DIRECTOR = Member(
    "100108", "赵国栋", "Zhao Guodong", "branch_head", HOME_BRANCH, HOME_BRANCH, "subtree", "the whole home branch"
)
GAO = Member(
    "100203",
    "高琳",
    "Gao Lin",
    "head_office_marketing",
    "零售金融部",
    HEAD_OFFICE,
    "bank",
    "retail customers of the bank",
    "retail",
)
HE = Member(
    "100215", "何平", "He Ping", "product_manager", "产品管理部", HEAD_OFFICE, "bank", "products and who holds them"
)
XU = Member("100226", "许岩", "Xu Yan", "risk_officer", "风险管理部", HEAD_OFFICE, "bank", "loans and guarantees")
QIAN = Member(
    "100237", "钱慧", "Qian Hui", "data_steward", "数据管理部", HEAD_OFFICE, "bank", "doubtful pairs and their reasons"
)
TANG = Member(
    "100248", "唐宁", "Tang Ning", "call_centre", "客户服务中心", HEAD_OFFICE, "bank", "search by number, masked data"
)
WU = Member("100259", "吴正", "Wu Zheng", "auditor", "审计部", HEAD_OFFICE, "bank", "who read and changed what")
SUN = Member(
    "100260", "孙伟", "Sun Wei", "system_administrator", "信息科技部", HEAD_OFFICE, "bank", "users, posts, parameters"
)
SHI = Member(
    "100271", "石磊", "Shi Lei", "security_administrator", "信息科技部", HEAD_OFFICE, "bank", "policies and log-ins"
)
FANG = Member(
    "100293",
    "方宁",
    "Fang Ning",
    "security_administrator",
    "信息科技部",
    HEAD_OFFICE,
    "bank",
    "agrees to posts and merges",
)
LUO = Member(
    "100282", "罗成", "Luo Cheng", "it_operator", "信息科技部", HEAD_OFFICE, "bank", "loads, rejects, missing feeds"
)

CAST: tuple[Member, ...] = (LIN, CHEN, ZHOU, ZHAO, DIRECTOR, GAO, HE, XU, QIAN, TANG, WU, SUN, SHI, LUO, FANG)

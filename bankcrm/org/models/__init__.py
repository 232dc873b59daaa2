"""The bank's tree, its people, the posts they hold, and how they come in."""

from bankcrm.org.models.login import KnownDevice, LoginAlert, LoginRecord, UserSession
from bankcrm.org.models.posts import Delegation, Manager, Post, Team
from bankcrm.org.models.second_factor import RecoveryCode, SecondFactor, UsedAssertion
from bankcrm.org.models.tokens import ApiToken
from bankcrm.org.models.units import OrgUnit, local_name
from bankcrm.org.models.users import FormerPassword, User, UserManager
from bankcrm.org.models.walls import EthicalWall, WallSide

__all__ = [
    "ApiToken",
    "Delegation",
    "EthicalWall",
    "FormerPassword",
    "KnownDevice",
    "LoginAlert",
    "LoginRecord",
    "Manager",
    "OrgUnit",
    "Post",
    "RecoveryCode",
    "SecondFactor",
    "Team",
    "UsedAssertion",
    "User",
    "UserManager",
    "UserSession",
    "WallSide",
    "local_name",
]

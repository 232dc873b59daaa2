"""The bank's tree, its people, and the posts they hold."""

from bankcrm.org.models.posts import Manager, Post, Team
from bankcrm.org.models.tokens import ApiToken
from bankcrm.org.models.units import OrgUnit, local_name
from bankcrm.org.models.users import User, UserManager

__all__ = ["ApiToken", "Manager", "OrgUnit", "Post", "Team", "User", "UserManager", "local_name"]

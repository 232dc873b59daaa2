"""What the web role writes here: logins, sessions and passwords. Records of logins are added, never changed."""

from bankcrm.core import grants


def register_all() -> None:
    """Called once when the app is ready."""
    grants.web("org.User", "INSERT UPDATE")
    grants.web("org.OrgUnit", "UPDATE")  # what shapes the tree is a job of the worker's
    grants.web("org.Post", "INSERT UPDATE DELETE")
    grants.web("org.Delegation", "INSERT UPDATE")
    grants.web("org.FormerPassword", "INSERT DELETE")
    grants.web("org.SecondFactor", "INSERT UPDATE DELETE")
    grants.web("org.RecoveryCode", "INSERT UPDATE DELETE")
    grants.web("org.UsedAssertion", "INSERT")
    grants.web("org.LoginRecord", "INSERT")
    grants.web("org.LoginAlert", "INSERT UPDATE")
    grants.web("org.KnownDevice", "INSERT UPDATE")
    grants.web("org.UserSession", "INSERT UPDATE")
    grants.web("org.ApiToken", "INSERT UPDATE")  # counts requests; renews and ends tokens
    grants.web("org.EthicalWall", "INSERT UPDATE")
    grants.web("org.WallSide", "INSERT")

"""What the web role writes here: logins and passwords."""

from bankcrm.core import grants


def register_all() -> None:
    """Called once when the app is ready."""
    grants.web("org.User", "UPDATE")
    grants.web("org.ApiToken", "UPDATE")  # counts requests; tokens are made and revoked on the command line

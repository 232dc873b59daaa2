"""What the web role writes here: values of parameters."""

from bankcrm.core import grants


def register_all() -> None:
    """Called once when the app is ready."""
    grants.web("system.ParameterValue", "INSERT UPDATE")

"""What the web role writes here: values of parameters, and how the menu is arranged."""

from bankcrm.core import grants


def register_all() -> None:
    """Called once when the app is ready."""
    grants.web("system.ParameterValue", "INSERT UPDATE")
    grants.web("system.MenuLine", "INSERT UPDATE DELETE")

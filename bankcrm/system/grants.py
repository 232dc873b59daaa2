"""What the web role writes here: values of parameters, how the menu is arranged, and what it counts of its use."""

from bankcrm.core import grants


def register_all() -> None:
    """Called once when the app is ready."""
    grants.web("system.ParameterValue", "INSERT UPDATE")
    grants.web("system.MenuLine", "INSERT UPDATE DELETE")
    grants.web("system.Usage", "INSERT UPDATE")
    grants.web("system.UsageCursor", "INSERT UPDATE")

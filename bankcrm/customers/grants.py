"""What the web role writes besides reading."""

from bankcrm.core import grants


def register_all() -> None:
    """Called once when the app is ready."""
    grants.web("customers.FieldOverride", "INSERT UPDATE")
    grants.web("customers.Interaction", "INSERT")
    grants.web("customers.Task", "INSERT UPDATE")
    grants.web("customers.Customer", "UPDATE")
    grants.web("customers.PersonProfile", "UPDATE")
    grants.web("customers.OrganisationProfile", "UPDATE")
    grants.web("customers.SavedView", "INSERT UPDATE DELETE")

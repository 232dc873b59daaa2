"""What the web role writes besides reading."""

from bankcrm.core import grants

KEPT = "SELECT INSERT UPDATE"


def register_all() -> None:
    """Called once when the app is ready."""
    grants.only("customers.Reveal", web="SELECT INSERT", worker="SELECT", loader="SELECT DELETE")
    grants.web("customers.FieldOverride", "INSERT UPDATE")
    grants.web("customers.StaffEntry", "INSERT UPDATE")
    # What staff add by hand stands among the sources' rows while it is in force.
    for table in ("ContactPoint", "IdentityDocument", "Relation", "SearchKey"):
        grants.web(f"customers.{table}", "INSERT DELETE")
    for table in ("CustomerFile", "PaperWaiver"):  # nobody deletes: versions and reasons stay
        grants.only(f"customers.{table}", web=KEPT, worker=KEPT, loader="SELECT")
    grants.web("customers.Interaction", "INSERT")
    grants.web("customers.Task", "INSERT UPDATE")
    grants.web("customers.ContactPlan", "INSERT UPDATE")
    grants.web("customers.ProcessingRestriction", "INSERT UPDATE")
    grants.web("customers.Customer", "INSERT UPDATE")
    grants.web("customers.PersonProfile", "INSERT UPDATE")
    grants.web("customers.OrganisationProfile", "INSERT UPDATE")
    grants.web("customers.Coverage", "UPDATE")  # of leavers
    for table in ("Coverage", "CustomerVisibility", "OwningPeriod"):  # of prospects
        grants.web(f"customers.{table}", "INSERT")
    grants.web("customers.SavedView", "INSERT UPDATE DELETE")
    grants.web("customers.CustomerGroup", "INSERT UPDATE")
    grants.web("customers.GroupMember", "INSERT UPDATE DELETE")
    grants.web("customers.GroupProposal", "UPDATE DELETE")
    grants.web("customers.ProposedMember", "DELETE")

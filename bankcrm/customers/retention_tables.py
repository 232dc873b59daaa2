"""With which class of retention this app's tables about customers go."""

from bankcrm.core.retention import DEALINGS, EVIDENCE, IDENTITY, SERVICE, emptied_with, erased_with, stays

ROOT = "FROM org_orgunit WHERE parent_id IS NULL ORDER BY id LIMIT 1"
GOES = {
    SERVICE: ("Interaction", "ContactPlan", "Task", "OpenComplaint", "ExternalHolding"),
    EVIDENCE: ("Consent",),
    DEALINGS: (
        *("Holding", "HoldingParty", "CustomerFigures", "CustomerUnitFigures", "Facility", "Collateral", "RiskMark"),
        *("StandingOrder", "PayrollPair", "Bill", "TradeFinance"),
    ),
    IDENTITY: (
        *("PersonProfile", "OrganisationProfile", "SourceCustomer", "SearchKey", "FieldOverride", "StaffEntry"),
        *("CustomerChange", "Coverage", "CustomerVisibility", "CustomerGroup", "GroupMember", "GroupProposal"),
        *("ProposedMember", "CustomerFile", "PaperWaiver", "IdentityDocument", "ContactPoint", "Relation"),
    ),
}


def register_all() -> None:
    """Called once when the app is ready."""
    for retention_class, models in GOES.items():
        erased_with(retention_class, *(f"customers.{one}" for one in models))
    # The number is for ever: who asks for it is told that what it stood for was erased, and nothing else. The head
    # office owns it, as it owns what belongs to nobody known (decision 0009), so that no branch lists it.
    emptied_with(
        IDENTITY,
        "customers.Customer",
        by="id",
        status="'erased'",
        name="''",
        name_en="''",
        sort_key="''",
        name_pieces="'{}'",
        industry="''",
        origin="'{}'",
        line="''",
        owning_unit_id=f"(SELECT id {ROOT})",
        unit_no=f"(SELECT no {ROOT})",
        lead_id="NULL",
        is_covered="false",
        since_on="NULL",
        last_contact_on="NULL",
    )
    said = "CASE WHEN lifted_at IS NULL THEN '' ELSE '–' END"  # a lifted one has a reason
    emptied_with(EVIDENCE, "customers.ProcessingRestriction", note="''", lifted_because=said)
    stays("customers.OwningPeriod", "which unit answered for a number when: nothing of the person")
    stays("customers.Reveal", "which staff looked at what, and why: kept to prove it")

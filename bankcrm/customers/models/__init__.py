"""The golden record and the facts around it."""

from bankcrm.customers.models.by_hand import HANDOVER, STAFF, StaffEntry
from bankcrm.customers.models.change import CustomerChange
from bankcrm.customers.models.contact import Interaction
from bankcrm.customers.models.coverage import Coverage, CustomerVisibility, OwningPeriod
from bankcrm.customers.models.credit import Collateral, Facility, RiskMark
from bankcrm.customers.models.customer import (
    Customer,
    CustomerFigures,
    CustomerUnitFigures,
    FieldOverride,
    OrganisationProfile,
    PersonProfile,
    SearchKey,
    SourceCustomer,
)
from bankcrm.customers.models.group import CustomerGroup, GroupMember, GroupProposal, ProposedMember
from bankcrm.customers.models.holding import Holding, HoldingParty
from bankcrm.customers.models.order import StandingOrder
from bankcrm.customers.models.paper import CustomerFile, PaperWaiver
from bankcrm.customers.models.party import ContactPoint, IdentityDocument, Relation
from bankcrm.customers.models.plan import ContactPlan
from bankcrm.customers.models.restriction import ProcessingRestriction
from bankcrm.customers.models.reveal import Reveal
from bankcrm.customers.models.service import Consent, ExternalHolding, OpenComplaint, PayrollPair
from bankcrm.customers.models.task import Task
from bankcrm.customers.models.trade import Bill, TradeFinance
from bankcrm.customers.models.view import SavedView
from bankcrm.customers.querysets import CustomerOwnedManager

__all__ = [
    "HANDOVER",
    "STAFF",
    "Bill",
    "Collateral",
    "Consent",
    "ContactPlan",
    "ContactPoint",
    "Coverage",
    "Customer",
    "CustomerChange",
    "CustomerFigures",
    "CustomerFile",
    "CustomerGroup",
    "CustomerOwnedManager",
    "CustomerUnitFigures",
    "CustomerVisibility",
    "ExternalHolding",
    "Facility",
    "FieldOverride",
    "GroupMember",
    "GroupProposal",
    "Holding",
    "HoldingParty",
    "IdentityDocument",
    "Interaction",
    "OpenComplaint",
    "OrganisationProfile",
    "OwningPeriod",
    "PaperWaiver",
    "PayrollPair",
    "PersonProfile",
    "ProcessingRestriction",
    "ProposedMember",
    "Relation",
    "Reveal",
    "RiskMark",
    "SavedView",
    "SearchKey",
    "SourceCustomer",
    "StaffEntry",
    "StandingOrder",
    "Task",
    "TradeFinance",
]

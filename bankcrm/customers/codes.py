"""Codes of customers as choices for models, filters and pages.

The upstream contract's code tables are held equal to these by a test in feeds.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")


class BusinessLine(models.TextChoices):
    CORPORATE = "corporate", _("Corporate")
    RETAIL = "retail", _("Retail")
    INSTITUTIONAL = "institutional", _("Institutional")
    CREDIT_CARD = "credit_card", _("Credit card")
    INCLUSIVE = "inclusive", _("Inclusive finance")


class ProductClass(models.TextChoices):
    DEMAND_DEPOSIT = "demand_deposit", _("Demand deposit")
    TIME_DEPOSIT = "time_deposit", _("Time deposit")
    NOTICE_DEPOSIT = "notice_deposit", _("Notice deposit")
    MARGIN_DEPOSIT = "margin_deposit", _("Margin deposit")
    STRUCTURED_DEPOSIT = "structured_deposit", _("Structured deposit")
    WEALTH = "wealth", _("Wealth product")
    FUND = "fund", _("Fund")
    INSURANCE = "insurance", _("Insurance")
    TREASURY_BOND = "treasury_bond", _("Treasury bond")
    PRECIOUS_METAL = "precious_metal", _("Precious metal")
    TRUST = "trust", _("Trust and asset management")
    SECURITIES_CUSTODY = "securities_custody", _("Securities settlement account")
    WORKING_CAPITAL_LOAN = "working_capital_loan", _("Working-capital loan")
    PROJECT_LOAN = "project_loan", _("Project loan")
    MORTGAGE_LOAN = "mortgage_loan", _("Mortgage loan")
    CONSUMER_LOAN = "consumer_loan", _("Consumer loan")
    BUSINESS_LOAN = "business_loan", _("Personal business loan")
    BILL_DISCOUNT = "bill_discount", _("Bill discount")
    TRADE_LOAN = "trade_loan", _("Trade finance loan")
    CREDIT_CARD = "credit_card", _("Credit card")
    DEBIT_CARD = "debit_card", _("Debit card")
    ACCEPTANCE = "acceptance", _("Bank acceptance")
    LETTER_OF_CREDIT = "letter_of_credit", _("Letter of credit")
    GUARANTEE = "guarantee", _("Guarantee")
    PAYMENT_SERVICE = "payment_service", _("Payment service")
    UNKNOWN = "unknown", _("Unidentified")


class FigureClass(models.TextChoices):
    """Where a holding's balance counts: deposits and investments make the AUM; loans and cards stand apart.

    Contingent: what the bank has promised to pay for the customer, off the balance sheet. Nobody owes it yet, so it is
    in no figure of loans.
    """

    DEPOSIT = "deposit", _("Deposit")
    INVESTMENT = "investment", _("Investment")
    LOAN = "loan", _("Loan")
    CARD = "card", _("Card")
    CONTINGENT = "contingent", _("Contingent")
    OTHER = "other", _("Other")


class DocumentType(models.TextChoices):
    RESIDENT_ID = "resident_id", _("Resident ID card")
    PASSPORT = "passport", _("Passport")
    HK_MACAO_PERMIT = "hk_macao_permit", _("Mainland travel permit for Hong Kong and Macao residents")
    TAIWAN_PERMIT = "taiwan_permit", _("Mainland travel permit for Taiwan residents")
    HK_MACAO_TAIWAN_RESIDENCE = "hk_macao_taiwan_residence", _("Residence permit for HK, Macao and Taiwan residents")
    FOREIGN_RESIDENCE = "foreign_residence", _("Foreign permanent resident ID card")
    MILITARY_ID = "military_id", _("Military ID")
    USCC = "uscc", _("Unified social credit code")
    ORGANISATION_CODE = "organisation_code", _("Organisation code")
    LEI = "lei", _("Legal entity identifier")
    OTHER = "other", _("Other")


class ContactType(models.TextChoices):
    MOBILE = "mobile", _("Mobile")
    PHONE = "phone", _("Fixed line")
    EMAIL = "email", _("E-mail")
    ADDRESS = "address", _("Address")
    WECHAT = "wechat", _("WeChat")


class ContactPurpose(models.TextChoices):
    PRIMARY = "primary", _("Primary")
    HOME = "home", _("Home")
    WORK = "work", _("Work")
    REGISTERED = "registered", _("Registered")
    BUSINESS = "business", _("Business")


class RelationType(models.TextChoices):
    SPOUSE = "spouse", _("Spouse")
    PARENT = "parent", _("Parent")
    CHILD = "child", _("Child")
    SIBLING = "sibling", _("Sibling")
    KIN = "kin", _("Other kin")
    SHAREHOLDER = "shareholder", _("Shareholder")
    LEGAL_REPRESENTATIVE = "legal_representative", _("Legal representative")
    EXECUTIVE = "executive", _("Executive")
    FINANCE_CONTACT = "finance_contact", _("Finance contact")
    GUARANTOR = "guarantor", _("Guarantor")
    EMPLOYER = "employer", _("Employer")
    TRADING_PARTNER = "trading_partner", _("Trading partner")


class HoldingStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    DORMANT = "dormant", _("Dormant")
    FROZEN = "frozen", _("Frozen")
    CLOSED = "closed", _("Closed")


class AccountNature(models.TextChoices):
    BASIC_ACCOUNT = "basic_account", _("Basic account")
    GENERAL_ACCOUNT = "general_account", _("General account")
    SPECIAL = "special", _("Special account")
    TEMPORARY = "temporary", _("Temporary account")
    CLASS_1 = "class_1", _("Class I account")
    CLASS_2 = "class_2", _("Class II account")
    CLASS_3 = "class_3", _("Class III account")


class PartyRole(models.TextChoices):
    JOINT = "joint", _("Joint holder")
    AUTHORISED_SIGNATORY = "authorised_signatory", _("Authorised signatory")
    GUARANTOR = "guarantor", _("Guarantor")
    CO_BORROWER = "co_borrower", _("Co-borrower")


class CoverageRole(models.TextChoices):
    LEAD = "lead", _("Lead")
    ASSIST = "assist", _("Assist")


class CoverageObject(models.TextChoices):
    CUSTOMER = "customer", _("Customer")
    HOLDING = "holding", _("Account")
    PRODUCT = "product", _("Product")


class Gender(models.TextChoices):
    MALE = "male", _("Male")
    FEMALE = "female", _("Female")


class MaritalStatus(models.TextChoices):
    SINGLE = "single", _("Single")
    MARRIED = "married", _("Married")
    DIVORCED = "divorced", _("Divorced")
    WIDOWED = "widowed", _("Widowed")


class Education(models.TextChoices):
    PRIMARY = "primary", _("Primary or less")
    SECONDARY = "secondary", _("Secondary")
    COLLEGE = "college", _("College")
    BACHELOR = "bachelor", _("Bachelor")
    POSTGRADUATE = "postgraduate", _("Postgraduate")


class Occupation(models.TextChoices):
    OFFICIAL = "official", _("Public official")
    PROFESSIONAL = "professional", _("Professional")
    CLERK = "clerk", _("Clerk")
    COMMERCE = "commerce", _("Commerce and service")
    AGRICULTURE = "agriculture", _("Agriculture")
    PRODUCTION = "production", _("Production")
    MILITARY = "military", _("Military")
    SELF_EMPLOYED = "self_employed", _("Self-employed")
    STUDENT = "student", _("Student")
    RETIRED = "retired", _("Retired")
    OTHER = "other", _("Other")


class OrganisationType(models.TextChoices):
    LIMITED = "limited", _("Limited company")
    JOINT_STOCK = "joint_stock", _("Joint-stock company")
    STATE_OWNED = "state_owned", _("State-owned enterprise")
    SOLE_TRADER = "sole_trader", _("Sole trader")
    PARTNERSHIP = "partnership", _("Partnership")
    INSTITUTION = "institution", _("Public institution")
    GOVERNMENT = "government", _("Government body")
    ASSOCIATION = "association", _("Association")
    OTHER = "other", _("Other")


class EnterpriseSize(models.TextChoices):
    LARGE = "large", _("Large")
    MEDIUM = "medium", _("Medium")
    SMALL = "small", _("Small")
    MICRO = "micro", _("Micro")


class Industry(models.TextChoices):
    A = "A", _("Agriculture, forestry, fishing")
    B = "B", _("Mining")
    C = "C", _("Manufacturing")
    D = "D", _("Electricity, heat, gas, water")
    E = "E", _("Construction")
    F = "F", _("Wholesale and retail")
    G = "G", _("Transport, storage, post")
    H = "H", _("Accommodation and catering")
    I = "I", _("Information technology")  # noqa: E741  the standard's own letter
    J = "J", _("Finance")
    K = "K", _("Real estate")
    L = "L", _("Leasing and business services")
    M = "M", _("Science and technical services")
    N = "N", _("Water, environment, public facilities")
    O = "O", _("Household services")  # noqa: E741  the standard's own letter
    P = "P", _("Education")
    Q = "Q", _("Health and social work")
    R = "R", _("Culture, sports, entertainment")
    S = "S", _("Public administration")
    T = "T", _("International organisations")


class Channel(models.TextChoices):
    COUNTER = "counter", _("Counter")
    ATM = "atm", _("ATM")
    POS = "pos", _("POS")
    MOBILE = "mobile", _("Mobile banking")
    ONLINE = "online", _("Online banking")
    THIRD_PARTY = "third_party", _("Third-party payment")
    BATCH = "batch", _("Batch")
    OTHER = "other", _("Other")


class Direction(models.TextChoices):
    CREDIT = "credit", _("In")
    DEBIT = "debit", _("Out")


class TransactionType(models.TextChoices):
    OPENING = "opening", _("Opening balance")
    SALARY = "salary", _("Salary")
    TRANSFER = "transfer", _("Transfer")
    CASH = "cash", _("Cash")
    PURCHASE = "purchase", _("Purchase")
    INTEREST = "interest", _("Interest")
    FEE = "fee", _("Fee")
    LOAN_DRAWDOWN = "loan_drawdown", _("Loan drawdown")
    LOAN_REPAYMENT = "loan_repayment", _("Loan repayment")
    SUBSCRIPTION = "subscription", _("Subscription")
    REDEMPTION = "redemption", _("Redemption")
    PENSION = "pension", _("Pension")
    INSURANCE = "insurance", _("Insurance")
    TAX = "tax", _("Tax")
    OTHER = "other", _("Other")


class FacilityKind(models.TextChoices):
    COMPREHENSIVE = "comprehensive", _("Comprehensive")
    SINGLE = "single", _("Single purpose")
    TEMPORARY = "temporary", _("Temporary")
    LOW_RISK = "low_risk", _("Low risk")
    PERSONAL = "personal", _("Personal")


class GuaranteeKind(models.TextChoices):
    UNSECURED = "unsecured", _("Unsecured")
    GUARANTEED = "guaranteed", _("Guaranteed")
    MORTGAGED = "mortgaged", _("Mortgaged")
    PLEDGED = "pledged", _("Pledged")


class FacilityStatus(models.TextChoices):
    ACTIVE = "active", _("In effect")
    FROZEN = "frozen", _("Frozen")
    ENDED = "ended", _("Ended")


class CollateralKind(models.TextChoices):
    REAL_ESTATE = "real_estate", _("House or building")
    LAND = "land", _("Land")
    DEPOSIT = "deposit", _("Deposit certificate")
    EQUITY = "equity", _("Equity")
    MACHINERY = "machinery", _("Machinery")
    VEHICLE = "vehicle", _("Vehicle")
    RECEIVABLE = "receivable", _("Receivables")
    INVENTORY = "inventory", _("Inventory")
    BOND = "bond", _("Bonds")
    OTHER = "other", _("Other")


class OrderFrequency(models.TextChoices):
    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")
    QUARTERLY = "quarterly", _("Quarterly")
    HALF_YEARLY = "half_yearly", _("Half-yearly")
    YEARLY = "yearly", _("Yearly")


class CollateralStatus(models.TextChoices):
    REGISTERED = "registered", _("Held as security")
    PENDING = "pending", _("Being registered")
    RELEASED = "released", _("Released")


class RiskClass(models.TextChoices):
    """Five-class classification of a loan, best first."""

    NORMAL = "normal", _("Normal")
    SPECIAL_MENTION = "special_mention", _("Special mention")
    SUBSTANDARD = "substandard", _("Substandard")
    DOUBTFUL = "doubtful", _("Doubtful")
    LOSS = "loss", _("Loss")

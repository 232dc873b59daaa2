"""Kinds of paper that staff keep about a customer, and how each stands on the checklist."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaperKind(models.TextChoices):
    ID_COPY = "id_copy", _("Copy of the identity document")
    LICENCE = "licence", _("Business licence")
    ARTICLES = "articles", _("Articles of association")
    REPRESENTATIVE_ID = "representative_id", _("Legal representative's identity document")
    OWNERS = "owners", _("Papers on beneficial owners")
    FINANCIAL_STATEMENTS = "financial_statements", _("Financial statements")
    RESOLUTION = "resolution", _("Resolution of the shareholders or the board")
    POWER_OF_ATTORNEY = "power_of_attorney", _("Power of attorney")
    KYC_FORM = "kyc_form", _("Due diligence form (KYC)")
    INCOME_PROOF = "income_proof", _("Proof of income")
    LOAN_CONTRACT = "loan_contract", _("Loan contract")
    COLLATERAL_PAPER = "collateral_paper", _("Title to collateral")
    AGREEMENT = "agreement", _("Service agreement")
    OTHER = "other", _("Other paper")


class PaperState(models.TextChoices):
    """How a kind of paper stands, the worst first."""

    MISSING = "missing", _("Missing")
    EXPIRED = "expired", _("Expired")
    EXPIRING = "expiring", _("Expires soon")
    WAIVED = "waived", _("Waived")
    PRESENT = "present", _("Present")


PUBLIC_NUMBERS = frozenset({PaperKind.LICENCE, PaperKind.ARTICLES, PaperKind.FINANCIAL_STATEMENTS})
CONTRACT_NUMBERS = frozenset({PaperKind.LOAN_CONTRACT, PaperKind.AGREEMENT, PaperKind.COLLATERAL_PAPER})


def number_class(paper_kind: str) -> str:
    """The field class of the number on a paper: what a public register tells, a contract's, or a person's own."""
    if paper_kind in PUBLIC_NUMBERS:
        return "uscc"
    return "account" if paper_kind in CONTRACT_NUMBERS else "id_number"

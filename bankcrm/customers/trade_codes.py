"""Codes of bills and trade finance; held equal to the upstream contract's by a test in feeds."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.codes import ProductClass


class BillKind(models.TextChoices):
    BANK_BILL = "bank_bill", _("Accepted by a bank")
    COMMERCIAL_BILL = "commercial_bill", _("Accepted by a company")
    FINANCE_COMPANY_BILL = "finance_company_bill", _("Accepted by a group finance company")


class BillState(models.TextChoices):
    OUTSTANDING = "outstanding", _("Outstanding")
    PRESENTED = "presented", _("Presented for payment")
    PAID = "paid", _("Paid at maturity")
    ADVANCED = "advanced", _("Paid by the bank for the drawer")
    REFUSED = "refused", _("Payment refused")
    CANCELLED = "cancelled", _("Returned unused")


class TradeKind(models.TextChoices):
    IMPORT_LETTER_OF_CREDIT = "import_letter_of_credit", _("Import letter of credit")
    DOMESTIC_LETTER_OF_CREDIT = "domestic_letter_of_credit", _("Domestic letter of credit")
    STANDBY_LETTER_OF_CREDIT = "standby_letter_of_credit", _("Standby letter of credit")
    CONFIRMATION = "confirmation", _("Confirmation of a letter of credit")
    PERFORMANCE_GUARANTEE = "performance_guarantee", _("Performance guarantee")
    TENDER_GUARANTEE = "tender_guarantee", _("Tender guarantee")
    ADVANCE_PAYMENT_GUARANTEE = "advance_payment_guarantee", _("Advance payment guarantee")
    PAYMENT_GUARANTEE = "payment_guarantee", _("Payment guarantee")
    WARRANTY_GUARANTEE = "warranty_guarantee", _("Warranty guarantee")
    FINANCING_GUARANTEE = "financing_guarantee", _("Financing guarantee")
    SHIPPING_GUARANTEE = "shipping_guarantee", _("Shipping guarantee")
    IMPORT_BILL_ADVANCE = "import_bill_advance", _("Import bill advance")
    EXPORT_BILL_ADVANCE = "export_bill_advance", _("Export bill advance")
    DOMESTIC_BILL_ADVANCE = "domestic_bill_advance", _("Advance under a domestic letter of credit")
    PACKING_LOAN = "packing_loan", _("Packing loan")
    FORFAITING = "forfaiting", _("Forfaiting")
    FACTORING = "factoring", _("Factoring")
    OTHER = "other", _("Other")


TRADE_CLASSES = (
    ProductClass.ACCEPTANCE,
    ProductClass.BILL_DISCOUNT,
    ProductClass.LETTER_OF_CREDIT,
    ProductClass.GUARANTEE,
    ProductClass.TRADE_LOAN,
)
"""The product classes of bills and trade finance, in the order of the page."""
STANDING = (BillState.OUTSTANDING, BillState.PRESENTED)
"""States of a bill that is still to be paid."""

"""Code tables of bills and trade finance, in both languages."""

from bankcrm.lake.contract import CodeTable

BILL_KINDS = CodeTable(
    "bill_kind",
    {
        "bank_bill": ("银行承兑汇票", "Accepted by a bank"),
        "commercial_bill": ("商业承兑汇票", "Accepted by a company"),
        "finance_company_bill": ("财务公司承兑汇票", "Accepted by a group finance company"),
    },
)
BILL_STATES = CodeTable(
    "bill_state",
    {
        "outstanding": ("未到期", "Outstanding"),
        "presented": ("提示付款", "Presented for payment"),
        "paid": ("已兑付", "Paid at maturity"),
        "advanced": ("垫款", "Paid by the bank for the drawer"),
        "refused": ("拒付", "Payment refused"),
        "cancelled": ("未用退回", "Returned unused"),
    },
)
TRADE_KINDS = CodeTable(
    "trade_kind",
    {
        "import_letter_of_credit": ("进口信用证", "Import letter of credit"),
        "domestic_letter_of_credit": ("国内信用证", "Domestic letter of credit"),
        "standby_letter_of_credit": ("备用信用证", "Standby letter of credit"),
        "confirmation": ("信用证保兑", "Confirmation of a letter of credit"),
        "performance_guarantee": ("履约保函", "Performance guarantee"),
        "tender_guarantee": ("投标保函", "Tender guarantee"),
        "advance_payment_guarantee": ("预付款保函", "Advance payment guarantee"),
        "payment_guarantee": ("付款保函", "Payment guarantee"),
        "warranty_guarantee": ("质量保函", "Warranty guarantee"),
        "financing_guarantee": ("融资性保函", "Financing guarantee"),
        "shipping_guarantee": ("提货担保", "Shipping guarantee"),
        "import_bill_advance": ("进口押汇", "Import bill advance"),
        "export_bill_advance": ("出口押汇", "Export bill advance"),
        "domestic_bill_advance": ("国内证押汇", "Advance under a domestic letter of credit"),
        "packing_loan": ("打包贷款", "Packing loan"),
        "forfaiting": ("福费廷", "Forfaiting"),
        "factoring": ("保理融资", "Factoring"),
        "other": ("其他", "Other"),
    },
)

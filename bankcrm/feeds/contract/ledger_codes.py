"""Code tables of the feeds about the bank's books, in both languages."""

from bankcrm.lake.contract import CodeTable

ACCOUNT_CLASSES = CodeTable(
    "account_class",
    {
        "deposit": ("存款", "Deposit"),
        "investment": ("投资理财", "Investment"),
        "loan": ("贷款", "Loan"),
        "card": ("信用卡", "Card"),
        "contingent": ("表外或有", "Contingent"),
        "other": ("其他", "Other"),
    },
)
INCOME_KINDS = CodeTable(
    "income_kind",
    {
        "interest_income": ("利息收入", "Interest received"),
        "interest_expense": ("利息支出", "Interest paid"),
        "fee_income": ("手续费及佣金收入", "Fees and commission received"),
        "fee_expense": ("手续费及佣金支出", "Fees and commission paid"),
    },
)
FTP_KINDS = CodeTable("ftp_kind", {"deposit": ("存款", "Deposit"), "loan": ("贷款", "Loan")})
BALANCE_SIDES = CodeTable("balance_side", {"debit": ("借方", "Debit"), "credit": ("贷方", "Credit")})

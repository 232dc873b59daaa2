"""Code tables of the feeds about the bank's books, in both languages."""

from bankcrm.lake.contract import CodeTable

ACCOUNT_CLASSES = CodeTable(
    "account_class",
    {
        "deposit": ("存款", "Deposit"),
        "investment": ("投资理财", "Investment"),
        "loan": ("贷款", "Loan"),
        "card": ("信用卡", "Card"),
        "other": ("其他", "Other"),
    },
)
BALANCE_SIDES = CodeTable("balance_side", {"debit": ("借方", "Debit"), "credit": ("贷方", "Credit")})

"""What a movement looks like on the statement: type, channel, summary and who stands on the other side.

Kinds are numbered where the statements write them; each kind and direction has eight slots, drawn evenly. 25, 26 and 27
stand for 3, 14 and 16 when the amount is large: nobody pays 50,000 at the till of a supermarket.
"""

SLOTS = 8
IN, OUT = 0, 1

# kind | 0 in, 1 out | slots | type | channel | summary | other side
_ROWS = """
1|0|8|opening|batch|期初余额|none
1|1|8|opening|batch|期初余额|none
2|0|3|cash|counter|开户存入现金|none
2|0|3|transfer|counter|开户转存|person
2|0|2|transfer|mobile|开户转入|person
3|0|3|transfer|mobile|转账收入|person
3|0|2|transfer|online|他行转入|person
3|0|1|cash|counter|现金存入|none
3|0|1|cash|atm|自助存款|none
3|0|1|transfer|third_party|零钱提现|wallet
3|1|3|purchase|third_party|快捷支付|merchant
3|1|1|purchase|pos|消费|merchant
3|1|2|transfer|mobile|转账支出|person
3|1|1|cash|atm|自助取款|none
3|1|1|cash|counter|现金支取|none
4|0|8|salary|batch|代发工资|given
5|1|5|transfer|mobile|转存定期|own
5|1|3|transfer|counter|转存定期|own
6|0|8|transfer|batch|定期到期转入|own
7|1|8|subscription|mobile|购买理财|own
8|0|8|redemption|batch|理财到期兑付|own
9|0|5|transfer|mobile|定期存入|own
9|0|3|cash|counter|定期开户|none
9|1|8|transfer|batch|到期支取|own
10|0|6|subscription|mobile|申购|own
10|0|2|subscription|counter|申购|own
10|1|8|redemption|batch|到期赎回|own
11|0|8|loan_repayment|batch|归还本金|own
11|1|8|loan_drawdown|counter|贷款发放|own
12|1|8|loan_repayment|batch|归还贷款本息|own
13|0|8|interest|batch|结息|none
14|0|5|transfer|online|货款|company
14|0|2|transfer|counter|工程款|company
14|0|1|transfer|online|往来款|bank_company
14|1|4|transfer|online|采购款|company
14|1|2|transfer|online|往来款|bank_company
14|1|1|fee|online|房租水电|company
14|1|1|cash|counter|备用金|none
15|1|8|salary|batch|代发工资|none
16|0|8|loan_repayment|mobile|信用卡还款|own
16|1|4|purchase|third_party|消费|merchant
16|1|3|purchase|pos|消费|merchant
16|1|1|cash|atm|预借现金|none
17|0|8|transfer|mobile|银证转账转入|own
17|1|8|transfer|mobile|银证转账转出|own
18|0|8|other|batch|净值变动|none
18|1|8|other|batch|净值变动|none
19|0|8|loan_drawdown|batch|贷款放款入账|own
20|1|8|tax|online|缴税|tax
21|1|8|other|counter|错账|none
22|0|8|pension|batch|养老金|pension
23|1|8|interest|batch|贷款利息|own
24|0|8|other|counter|红字冲正|none
25|0|4|transfer|mobile|转账收入|person
25|0|3|transfer|online|他行转入|person
25|0|1|cash|counter|现金存入|none
25|1|5|transfer|mobile|转账支出|person
25|1|2|transfer|online|跨行转账|person
25|1|1|cash|counter|现金支取|none
26|0|6|transfer|online|货款|company
26|0|1|transfer|counter|工程款|company
26|0|1|transfer|online|往来款|bank_company
26|1|5|transfer|online|采购款|company
26|1|2|transfer|online|往来款|bank_company
26|1|1|transfer|counter|工程款|company
27|1|8|purchase|pos|分期消费|merchant
"""


def flavour_rows() -> list[dict[str, object]]:
    """One row for each kind, direction and slot; `key` joins it to a movement."""
    rows: list[dict[str, object]] = []
    filled: dict[tuple[int, int], int] = {}
    for line in _ROWS.strip().splitlines():
        kind, sign, slots, transaction_type, channel, summary, side = line.split("|")
        for _ in range(int(slots)):
            place = filled.get((int(kind), int(sign)), 0)
            filled[int(kind), int(sign)] = place + 1
            key = int(kind) * 16 + int(sign) * SLOTS + place
            rows.append(
                {"key": key, "transaction_type": transaction_type, "channel": channel, "summary": summary, "side": side}
            )
    wrong = [pair for pair, count in filled.items() if count != SLOTS]
    if wrong:
        raise ValueError(f"kinds without {SLOTS} slots: {wrong}")
    return rows

"""The products of the demonstration bank, and which customers hold which.

Rates are annual decimals as a city bank posted them in 2025 and 2026; terms in days.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """A product. `kind` says who may hold it: P persons, O organisations, B both."""

    product_id: str
    name: str
    name_en: str
    product_class: str
    line: str
    kind: str
    rate: str = ""
    term_days: int | None = None
    currency: str = "CNY"


def _p(row: str) -> Product:
    code, name, name_en, product_class, line, kind, rate, term, currency = (cell.strip() for cell in row.split("|"))
    return Product(code, name, name_en, product_class, line, kind, rate, int(term) if term else None, currency or "CNY")


_ROWS = """
D101|个人活期存款|Personal demand deposit|demand_deposit|retail|P|0.0005||
D102|Ⅱ类电子账户|Class II electronic account|demand_deposit|retail|P|0.0005||
D103|个人外币活期·美元|Personal demand deposit USD|demand_deposit|retail|P|0.0005||USD
D104|个人外币活期·港币|Personal demand deposit HKD|demand_deposit|retail|P|0.0001||HKD
D105|个人外币活期·欧元|Personal demand deposit EUR|demand_deposit|retail|P|0.0001||EUR
D106|个人外币活期·日元|Personal demand deposit JPY|demand_deposit|retail|P|0.0001||JPY
D111|单位活期存款|Corporate demand deposit|demand_deposit|corporate|O|0.0005||
D112|单位协定存款|Corporate agreement deposit|demand_deposit|corporate|O|0.0020||
D113|单位外币活期·美元|Corporate demand deposit USD|demand_deposit|corporate|O|0.0005||USD
D114|单位外币活期·欧元|Corporate demand deposit EUR|demand_deposit|corporate|O|0.0001||EUR
T101|个人定期·三个月|Personal time deposit 3M|time_deposit|retail|P|0.0080|91|
T102|个人定期·六个月|Personal time deposit 6M|time_deposit|retail|P|0.0100|182|
T103|个人定期·一年|Personal time deposit 1Y|time_deposit|retail|P|0.0115|365|
T104|个人定期·二年|Personal time deposit 2Y|time_deposit|retail|P|0.0125|730|
T105|个人定期·三年|Personal time deposit 3Y|time_deposit|retail|P|0.0155|1095|
T106|大额存单·一年|Large certificate of deposit 1Y|time_deposit|retail|P|0.0135|365|
T107|大额存单·三年|Large certificate of deposit 3Y|time_deposit|retail|P|0.0175|1095|
T111|单位定期·三个月|Corporate time deposit 3M|time_deposit|corporate|O|0.0080|91|
T112|单位定期·六个月|Corporate time deposit 6M|time_deposit|corporate|O|0.0100|182|
T113|单位定期·一年|Corporate time deposit 1Y|time_deposit|corporate|O|0.0115|365|
T114|单位大额存单·二年|Corporate certificate of deposit 2Y|time_deposit|corporate|O|0.0135|730|
N101|个人七天通知存款|Personal 7-day notice deposit|notice_deposit|retail|P|0.0060||
N111|单位七天通知存款|Corporate 7-day notice deposit|notice_deposit|corporate|O|0.0060||
M111|银行承兑汇票保证金|Margin for acceptances|margin_deposit|corporate|O|0.0080|182|
M112|保函保证金|Margin for guarantees|margin_deposit|corporate|O|0.0080|365|
S101|江州宝·个人结构性存款 90 天|Structured deposit 90 days, personal|structured_deposit|retail|P|0.0185|90|
S111|江州宝·单位结构性存款 90 天|Structured deposit 90 days, corporate|structured_deposit|corporate|O|0.0190|90|
S112|江州宝·单位结构性存款 180 天|Structured deposit 180 days, corporate|structured_deposit|corporate|O|0.0205|180|
W101|浔阳稳盈·三个月|Steady income 3M|wealth|retail|P|0.0215|91|
W102|浔阳稳盈·六个月|Steady income 6M|wealth|retail|P|0.0230|182|
W103|浔阳稳盈·一年|Steady income 1Y|wealth|retail|P|0.0250|365|
W104|庐山优选·私行一年|Selected, private bank 1Y|wealth|retail|P|0.0285|365|
W105|代销·固收增强半年|Agency fixed income plus 6M|wealth|retail|P|0.0260|182|
W111|浔阳对公·三个月|Corporate wealth 3M|wealth|corporate|O|0.0205|91|
W112|浔阳对公·六个月|Corporate wealth 6M|wealth|corporate|O|0.0220|182|
F101|货币市场基金 A|Money market fund A|fund|retail|P|0.0140||
F102|短债基金 C|Short bond fund C|fund|retail|P|0.0210||
F103|沪深 300 指数基金|CSI 300 index fund|fund|retail|P|||
F104|均衡混合基金|Balanced fund|fund|retail|P|||
I101|终身寿险·趸交|Whole life, single premium|insurance|retail|P|||
I102|年金保险·五年交|Annuity, five premiums|insurance|retail|P|||
I103|两全保险|Endowment|insurance|retail|P|||
G101|储蓄国债（电子式）三年|Savings bond 3Y|treasury_bond|retail|P|0.0193|1095|
G102|储蓄国债（凭证式）五年|Savings bond 5Y|treasury_bond|retail|P|0.0200|1826|
P101|积存金|Gold accumulation|precious_metal|retail|P|||
X101|集合资金信托·两年|Collective trust 2Y|trust|retail|P|0.0480|730|
Z101|三方存管|Securities settlement account|securities_custody|retail|P|||
L201|流动资金贷款|Working-capital loan|working_capital_loan|corporate|O|0.0385|365|
L202|科技贷|Technology loan|working_capital_loan|corporate|O|0.0350|365|
L203|普惠·财园信贷通|Inclusive credit through industrial parks|working_capital_loan|inclusive|O|0.0395|365|
L211|固定资产项目贷款|Fixed-asset project loan|project_loan|corporate|O|0.0410|2920|
L101|个人住房按揭贷款|Home mortgage|mortgage_loan|retail|P|0.0330||
L102|公积金组合按揭|Mortgage combined with housing fund|mortgage_loan|retail|P|0.0310||
L111|江州快贷·消费|Consumer express loan|consumer_loan|retail|P|0.0420||
L112|装修贷|Home improvement loan|consumer_loan|retail|P|0.0450||
L121|个人经营贷|Personal business loan|business_loan|inclusive|P|0.0420|365|
C101|江州信用卡·金卡|Credit card gold|credit_card|credit_card|P|0.1825||
C102|江州信用卡·白金卡|Credit card platinum|credit_card|credit_card|P|0.1825||
K101|江州借记卡·普卡|Debit card|debit_card|retail|P|||
K102|社会保障卡|Social security card|debit_card|retail|P|||
K103|江州借记卡·金卡|Debit card gold|debit_card|retail|P|||
B111|履约保函|Performance guarantee|guarantee|corporate|O|0.0050|365|
B112|投标保函|Tender guarantee|guarantee|corporate|O|0.0050|180|
B113|预付款保函|Advance payment guarantee|guarantee|corporate|O|0.0050|270|
E101|银行承兑汇票|Bank acceptance|acceptance|corporate|O||180|
E111|银票贴现|Discount of bank bills|bill_discount|corporate|O|0.0135|150|
E112|商票贴现|Discount of commercial bills|bill_discount|corporate|O|0.0260|180|
R101|国内信用证|Domestic letter of credit|letter_of_credit|corporate|O|0.0060|180|
R102|进口信用证·美元|Import letter of credit USD|letter_of_credit|corporate|O|0.0060|90|USD
R103|进口信用证·欧元|Import letter of credit EUR|letter_of_credit|corporate|O|0.0060|90|EUR
R111|进口押汇·美元|Import bill advance USD|trade_loan|corporate|O|0.0480|90|USD
R112|出口押汇·美元|Export bill advance USD|trade_loan|corporate|O|0.0470|60|USD
R113|国内证福费廷|Forfaiting of domestic letters of credit|trade_loan|corporate|O|0.0195|180|
Y101|手机银行|Mobile banking|payment_service|retail|P|||
Y102|快捷支付签约|Quick-pay agreement|payment_service|retail|P|||
Y111|企业网上银行|Corporate online banking|payment_service|corporate|O|||
Y112|代发工资服务|Payroll service|payment_service|corporate|O|||
"""
PRODUCTS: tuple[Product, ...] = tuple(_p(row) for row in _ROWS.strip().splitlines())


@dataclass(frozen=True)
class Offer:
    """Who holds a class: chance `base` for anyone, up to `base + extra` for the richest above the rank `above`.

    `weight` is the part of the customer's money that it takes; 0 where the amount does not come out of it.
    Products are drawn from `products`. `slot` numbers a customer's holdings.
    """

    kind: str
    slot: int
    source: str
    products: str
    base: float
    extra: float = 0.0
    above: float = 0.0
    weight: float = 0.0


OFFERS: tuple[Offer, ...] = (
    Offer("P", 0, "CORE", "D101", 1.0, weight=0.30),
    Offer("P", 1, "CORE", "D102", 0.10, weight=0.05),
    Offer("P", 2, "CORE", "K101 K102 K102 K103", 0.35),
    Offer("P", 3, "CORE", "Y101 Y101 Y102", 0.48),
    Offer("P", 4, "CORE", "T101 T102 T103 T103 T104 T105 T105", 0.06, 0.70, 0.45, 1.0),
    Offer("P", 5, "CORE", "T103 T104 T105 T106 T107", 0.01, 0.55, 0.60, 1.0),
    Offer("P", 6, "CORE", "T102 T103 T105 T107", 0.0, 0.40, 0.75, 0.8),
    Offer("P", 7, "CORE", "N101", 0.0, 0.12, 0.80, 0.3),
    Offer("P", 8, "CORE", "S101", 0.0, 0.20, 0.80, 0.5),
    Offer("P", 9, "WEALTH", "W101 W102 W103 W105", 0.01, 0.55, 0.60, 0.7),
    Offer("P", 10, "WEALTH", "W102 W103 W104 W104", 0.0, 0.45, 0.85, 0.9),
    Offer("P", 11, "WEALTH", "F101 F101 F102 F103 F104", 0.03, 0.25, 0.50, 0.3),
    Offer("P", 12, "WEALTH", "I101 I102 I103", 0.02, 0.20, 0.60, 0.4),
    Offer("P", 13, "WEALTH", "G101 G102", 0.0, 0.12, 0.55, 0.4),
    Offer("P", 14, "WEALTH", "P101", 0.01, 0.10, 0.70, 0.1),
    Offer("P", 15, "WEALTH", "X101", 0.0, 0.30, 0.985, 1.5),
    Offer("P", 16, "WEALTH", "Z101", 0.02, 0.20, 0.60, 0.2),
    Offer("P", 17, "LOAN", "L101 L101 L101 L102", 0.045),
    Offer("P", 18, "LOAN", "L111 L111 L112", 0.035),
    Offer("P", 19, "LOAN", "L121", 0.015),
    Offer("P", 20, "CARD", "C101 C101 C101 C102", 0.15, 0.10, 0.50),
    Offer("P", 21, "CORE", "D103 D103 D103 D104 D104 D105 D106", 0.008, 0.12, 0.80, 0.1),
    Offer("O", 0, "CORE", "D111 D111 D111 D112", 1.0, weight=1.0),
    Offer("O", 1, "CORE", "D111", 0.25, 0.45, 0.30, 0.5),
    Offer("O", 2, "CORE", "D111", 0.04, 0.20, 0.70, 0.2),
    Offer("O", 3, "CORE", "T111 T112 T113", 0.03, 0.55, 0.50, 1.0),
    Offer("O", 4, "CORE", "T113 T114 T112", 0.0, 0.45, 0.70, 0.9),
    Offer("O", 5, "CORE", "N111", 0.01, 0.25, 0.70, 0.4),
    Offer("O", 6, "CORE", "M111 M111 M112", 0.02, 0.20, 0.50, 0.3),
    Offer("O", 7, "CORE", "S111 S112", 0.0, 0.25, 0.70, 0.6),
    Offer("O", 8, "WEALTH", "W111 W112", 0.0, 0.25, 0.75, 0.5),
    Offer("O", 9, "LOAN", "L201 L202 L203 L203", 0.10, 0.30, 0.30),
    Offer("O", 10, "LOAN", "L201", 0.0, 0.25, 0.70),
    Offer("O", 11, "LOAN", "L211", 0.0, 0.15, 0.75),
    Offer("O", 12, "LOAN", "B111 B112 B113", 0.02, 0.10, 0.60),
    Offer("O", 13, "CORE", "Y112", 0.10, 0.35, 0.20),
    Offer("O", 14, "CORE", "Y111", 0.65),
    Offer("O", 15, "CORE", "D113 D113 D114", 0.01, 0.12, 0.70, 0.1),
    Offer("O", 16, "LOAN", "E101", 0.03, 0.35, 0.40),
    Offer("O", 17, "LOAN", "E111 E111 E112", 0.02, 0.25, 0.45),
    Offer("O", 18, "LOAN", "R101 R101 R102 R103", 0.0, 0.20, 0.60),
    Offer("O", 19, "LOAN", "R111 R112 R113", 0.0, 0.15, 0.65),
    Offer("O", 20, "LOAN", "E101", 0.0, 0.30, 0.60),
)

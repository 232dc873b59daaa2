"""All feeds of the contract, in the order in which they are landed (what is referred to comes first)."""

from bankcrm.feeds.contract import business, credit, ledger, orders, parties, service, trade
from bankcrm.lake import reasons
from bankcrm.lake.contract import Feed

FEEDS: tuple[Feed, ...] = (
    business.CALENDAR,
    business.FX_RATE,
    parties.ORG_UNIT,
    parties.EMPLOYEE,
    parties.PRODUCT,
    parties.PERSON,
    parties.ORGANISATION,
    parties.IDENTITY_DOCUMENT,
    parties.CONTACT_POINT,
    parties.RELATION,
    business.HOLDING,
    business.HOLDING_PARTY,
    business.COVERAGE,
    orders.STANDING_ORDER,
    credit.FACILITY,
    credit.COLLATERAL,
    credit.RISK,
    trade.BILL,
    trade.TRADE_FINANCE,
    service.INTERACTION,
    service.CONSENT,
    service.EXTERNAL_HOLDING,
    service.PAYROLL,
    business.BALANCE,
    business.TRANSACTION,
    ledger.GL_BALANCE,
    ledger.INCOME,
    ledger.FTP_RATE,
)

BY_NAME: dict[str, Feed] = {feed.name: feed for feed in FEEDS}

# What the rules of the contract say about a broken row is said in the same place as every other reason.
reasons.register({rule.name: (rule.zh, rule.en) for feed in FEEDS for rule in feed.rules})

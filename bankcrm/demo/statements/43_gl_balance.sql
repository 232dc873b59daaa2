-- Rows of the ledger at the end of `to_on`: what the accounts add up to, but for the planted faults. Needs 42_posted.
WITH accounts (product_class, account_code, account_name, account_class, balance_side) AS (VALUES
    ('demand_deposit', '201101', '吸收存款—活期存款', 'deposit', 'credit'), ('time_deposit', '201102', '吸收存款—定期存款', 'deposit', 'credit'),
    ('notice_deposit', '201103', '吸收存款—通知存款', 'deposit', 'credit'), ('margin_deposit', '201104', '吸收存款—保证金存款', 'deposit', 'credit'),
    ('structured_deposit', '201105', '吸收存款—结构性存款', 'deposit', 'credit'), ('wealth', '700101', '代客理财', 'investment', 'credit'),
    ('fund', '700102', '代销基金', 'investment', 'credit'), ('insurance', '700103', '代销保险', 'investment', 'credit'),
    ('treasury_bond', '700104', '代理国债', 'investment', 'credit'), ('precious_metal', '700105', '代理贵金属', 'investment', 'credit'),
    ('trust', '700106', '代销信托及资管', 'investment', 'credit'), ('securities_custody', '700107', '三方存管资金', 'investment', 'credit'),
    ('working_capital_loan', '130301', '贷款—流动资金贷款', 'loan', 'debit'), ('project_loan', '130302', '贷款—项目贷款', 'loan', 'debit'),
    ('mortgage_loan', '130303', '贷款—住房按揭贷款', 'loan', 'debit'), ('consumer_loan', '130304', '贷款—消费贷款', 'loan', 'debit'),
    ('business_loan', '130305', '贷款—个人经营贷款', 'loan', 'debit'),
    ('trade_loan', '130306', '贷款—贸易融资', 'loan', 'debit'), ('bill_discount', '130101', '贴现资产', 'loan', 'debit'),
    ('acceptance', '800101', '银行承兑汇票', 'contingent', 'debit'), ('letter_of_credit', '800102', '开出信用证', 'contingent', 'debit'),
    ('guarantee', '800103', '开出保函', 'contingent', 'debit'), ('credit_card', '130401', '信用卡透支', 'card', 'debit')
), books AS (
    SELECT f.unit_id, h.currency, h.product_class, sum(CASE WHEN h.ends_on <= getvariable('to_on') THEN 0 ELSE p.after END) AS fen
    FROM posted AS p JOIN holdings AS h USING (hid) JOIN fronts AS f ON f.front = booked_front(h.hid, h.slot, h.front)
    GROUP BY ALL
), wrong AS (SELECT * FROM ledger_faults WHERE right_on IS NULL OR right_on > getvariable('to_on'))
SELECT a.account_code, a.account_name, b.unit_id, b.currency, a.account_class, getvariable('to_on') AS balance_on, a.balance_side,
    yuan(b.fen + coalesce(w.surplus, 0)) AS balance
FROM books AS b JOIN accounts AS a USING (product_class) LEFT JOIN wrong AS w USING (unit_id, product_class, currency)
ORDER BY a.account_code, b.unit_id, b.currency

-- Rows of the trade finance feed as of `to_on`: what is behind letters of credit, guarantees and advances opened or ended since `from_on`.
CREATE OR REPLACE MACRO abroad(hid) AS draw_item('abroad', hid, [
    {'name': 'Nordhaven Maschinenbau GmbH', 'bank': 'Nordhaven Landesbank', 'country': 'DE'},
    {'name': 'Pacific Crest Components Inc.', 'bank': 'First Crest Bank', 'country': 'US'},
    {'name': 'Kaito Precision K.K.', 'bank': 'Kaito Trust Bank', 'country': 'JP'},
    {'name': 'Sungwon Materials Co., Ltd.', 'bank': 'Hanbit Commercial Bank', 'country': 'KR'},
    {'name': 'Lion Harbour Trading Pte. Ltd.', 'bank': 'Straits Merchant Bank', 'country': 'SG'},
    {'name': 'Van Aalst Chemie B.V.', 'bank': 'Rijnbank N.V.', 'country': 'NL'}]);
WITH kinds (product_id, trade_kind, letters) AS (VALUES
    ('B111', 'performance_guarantee', 'LG'), ('B112', 'tender_guarantee', 'LG'), ('B113', 'advance_payment_guarantee', 'LG'),
    ('R101', 'domestic_letter_of_credit', 'DLC'), ('R102', 'import_letter_of_credit', 'LC'), ('R103', 'import_letter_of_credit', 'LC'),
    ('R111', 'import_bill_advance', 'IB'), ('R112', 'export_bill_advance', 'EB'), ('R113', 'forfaiting', 'FF')
), own AS (
    SELECT h.*, k.trade_kind, k.letters, h.currency <> 'CNY' AS is_abroad, CASE WHEN h.pattern = 'contingent' THEN margin_of(h.hid) END AS margin
    FROM holdings AS h JOIN kinds AS k USING (product_id)
    WHERE h.opened_on <= getvariable('to_on')
        AND (h.opened_on >= getvariable('from_on') OR h.ends_on BETWEEN getvariable('from_on') AND getvariable('to_on'))
)
SELECT 'LOAN' AS source_system, holding_number('LOAN', o.hid) AS holding_id, o.trade_kind,
    o.letters || strftime(o.opened_on, '%y%m') || lpad((o.hid % 1000000)::VARCHAR, 6, '0') AS reference_number,
    CASE WHEN o.is_abroad THEN abroad(o.hid).name ELSE p.name END AS counterparty_name,
    CASE WHEN o.is_abroad THEN abroad(o.hid).bank ELSE p.bank END AS counterparty_bank,
    CASE WHEN o.is_abroad THEN abroad(o.hid).country ELSE 'CN' END AS counterparty_country,
    CASE WHEN o.product_class = 'letter_of_credit' THEN draw_item('usance', o.hid, [0, 30, 60, 90]) END AS usance_days,
    o.margin AS margin_ratio, draws_on(o.hid, o.n, o.currency, o.margin) AS facility_id
FROM own AS o JOIN parties AS p ON p.party = 10000 + draw_int('beneficiary', o.hid, 6000)
ORDER BY o.hid

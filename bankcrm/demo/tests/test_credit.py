"""What organisations and house owners owe, what secures it, and how late they are."""

import duckdb


def test_what_is_drawn_is_what_the_loans_owe_and_what_is_promised_beyond_the_margin(sql):
    assert sql("SELECT count(*) > 20 FROM facility") == [(True,)]
    wrong = """SELECT f.customer_id, drawn_amount, owed FROM facility AS f LEFT JOIN (
        SELECT k.source_system, k.customer_id, sum(balance * (1 - coalesce(margin, 0))) AS owed
        FROM kept AS k JOIN present USING (source_system, holding_id)
        LEFT JOIN (SELECT holding_id, max(margin_ratio) AS margin FROM bill GROUP BY ALL
            UNION ALL SELECT holding_id, margin_ratio FROM trade_finance) USING (holding_id)
        WHERE k.currency = 'CNY' AND (is_debt OR is_promised) GROUP BY ALL) AS d USING (source_system, customer_id)
        WHERE drawn_amount IS DISTINCT FROM owed OR drawn_amount = 0"""
    assert sql(wrong) == []


def test_limits_are_hardly_ever_passed(sql):
    ((share,),) = sql("SELECT avg((drawn_amount > limit_amount)::INTEGER) FROM facility")
    assert share < 0.05
    assert sql("SELECT count(*) FROM facility WHERE to_on <= from_on") == [(0,)]


def test_every_mortgage_has_its_house_and_it_is_worth_more_than_what_was_lent(sql):
    houses = """FROM kept AS k JOIN present AS b USING (source_system, holding_id)
        LEFT JOIN collateral AS c USING (source_system, holding_id)
        WHERE k.product_class = 'mortgage_loan' AND b.balance > 0"""
    assert sql(f"SELECT count(*) > 20, count(*) = count(c.collateral_id) {houses}") == [(True, True)]
    assert sql(
        f"SELECT count(*) {houses} AND (c.appraised_value < k.contract_amount OR c.customer_id <> k.customer_id)"
    ) == [(0,)]


def test_every_loan_that_is_owed_is_classified_once(sql):
    owed = "SELECT source_system, holding_id FROM kept JOIN present USING (source_system, holding_id)"
    lent = f"{owed} WHERE source_system = 'LOAN' AND is_debt AND balance > 0"
    marked = "SELECT source_system, holding_id FROM risk WHERE holding_id IS NOT NULL"
    assert sql(f"({lent} EXCEPT {marked}) UNION ALL ({marked} EXCEPT {lent})") == []


def test_most_loans_are_good_and_classes_agree_with_days(sql):
    ((good, watched),) = sql(
        """SELECT avg((risk_class = 'normal')::INTEGER), avg((risk_class = 'special_mention')::INTEGER)
        FROM risk WHERE holding_id IS NOT NULL"""
    )
    assert 0.95 < good < 0.998
    assert 0.002 < watched < 0.04
    wrong = """SELECT risk_class, days_overdue FROM risk WHERE holding_id IS NOT NULL AND risk_class <> CASE
        WHEN days_overdue = 0 THEN 'normal' WHEN days_overdue <= 90 THEN 'special_mention'
        WHEN days_overdue <= 270 THEN 'substandard' WHEN days_overdue <= 360 THEN 'doubtful' ELSE 'loss' END"""
    assert sql(wrong) == []
    late = "SELECT count(*) FROM risk WHERE (days_overdue > 0) <> (overdue_principal > 0)"
    assert sql(late) == [(0,)]


def test_days_after_tell_of_the_loans_that_moved(bank):
    for day in ("2026-11-23", "2026-11-24"):
        told = (
            f"SELECT holding_id FROM read_csv('{bank}/{day}/risk_loan.csv', all_varchar = true) WHERE holding_id <> ''"
        )
        moved = f"""SELECT DISTINCT holding_id FROM read_csv('{bank}/{day}/transaction_loan.csv', all_varchar = true)"""
        assert duckdb.sql(f"SELECT count(*) > 0 FROM ({moved})").fetchall() == [(True,)]
        assert duckdb.sql(f"({told} EXCEPT {moved}) UNION ALL ({moved} EXCEPT {told})").fetchall() == []

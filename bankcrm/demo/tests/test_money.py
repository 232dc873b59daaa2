"""The bank's money, as a banker would look at it."""

from datetime import date

import duckdb

SIGNED = "CASE WHEN (direction = 'credit') <> is_debt THEN amount ELSE -amount END"
RATE = "CASE currency WHEN 'USD' THEN 7.1 WHEN 'EUR' THEN 8.0 WHEN 'HKD' THEN 0.9 WHEN 'JPY' THEN 0.048 ELSE 1 END"
IN_AUM = """product_class LIKE '%deposit' OR product_class IN
    ('wealth', 'fund', 'insurance', 'treasury_bond', 'precious_metal', 'trust', 'securities_custody')"""


def wealth(sql):
    """AUM of each real customer that can be told by its document, smallest first."""
    return [
        float(row[0])
        for row in sql(
            f"""WITH who AS (
                SELECT source_system, customer_id, min(document_number) AS number FROM identity_document
                WHERE document_type IN ('resident_id', 'uscc') GROUP BY ALL
            )
            SELECT sum(CASE WHEN {IN_AUM} THEN greatest(balance, 0) * {RATE} ELSE 0 END) AS aum
            FROM kept LEFT JOIN present USING (source_system, holding_id)
            LEFT JOIN who USING (source_system, customer_id)
            GROUP BY coalesce(number, source_system || customer_id) ORDER BY aum"""
        )
    ]


def test_every_balance_is_the_one_before_and_the_transaction(sql):
    wrong = f"""WITH moved AS (
        SELECT t.*, sum({SIGNED})
            OVER (PARTITION BY t.source_system, t.holding_id ORDER BY transacted_on, sequence) AS added
        FROM transaction AS t JOIN kept USING (source_system, holding_id)
    ) SELECT transaction_id, balance_after, added FROM moved WHERE added <> balance_after"""
    assert sql("SELECT count(*) > 30000 FROM transaction") == [(True,)]
    assert sql(wrong) == []


def test_every_day_end_is_the_last_transaction_of_its_day(sql):
    ends = """SELECT source_system, holding_id, transacted_on AS balance_on, arg_max(balance_after, sequence) AS balance
        FROM transaction GROUP BY ALL"""
    columns = "source_system, holding_id, balance_on, balance"
    assert sql(f"SELECT {columns} FROM ({ends}) EXCEPT SELECT {columns} FROM balance") == []
    moved = "FROM balance JOIN kept USING (source_system, holding_id) WHERE balance <> 0 AND NOT is_promised"
    assert sql(f"SELECT {columns} {moved} EXCEPT SELECT {columns} FROM ({ends})") == []


def test_days_after_go_on_from_the_history(bank, sql):
    last = dict(sql("SELECT source_system || holding_id, balance FROM present"))
    for day in ("2026-11-23", "2026-11-24"):
        rows = duckdb.sql(
            f"""SELECT source_system || holding_id, direction, amount::DECIMAL(18, 2), balance_after::DECIMAL(18, 2),
                holding_id
            FROM read_csv('{bank}/{day}/transaction_*.csv', all_varchar = true)
            ORDER BY 1, sequence::INTEGER"""
        ).fetchall()
        assert rows
        for key, direction, amount, after, holding in rows:
            is_debt = holding[0] in "LK"
            change = amount if (direction == "credit") != is_debt else -amount
            assert last.get(key, 0) + change == after, (key, day)
            last[key] = after


def test_holdings_open_with_an_opening_balance_or_a_first_deposit(sql):
    """What was there before the history is one opening transaction on its first day."""
    first = "arg_min(transaction_type, (transacted_on, sequence)), min(transacted_on), any_value(opened_on)"
    rows = sql(
        f"""SELECT {first} FROM transaction JOIN kept USING (source_system, holding_id)
        GROUP BY source_system, holding_id"""
    )
    for transaction_type, on, opened_on in rows:
        if opened_on < date(2025, 10, 1) and on == date(2025, 10, 1):
            assert transaction_type == "opening"
        elif opened_on >= date(2025, 10, 1):
            assert (transaction_type, on) != ("opening", opened_on)


def test_closed_holdings_end_with_nothing(sql):
    assert sql(
        """SELECT count(*) > 100, count(*) FILTER (coalesce(balance, 0) <> 0)
        FROM kept LEFT JOIN present USING (source_system, holding_id) WHERE status = 'closed'"""
    ) == [(True, 0)]


def test_only_a_few_organisations_are_overdrawn(sql):
    overdrawn = sql(
        "SELECT product_id, balance FROM kept JOIN present USING (source_system, holding_id) WHERE balance < 0"
    )
    assert len(overdrawn) < 10
    assert {product for product, _ in overdrawn} <= {"D111", "D112"}


def test_few_hold_most(sql):
    amounts = wealth(sql)
    many, total = len(amounts), sum(amounts)
    gini = sum((2 * rank - many - 1) * amount for rank, amount in enumerate(amounts, start=1)) / (many * total)
    assert 0.75 < gini < 0.9
    assert 0.35 < sum(amounts[-many // 100 :]) / total < 0.60


def test_organisations_hold_most_of_the_deposits(sql):
    ((share,),) = sql(
        f"""SELECT sum(balance * {RATE}) FILTER (o.customer_id IS NOT NULL) / sum(balance * {RATE})
        FROM kept JOIN present USING (source_system, holding_id)
        LEFT JOIN organisation AS o USING (source_system, customer_id)
        WHERE product_class LIKE '%deposit' AND balance > 0"""
    )
    assert 0.55 < share < 0.85


def test_salaries_are_paid_on_the_5th_10th_and_15th(sql):
    days = sql("SELECT DISTINCT day(transacted_on) FROM transaction WHERE transaction_type = 'salary'")
    assert {day for (day,) in days} == {5, 10, 15}


def test_an_employer_pays_what_its_employees_receive(sql):
    paid, received = sql(
        """SELECT sum(amount) FILTER (direction = 'debit'), sum(amount) FILTER (direction = 'credit')
        FROM transaction WHERE transaction_type = 'salary' AND transacted_on BETWEEN '2026-01-01' AND '2026-10-31'"""
    )[0]
    assert paid and abs(paid - received) / paid < 0.02  # some accounts were opened after the employer paid


def test_maturities_are_spread(sql):
    rows = sql(
        """SELECT date_trunc('quarter', matures_on)::DATE, count(*) FROM kept
        WHERE product_class IN ('time_deposit', 'wealth') AND status = 'active' GROUP BY 1 ORDER BY 1"""
    )
    total = sum(count for _, count in rows)
    assert len(rows) >= 8
    assert max(count for _, count in rows) < 0.4 * total
    assert min(day for day, _ in rows) <= date(2026, 12, 31)


def test_three_holdings_and_about_ten_transactions_for_each_customer(sql):
    ((holdings, movements),) = sql(
        "SELECT (SELECT count(*) FROM holding) / 4000, (SELECT count(*) FROM transaction) / 4000"
    )
    assert 2.3 < holdings < 3.6
    assert 8 < movements < 16


def test_every_class_of_product_is_held_or_at_least_sold(sql):
    sold = {name for (name,) in sql("SELECT DISTINCT product_class FROM product")}
    held = {name for (name,) in sql("SELECT DISTINCT product_class FROM kept")}
    assert len(sold) == 25
    assert sold - held <= {"trust", "project_loan"}


def test_foreign_money_is_a_few_per_cent_and_has_its_rates(sql):
    ((share,),) = sql(
        "SELECT count(*) FILTER (currency <> 'CNY') / count(*) FROM kept WHERE product_class = 'demand_deposit'"
    )
    assert 0.01 < share < 0.08
    assert {name for (name,) in sql("SELECT DISTINCT currency FROM fx_rate")} == {"USD", "HKD", "EUR", "JPY"}
    assert sql("SELECT DISTINCT per_units FROM fx_rate WHERE currency = 'JPY'") == [(100,)]
    assert sql("SELECT count(*) FROM fx_rate JOIN calendar ON calendar_on = rate_on WHERE NOT is_business_day") == [
        (0,)
    ]


def test_loans_are_repaid_every_month(sql):
    rows = sql(
        """SELECT holding_id, list(balance_after ORDER BY transacted_on, sequence)
        FROM transaction JOIN kept USING (source_system, holding_id)
        WHERE product_class = 'mortgage_loan' AND status = 'active' AND opened_on < '2025-01-01' GROUP BY 1"""
    )
    assert rows
    for holding, balances in rows:
        assert len(balances) >= 13, holding
        assert balances == sorted(balances, reverse=True)

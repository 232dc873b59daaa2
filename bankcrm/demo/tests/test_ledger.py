"""The books of the demonstration bank: the ledger ties with the accounts but where a fault was planted."""

from decimal import Decimal

import duckdb


def test_the_amount_in_transit_has_arrived_on_the_next_day(bank, sql):
    ((unit,),) = sql(
        """SELECT min(unit_id) FROM kept
        WHERE product_class = 'demand_deposit' AND currency = 'CNY' AND closed_on IS NULL"""
    )

    def balance(name):
        return duckdb.sql(
            f"""SELECT sum(balance::DECIMAL(18, 2)) FROM '{bank}/{name}'
            WHERE unit_id = '{unit}' AND account_code = '201101' AND currency = 'CNY'"""
        ).fetchone()[0]

    change = duckdb.sql(
        f"""WITH own AS (SELECT holding_id FROM '{bank}/history/2026-11-22/holding_core.parquet' AS h
                JOIN '{bank}/history/2026-11-22/product.parquet' USING (product_id)
                WHERE unit_id = '{unit}' AND product_class = 'demand_deposit' AND h.currency = 'CNY'
                UNION SELECT holding_id FROM read_csv('{bank}/2026-11-23/holding_core.csv', all_varchar = true)
                WHERE unit_id = '{unit}' AND product_id[1] = 'D' AND currency = 'CNY'
            ), before AS (SELECT holding_id, arg_max(balance, balance_on) AS was
                FROM '{bank}/history/2026-11-22/balance_core.parquet' GROUP BY ALL)
        SELECT sum(n.balance::DECIMAL(18, 2) - coalesce(was, 0))
        FROM read_csv('{bank}/2026-11-23/balance_core.csv', all_varchar = true) AS n
        JOIN own USING (holding_id) LEFT JOIN before USING (holding_id)"""
    ).fetchone()[0]
    first, next_day = balance("history/2026-11-22/gl_balance.parquet"), balance("2026-11-23/gl_balance.csv")
    assert next_day == first - Decimal("1280.00") + (change or 0)


def test_interest_paid_on_demand_deposits_is_what_the_accounts_received(sql):
    paid, received = sql(
        """SELECT (SELECT sum(amount) FROM income WHERE income_kind = 'interest_expense' AND summary = '结息'),
            (SELECT sum(amount) FROM transaction WHERE transaction_type = 'interest' AND direction = 'credit')"""
    )[0]
    assert paid == received > 0


def test_an_instalment_is_principal_and_interest(sql):
    wrong = """SELECT i.holding_id, i.booked_on FROM income AS i
        JOIN kept USING (source_system, holding_id)
        LEFT JOIN transaction AS t ON t.holding_id = i.holding_id AND t.transacted_on = i.booked_on
            AND t.transaction_type = 'loan_repayment'
        WHERE kept.product_class = 'mortgage_loan' AND i.income_kind = 'interest_income' AND t.transaction_id IS NULL"""
    assert sql(wrong) == []
    assert sql("SELECT count(DISTINCT income_kind), count(*) > 1000 FROM income") == [(4, True)]


def test_a_years_interest_is_a_few_per_cent_of_what_is_lent(sql):
    ((interest, lent),) = sql(
        """SELECT (SELECT sum(amount) FROM income WHERE income_kind = 'interest_income'
                AND booked_on BETWEEN '2025-11-23' AND '2026-11-22'),
            (SELECT sum(balance) FROM kept JOIN present USING (source_system, holding_id)
                WHERE product_class LIKE '%_loan')"""
    )
    assert 0.02 < float(interest / lent) < 0.06

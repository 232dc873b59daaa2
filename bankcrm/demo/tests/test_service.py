"""Contacts, consents, payroll and other banks agree with the rest of the bank."""


def test_payroll_is_the_salaries_that_the_accounts_got(sql):
    paid = "SELECT paid_holding_id, paid_on, sum(amount) FROM payroll GROUP BY ALL"
    got = """SELECT holding_id, transacted_on, sum(amount) FROM transaction
        WHERE transaction_type = 'salary' AND direction = 'credit' GROUP BY ALL"""
    assert sql(f"SELECT count(*) > 1000 FROM ({paid})") == [(True,)]
    assert sql(f"({paid} EXCEPT {got}) UNION ALL ({got} EXCEPT {paid}) LIMIT 5") == []


def test_complaints_are_few_and_most_of_them_closed(sql):
    ((share, closed),) = sql(
        """SELECT avg((interaction_kind = 'complaint')::INTEGER),
            avg((status = 'closed')::INTEGER) FILTER (interaction_kind = 'complaint') FROM interaction"""
    )
    assert 0.04 < share < 0.10
    assert 0.9 < closed < 1


def test_some_want_no_marketing_and_banks_elsewhere_are_others(sql):
    ((share,),) = sql(
        """SELECT count(DISTINCT customer_id) FILTER (status = 'withdrawn' AND purpose = 'marketing')
            / count(DISTINCT customer_id) FROM consent"""
    )
    assert 0.03 < share < 0.10
    assert sql("SELECT count(*) > 100, count(*) FILTER (balance IS NULL) > 0 FROM external_holding") == [(True, True)]

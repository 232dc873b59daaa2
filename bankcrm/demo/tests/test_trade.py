"""Bills and trade finance of the demonstration bank."""

CLASSES = ("acceptance", "bill_discount", "letter_of_credit", "guarantee", "trade_loan")


def test_every_class_is_held_by_organisations_and_some_of_it_in_foreign_currency(sql):
    found = dict(
        sql(
            "SELECT product_class, count(*) FROM kept JOIN organisation USING (source_system, customer_id) GROUP BY ALL"
        )
    )
    assert all(found.get(name, 0) > 2 for name in CLASSES), found
    everyone = dict(sql(f"SELECT product_class, count(*) FROM kept WHERE product_class IN {CLASSES} GROUP BY ALL"))
    assert everyone == {name: found[name] for name in CLASSES}
    currencies = sql("SELECT DISTINCT currency FROM kept WHERE product_class IN ('letter_of_credit', 'trade_loan')")
    assert {currency for (currency,) in currencies} >= {"CNY", "USD"}


def test_the_bills_behind_a_holding_add_up_to_it_and_are_due_with_it(sql):
    wrong = """SELECT k.holding_id FROM kept AS k JOIN present AS p USING (source_system, holding_id) LEFT JOIN (
        SELECT source_system, holding_id, sum(amount) AS face, max(due_on) AS due_on, count(DISTINCT status) AS states
        FROM bill GROUP BY ALL) AS b USING (source_system, holding_id)
        WHERE k.product_class IN ('acceptance', 'bill_discount') AND k.closed_on IS NULL
        AND (face, due_on, states) IS DISTINCT FROM (balance, matures_on, 1)"""
    assert sql(wrong) == []
    assert sql("SELECT count(*) > 20, count(DISTINCT bill_number) = count(*) FROM bill") == [(True, True)]


def test_every_letter_of_credit_guarantee_and_advance_has_its_particulars(sql):
    classes = "('letter_of_credit', 'guarantee', 'trade_loan')"
    held = f"SELECT source_system, holding_id FROM kept WHERE product_class IN {classes}"
    told = "SELECT source_system, holding_id FROM trade_finance"
    assert sql(f"({held} EXCEPT {told}) UNION ALL ({told} EXCEPT {held})") == []


def test_what_is_only_promised_moves_no_money(sql):
    moved = "SELECT count(*) FROM transaction JOIN kept USING (source_system, holding_id) WHERE is_promised"
    assert sql(moved) == [(0,)]

"""Of every table about customers it is said when its rows go, and every delivered file that names one goes with it."""

from bankcrm.core import retention
from bankcrm.core.personal_data import about_customers
from bankcrm.core.retention import function_sql, retention_classes
from bankcrm.feeds.contract.catalogue import FEEDS
from bankcrm.feeds.forgetting import CUSTOMER_COLUMNS, FEED_CLASSES, HOLDING_COLUMNS


def test_of_every_table_about_customers_it_is_said_when_its_rows_go():
    assert set(about_customers()) - retention.named() == set()


def test_what_is_said_names_classes_that_there_are():
    known = {one.code for one in retention_classes}
    said = {*retention.SAID.erased.values(), *(code for code, _one in retention.SAID.emptied), *FEED_CLASSES.values()}
    assert said == known


def test_every_feed_that_names_a_customer_or_a_holding_is_searched_for_what_was_erased():
    keys = {*CUSTOMER_COLUMNS, *HOLDING_COLUMNS}
    naming = {feed.name for feed in FEEDS if keys & {column.name for column in feed.columns}}
    assert naming == set(FEED_CLASSES)


def test_no_column_of_a_feed_that_names_a_customer_or_a_holding_is_overlooked():
    columns = {column.name for feed in FEEDS for column in feed.columns}
    naming = {name for name in columns if name.endswith(("customer_id", "holding_id"))}
    assert naming == {*CUSTOMER_COLUMNS, *HOLDING_COLUMNS}


def test_the_function_deletes_what_hangs_on_a_row_before_the_row():
    text = function_sql("true", "somebody")
    assert text.index("DELETE FROM customers_holdingparty WHERE holding_id IN") < text.index(
        "DELETE FROM customers_holding WHERE"
    )

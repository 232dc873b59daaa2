"""The file of what the bank keeps of a person forgets no table."""

from bankcrm.core.personal_data import about_customers, named, personal_parts


def test_every_table_that_leads_to_a_customer_is_told_of_or_named_with_the_reason():
    found = about_customers()
    assert len(found) > 40  # the reader of the models still finds them
    missing = {label: fields for label, fields in found.items() if label not in named()}
    assert not missing, f"register a part in core.personal_data, or name it there with the reason: {missing}"


def test_no_table_is_named_that_is_not_there():
    known = {*about_customers(), "customers.Customer"}
    assert not [label for label in named() if label not in known]


def test_each_part_has_a_code_of_its_own_that_can_name_a_file():
    assert all(part.code.replace("_", "").isalnum() for part in personal_parts)

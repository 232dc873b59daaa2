"""What the product's rule for groups finds in the demonstration bank, scored against the planted truth.

The stakes are read from the files that the bank delivers; the truth is made beside them and shown to no product code.
Households are scored by the same ties that a person's page asks for, from kin and ages as delivered.
"""

from collections import defaultdict
from datetime import date
from itertools import combinations

import duckdb
import pytest

from bankcrm.customers import rules
from bankcrm.customers.group_rules import WHOLE, Trees, household_of, is_household_tie
from bankcrm.demo.truth import write_truth

DAY = date(2026, 11, 22)
STATE = "国有资产监督管理"


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    out = tmp_path_factory.mktemp("truth")
    write_truth(out, size=4000, seed=20261122, business_date=DAY, months=13)
    return lambda query: duckdb.sql(query.replace("TRUTH", f"{out}/truth")).fetchall()


def pairs(groups):
    """All pairs of customers that stand in one group: what is scored, so that a large group weighs more."""
    return {pair for members in groups for pair in combinations(sorted(members), 2)}


def score(found, planted):
    """(precision, recall) of pairs."""
    both = len(found & planted)
    return both / len(found), both / len(planted)


def test_groups_found_by_control_are_the_planted_ones(sql, truth):
    rows = sql(
        """SELECT r.customer_id, coalesce(r.related_customer_id, r.related_name), r.related_name, r.share
        FROM relation r
        JOIN organisation o USING (source_system, customer_id)
        WHERE relation_type = 'shareholder' AND o.organisation_type <> 'sole_trader'"""
    )
    enterprises = {held for held, *_rest in rows}
    names = {holder: name for _held, holder, name, _share in rows}
    trees = Trees(
        ((holder, held, int(share * WHOLE)) for held, holder, _name, share in rows),
        silent=lambda holder: STATE in names.get(holder, ""),
    )
    found = pairs(members for members in trees.of(enterprises).values() if len(members) > 1)
    planted = defaultdict(set)
    for group, customer in truth("SELECT group_id, customer_id FROM 'TRUTH/groups.parquet' WHERE NOT is_joint_venture"):
        if customer in enterprises:
            planted[group].add(customer)
    precision, recall = score(found, pairs(planted.values()))
    assert precision > 0.98 and recall > 0.98  # when written: 1.000 and 1.000


def test_households_found_by_kin_are_the_planted_ones(sql, truth):
    rows = sql(
        """SELECT r.customer_id, r.related_customer_id, r.relation_type, mine.birth_on, other.birth_on,
            EXISTS (FROM contact_point a JOIN contact_point b USING (value)
                WHERE a.customer_id = r.customer_id AND b.customer_id = r.related_customer_id
                AND a.contact_type IN ('address', 'mobile', 'phone'))
        FROM relation r JOIN person mine ON mine.customer_id = r.customer_id AND mine.source_system = 'CORE'
        JOIN person other ON other.customer_id = r.related_customer_id AND other.source_system = 'CORE'
        WHERE relation_type IN ('spouse', 'parent', 'child')"""
    )
    ties = defaultdict(set)
    for left, right, relation, birth, other, shares in rows:
        child = other if relation == "child" else birth
        age = rules.age_on(child, DAY) if child else None
        if is_household_tie(relation, child_age=age, shares_contact=shares):
            ties[left].add(right)
            ties[right].add(left)
    found = pairs({frozenset(household_of(person, ties)) for person in ties})
    planted = defaultdict(set)
    for house, customer in truth("SELECT household_id, customer_id FROM 'TRUTH/households.parquet'"):
        planted[house].add(customer)
    precision, recall = score(found, pairs(planted.values()))
    assert (
        precision > 0.98 and recall > 0.95
    )  # when written: 1.000 and 0.977; grown-up children without a shared contact

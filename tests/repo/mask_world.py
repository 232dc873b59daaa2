"""A small bank for the search for unmasked values: customers whose every personal value is unlike any other text,
stored in all the places that have one, and a reader of each role.

What a reader may not see whole is worked out here from the stored values and `org.clearance`, never from a mask.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from bankcrm.alerts.models import Alert
from bankcrm.core import names
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.customers.models import Customer, CustomerChange, SearchKey
from bankcrm.customers.tests.factories import (
    NOW,
    CollateralFactory,
    ContactPointFactory,
    CoverageFactory,
    CustomerFactory,
    DocumentFactory,
    FacilityFactory,
    FiguresFactory,
    HoldingFactory,
    InteractionFactory,
    OrganisationFactory,
    OrganisationProfileFactory,
    OverrideFactory,
    PartyFactory,
    PersonProfileFactory,
    RelationFactory,
    RiskMarkFactory,
    SourceFactory,
    StaffEntryFactory,
    TaskFactory,
)
from bankcrm.customers.tests.group_factories import GroupFactory, ProposalFactory
from bankcrm.customers.tests.service_factories import OpenComplaintFactory, PayrollPairFactory
from bankcrm.customers.tests.trade_factories import BillFactory, contract
from bankcrm.feeds.models import Build
from bankcrm.identity.models import DataWork, MatchCandidate
from bankcrm.org.clearance import clearance
from bankcrm.org.roles import ROLES
from bankcrm.org.tests.factories import token_for, tree, user_with_post

OWN, NEAR, FAR, TRADER = "own", "near", "far", "trader"
LOCAL = ("relationship_manager", "team_leader", "branch_head")
"""Roles of the branch EAST, who look after OWN; all others see the whole bank."""


@dataclass(frozen=True)
class Needle:
    """A personal value: `texts` are the ways in which a page could show it, none of which any mask leaves over."""

    owner: str
    field_class: str
    texts: tuple[str, ...]


@dataclass
class Person:
    """A customer and what is personal about it."""

    key: str
    customer: Customer
    needles: list[Needle] = field(default_factory=list)
    rows: dict = field(default_factory=dict)

    def value(self, field_class):
        return next(one.texts[0] for one in self.needles if one.field_class == field_class)


@dataclass
class Reader:
    """Somebody of a role; `verified`: whose callers a call-centre agent has verified."""

    label: str
    role: str
    user: object
    token: str
    verified: frozenset = frozenset()

    def relation(self, person):
        if self.role in LOCAL:
            return {OWN: "own", FAR: "none"}.get(person.key, "in_scope")
        return "verified" if person.key in self.verified else "in_scope"

    def may_see(self, person, field_class):
        """Whether the value may stand whole somewhere in what this reader gets."""
        if self.role == "call_centre" and person.key not in self.verified:
            return False
        scope = Scope(1, self.label, role=self.role, permissions=ROLES[self.role].permissions)
        return clearance(scope, self.relation(person)).is_plain(field_class)


PLAIN = {
    OWN: ("欧阳璟霖", "1983-07-19", "387654.31", "330106198307192846", "13957318642", "6228480377519264083",
        "0571-86319752"),
    NEAR: ("尉迟雪莹", "1976-05-27", "264913.57", "420102197605273589", "15827694153", "6217003819426750318",
        "027-83926417"),
    FAR: ("慕容子衿", "1991-09-23", "719482.63", "510107199109238517", "18683527941", "6230521794683015276",
        "028-61749385"),
    TRADER: ("司徒望舒", "", "", "", "17791836524", "6259073164829530471",
        "029-88563194"),
}  # fmt: skip
ADDRESSES = {OWN: "紫藤弄17号402室", NEAR: "乌桕街29号603室", FAR: "银杏巷83号1105室", TRADER: "榉树坊61号底商"}
WECHAT = {OWN: "jl_ouyang83", NEAR: "xueying_yc76", FAR: "zijin_mr91", TRADER: "wangshu_st52"}


def middle(number, head, tail):
    """The number, and its hidden part with one more character on each side: no mask leaves so much."""
    return (number, number[head - 1 : len(number) - tail + 1])


def days(text):
    """A date as pages write it."""
    day = dt.date.fromisoformat(text)
    return (text, f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", f"{day.day} {day:%B %Y}", f"{day:%Y/%m/%d}")


def needles(key):
    name, birth, income, document, mobile, account, phone = PLAIN[key]
    yield "person_name", (name, names.sort_key(name))
    yield "mobile", middle(mobile, 3, 4)
    yield "account", middle(account, 6, 4)
    yield "phone", (phone, phone.replace("-", ""))
    yield "email", (f"{WECHAT[key]}@mail.example", f"{WECHAT[key]}@")
    yield "wechat", (f"wx{WECHAT[key]}",)
    yield "address", (f"浙江省杭州市西湖区{ADDRESSES[key]}", ADDRESSES[key])
    if birth:
        yield "birth", days(birth)
        yield "income", (income, f"{Decimal(income):,.2f}", f"{Decimal(income) / 10000:.4f}")
        yield "id_number", middle(document, 3, 4)


def make_person(key, unit, **more):
    """The customer with profile, documents, contacts, an account, source values, search keys and corrections."""
    name, birth, income, document, mobile, account, _phone = PLAIN[key]
    factory = OrganisationFactory if key == TRADER else CustomerFactory
    made = factory(
        name=name, owning_unit=unit, sort_key=names.sort_key(name), name_pieces=list(names.pieces(name)), profile=False,
        industry="F" if key == TRADER else "", **more,
    )  # fmt: skip
    person = Person(key, made, [Needle(key, kind, texts) for kind, texts in needles(key)])
    if key == TRADER:
        OrganisationProfileFactory(customer=made, organisation_type="sole_trader")
    else:
        PersonProfileFactory(
            customer=made, birth_on=dt.date.fromisoformat(birth), annual_income=Decimal(income), employer_name="某单位"
        )
        DocumentFactory(customer=made, document_number=document)
    FiguresFactory(customer=made)
    source = SourceFactory(customer=made, attributes={"birth_on": birth, "annual_income": income, "name": name})
    contacts = {kind: person.value(kind) for kind in ("mobile", "phone", "email", "wechat", "address")}
    for kind, value in contacts.items():
        more = {"district": "浙江省杭州市西湖区"} if kind == "address" else {}
        ContactPointFactory(customer=made, contact_type=kind, value=value, **more)
    holding = HoldingFactory(customer=made, account_number=account, source_key=source.key, matures_on=NOW.date())
    keys = {"phone": mobile, "account": account, "pinyin": names.sort_key(name), "document": document}
    with as_owner():
        SearchKey.objects.bulk_create(
            SearchKey(customer=made, kind=kind, value=value, unit_no=unit.no) for kind, value in keys.items() if value
        )
    person.rows = {"holding_id": holding.pk, "holding_key": holding.key}
    return person


def add_history(person, user, build):
    """What loads and people have changed about the customer, each with the value before."""
    customer = person.customer
    told = [("contact_point", kind, "") for kind in ("mobile", "email", "address")]
    told += [("customer", "", "name")]
    if person.key != TRADER:
        told += [("identity_document", "resident_id", "document_number"), ("person", "", "birth_on")]
        told += [("person", "", "annual_income")]
    kinds = {"name": "person_name", "document_number": "id_number", "birth_on": "birth", "annual_income": "income"}
    with as_owner():
        CustomerChange.objects.bulk_create(
            CustomerChange(
                changed_at=NOW, customer=customer, subject=subject, kind=kind, field=name,
                before=person.value(kinds.get(name, kind)), after=person.value(kinds.get(name, kind)),
                business_date=NOW.date(), build_id=build.pk,
            )
            for subject, kind, name in told
        )  # fmt: skip
        work = DataWork.objects.create(
            key=f"contradiction/{customer.pk}/name/", customer=customer, kind="contradiction", field="name",
            found_on=NOW.date(),
        )  # fmt: skip
    person.rows["work_id"] = work.pk
    entries = [("contact_point", {"contact_type": "mobile", "purpose": "primary", "value": person.value("mobile")})]
    if person.key != TRADER:
        number = person.value("id_number")
        entries.append(("document", {"document_type": "passport", "document_number": number}))
        income = {"value": person.value("income"), "source_value": person.value("income")}
        OverrideFactory(customer=customer, field="annual_income", by=user, **income)
    for kind, values in entries:
        made = StaffEntryFactory(customer=customer, kind=kind, values=values, by=user)
    person.rows |= {"entry_id": made.pk}
    InteractionFactory(customer=customer, by=user)
    task = TaskFactory(customer=customer, assignee=user)
    person.rows["task_id"] = task.pk
    with as_owner():
        Alert.objects.create(kind="birthday", customer=customer, occasion_on=NOW.date(), task=task, found_on=NOW.date())
    OpenComplaintFactory(customer=customer)
    RiskMarkFactory(customer=customer)
    facility = FacilityFactory(customer=customer)
    CollateralFactory(customer=customer, description=person.value("address"))
    person.rows["facility"] = facility.pk


def tie(people, user):
    """Relations, joint accounts, groups, pairs and payments between the customers."""
    own, near, far, trader = (people[key] for key in (OWN, NEAR, FAR, TRADER))
    for one, other in ((own, far), (own, near), (near, far), (far, own), (trader, far), (near, trader)):
        RelationFactory(customer=one.customer, related=other.customer)
        PartyFactory(holding_id=one.rows["holding_id"], customer=other.customer)
    PayrollPairFactory(customer=own.customer, payer=far.customer, last_amount=1, total_amount=1, months=1)
    PayrollPairFactory(customer=near.customer, payer=trader.customer, last_amount=1, total_amount=1, months=1)
    household = {"kind": "household", "confirmed_by": user}
    made = GroupFactory(
        name=near.value("person_name"), members=[near.customer, own.customer, far.customer], **household
    )
    proposal = ProposalFactory(name=far.value("person_name"), members=[far.customer, trader.customer, near.customer])
    for person in people.values():
        person.rows |= {"group_id": made.pk, "proposal_id": proposal.pk}
    holding = contract(trader.customer)
    BillFactory(holding=holding, drawer_name=trader.value("person_name"))
    with as_owner():
        MatchCandidate.objects.create(
            left_key="CARD/1", right_key="CORE/1", left=near.customer, right=far.customer, reason="name_differs",
            document_type="resident_id", document_number=near.value("id_number"), found_on=NOW.date(),
            left_name=near.value("person_name"), right_name=far.value("person_name"),
        )  # fmt: skip


def make_readers(units, people):
    """One of each role, and a call-centre agent who has verified two callers."""
    for role in ROLES:
        is_local = role in LOCAL
        scope = {"relationship_manager": "unit", "team_leader": "unit", "branch_head": "subtree"}.get(role, "bank")
        user = user_with_post(role, scope, unit=units["EAST" if is_local else "HQ"])
        if is_local:
            CoverageFactory(customer=people[OWN].customer, user=user, role="assist", share=Decimal("0.2"))
        yield Reader(role, role, user, token_for(user))
        if role == "call_centre":
            told = user_with_post(role, scope, unit=units["HQ"])
            yield Reader("call_centre, verified", role, told, token_for(told), frozenset({OWN, FAR}))


def make_world():
    """(people by key, readers, the build that brought the changes)."""
    with as_owner():
        build = Build.objects.create(business_date=NOW.date(), published_at=NOW)
    units = tree({"HQ": {"EAST": {}, "WEST": {}}})
    people = {key: make_person(key, units["WEST" if key == FAR else "EAST"]) for key in PLAIN}
    readers = list(make_readers(units, people))
    manager = readers[0].user
    for person in people.values():
        add_history(person, manager, build)
    tie(people, manager)
    return people, readers, build


def lake_answers(people):
    """What a published build says: each account was paid from another customer's, who called about it."""

    def transactions(params):
        for person, other in ((people[key], people[FAR if key == OWN else OWN]) for key in people):
            if person.rows["holding_key"] in (params["holding_keys"] or ()):
                yield {
                    "holding_key": person.rows["holding_key"], "transacted_on": NOW.date(), "transacted_at": None,
                    "direction": "credit", "amount": Decimal("10.00"), "currency": "CNY", "page_key": "1",
                    "transaction_key": "1", "counterparty_name": person.value("person_name"),
                    "counterparty_account": other.value("account"), "balance_after": Decimal("1.00"),
                }  # fmt: skip

    return {
        "customer_transactions": lambda params: list(transactions(params)),
        "ledger_cell_accounts": [
            {"holding_key": one.rows["holding_key"], "is_unidentified": False, "balance": Decimal("1.00")}
            for one in people.values()
        ],
    }

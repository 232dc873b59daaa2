"""What the REST routes of customers take and give. Values are masked before they come here."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import AwareDatetime

from bankcrm.core.api import After, Amount, Size, Text
from bankcrm.customers.queries.basic import ContactLine

Name = Annotated[str, Field(max_length=60, pattern=r"^[^\u0000]*$")]
Note = Annotated[str, Field(max_length=2000, pattern=r"^[^\u0000]*$")]
Money = Annotated[Text, Field(description="Yuan (base currency), e.g. 50000.00")]
Words = Annotated[list[Text], Field(max_length=30)]


class ListFilter(Schema):
    """The filter of the customers list; what is left out does not narrow. Both ends of a range are included."""

    after: After = ""
    size: Size = 50
    sort: Annotated[Text, Field(description="A column as on the page, with - in front to turn it round")] = ""
    mine: bool = False
    name: Name = ""
    unit: Annotated[Text, Field(description="Unit code; with those below unless `exact`")] = ""
    exact: bool = False
    manager: Annotated[Text, Field(description="Employee number, or none for unassigned")] = ""
    kind: Text = ""
    line: Words = []
    holds: Words = []
    industry: Text = ""
    status: Text = ""
    matures: Literal["", "7", "30", "90"] = ""
    marketing: Annotated[
        Literal["", "any", "phone", "sms", "email", "wechat", "app", "post", "no", "restricted"],
        Field(description="Who may be contacted for marketing: by that channel, or with no channel refused (`any`)"),
    ] = ""
    never: bool = False
    aum_end_min: Money = ""
    aum_end_max: Money = ""
    aum_average_min: Money = ""
    aum_average_max: Money = ""
    aum_change_min: Money = ""
    aum_change_max: Money = ""
    deposit_end_min: Money = ""
    deposit_end_max: Money = ""
    deposit_average_min: Money = ""
    deposit_average_max: Money = ""
    loan_end_min: Money = ""
    loan_end_max: Money = ""
    products_min: Text = ""
    products_max: Text = ""
    since_from: date | None = None
    since_to: date | None = None
    contact_from: date | None = None
    contact_to: date | None = None


class UnitRef(Schema):
    """A unit, named."""

    code: str
    name: str


class CustomerLine(Schema):
    """A customer as lists show it. Figures are null where the post may not see them or there are none."""

    number: str
    name: str
    kind: str
    line: str
    status: str
    unit: UnitRef
    lead: str | None
    since_on: date | None
    last_contact_on: date | None
    figures: dict[str, Amount | None]
    page: str


class CustomerPage(Schema):
    """A page of customers."""

    items: list[CustomerLine]
    next: str


class HitLine(Schema):
    """A customer that was found. `why`: by what; `shown`: that value as the caller may see it."""

    number: str
    name: str
    kind: str
    unit: UnitRef
    why: str
    shown: str
    page: str


class Hits(Schema):
    """What a search finds, the surest first."""

    items: list[HitLine]


class Pop(Schema):
    """Whom a phone number belongs to."""

    number: str
    name: str
    page: str


class Pops(Schema):
    """The customers in scope with that phone."""

    items: list[Pop]


class Document(Schema):
    """An identity document."""

    label: str
    number: str
    expires_on: date | None
    is_primary: bool


class Contact(Schema):
    """A contact point."""

    kind: str
    label: str
    value: str
    marketing: Annotated[bool, Field(description="Whether it may be used for marketing")]

    @classmethod
    def of(cls, line: ContactLine, usable: Collection[str]) -> "Contact":
        """A contact point as the page shows it; `usable`: the types that may be used for marketing."""
        is_usable = line.contact_type in usable
        return cls(kind=line.contact_type, label=str(line.label), value=line.text, marketing=is_usable)


class Looker(Schema):
    """Who looks after the customer."""

    name: str
    role: str
    share: Amount
    is_virtual: bool


class FieldValue(Schema):
    """A field of the basic information."""

    code: str
    label: str
    value: str


class CustomerDetail(Schema):
    """A customer: head and basic information of its page."""

    number: str
    name: str
    kind: str
    line: str
    status: str
    unit: UnitRef
    since_on: date | None
    last_contact_on: date | None
    marks: list[str]
    lookers: list[Looker]
    figures_state: str
    figures: dict[str, Amount | None]
    fields: list[FieldValue]
    documents: list[Document]
    contacts: list[Contact]
    page: str


class HoldingLine(Schema):
    """A holding; `balance` in its currency, the others in base currency."""

    id: int | None
    account: str
    product: str
    product_class: str
    unit: str
    currency: str
    status: str
    opened_on: date | None
    matures_on: date | None
    rate: Amount | None
    balance: Amount | None
    balance_base: Amount
    average_base: Amount


class Elsewhere(Schema):
    """What units that the caller does not see book, of one product class."""

    product_class: str
    count: int
    balance_base: Amount
    average_base: Amount


class HoldingsAnswer(Schema):
    """The holdings of a customer, as of the published business date."""

    state: str
    items: list[HoldingLine]
    closed: list[HoldingLine]
    elsewhere: list[Elsewhere]


class TransactionFilter(Schema):
    """Which transactions. Without days: the last three months; at most five years."""

    after: After = ""
    size: Size = 50
    from_on: date | None = None
    to_on: date | None = None
    holding: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    direction: Text = ""
    channel: Text = ""
    min_amount: Text = ""
    max_amount: Text = ""
    text: Name = ""


class TransactionLine(Schema):
    """A transaction."""

    on: date
    at: datetime | None
    holding: int
    account: str
    is_credit: bool
    amount: Amount
    currency: str
    balance_after: Amount | None
    kind: str
    channel: str
    counterparty: str
    counterparty_account: str
    counterparty_bank: str
    summary: str


class TransactionPage(Schema):
    """A page of transactions, the newest first."""

    state: str
    from_on: date
    to_on: date
    items: list[TransactionLine]
    next: str


class InteractionLine(Schema):
    """A contact with the customer."""

    id: int
    happened_at: datetime
    kind: str
    outcome: str
    subject: str
    note: str
    contact_person: str
    by: str


class InteractionPage(Schema):
    """A page of contacts, the newest first."""

    items: list[InteractionLine]
    next: str


class NextStepIn(Schema):
    """What is to be done next."""

    title: Text
    due_at: AwareDatetime


class InteractionIn(Schema):
    """A contact that took place."""

    kind: Literal["visit", "call", "message", "meeting", "counter"]
    outcome: Literal["reached", "not_reached", "follow_up", "refused"]
    happened_at: AwareDatetime
    subject: Text
    note: Note = ""
    contact_person: Name = ""
    next_step: NextStepIn | None = None

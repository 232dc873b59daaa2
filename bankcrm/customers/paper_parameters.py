"""Which papers a customer must have, and what counts for the completeness of its information: a bank's own settings."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bankcrm.core.parameters import Parameter, register, value
from bankcrm.customers.codes import FigureClass, Kind, ProductClass
from bankcrm.customers.fields import fields_of
from bankcrm.customers.paper_codes import PaperKind
from bankcrm.customers.paper_rules import WrongRuleError, read_checklist, read_weights

MAX_MB, EXPIRING_DAYS = "customers.files.max_mb", "customers.papers.expiring_days"
CHECKLIST = {Kind.PERSON: "customers.papers.person", Kind.ORGANISATION: "customers.papers.organisation"}
WEIGHTS = {Kind.PERSON: "customers.completeness.person", Kind.ORGANISATION: "customers.completeness.organisation"}
CLASSES = frozenset({*ProductClass.values, *FigureClass.values})
DOCUMENT, PHONE, ADDRESS, REPRESENTATIVE, PAPERS = "document", "phone", "address", "legal_representative", "papers"
BESIDE_FIELDS = {
    Kind.PERSON: (DOCUMENT, PHONE, ADDRESS, PAPERS),
    Kind.ORGANISATION: (DOCUMENT, PHONE, ADDRESS, REPRESENTATIVE, PAPERS),
}
"""What counts besides the fields of basic information."""

FIRST_CHECKLIST = {
    Kind.PERSON: "all: id_copy; mortgage_loan: income_proof, loan_contract, collateral_paper; "
    "consumer_loan: income_proof, loan_contract; business_loan: income_proof, loan_contract",
    Kind.ORGANISATION: "all: licence, representative_id, owners; "
    "loan: articles, representative_id, financial_statements, resolution, loan_contract; "
    "guarantee: articles, financial_statements",
}
FIRST_WEIGHTS = {
    # The nine elements of knowing one's customer weigh most (PRACTICE part one §7).
    Kind.PERSON: "name=10; gender=5; birth_on=5; nationality=5; occupation=10; employer_name=5; annual_income=5; "
    "document=20; phone=15; address=10; papers=10",
    Kind.ORGANISATION: "name=10; organisation_type=5; industry=10; enterprise_size=5; registered_capital=5; "
    "established_on=5; business_scope=5; document=15; legal_representative=10; phone=10; address=10; papers=10",
}


def register_all() -> None:
    """Called once when the app is ready."""
    register(Parameter(MAX_MB, int, 20, _("Largest file that staff may upload"), _("MB"), low=1, high=50))
    register(
        Parameter(
            EXPIRING_DAYS, int, 30, _("Papers and documents count as expiring within"), _("days"), low=1, high=365
        )
    )
    labels = {
        Kind.PERSON: _("Papers that persons must have, by what they hold: class: paper, paper; …"),
        Kind.ORGANISATION: _("Papers that organisations must have, by what they hold: class: paper, paper; …"),
    }
    for kind, key in CHECKLIST.items():
        register(Parameter(key, str, FIRST_CHECKLIST[kind], labels[kind], check=_checked(_checklist)))
    labels = {
        Kind.PERSON: _("What counts for the completeness of a person's information: item=weight; …"),
        Kind.ORGANISATION: _("What counts for the completeness of an organisation's information: item=weight; …"),
    }
    for kind, key in WEIGHTS.items():
        reader = _person_weights if kind == Kind.PERSON else _organisation_weights
        register(Parameter(key, str, FIRST_WEIGHTS[kind], labels[kind], check=_checked(reader)))


def checklist_of(kind: str) -> dict[str, tuple[str, ...]]:
    """Paper -> the classes of holdings that ask for it (`all`: every customer), for persons or organisations."""
    return _checklist(value(CHECKLIST[Kind(kind)]))


def weights_of(kind: str) -> dict[str, int]:
    """Item -> weight, for persons or organisations."""
    return _weights(kind, value(WEIGHTS[Kind(kind)]))


def _checklist(text: str) -> dict[str, tuple[str, ...]]:
    return read_checklist(text, PaperKind.values, CLASSES)


def _weights(kind: str, text: str) -> dict[str, int]:
    return read_weights(text, {*(field.name for field in fields_of(kind)), *BESIDE_FIELDS[Kind(kind)]})


def _person_weights(text: str) -> dict[str, int]:
    return _weights(Kind.PERSON, text)


def _organisation_weights(text: str) -> dict[str, int]:
    return _weights(Kind.ORGANISATION, text)


def _checked(read: Callable[[str], Any]) -> Callable[[str], None]:
    def check(text: str) -> None:
        try:
            read(text)
        except WrongRuleError as wrong:
            raise ValidationError(_("“%(word)s” cannot be read here."), params={"word": wrong.word}) from None

    return check

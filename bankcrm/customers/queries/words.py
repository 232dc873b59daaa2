"""Fields and what sources say of them, for apps above: in words, masked, and the rule by which corrections end."""

from django.utils.functional import Promise

from bankcrm.core.scope import Scope
from bankcrm.customers import parameters
from bankcrm.customers.fields import FieldKind, field_named, label_of
from bankcrm.customers.models import Customer, SourceCustomer
from bankcrm.customers.queries.basic import said
from bankcrm.customers.queries.subject import name_class
from bankcrm.org.clearance import clearance

ENDS_WHEN_SOURCE_CHANGES = parameters.WHEN_SOURCE_CHANGES
ENDS_WHEN_SOURCE_AGREES = parameters.WHEN_SOURCE_AGREES


def override_ends(field_name: str) -> str:
    """The rule by which loads end corrections of a field: one of the two above, or never."""
    return parameters.override_ends(field_name)


def field_label(customer: Customer, name: str) -> str | Promise:
    """The name of a field as the customer's page has it."""
    return label_of(customer.kind, name)


def source_word(scope: Scope, customer: Customer, name: str, source: SourceCustomer) -> str:
    """What a source says of a field, as a reader in whose scope the customer lies may see it."""
    field = field_named(customer.kind, name)
    text = said(source, field)
    if field.kind is FieldKind.CHOICE and field.choices is not None:
        return str(dict(field.choices.choices).get(text, text))
    field_class = name_class(customer) if name == "name" else field.mask
    return clearance(scope, "in_scope").show(field_class, text)

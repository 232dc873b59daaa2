"""Corrections by staff: a value in place of what the sources deliver, until it is released.

Loads end corrections, too, by the rule of `customers.override_ends` (`bankcrm/feeds/publish/overrides.py`).
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates, publication
from bankcrm.core.masking import Right
from bankcrm.core.scope import Scope
from bankcrm.customers.fields import Field, Holder, clean, field_named, typed
from bankcrm.customers.models import Customer, FieldOverride
from bankcrm.customers.queries.basic import said, stored_text, used_source
from bankcrm.customers.queries.subject import subject_of
from bankcrm.org.models import User

REASON_LEAST, REASON_MOST = 4, 200


@transaction.atomic
def override_field(*, by: User, scope: Scope, number: str, field_name: str, value: str, reason: str) -> FieldOverride:
    """Puts a value in place of the sources' word; a correction in force before is released by the new one.

    Raises PermissionDenied without `customers.edit` or the right to this field; Customer.DoesNotExist outside the
    scope; ValidationError for a field that staff do not maintain, a value that is none, a reason that says nothing, or
    what is in force already.
    """
    scope.require("customers.edit")
    publication.share()
    customer = locked(scope, number)
    field = editable(scope, customer, field_name)
    text, why = clean(field, value, today=dates.today()), checked_reason(reason)
    before = stored_text(customer, field)
    in_force = customer.overrides.filter(field=field.name, released_at=None)
    if text == before and in_force.exists():
        raise ValidationError(_("This value is in force already."), code="unchanged")
    in_force.update(released_by=by, released_at=dates.now(), ending=FieldOverride.Ending.REPLACED)
    made = FieldOverride.objects.create(
        customer=customer, field=field.name, value=text, reason=why, by=by, source_value=_source_text(customer, field)
    )
    _write(customer, field, text)
    audit.record(
        "customer.override",
        by=scope,
        obj=made,
        customer_id=customer.pk,
        before={field.name: before},
        after={field.name: text},
        reason=why,
    )
    return made


@transaction.atomic
def release_override(*, by: User, scope: Scope, number: str, field_name: str, reason: str) -> None:
    """Ends a correction: what the sources say counts again.

    Raises PermissionDenied, Customer.DoesNotExist as above; ValidationError where nothing is overridden.
    """
    scope.require("customers.edit")
    publication.share()
    customer = locked(scope, number)
    field = editable(scope, customer, field_name)
    why = checked_reason(reason)
    in_force = customer.overrides.select_for_update().filter(field=field.name, released_at=None).first()
    if in_force is None:
        raise ValidationError(
            _("This field is not corrected: the sources' word counts already."), code="not_overridden"
        )
    before, text = stored_text(customer, field), _source_text(customer, field)
    in_force.released_by, in_force.released_at = by, dates.now()
    in_force.ending = FieldOverride.Ending.RELEASED
    in_force.save(update_fields=["released_by", "released_at", "ending"])
    _write(customer, field, text)
    audit.record(
        "customer.release_override",
        by=scope,
        obj=in_force,
        customer_id=customer.pk,
        before={field.name: before},
        after={field.name: text},
        reason=why,
    )


def locked(scope: Scope, number: str) -> Customer:
    """The customer as the scope sees it, held until the transaction ends. Raises Customer.DoesNotExist, also for one of
    whom nothing is kept.
    """
    known = Customer.objects.within(scope).exclude(status=Customer.Status.ERASED)
    visible = known.filter(number=number).values_list("pk", flat=True)
    rows = Customer.objects.scoped_already(because="the id comes out of the scope").filter(pk__in=list(visible))
    return rows.select_for_update(of=("self",)).select_related("person", "organisation").get()


def editable(scope: Scope, customer: Customer, field_name: str) -> Field:
    """The field, if staff may correct it and this scope may. Raises ValidationError, PermissionDenied."""
    field = maintainable(customer, field_name)
    if subject_of(scope, customer).clearance.right(field.mask) is not Right.EDITABLE:
        raise PermissionDenied(field.name)
    return field


def maintainable(customer: Customer, field_name: str) -> Field:
    """The field, if staff may correct it. Raises ValidationError otherwise."""
    try:
        field = field_named(customer.kind, field_name)
    except KeyError:
        raise ValidationError(_("Customers of this kind have no such field."), code="unknown_field") from None
    if not field.is_maintainable:
        raise ValidationError(
            _("This field comes from the source systems only; have it corrected there."), code="not_maintainable"
        )
    return field


def checked_reason(reason: str) -> str:
    """The reason without idle space. Raises ValidationError where it says nothing, or too much."""
    text = " ".join(reason.split())
    if len(text) < REASON_LEAST:
        raise ValidationError(_("Say why, in at least 4 characters."), code="reason")
    if len(text) > REASON_MOST:
        raise ValidationError(_("At most 200 characters for the reason."), code="reason")
    return text


def _source_text(customer: Customer, field: Field) -> str:
    """What the sources say by the published build; empty where they say nothing."""
    source = used_source(customer, field, tuple(customer.sources.all()))
    return said(source, field) if source else ""


def _write(customer: Customer, field: Field, text: str) -> None:
    holder: Any = customer if field.holder is Holder.CUSTOMER else getattr(customer, field.holder.value, None)
    if holder is None:
        raise ValidationError(_("The sources have not delivered this customer's profile yet."), code="no_profile")
    setattr(holder, field.name, typed(field, text))
    holder.save(update_fields=[field.name])

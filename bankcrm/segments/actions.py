"""Making and closing tags, putting them on customers and taking them off."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates
from bankcrm.core.scope import Scope
from bankcrm.customers.actions.overrides import locked
from bankcrm.customers.consent_rules import Verdict
from bankcrm.customers.models import Customer
from bankcrm.customers.queries.permitted import WORDS, restricted_ids
from bankcrm.org.models import OrgUnit, User
from bankcrm.segments.models import CustomerTag, Tag

TAGGED, ALREADY, SKIPPED, RESTRICTED = "tagged", "already", "skipped", "restricted"
LONGEST = 30


@transaction.atomic
def create_tag(*, by: User, scope: Scope, name: str) -> Tag:
    """Makes a tag of the unit that one stands for. Raises PermissionDenied; ValidationError by field."""
    scope.require("segments.manage")
    text = " ".join(name.split())
    if not text or len(text) > LONGEST:
        raise ValidationError({"name": _("Enter a name of at most 30 characters.")})
    unit = OrgUnit.objects.get(pk=scope.unit_id or 0)
    if Tag.objects.all().usable(scope).filter(name__iexact=text).exists():
        raise ValidationError({"name": _("There is such a tag already.")})
    made = Tag.objects.create(name=text, unit=unit, made_by=by)
    audit.record("tag.create", by=scope, obj=made, after={"name": text})
    return made


@transaction.atomic
def close_tag(*, by: User, scope: Scope, tag_id: int) -> Tag:
    """Nobody can use the tag from now on; customers that have it keep it. Raises Tag.DoesNotExist."""
    scope.require("segments.manage")
    tag = Tag.objects.within(scope).filter(unit_id=scope.unit_id, closed_at=None).get(pk=tag_id)
    tag.closed_by, tag.closed_at = by, dates.now()
    tag.save(update_fields=["closed_by", "closed_at"])
    audit.record("tag.close", by=scope, obj=tag, after={"name": tag.name})
    return tag


@transaction.atomic
def tag_customer(*, by: User, scope: Scope, number: str, tag_id: int) -> CustomerTag:
    """Puts a tag on a customer. Raises Customer.DoesNotExist, Tag.DoesNotExist; ValidationError when it has it, or its
    processing is restricted."""
    scope.require("segments.tag")
    customer = locked(scope, number)
    tag = Tag.objects.all().usable(scope).get(pk=tag_id)
    if restricted_ids([customer.pk]):
        raise ValidationError({"tag": WORDS[Verdict.RESTRICTED]})
    if customer.tags.filter(tag=tag, ended_at=None).exists():
        raise ValidationError({"tag": _("The customer has this tag already.")})
    made = CustomerTag.objects.create(customer=customer, tag=tag, by=by)
    audit.record("customer.tag", by=scope, obj=made, customer_id=customer.pk, after={"customer_tag": tag.name})
    return made


@transaction.atomic
def untag_customer(*, by: User, scope: Scope, number: str, tag_id: int) -> None:
    """Takes a tag off a customer. Raises Customer.DoesNotExist, CustomerTag.DoesNotExist."""
    scope.require("segments.tag")
    customer = locked(scope, number)
    tag = Tag.objects.within(scope).get(pk=tag_id)
    row = customer.tags.select_for_update().get(tag=tag, ended_at=None)
    row.ended_by, row.ended_at = by, dates.now()
    row.save(update_fields=["ended_by", "ended_at"])
    audit.record("customer.untag", by=scope, obj=row, customer_id=customer.pk, before={"customer_tag": tag.name})


@transaction.atomic
def tag_in_bulk(*, by: Scope, value: str, ids: Sequence[int]) -> Mapping[str, int]:
    """Puts a tag on some customers, left out those outside the scope and those whose processing is restricted.

    The caller records it once for all of them.
    """
    by.require("segments.tag")
    tag = Tag.objects.all().usable(by).filter(pk=int(value)).first() if value.isdecimal() else None
    if tag is None:
        raise ValidationError(_("Choose one of the list."))
    wanted = set(ids)
    seen = set(Customer.objects.within(by).filter(pk__in=wanted).values_list("pk", flat=True))
    had = CustomerTag.objects.within(by).filter(tag=tag, ended_at=None, customer_id__in=seen)
    already = set(had.values_list("customer_id", flat=True))
    restricted = restricted_ids(seen - already)
    fresh = sorted(seen - already - restricted)
    CustomerTag.objects.bulk_create(
        [CustomerTag(customer_id=pk, tag=tag, by_id=by.user_id or 0) for pk in fresh], ignore_conflicts=True
    )
    return {TAGGED: len(fresh), ALREADY: len(already), SKIPPED: len(wanted - seen),
            RESTRICTED: len(restricted)}  # fmt: skip

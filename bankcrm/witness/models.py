"""One table for each witnessed model, filled by statement-level triggers (django-pghistory), never by the program.

The triggers stand on proxies, so that this app's migrations make them and the apps below know nothing of it. Only the
columns that say something are kept: no keys made from others, nothing secret. Foreign keys are plain numbers, so that
a row outlives what it tells of; the only index is on the time.
"""

from collections.abc import Sequence
from typing import Any

import pghistory
import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Coalesce

from bankcrm.core.models import CURRENT_TRANSACTION
from bankcrm.customers.models import Coverage, Customer
from bankcrm.org.models import Post, User
from bankcrm.system.models import ParameterValue


def _setting(name: str) -> Coalesce:
    """What the middleware told PostgreSQL for the transaction; empty outside of one."""
    return Coalesce(Func(Value(name), Value(True), function="current_setting"), Value(""))


# Plain columns: a witness must not need a migration because a label or a choice of the model reads otherwise.
PLAIN: dict[Any, Any] = {
    models.ForeignKey: models.BigIntegerField,
    models.CharField: models.TextField,
    models.DateField: models.DateField,
    models.BooleanField: models.BooleanField,
    models.JSONField: models.JSONField,
    DateRangeField: DateRangeField,
}


def _column(field: "models.Field[Any, Any]") -> "models.Field[Any, Any]":
    column = field.column if field.column != field.name else None
    if isinstance(field, models.DecimalField):
        return models.DecimalField(max_digits=field.max_digits, decimal_places=field.decimal_places, null=True)
    made: models.Field[Any, Any] = PLAIN[type(field)](null=True, db_column=column)
    return made


def _attributes(model: type[models.Model], fields: Sequence[str]) -> dict[str, Any]:
    """The columns of a witness: who and which transaction, and the model's own as plain values."""
    own = {name: _column(model._meta.get_field(name)) for name in fields}  # type: ignore[arg-type]
    return own | {
        "pgh_id": models.BigAutoField(primary_key=True),
        "pgh_created_at": models.DateTimeField(db_index=True),
        "transaction_id": models.BigIntegerField(null=True, db_default=CURRENT_TRANSACTION),
        "acted_for": models.TextField(db_default=_setting("app.username")),
        "acted_in": models.TextField(db_default=_setting("app.request_id")),
        "acted_as": models.TextField(db_default=Func(function="session_user", template="%(function)s")),
    }


def _witness(model: type[models.Model], *fields: str, also: tuple[str, ...] = ()) -> Any:
    """The base of a witness. `also`: columns whose change counts although their value is not kept."""
    return pghistory.create_event_model(
        model,
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(condition=pgtrigger.AnyChange(*fields, *also)),
        pghistory.DeleteEvent(),
        fields=["id", *fields],
        obj_field=None,  # type: ignore[arg-type] # None is right at run time: no foreign keys
        context_field=None,  # type: ignore[arg-type]
        level=pghistory.Statement,
        app_label="witness",
        model_name=f"{model.__name__}Base",
        attrs=_attributes(model, fields),
    )


class WitnessedCustomer(Customer):
    class Meta:
        proxy = True


class WitnessedCoverage(Coverage):
    class Meta:
        proxy = True


class WitnessedParameterValue(ParameterValue):
    class Meta:
        proxy = True


class WitnessedUser(User):
    class Meta:
        proxy = True


class WitnessedPost(Post):
    class Meta:
        proxy = True


class CustomerWitness(
    _witness(  # type: ignore[misc]
        WitnessedCustomer,
        "number",
        "kind",
        "status",
        "name",
        "name_en",
        "line",
        "industry",
        "owning_unit",
        "lead",
        "since_on",
        "ended_on",
    )
):
    """A customer as it was written."""


class CoverageWitness(
    _witness(  # type: ignore[misc]
        WitnessedCoverage,
        "customer",
        "object_type",
        "object_key",
        "user",
        "role",
        "share",
        "valid",
    )
):
    """A share of coverage as it was written."""


class ParameterValueWitness(
    _witness(  # type: ignore[misc]
        WitnessedParameterValue,
        "key",
        "unit",
        "value",
        "valid",
        "reason",
        "by",
    )
):
    """A parameter's value as it was written."""


class UserWitness(
    _witness(  # type: ignore[misc]
        WitnessedUser,
        "username",
        "name",
        "home_unit",
        "is_active",
        "left_on",
        "must_change_password",
        also=("password",),
    )
):
    """A user as it was written; that the password changed, and not to what."""


class PostWitness(
    _witness(  # type: ignore[misc]
        WitnessedPost,
        "user",
        "role",
        "unit",
        "data_scope",
        "business_line",
        "team",
        "valid",
    )
):
    """A post as it was written."""


WITNESSES: tuple[type[models.Model], ...] = (
    CustomerWitness,
    CoverageWitness,
    ParameterValueWitness,
    UserWitness,
    PostWitness,
)

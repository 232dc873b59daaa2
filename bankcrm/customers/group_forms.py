"""Forms of the pages of groups."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.forms import ReasonForm


class AddMemberForm(ReasonForm):
    """A customer to put into a group, and why."""

    field_order = ("number", "reason")
    number = forms.CharField(label=_("Customer number"), max_length=14)


class RemoveMemberForm(ReasonForm):
    """A member to take out, and why."""

    field_order = ("customer", "reason")

    def __init__(self, *args: Any, members: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"] = forms.TypedChoiceField(label=_("Member"), choices=members, coerce=int)
        self.order_fields(self.field_order)

"""Forms about users. They read what was typed; whether it may be is decided by the actions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bankcrm.org.actions.people import FACTS, UserFacts
from bankcrm.org.actions.units import Left
from bankcrm.org.models import User
from bankcrm.org.unit_forms import UnitChoice, reason_field


class PersonForm(forms.Form):
    """What is said of a user; for a new one the employee number and the home unit, too."""

    username = forms.CharField(label=_("Employee number"), max_length=20)
    name = forms.CharField(label=_("Name (Chinese)"), max_length=60)
    name_en = forms.CharField(label=_("Name (English)"), max_length=60, required=False)
    mobile = forms.CharField(label=_("Mobile"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=100, required=False)

    def __init__(self, *args: Any, user: User | None = None, units: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user is not None:
            del self.fields["username"]
            self.initial = {name: getattr(user, name) for name in FACTS}
        if units is not None:
            self.fields["unit"] = UnitChoice(units, label=_("Home unit"))

    def facts(self) -> UserFacts:
        """What was entered."""
        return UserFacts(**{name: self.cleaned_data[name] for name in FACTS})


class PersonMoveForm(forms.Form):
    """The new home unit, and why."""

    reason = reason_field()

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitChoice(units, label=_("New home unit"))
        self.order_fields(["unit", "reason"])


class SuccessorForm(forms.Form):
    """Who takes what: one employee number for all, or one for each kind."""

    reason = reason_field()

    def __init__(self, *args: Any, left: Sequence[Left], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = [one for one in left if one.count]
        if len(self.left) > 1:
            self.fields["everything"] = forms.CharField(
                label=_("Successor for everything (employee number)"),
                max_length=20,
                required=False,
                help_text=_("Holds wherever nobody else is named below."),
            )
        for one in self.left:
            label = _("%(what)s (%(count)d): successor's employee number") % {"what": one.label, "count": one.count}
            self.fields[one.code] = forms.CharField(label=label, max_length=20, required=False)
        self.order_fields(["everything", *(one.code for one in self.left), "reason"])

    def clean(self) -> dict[str, Any]:
        """Finds the people."""
        for name in ["everything", *(one.code for one in self.left)]:
            number = self.cleaned_data.get(name, "").strip()
            if number and not User.objects.filter(username=number).exists():
                self.add_error(name, ValidationError(_("There is no user of this number.")))
        return self.cleaned_data

    def successors(self) -> dict[str, User]:
        """Kind -> who takes it, of the kinds for which somebody is named."""
        numbers = {
            one.code: self.cleaned_data[one.code].strip() or self.cleaned_data.get("everything", "").strip()
            for one in self.left
        }
        users = {user.username: user for user in User.objects.filter(username__in=numbers.values())}
        return {code: users[number] for code, number in numbers.items() if number in users}


class WhyForm(forms.Form):
    """Why."""

    reason = reason_field()

"""What is asked before anything leaves the product: what for, and as what."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bankcrm.core.exporting.purposes import LONGEST, Purpose, choices, purpose_of
from bankcrm.core.forms import add_errors

FORMAT_CHOICES = (("xlsx", _("Spreadsheet (xlsx)")), ("csv", _("CSV (UTF-8)")))


class PurposeForm(forms.Form):
    """Kind of purpose and own words. `given` is the purpose of a valid form."""

    purpose_code = forms.ChoiceField(label=_("Purpose"), choices=[])
    purpose = forms.CharField(
        label=_("In your own words"),
        max_length=LONGEST,
        help_text=_("Recorded with your name; stands on what you take, with a tracing code that leads back to you."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purpose_code"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", "–"), *choices()]
        self.given: Purpose | None = None

    def clean(self) -> dict[str, Any]:
        """Both parts have to say something."""
        values: dict[str, Any] = self.cleaned_data
        if not self.errors:
            self.given = purpose_of(values["purpose_code"], values["purpose"])
        return values

    @property
    def checked(self) -> Purpose:
        """The purpose of a form that was found valid."""
        assert self.given is not None  # noqa: S101
        return self.given

    def take(self, error: ValidationError) -> None:
        """Shows an action's errors: at the form's own fields, or else above it."""
        add_errors(self, error)


class ExportForm(PurposeForm):
    """The same with the format of the file."""

    format = forms.ChoiceField(label=_("Format"), choices=FORMAT_CHOICES)
    field_order: tuple[str, ...] = ("format", "purpose_code", "purpose")

"""What is asked before a customers list becomes a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bankcrm.core.exporting.forms import ExportForm
from bankcrm.customers.consent_parameters import Use, use_of
from bankcrm.customers.consent_rules import ANY
from bankcrm.customers.service_codes import ConsentChannel


class CustomerExportForm(ExportForm):
    """Format, purpose, and by which channel the customers of a marketing file are to be contacted."""

    channel = forms.ChoiceField(
        label=_("If for marketing: contact by"),
        choices=ConsentChannel.choices,
        initial=ANY,
        required=False,
        help_text=_(
            "A file for marketing leaves out who may not be contacted this way; other files leave out whose processing "
            "is restricted, unless the law asks for the file."
        ),
    )
    field_order = ("format", "purpose_code", "channel", "purpose")

    def clean_channel(self) -> str:
        """Any channel where none is named."""
        return self.cleaned_data["channel"] or ANY

    def use(self) -> tuple[Use | None, str]:
        """What the form's purpose makes of the data, and the channel; (None, any) while it names no purpose."""
        if not self.is_bound or not self.is_valid():
            return None, ANY
        return use_of(self.cleaned_data["purpose_code"]), self.cleaned_data["channel"]

"""Forms for what staff add by hand, and for prospects. They read what was typed; the actions decide."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bankcrm.customers import codes
from bankcrm.customers.actions.by_hand import NewContact, NewDocument, NewRelation
from bankcrm.customers.actions.prospects import NewProspect
from bankcrm.customers.forms import day_field


def _text(label: Any, length: int, *, required: bool = False, **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(label=label, max_length=length, required=required, widget=widget)


class ContactPointForm(forms.Form):
    """A phone, e-mail, address or other way to reach the customer."""

    contact_type = forms.ChoiceField(label=_("Type"), choices=codes.ContactType.choices)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=codes.ContactPurpose.choices)
    value = _text(_("Number or text"), 300, required=True)
    district = _text(_("District (of an address)"), 60)
    confirmed_on = day_field(_("Confirmed on"), required=False)

    def wanted(self) -> NewContact:
        """What was typed."""
        return NewContact(**self.cleaned_data)


class DocumentForm(forms.Form):
    """An identity document."""

    document_type = forms.ChoiceField(label=_("Type"), choices=codes.DocumentType.choices)
    document_number = _text(_("Document number"), 40, required=True)
    issued_on = day_field(_("Issued on"), required=False)
    expires_on = day_field(_("Expires on (empty: without end)"), required=False)
    issuer = _text(_("Issuer"), 120)

    def wanted(self) -> NewDocument:
        """What was typed."""
        return NewDocument(**self.cleaned_data)


class RelationForm(forms.Form):
    """A relation to a customer found beside the form, or to somebody by name. The share is typed in per cent."""

    relation_type = forms.ChoiceField(label=_("The other party is this customer's"), choices=codes.RelationType.choices)
    related_number = forms.CharField(required=False, max_length=11, widget=forms.HiddenInput)
    related_name = _text(_("Name, where it is no customer"), 200)
    share = forms.DecimalField(
        label=_("Share held, in per cent"), required=False, min_value=0, max_value=100, decimal_places=6, max_digits=9
    )
    from_on = day_field(_("From"), required=False)
    to_on = day_field(_("Until"), required=False)

    def wanted(self) -> NewRelation:
        """What was typed, the share as a fraction."""
        data = dict(self.cleaned_data)
        if data["share"] is not None:
            data["share"] = data["share"] / Decimal(100)
        return NewRelation(**data)


class SeenField(forms.TypedMultipleChoiceField):
    """Keys of customers, ticked beside what was shown of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, **kwargs)

    def valid_value(self, value: object) -> bool:
        """Any key will do: one that was not shown changes nothing."""
        return str(value).isdecimal()


class ProspectForm(forms.Form):
    """Somebody who is no customer yet. `seen` holds the keys of the customers that were shown as perhaps the same."""

    kind = forms.ChoiceField(label=_("Kind"), choices=codes.Kind.choices)
    name = _text(_("Name"), 200, required=True)
    document_type = forms.ChoiceField(label=_("Document type"), choices=codes.DocumentType.choices)
    document_number = _text(_("Document number"), 40)
    mobile = _text(_("Mobile"), 30, inputmode="tel")
    employer_name = _text(_("Place of work (persons)"), 120)
    industry = forms.ChoiceField(
        label=_("Industry (organisations)"), choices=[("", "—"), *codes.Industry.choices], required=False
    )
    seen = SeenField(required=False)

    def wanted(self) -> NewProspect:
        """What was typed."""
        data = {**self.cleaned_data, "seen": frozenset(self.cleaned_data["seen"])}
        return NewProspect(**data)

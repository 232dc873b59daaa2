"""Forms for files and waivers. They read what was typed and chosen; the actions decide."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bankcrm.core import media, parameters
from bankcrm.customers.actions.papers import NewFile
from bankcrm.customers.forms import day_field
from bankcrm.customers.paper_codes import PaperKind
from bankcrm.customers.paper_parameters import MAX_MB

DOCUMENT, HOLDING = "document/", "holding/"
ACCEPTED = ",".join(f".{one.extension}" for one in media.TYPES.values()) + ",.jpeg,.tif"


class FileForm(forms.Form):
    """A file with what it is. `belongs` are the things of the customer it may belong to, as (value, label)."""

    paper_kind = forms.ChoiceField(label=_("Kind of paper"), choices=PaperKind.choices)
    content = forms.FileField(
        label=_("File"), allow_empty_file=True, widget=forms.FileInput(attrs={"accept": ACCEPTED}), max_length=None
    )
    belongs_to = forms.ChoiceField(label=_("Belongs to"), required=False)
    number = forms.CharField(
        label=_("Number on the paper"), max_length=40, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    valid_from = day_field(_("Valid from"), required=False)
    valid_until = day_field(_("Valid until (empty: without end)"), required=False)
    title = forms.CharField(
        label=_("Remark"), max_length=100, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )

    def __init__(self, *args: Any, belongs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["belongs_to"].choices = [("", "—"), *belongs]  # type: ignore[attr-defined]
        said = _("PDF, PNG, JPEG, TIFF, Word (docx) or Excel (xlsx); at most %(most)s MB")
        self.fields["content"].help_text = said % {"most": parameters.value(MAX_MB)}

    def wanted(self) -> NewFile:
        """What was typed."""
        data = self.cleaned_data
        belongs = data["belongs_to"]
        return NewFile(
            paper_kind=data.get("paper_kind", ""),
            number=data["number"],
            title=data["title"],
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
            document_key=belongs.removeprefix(DOCUMENT) if belongs.startswith(DOCUMENT) else "",
            holding_id=int(belongs.removeprefix(HOLDING)) if belongs.startswith(HOLDING) else None,
        )


class ReplaceForm(FileForm):
    """The same for a newer version of a file, whose kind is known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["paper_kind"]


class WaiverForm(forms.Form):
    """Why a paper need not be there, and until when."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
    until_on = day_field(_("Until (empty: without end)"), required=False)

"""The tab of who had access to a customer: who opened, searched for, printed or exported it. For those who audit."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit_words
from bankcrm.core.views import Request, page
from bankcrm.customers.forms import day_field
from bankcrm.customers.queries.access import AccessFilter, access
from bankcrm.customers.views.opened import answer, found
from bankcrm.system.audit_actions import record_read


class AccessForm(forms.Form):
    """Which accesses. Whatever is left empty does not narrow, save the time: the last ninety days."""

    action = forms.ChoiceField(label=_("How"), required=False)
    person = forms.CharField(label=_("Employee number"), max_length=20, required=False)
    from_on = day_field(_("From"), required=False)
    to_on = day_field(_("To"), required=False)

    def __init__(self, data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        choices = [("", _("Any")), *((code, audit_words.label_of(code)) for code in audit_words.reads())]
        self.fields["action"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """From before to."""
        data = super().clean() or {}
        first, last = data.get("from_on"), data.get("to_on")
        if first and last and first > last:
            self.add_error("to_on", _("The end lies before the beginning."))
        return data


@page("audit.customers", methods=("GET", "HEAD"))
def access_tab(request: Request, number: str) -> HttpResponse:
    """Who had access to the customer, when, at which post and unit, and how."""
    who, form = found(request, number), AccessForm(request.GET)
    query = request.GET.copy()
    for name in ("page", "month"):
        query.pop(name, None)
    context: dict[str, Any] = {"form": form, "access": None, "query": query.urlencode()}
    if form.is_valid():
        data = form.cleaned_data
        wanted = AccessFilter(data["action"], data["person"].strip(), data["from_on"], data["to_on"])
        shown = access(who, wanted, request.GET.get("page", ""))
        record_read(scope=request.scope, wanted=shown.wanted, page="access", rows=len(shown.found.lines))
        context |= {"access": shown, "last_day": shown.wanted.until - timedelta(seconds=1)}
    return answer(request, who, "access", context, status=200 if context["access"] else 422)

"""The tab of changes."""

from datetime import date

from django import forms
from django.http import HttpResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.core.views import Request, page
from bankcrm.customers.forms import day_field
from bankcrm.customers.queries.history import TOPICS, HistoryFilter, coverage_of_day, history
from bankcrm.customers.views.opened import answer, found


class HistoryForm(forms.Form):
    """Which changes. Whatever is left empty does not narrow."""

    topic = forms.ChoiceField(label=_("Subject"), required=False)
    from_on = day_field(_("From"), required=False)
    to_on = day_field(_("To"), required=False)
    on = day_field(_("Coverage as of"), required=False)

    def __init__(self, data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        choices = [("", _("All changes")), *((topic.code, topic.label) for topic in TOPICS)]
        self.fields["topic"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """From before to."""
        data = super().clean() or {}
        first, last = data.get("from_on"), data.get("to_on")
        if first and last and first > last:
            self.add_error("to_on", _("The end lies before the beginning."))
        return data


@page("customers.history", methods=("GET", "HEAD"))
def history_tab(request: Request, number: str) -> HttpResponse:
    """What changed, who did it or which load, and who looked after the customer on a day."""
    who, form = found(request, number), HistoryForm(request.GET)
    is_good = form.is_valid()
    data = form.cleaned_data if is_good else {}
    wanted = HistoryFilter(data.get("topic", ""), data.get("from_on"), data.get("to_on"))
    before = parse_datetime(request.GET.get("before", "").replace(" ", "+"))
    before = before if before is not None and before.tzinfo else None
    day: date = data.get("on") or dates.today()
    query = request.GET.copy()
    for name in ("before", "month"):
        query.pop(name, None)
    context = {
        "form": form,
        "history": history(who, before, wanted=wanted) if is_good else None,
        "of_day": coverage_of_day(who, day),
        "query": query.urlencode(),
        "is_first": before is None,
    }
    return answer(request, who, "history", context, status=200 if is_good else 422)

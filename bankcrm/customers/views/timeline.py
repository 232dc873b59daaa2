"""The tab of the timeline."""

from dataclasses import dataclass

from django.http import HttpResponse, QueryDict

from bankcrm.core.extensions import Label, TimelineSource
from bankcrm.core.views import Request, page
from bankcrm.customers.queries.timeline import Place, timeline
from bankcrm.customers.views.opened import answer, found


@dataclass(frozen=True)
class KindChoice:
    """A kind of events to choose: `query` is the address that turns it on, or off again."""

    label: Label
    icon: str
    is_on: bool
    query: str


@page("customers.view", methods=("GET", "HEAD"))
def timeline_tab(request: Request, number: str) -> HttpResponse:
    """Contacts, money, accounts, credit and corrections on one line."""
    who = found(request, number)
    kinds = request.GET.getlist("kind")
    place = Place.read(request.GET.get("after", ""))
    shown = timeline(who, place, kinds)
    context = {
        "timeline": shown,
        "choices": [_choice(source, kinds) for source in shown.sources],
        "query": _query(kinds),
        "is_first": place is None,
        "is_all": not kinds,
    }
    return answer(request, who, "timeline", context)


def _choice(source: TimelineSource, kinds: list[str]) -> KindChoice:
    is_on = source.code in kinds
    others = [kind for kind in kinds if kind != source.code]
    return KindChoice(source.label, source.icon, is_on, _query(others if is_on else [*others, source.code]))


def _query(kinds: list[str]) -> str:
    query = QueryDict(mutable=True)
    query.setlist("kind", kinds)
    return query.urlencode()

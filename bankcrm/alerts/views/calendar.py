"""The calendar of one's tasks, and its way into calendar programs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from django.views.decorators.http import require_safe

from bankcrm.alerts import ics
from bankcrm.alerts.actions.calendar import make_feed, revoke_feed, use_feed
from bankcrm.alerts.queries import calendar as queries
from bankcrm.core import dates
from bankcrm.core.views import Request, page
from bankcrm.customers.models import Task
from bankcrm.customers.queries.tasks import task_of
from bankcrm.org.queries import user_of


@page("customers.interactions.view", methods=("GET", "HEAD"))
def calendar(request: Request) -> HttpResponse:
    """One's tasks and the days they are about, by month, week or day."""
    view = request.GET.get("view", "")
    shown = queries.span(view if view in queries.VIEWS else queries.MONTH, queries.read_day(request.GET.get("on", "")))
    views = [
        (queries.MONTH, pgettext("of a calendar", "Month")),
        (queries.WEEK, pgettext("of a calendar", "Week")),
        (queries.DAY, pgettext("of a calendar", "Day")),
    ]
    context = {
        "shown": shown,
        "weeks": queries.weeks(request.scope, shown),
        "views": views,
        "today": dates.today(),
        "feed": queries.feed_of(user_of(request)),
    }
    return render(request, "alerts/calendar.html", context)


@page("customers.interactions.view", methods=("POST",))
def make_address(request: Request) -> HttpResponse:
    """Makes a new secret address and shows it this once."""
    secret = make_feed(by=user_of(request), scope=request.scope)
    address = request.build_absolute_uri(reverse("alerts:feed", args=[secret]))
    answer = render(request, "alerts/calendar_address.html", {"address": address})
    answer["Cache-Control"] = "no-store"
    return answer


@page("customers.interactions.view", methods=("POST",))
def revoke_address(request: Request) -> HttpResponse:
    """Ends the secret address."""
    if revoke_feed(by=user_of(request), scope=request.scope):
        messages.success(request, _("The calendar address is revoked."))
    return HttpResponseRedirect(reverse("alerts:calendar"))


@page("customers.interactions.view", methods=("GET", "HEAD"))
def task_file(request: Request, task_id: int) -> HttpResponse:
    """One task as a calendar file."""
    try:
        task = task_of(request.scope, task_id)
    except Task.DoesNotExist:
        raise Http404(str(task_id)) from None
    return _file(request, [task], f"task-{task.pk}.ics")


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """What a calendar program reads with the secret address. Whoever has not got it learns nothing: 404."""
    user = use_feed(secret=secret)
    if user is None:
        raise Http404
    with override(user.language):
        return _file(request, queries.feed_tasks(user), "tasks.ics")


def _file(request: HttpRequest, tasks: list[Task], name: str) -> HttpResponse:
    desk = request.build_absolute_uri(reverse("alerts:tasks"))
    answer = HttpResponse(ics.calendar_of(tasks, page=desk, now=dates.now()), content_type=ics.CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer

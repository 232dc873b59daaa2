"""Pages of webhooks, for whoever administers the system."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bankcrm.core.views import Request, is_piece, page
from bankcrm.webhooks import actions, queries
from bankcrm.webhooks.forms import WebhookForm
from bankcrm.webhooks.jobs import send_soon
from bankcrm.webhooks.models import Delivery, Subscription
from bankcrm.webhooks.queries import MANAGE

INVALID = 422


@page(MANAGE, methods=("GET", "HEAD"))
def webhook_list(request: Request) -> HttpResponse:
    """All webhooks with what they hear of, and how they fare."""
    return render(request, "webhooks/list.html", {"lines": queries.lines(request.scope)})


@page(MANAGE)
def new(request: Request) -> HttpResponse:
    """Make one; its signing secret is shown this once."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = actions.create(by=request.scope, scope=request.scope, wanted=form.wanted())
        except ValidationError as error:
            _add(form, error)
        else:
            return _secret(request, made, secret)
    return _form(request, form, None)


@page(MANAGE)
def change(request: Request, webhook_id: int) -> HttpResponse:
    """Change what it hears of, where that goes, and whose scope counts."""
    row = _found(request, webhook_id)
    form = WebhookForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(by=request.scope, scope=request.scope, pk=row.pk, wanted=form.wanted())
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(request, _("The webhook is changed."))
            return _to(row)
    return _form(request, form, row)


@page(MANAGE, methods=("GET", "HEAD"))
def webhook(request: Request, webhook_id: int) -> HttpResponse:
    """One webhook with its latest deliveries."""
    row = _found(request, webhook_id)
    given = {"webhook": str(row.pk), "state": request.GET.get("state", "")}
    context = {"line": queries.line_of(row), "row": row, **_log(request, given)}
    return _page(request, "webhooks/detail.html", context)


@page(MANAGE, methods=("GET", "HEAD"))
def log(request: Request) -> HttpResponse:
    """Deliveries of all webhooks."""
    return _page(request, "webhooks/log.html", _log(request, {"state": request.GET.get("state", "")}))


def _log(request: Request, given: dict[str, str]) -> dict[str, Any]:
    found = queries.log(request.scope, given, request.GET.get("page", ""))
    state = given["state"] if given["state"] in Delivery.State.values else ""
    return {"page": found, "state": state, "states": Delivery.State.choices}


def _page(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, "webhooks/_log.html" if is_piece(request) else template, context)


@page(MANAGE, methods=("POST",))
def renew_secret(request: Request, webhook_id: int) -> HttpResponse:
    """A new signing secret, shown this once."""
    row = _found(request, webhook_id)
    return _secret(request, *actions.renew_secret(by=request.scope, scope=request.scope, pk=row.pk))


Turn = Callable[..., Subscription]


def _turned(request: Request, webhook_id: int, action: Turn, said: str) -> HttpResponse:
    row = _found(request, webhook_id)
    action(by=request.scope, scope=request.scope, pk=row.pk)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("webhooks:list")) if action is actions.end else _to(row)


@page(MANAGE, methods=("POST",))
def pause(request: Request, webhook_id: int) -> HttpResponse:
    """Let it rest."""
    return _turned(request, webhook_id, actions.pause, _("The webhook rests: nothing is gathered for it."))


@page(MANAGE, methods=("POST",))
def resume(request: Request, webhook_id: int) -> HttpResponse:
    """Put it to use again."""
    answer = _turned(request, webhook_id, actions.resume, _("The webhook is in use again."))
    send_soon()
    return answer


@page(MANAGE, methods=("POST",))
def end(request: Request, webhook_id: int) -> HttpResponse:
    """End it for good."""
    return _turned(request, webhook_id, actions.end, _("The webhook has ended."))


@page(MANAGE, methods=("POST",))
def send_test(request: Request, webhook_id: int) -> HttpResponse:
    """Send a test event."""
    row = _found(request, webhook_id)
    actions.send_test(by=request.scope, scope=request.scope, pk=row.pk)
    send_soon()
    messages.success(request, _("A test event is on its way: load the page again in a moment."))
    return _to(row)


@page(MANAGE, methods=("POST",))
def send_again(request: Request, delivery_id: int) -> HttpResponse:
    """Send a delivery anew."""
    try:
        found = actions.send_again(by=request.scope, scope=request.scope, delivery_id=delivery_id)
    except Delivery.DoesNotExist:
        raise Http404(str(delivery_id)) from None
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return HttpResponseRedirect(reverse("webhooks:log"))
    send_soon()
    messages.success(request, _("The delivery is sent again."))
    return _to(found.subscription)


def _found(request: Request, pk: int) -> Subscription:
    try:
        return queries.subscription(request.scope, pk)
    except Subscription.DoesNotExist:
        raise Http404(str(pk)) from None


def _to(row: Subscription) -> HttpResponse:
    return HttpResponseRedirect(reverse("webhooks:webhook", args=[row.pk]))


def _form(request: Request, form: WebhookForm, row: Subscription | None) -> HttpResponse:
    status = INVALID if request.method == "POST" else 200
    return render(request, "webhooks/form.html", {"form": form, "row": row}, status=status)


def _secret(request: Request, row: Subscription, secret: str) -> HttpResponse:
    answer = render(request, "webhooks/secret.html", {"row": row, "secret": secret})
    answer["Cache-Control"] = "no-store"
    return answer


def _add(form: WebhookForm, error: ValidationError) -> None:
    for name, texts in error.message_dict.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)

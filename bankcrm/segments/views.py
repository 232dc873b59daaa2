"""The page of tags, and tags on the head of the customer page."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bankcrm.core.views import Request, is_piece, page
from bankcrm.customers.models import Customer
from bankcrm.customers.queries.subject import subject
from bankcrm.org.queries import user_of
from bankcrm.segments import actions, queries
from bankcrm.segments.models import CustomerTag, Tag

INVALID = 422


class TagForm(forms.Form):
    """A new tag."""

    name = forms.CharField(label=_("Name"), max_length=actions.LONGEST)


@page("segments.tag", methods=("GET", "HEAD"))
def tags(request: Request) -> HttpResponse:
    """All tags that one may use or oversee, with the form of a new one for whoever may make one."""
    return _tags(request, TagForm())


@page("segments.manage", methods=("POST",))
def new_tag(request: Request) -> HttpResponse:
    """Make a tag of one's own unit."""
    form = TagForm(request.POST)
    if form.is_valid():
        try:
            actions.create_tag(by=user_of(request), scope=request.scope, name=form.cleaned_data["name"])
        except ValidationError as error:
            form.add_error("name", error.message_dict["name"])
        else:
            return HttpResponseRedirect(reverse("segments:tags"))
    return _tags(request, form, INVALID)


def _tags(request: Request, form: TagForm, status: int = 200) -> HttpResponse:
    may_manage = request.scope.may("segments.manage")
    context = {
        "tags": list(queries.tags(request.scope)),
        "form": form if may_manage else None,
        "unit_id": request.scope.unit_id,
    }
    return render(request, "segments/tags.html", context, status=status)


@page("segments.manage", methods=("POST",))
def close(request: Request, tag_id: int) -> HttpResponse:
    """Close a tag of one's own unit."""
    try:
        actions.close_tag(by=user_of(request), scope=request.scope, tag_id=tag_id)
    except Tag.DoesNotExist:
        raise Http404(str(tag_id)) from None
    return HttpResponseRedirect(reverse("segments:tags"))


@page("segments.tag")
def tag(request: Request, number: str) -> HttpResponse:
    """Put a tag on a customer."""
    try:
        who = subject(request.scope, number)
    except Customer.DoesNotExist:
        raise Http404(number) from None
    problem = ""
    if request.method == "POST":
        value = request.POST.get("tag", "")
        try:
            tag_id = int(value) if value.isdecimal() and len(value) < 19 else 0
            actions.tag_customer(by=user_of(request), scope=request.scope, number=number, tag_id=tag_id)
        except Tag.DoesNotExist:
            problem = str(_("Choose one of the list."))
        except ValidationError as error:
            problem = error.messages[0]
        else:
            return _done(request, number)
    context = {
        "subject": who,
        "customer": who.customer,
        "choices": queries.usable_choices(request.scope),
        "problem": problem,
        "panel_template": "segments/_tag_form.html",
    }
    template = "segments/_tag_form.html" if is_piece(request) else "customers/panel_page.html"
    return render(request, template, context, status=INVALID if problem else 200)


@page("segments.tag", methods=("POST",))
def untag(request: Request, number: str, tag_id: int) -> HttpResponse:
    """Take a tag off a customer."""
    try:
        actions.untag_customer(by=user_of(request), scope=request.scope, number=number, tag_id=tag_id)
    except (Customer.DoesNotExist, Tag.DoesNotExist, CustomerTag.DoesNotExist):
        raise Http404(number) from None
    return _done(request, number)


def _done(request: Request, number: str) -> HttpResponse:
    if is_piece(request):
        return HttpResponse(status=204, headers={"HX-Trigger": "page-reload"})
    return HttpResponseRedirect(reverse("customers:overview", args=[number]))

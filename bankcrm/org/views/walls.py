"""Ethical walls: which stand, which stood; asking for one, and for its end."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bankcrm.core import dates
from bankcrm.core.forms import add_errors
from bankcrm.core.views import Request, page
from bankcrm.org.actions import walls
from bankcrm.org.models import EthicalWall, OrgUnit

INVALID = 422
VIEW = "org.walls.view"


class UnitsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Open units as a tree."""

    def label_from_instance(self, obj: OrgUnit) -> str:
        """The unit's name, set in by its depth."""
        return f"{'　' * obj.depth}{obj.code} {obj.label}"


class WallForm(forms.Form):
    """Both sides, from when, why."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=walls.NAME_LENGTH)
    one = UnitsField(OrgUnit.objects.none(), label=gettext_lazy("One side"))
    other = UnitsField(OrgUnit.objects.none(), label=gettext_lazy("Other side"))
    from_on = forms.DateField(
        label=gettext_lazy("Counts from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)

    def __init__(self, data: object = None) -> None:
        super().__init__(data, initial={"from_on": dates.today()})  # type: ignore[arg-type]
        for side in ("one", "other"):
            field = self.fields[side]
            assert isinstance(field, UnitsField)  # noqa: S101
            field.queryset = OrgUnit.objects.filter(closed_on=None, parent__isnull=False).order_by("no")
            field.widget.attrs["data-picklist"] = ""


@page(VIEW, methods=("GET", "HEAD"))
def wall_list(request: Request) -> HttpResponse:
    """All walls, those that stand first."""
    rows = EthicalWall.objects.prefetch_related("sides__unit").select_related("set_by", "agreed_by")
    lines = [(wall, walls.stands(wall)) for wall in rows]
    lines.sort(key=lambda line: not line[1])
    return render(request, "org/walls.html", {"lines": lines, "may_set": request.scope.may(walls.SET)})


@page(walls.SET)
def new_wall(request: Request) -> HttpResponse:
    """Ask for a wall."""
    form = WallForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            walls.ask_for_wall(
                name=values["name"],
                one=list(values["one"]),
                other=list(values["other"]),
                from_on=values["from_on"],
                reason=values["reason"],
                by=request.scope,
                scope=request.scope,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The wall is asked for and waits for agreement."))
            return HttpResponseRedirect(reverse("walls:list"))
    return render(request, "org/wall_form.html", {"form": form}, status=INVALID if form.is_bound else 200)


@page(walls.SET, methods=("POST",))
def end_wall(request: Request, wall_id: int) -> HttpResponse:
    """Ask for a wall's end."""
    wall = EthicalWall.objects.filter(pk=wall_id).first()
    if wall is None:
        raise Http404(str(wall_id))
    try:
        walls.ask_to_end(wall=wall, reason=request.POST.get("reason", "")[:500], by=request.scope, scope=request.scope)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The end of the wall is asked for and waits for agreement."))
    return HttpResponseRedirect(reverse("walls:list"))

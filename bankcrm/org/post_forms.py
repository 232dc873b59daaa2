"""Forms about posts and delegations. They read what was typed; whether it may be is decided by the actions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates, org_extensions
from bankcrm.org.actions.posts import PostFacts
from bankcrm.org.models import Post, Team, User
from bankcrm.org.roles import ROLES
from bankcrm.org.unit_forms import UnitChoice, day_field, reason_field


class PostForm(forms.Form):
    """A post as it is wanted. Role and unit of one that is changed stay."""

    data_scope = forms.ChoiceField(label=_("Data scope"), choices=Post.DataScope.choices)
    line = forms.ChoiceField(label=_("Business line"), required=False)
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("No team"))
    begins = day_field(_("From"))
    ends = day_field(_("Until (that day not included)"), required=False)
    reason = reason_field()

    def __init__(self, *args: Any, post: Post | None = None, units: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["line"].choices = [("", _("All lines")), *org_extensions.business_lines.items()]
        fields["team"].queryset = Team.objects.select_related("unit").order_by("unit__no", "code")
        self.initial.setdefault("begins", dates.today())
        self.post = post
        if post is not None:
            self.initial = dict(self.initial) | {
                "data_scope": post.data_scope,
                "line": post.business_line,
                "team": post.team_id,
                "ends": post.valid.upper,
            }
        else:
            fields["role"] = forms.ChoiceField(
                label=_("Role"), choices=[(role.code, role.label) for role in ROLES.values()]
            )
            fields["unit"] = UnitChoice(units, label=_("At unit"))
        self.order_fields(["role", "unit", "data_scope", "team", "line", "begins", "ends", "reason"])

    def wanted(self) -> PostFacts:
        """What was entered."""
        data = self.cleaned_data
        return PostFacts(
            role=self.post.role if self.post else data["role"],
            unit_id=self.post.unit_id if self.post else data["unit"].pk,
            data_scope=data["data_scope"],
            begins=data["begins"],
            ends=data["ends"],
            line=data["line"],
            team_id=data["team"].pk if data["team"] and data["data_scope"] == Post.DataScope.TEAM else None,
        )


class EndForm(forms.Form):
    """From when on, and why."""

    on = day_field(_("Ends on"))
    reason = reason_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", dates.today())


class DelegationForm(forms.Form):
    """Which post, to whom, from when until when, and why."""

    delegate = forms.CharField(label=_("Colleague (employee number)"), max_length=20)
    begins = day_field(_("From"))
    ends = day_field(_("Until (that day not included)"))
    reason = reason_field()

    def __init__(self, *args: Any, posts: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("begins", dates.today())
        self.fields["post"] = forms.TypedChoiceField(
            label=_("Post"),
            coerce=int,
            choices=[(post.pk, f"{post.role_label} · {post.unit.label}") for post in posts],
        )
        self.order_fields(["post", "delegate", "begins", "ends", "reason"])

    def clean_delegate(self) -> User:
        """Finds the colleague."""
        found = User.objects.filter(username=self.cleaned_data["delegate"].strip()).first()
        if found is None:
            raise ValidationError(_("There is no user of this number."))
        return found

"""Pages of posts: given, changed, ended and delegated."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bankcrm.core.models import Approval
from bankcrm.core.views import Request, page
from bankcrm.org import people_queries, unit_queries
from bankcrm.org.actions import delegations as lending
from bankcrm.org.actions import posts as actions
from bankcrm.org.actions.posts import POSTS
from bankcrm.org.models import Delegation, Post, User
from bankcrm.org.post_forms import DelegationForm, EndForm, PostForm
from bankcrm.org.queries import active_posts, user_of
from bankcrm.org.unit_forms import add_errors

INVALID = 422


@page(POSTS)
def give_post(request: Request, user_id: int) -> HttpResponse:
    """A new post of a user's."""
    person = _person(request, user_id)
    units = unit_queries.units(request.scope).filter(closed_on=None).order_by("no")
    form = PostForm(request.POST or None, units=units, initial={"unit": person.home_unit_id})

    def work() -> HttpResponse:
        made = actions.give_post(
            user_id=person.pk,
            wanted=form.wanted(),
            reason=form.cleaned_data["reason"],
            by=request.scope,
            scope=request.scope,
        )
        return _given(request, person, made)

    return _answer(request, form, work, person, _("Give a post"), _("Give"))


@page(POSTS)
def change_post(request: Request, post_id: int) -> HttpResponse:
    """Another scope, line, team or end of a post."""
    post = _post(request, post_id)
    form = PostForm(request.POST or None, post=post)

    def work() -> HttpResponse:
        made = actions.change_post(
            post_id=post.pk,
            wanted=form.wanted(),
            reason=form.cleaned_data["reason"],
            by=request.scope,
            scope=request.scope,
        )
        return _given(request, post.user, made)

    return _answer(request, form, work, post.user, _("Change the post"), _("Change"), post)


@page(POSTS)
def end_post(request: Request, post_id: int) -> HttpResponse:
    """The day on which it ends."""
    post = _post(request, post_id)
    form = EndForm(request.POST or None)

    def work() -> HttpResponse:
        given = form.cleaned_data
        actions.end_post(post_id=post.pk, on=given["on"], reason=given["reason"], by=request.scope, scope=request.scope)
        messages.success(request, _("The post ends on %(day)s.") % {"day": given["on"]})
        return redirect("organisation:person", post.user_id)

    return _answer(request, form, work, post.user, _("End the post"), _("End"), post)


@page(POSTS)
def delegate_post(request: Request, post_id: int) -> HttpResponse:
    """Lends somebody's post, for a leave that they could not prepare themselves."""
    post = _post(request, post_id)
    form = DelegationForm(request.POST or None, posts=[post])
    done = lambda: redirect("organisation:person", post.user_id)  # noqa: E731
    return _answer(
        request, form, lambda: _lend(request, form, done), post.user, _("Delegate the post"), _("Delegate"), post
    )


@page()
def delegations(request: Request) -> HttpResponse:
    """One's own: lend a post for a leave, see what is lent, end it."""
    user = user_of(request)
    posts = list(active_posts(user))
    form = DelegationForm(request.POST or None, posts=posts)
    done = lambda: redirect("organisation:delegations")  # noqa: E731
    if request.method == "POST" and form.is_valid():
        try:
            return _lend(request, form, done)
        except ValidationError as error:
            add_errors(form, error)
        except Post.DoesNotExist:
            raise Http404 from None
    context = {
        "form": form,
        "delegations": people_queries.delegations_of(user),
        "may_delegate": bool(posts) and request.scope.acting_for is None,
        "may_end": True,
    }
    return render(request, "org/delegations.html", context, status=INVALID if form.is_bound else 200)


@page(methods=("POST",))
def end_delegation(request: Request, delegation_id: int) -> HttpResponse:
    """Ends one at once."""
    try:
        found = lending.end_delegation(pk=delegation_id, by=request.scope, scope=request.scope)
    except Delegation.DoesNotExist:
        raise Http404(str(delegation_id)) from None
    messages.success(request, _("The delegation has ended."))
    if request.scope.user_id in (found.principal_id, found.delegate_id):
        return redirect("organisation:delegations")
    return redirect("organisation:person", found.principal_id)


def _lend(request: Request, form: DelegationForm, done: Callable[[], HttpResponse]) -> HttpResponse:
    given = form.cleaned_data
    lending.delegate_post(
        post_id=given["post"],
        delegate=given["delegate"],
        begins=given["begins"],
        ends=given["ends"],
        reason=given["reason"],
        by=request.scope,
        scope=request.scope,
    )
    messages.success(request, _("The post is delegated. Your colleague finds it among the posts to choose."))
    return done()


def _given(request: Request, person: User, made: Post | Approval) -> HttpResponse:
    if isinstance(made, Approval):
        messages.info(request, _("A second person has to agree; until then nothing changes."))
    else:
        messages.success(request, _("The post is given."))
    return redirect("organisation:person", person.pk)


def _person(request: Request, pk: int) -> User:
    try:
        return people_queries.person_of(request.scope, pk)
    except User.DoesNotExist:
        raise Http404(str(pk)) from None


def _post(request: Request, pk: int) -> Post:
    post = Post.objects.select_related("user", "unit").filter(pk=pk).first()
    if post is None:
        raise Http404(str(pk))
    _person(request, post.user_id)
    return post


def _answer(
    request: Request,
    form: Form,
    work: Callable[[], HttpResponse],
    person: User,
    title: str,
    button: str,
    post: Post | None = None,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            return work()
        except ValidationError as error:
            add_errors(form, error)
    context = {"form": form, "title": title, "person": person, "button": button, "post": post}
    return render(request, "org/post_form.html", context, status=INVALID if form.is_bound else 200)

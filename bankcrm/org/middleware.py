"""Who asks: the login a page needs or the token a program shows, the post in use, how long a session lasts."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation.trans_real import parse_accept_lang_header

from bankcrm.core import api, audit, dates, parameters
from bankcrm.core.middleware import GetResponse, UndoMixin, answer_in_transaction
from bankcrm.core.scope import Scope
from bankcrm.org import login_queries, queries, tokens
from bankcrm.org.actions import sessions
from bankcrm.org.models import ApiToken, Post, User, UserSession

POST_KEY = "post_id"
SEEN_KEY = "seen_at"
TOO_MANY = 429
SEEN_STEP = 60  # seconds: the session is written once a minute, not with every click

WHY = {
    UserSession.End.NEW_LOGIN: gettext_lazy(
        "Your session has ended because somebody logged in with your employee number elsewhere. Not you? Tell the "
        "security administrator."
    ),
    UserSession.End.BY_USER: gettext_lazy("This session was ended from another of your sessions."),
    UserSession.End.BY_ADMINISTRATOR: gettext_lazy("A security administrator has ended your session."),
}


class TokenMiddleware:
    """Lets programs in by their token, in place of a session: cookies count for nothing under /api/,
    but for the page that describes it.

    Refusals there are problem details in the caller's language: the header's, else the user's.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers a program; everybody else goes on to the session."""
        if not request.path_info.startswith(api.PREFIX) or request.path_info == api.DOCS:
            return self.get_response(request)
        token = tokens.good_token(request.headers.get("Authorization", ""))
        request.user = token.user if token else AnonymousUser()
        request.api_token = token  # type: ignore[attr-defined]
        language = _callers_language(request, token)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self._answer(request, token)
        response.headers["Content-Language"] = language
        return response

    def _answer(self, request: HttpRequest, token: ApiToken | None) -> HttpResponseBase:
        if token is not None:
            request.context.token = token.name  # type: ignore[attr-defined]
            if wait := tokens.seconds_to_wait(token):
                said = _("This token has used up its requests of this minute.")
                return api.problem(TOO_MANY, said, headers={"Retry-After": str(wait)})
        response = self.get_response(request)
        if response.status_code >= 400 and response.headers.get("Content-Type") != api.MEDIA_TYPE:
            kept = {name: response.headers[name] for name in ("Allow",) if name in response.headers}
            return api.problem(response.status_code, headers=kept)
        return response


def _callers_language(request: HttpRequest, token: ApiToken | None) -> str:
    for wish, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        for known, _label in settings.LANGUAGES:
            if wish.partition("-")[0] == known.partition("-")[0]:
                return known
    return token.user.language if token else settings.LANGUAGE_CODE


class SessionPolicyMiddleware:
    """Ends a session that has been idle for longer than the bank allows, and one whose user has left."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Logs the user out before the view runs, or notes that the session is alive."""
        if request.user.is_authenticated and not _is_api(request):
            seen, now = request.session.get(SEEN_KEY), int(dates.now().timestamp())
            if queries.has_left(request.user):
                sessions.note_end(request, UserSession.End.LEFT)
                logout(request)
            elif seen is not None and now - seen > 60 * parameters.value("login.idle_minutes"):
                self._end_idle(request)
            # A piece that refreshes itself says nothing about whether anybody still sits there.
            elif (seen is None or now - seen >= SEEN_STEP) and request.headers.get("X-Refresh") != "true":
                request.session[SEEN_KEY] = now
                sessions.note_seen(request, request.user)
        elif not _is_api(request) and settings.SESSION_COOKIE_NAME in request.COOKIES:
            self._say_why(request)
        return self.get_response(request)

    def _end_idle(self, request: HttpRequest) -> None:
        user = cast(User, request.user)
        audit.record("session.idle_end", by=Scope(user.pk, user.username, user.name), obj=user)
        sessions.note_end(request, UserSession.End.IDLE)
        logout(request)
        messages.info(request, _("You were logged out after a time without activity. Please log in again."))

    def _say_why(self, request: HttpRequest) -> None:
        """Tells a browser whose session was ended from elsewhere, once: the message gives it a new cookie."""
        if getattr(request.session, "session_key", None):
            return  # a session of somebody who has not logged in
        digest = sessions.key_digest(request.COOKIES[settings.SESSION_COOKIE_NAME])
        ended = UserSession.objects.filter(digest=digest, end__in=list(WHY)).first()
        if ended is not None:
            messages.warning(request, WHY[UserSession.End(ended.end)])


class ScopeMiddleware(UndoMixin):
    """Sets `request.scope` from the active post, opens the request's transaction, and asks for a login where needed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers within the scope."""
        scope = scope_of(request)
        request.scope = scope  # type: ignore[attr-defined]
        request.context.scope = scope  # type: ignore[attr-defined]
        return answer_in_transaction(request, scope, self.get_response)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Sends whoever is not logged in to the login, and whoever has a password to change to that page."""
        if not getattr(view, "login_required", True) or _is_api(request):  # whose routes ask for the token
            return None
        if not request.user.is_authenticated:
            return _go(request, f"{resolve_url(settings.LOGIN_URL)}?next={quote(_wanted(request))}", status=401)
        due = login_queries.waits_for(request)
        if due and due not in getattr(view, "open_before", ()):
            return _go(request, resolve_url(due), status=403)
        return None


def _is_api(request: HttpRequest) -> bool:
    return hasattr(request, "api_token")


def _wanted(request: HttpRequest) -> str:
    """Where to go after the login: the page in the browser's bar, also when htmx asked for a piece of it."""
    if request.headers.get("HX-Request") == "true" or request.method != "GET":
        return "/"
    return request.get_full_path()


def _go(request: HttpRequest, target: str, *, status: int) -> HttpResponse:
    """A redirect; htmx would put its page into a piece, so it is told to load the whole of it."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=status, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def scope_of(request: HttpRequest) -> Scope:
    """The scope of the post chosen in the session, else of the user's first; nobody's without login."""
    if not request.user.is_authenticated:
        return Scope.nobody()
    user = request.user
    posts = list(queries.active_posts(user)) if _is_api(request) else queries.held_posts(user)
    request.posts = posts  # type: ignore[attr-defined]
    if _is_api(request):
        return tokens.narrowed(queries.scope_for(user, chosen_post(posts, None)), request.api_token)  # type: ignore[attr-defined]
    return queries.scope_for(user, chosen_post(posts, request.session.get(POST_KEY)))


def chosen_post(posts: list[Post], wanted: int | None) -> Post | None:
    """The wanted post while the user holds it; a post that has ended falls back to the first."""
    for post in posts:
        if post.pk == wanted:
            return post
    return posts[0] if posts else None

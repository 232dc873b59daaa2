"""One transaction around a request, with the scope inside; headers; the request's id."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.urls import include, path

from bankcrm.core import audit
from bankcrm.core.models import AuditEvent
from bankcrm.core.views import is_piece, page
from bankcrm.org.tests.factories import scope_of, tree, user_with_post

pytestmark = pytest.mark.django_db


def setting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.scope', true)")
        return cursor.fetchone()[0]


@page()
def fine(request):
    audit.record("test.done", by=request.scope)
    return HttpResponse(setting())


@page()
def fails(request, how):
    audit.record("test.done", by=request.scope)
    if how == "answer":
        return HttpResponse(status=503)
    raise {"error": ValueError, "missing": Http404, "denied": PermissionDenied}[how]


@page()
def streams(request):
    def rows():
        audit.record("test.streamed", by=request.scope)
        yield setting()

    return StreamingHttpResponse(rows())


@page("customers.export")
def exports(request):
    return HttpResponse("piece" if is_piece(request) else "page")


@page(("customers.export", "feeds.load"))
def either(request):
    return HttpResponse()


@login_not_required
def public(request):
    return HttpResponse(setting())


workbench = ([path("", fine, name="home")], "workbench")
urlpatterns = [
    path("fine/", fine),
    path("fails/<str:how>/", fails),
    path("streams/", streams),
    path("exports/", exports),
    path("either/", either),
    path("public/", public),
    path("account/", include("bankcrm.org.urls")),
    path("", include(workbench)),
]


def plain_403(request, exception=None):
    return HttpResponse(status=403)


def plain_404(request, exception=None):
    return HttpResponse(status=404)


handler403, handler404 = plain_403, plain_404


@pytest.fixture(autouse=True)
def here(settings, client):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False


def test_the_scope_reaches_postgresql_and_ends_with_the_request(client):
    unit = tree({"HO": {"A": {}}})["A"]
    user = user_with_post("branch_head", "subtree", unit=unit)
    client.force_login(user)
    assert client.get("/fine/").content.decode() == scope_of(user).multirange == f"{{[{unit.no},{unit.no_end})}}"


@pytest.mark.django_db(transaction=True)
def test_the_scope_does_not_outlive_its_transaction(client):
    before = setting()
    user = user_with_post("branch_head", "subtree", unit=tree({"HO": {"A": {}}})["A"])
    client.force_login(user)
    assert client.get("/fine/").content.decode() == scope_of(user).multirange != before
    assert setting() == before


def test_without_login_nothing_is_in_scope(client):
    assert client.get("/public/").content == b"{}"


@pytest.mark.parametrize(("how", "status"), [("answer", 503), ("error", 500), ("missing", 404), ("denied", 403)])
def test_a_request_that_fails_leaves_nothing_behind(client, how, status):
    client.force_login(user_with_post())
    assert client.get(f"/fails/{how}/").status_code == status
    assert not AuditEvent.objects.filter(action="test.done").exists()


def test_a_request_that_succeeds_is_kept_with_where_it_came_from(client):
    client.force_login(user_with_post())
    response = client.get("/fine/", headers={"User-Agent": "Browser 9"})
    event = AuditEvent.objects.get(action="test.done")
    assert (event.address, event.device) == ("127.0.0.1", "Browser 9")
    assert event.request_id == response.headers["X-Request-Id"]


def test_a_streamed_answer_has_the_scope_and_the_context_too(client):
    user = user_with_post("branch_head", "bank")
    client.force_login(user)
    response = client.get("/streams/")
    assert b"".join(response.streaming_content) == b"{(,)}"
    assert AuditEvent.objects.get(action="test.streamed").address == "127.0.0.1"


def test_a_page_is_for_those_who_hold_its_permission(client):
    assert client.get("/exports/").status_code == 302
    client.force_login(user_with_post("call_centre", "bank"))
    assert client.get("/exports/").status_code == 403
    assert client.get("/either/").status_code == 403
    client.force_login(user_with_post("it_operator", "bank"))
    assert client.get("/either/").status_code == 200
    client.force_login(user_with_post("branch_head", "bank"))
    assert client.get("/exports/").content == b"page"


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        ({}, b"page"),
        ({"HX-Request": "true"}, b"piece"),
        ({"HX-Request": "true", "HX-Boosted": "true"}, b"page"),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, b"page"),
    ],
)
def test_htmx_gets_the_piece(client, headers, answer):
    client.force_login(user_with_post("branch_head", "bank"))
    response = client.get("/exports/", headers=headers)
    assert response.content == answer
    assert "HX-Request" in response.headers["Vary"]


def test_the_content_policy_allows_nothing_inline(client):
    policy = client.get("/public/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_pages_are_not_kept_by_caches(client):
    assert "no-store" in client.get("/public/").headers["Cache-Control"]


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [(False, "9.9.9.9", "127.0.0.1"), (True, "1.1.1.1, 9.9.9.9", "9.9.9.9"), (True, "<script>", "")],
)
def test_a_proxy_is_believed_only_where_there_is_one(client, settings, behind_proxy, forwarded, address):
    settings.BANKCRM_BEHIND_PROXY = behind_proxy
    client.force_login(user_with_post())
    client.get("/fine/", headers={"X-Forwarded-For": forwarded})
    assert AuditEvent.objects.get(action="test.done").address == address

"""`/healthz`, `/readyz`, `/metrics`: what the bank's load balancers and its monitoring ask. No session, no login.

They are answered before the session and the scope are looked for: a probe must say that the database is gone, not
fall over because of it. Strangers learn which checks are ill and nothing else; numbers and words are for the networks
of BANKCRM_METRICS_NETWORKS and for whoever shows BANKCRM_METRICS_TOKEN.
"""

import hmac
import time
from collections.abc import Callable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import translation
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from bankcrm.core.middleware import GetResponse, client_address
from bankcrm.system.operations import gauges, health

KEPT_SECONDS = 2.0  # an answer serves so long: whoever asks again and again does not keep the database busy
UNAVAILABLE = 503
Findings = list[tuple[str, bool, str]]
_kept: list[tuple[float, Findings]] = []


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For load balancers: this process answers. Says nothing about the bank."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether staff can work: 200 or 503, with the checks by name; those who may see more are told what was found."""
    found = _findings()
    plainly = may_see(request)
    checks = {code: {"fine": fine, "text": text} if plainly else fine for code, fine, text in found}
    ready = all(fine for _code, fine, _text in found)
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else UNAVAILABLE)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus. To everybody else there is no such page."""
    if not may_see(request):
        raise Http404
    return HttpResponse(gauges.text(), content_type=CONTENT_TYPE_LATEST)


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": metrics,
}


def _findings() -> Findings:
    now = time.monotonic()
    if not _kept or now - _kept[0][0] > KEPT_SECONDS:
        with translation.override("en"):  # machines read it
            _kept[:] = [(now, [(check.code, seen.fine, str(seen.text)) for check, seen in health.findings()])]
    return _kept[0][1]


def may_see(request: HttpRequest) -> bool:
    """By the token, or by the network. A header that only proxies write, where the bank says there is none, is a
    proxy's after all: then everybody would come from its address.
    """
    try:
        request.get_host()  # a page that had its own name lead here reads nothing
    except DisallowedHost:
        return False
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and hmac.compare_digest(shown.encode(), settings.METRICS_TOKEN.encode()):
        return True
    if "X-Forwarded-For" in request.headers and not settings.BANKCRM_BEHIND_PROXY:
        return False
    address = client_address(request)
    return bool(address) and any(ip_address(address) in ip_network(one.strip()) for one in settings.METRICS_NETWORKS)


class ProbesMiddleware:
    """Answers probes before anything that needs the database."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """A probe's answer; all else goes on."""
        probe = PROBES.get(request.path_info)
        if probe is None:
            return self.get_response(request)
        request.context.route = request.path_info.lstrip("/")  # type: ignore[attr-defined]
        try:
            return probe(request)
        except Http404:
            return HttpResponse(status=404)

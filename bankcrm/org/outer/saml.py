"""SAML 2.0, begun here (SP-initiated), by python3-saml: signed assertions for this audience, each good once."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from bankcrm.org.models import UsedAssertion
from bankcrm.org.outer.config import Saml


class SamlError(Exception):
    """The identity provider's answer proves nothing. The message is for the log."""


def start(given: Saml, request: HttpRequest, relay: str) -> tuple[str, str]:
    """Where the browser is sent, and the request's id. `relay` comes back with the answer."""
    auth = _auth(given, request)
    url = auth.login(return_to=relay)
    return str(url), str(auth.get_last_request_id())


def finish(given: Saml, request: HttpRequest, request_id: str) -> str:
    """The employee number of whoever has logged in at the identity provider. Raises SamlError."""
    auth = _auth(given, request)
    try:
        auth.process_response(request_id=request_id)
    except Exception as error:  # the library lets out whatever a broken answer makes it stumble over
        raise SamlError(f"{type(error).__name__}") from error
    if auth.get_errors() or not auth.is_authenticated():
        raise SamlError(str(auth.get_last_error_reason() or auth.get_errors())[:200])
    _use_up(str(auth.get_last_assertion_id() or ""), auth.get_last_assertion_not_on_or_after())
    values = auth.get_attributes().get(given.attribute) if given.attribute else [auth.get_nameid()]
    if not values or not isinstance(values[0], str) or not values[0]:
        raise SamlError(f"no attribute {given.attribute or 'NameID'}")
    return values[0]


def metadata(given: Saml, request: HttpRequest) -> bytes:
    """What the identity provider's people ask for: entity id, address, what must be signed."""
    found = _auth(given, request).get_settings().get_sp_metadata()
    return found if isinstance(found, bytes) else str(found).encode()


def _use_up(assertion_id: str, until: Any) -> None:
    """Keeps the assertion's id for as long as it would be good. Raises SamlError for one that was used."""
    if not assertion_id:
        raise SamlError("an assertion without id")
    digest = hashlib.sha256(assertion_id.encode()).hexdigest()
    ends = datetime.fromtimestamp(float(until or 0), UTC)
    _made, is_new = UsedAssertion.objects.get_or_create(digest=digest, defaults={"until": ends})
    if not is_new:
        raise SamlError("the assertion was used before")


def _auth(given: Saml, request: HttpRequest) -> Any:
    from onelogin.saml2.auth import OneLogin_Saml2_Auth  # an extra: only banks with such a provider install it

    here = request.build_absolute_uri("/").rstrip("/")
    asked = {
        "https": "on" if request.is_secure() else "off",
        "http_host": request.get_host(),
        "script_name": request.path,
        "get_data": request.GET.dict(),
        "post_data": request.POST.dict(),
    }
    return OneLogin_Saml2_Auth(asked, old_settings=_settings(given, here))


def _settings(given: Saml, here: str) -> dict[str, Any]:
    certificate = (Path(settings.BANKCRM_HOME) / given.certificate).read_text(encoding="ascii")
    sha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    return {
        "strict": True,
        "debug": False,
        "sp": {
            "entityId": here + reverse("org:saml-metadata"),
            "assertionConsumerService": {
                "url": here + reverse("org:saml-answer"),
                "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
            },
            "NameIDFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        },
        "idp": {
            "entityId": given.entity_id,
            "singleSignOnService": {
                "url": given.sso_url,
                "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
            },
            "x509cert": certificate,
        },
        "security": {
            "wantAssertionsSigned": True,
            "wantNameId": True,
            "requestedAuthnContext": False,
            "rejectUnsolicitedResponsesWithInResponseTo": True,
            "rejectDeprecatedAlgorithm": True,
            "allowSingleLabelDomains": True,  # hosts inside a bank have names without a dot
            "signatureAlgorithm": sha256,
        },
    }

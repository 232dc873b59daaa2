"""OpenID Connect, authorization code with PKCE (S256), state and nonce. The ID token's signature is always checked."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import requests

from bankcrm.org.outer.config import NEAR, OIDC_SECRET, Oidc, secret

TIMEOUT = 10  # seconds for each question to the server
LEEWAY = 60  # seconds that two clocks may differ
ALGORITHMS = ["RS256", "PS256", "ES256"]  # signatures by the server's key only: never none, never a shared secret
SHAPE = {"require": ["iss", "sub", "aud", "exp", "iat"]}


class OidcError(Exception):
    """The server's answer proves nothing. The message is for the log."""


@dataclass(frozen=True, slots=True)
class Started:
    """What the session keeps until the browser comes back."""

    state: str
    nonce: str
    verifier: str
    url: str


def start(given: Oidc, back: str) -> Started:
    """Where the browser is sent. Raises OidcError."""
    known = _known(given)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _each in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": given.client_id,
        "redirect_uri": back,
        "scope": given.scope,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    where = known["authorization_endpoint"]
    return Started(state, nonce, verifier, f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}")


def finish(given: Oidc, back: str, kept: Started, answer: dict[str, str]) -> str:
    """The employee number of whoever has logged in at the server. Raises OidcError."""
    if not hmac.compare_digest(answer.get("state", "").encode(), kept.state.encode()):
        raise OidcError("another state")
    if "error" in answer or not answer.get("code"):
        raise OidcError(f"refused: {answer.get('error', 'no code')[:80]}")
    if answer.get("iss", given.issuer) != given.issuer:
        raise OidcError("another issuer")
    known = _known(given)
    tokens = _tokens(given, known, back, kept, answer["code"])
    claims = _claims(given, known, str(tokens.get("id_token", "")))
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), kept.nonce.encode()):
        raise OidcError("another nonce")
    if given.claim not in claims:
        claims = {**_user_info(known, tokens, claims["sub"]), **claims}
    number = claims.get(given.claim)
    if not isinstance(number, str) or not number:
        raise OidcError(f"no claim {given.claim}")
    return number


def _known(given: Oidc) -> dict[str, Any]:
    found = _asked("GET", f"{given.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != given.issuer:
        raise OidcError("the server names another issuer")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        parts = urlsplit(str(found.get(name, "")))
        if parts.scheme != "https" and parts.hostname not in NEAR:
            raise OidcError(f"{name} is not https")
    return found


def _tokens(given: Oidc, known: dict[str, Any], back: str, kept: Started, code: str) -> dict[str, Any]:
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": given.client_id,
        "code_verifier": kept.verifier,
    }
    shared = secret(OIDC_SECRET)
    if shared and "client_secret_basic" in known.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
        return _asked("POST", known["token_endpoint"], data=asked, auth=(given.client_id, shared))
    return _asked("POST", known["token_endpoint"], data=asked | ({"client_secret": shared} if shared else {}))


def _claims(given: Oidc, known: dict[str, Any], token: str) -> dict[str, Any]:
    try:
        head = jwt.get_unverified_header(token)
        keys = jwt.PyJWKSet.from_dict(_asked("GET", known["jwks_uri"])).keys
        fitting = [key for key in keys if head.get("kid") in (None, key.key_id)]
        if not fitting:
            raise OidcError("signed with an unknown key")
        claims: dict[str, Any] = jwt.decode(
            token,
            fitting[0].key,
            algorithms=ALGORITHMS,
            audience=given.client_id,
            issuer=given.issuer,
            leeway=LEEWAY,
            options=SHAPE,  # type: ignore[arg-type]
        )
    except jwt.PyJWTError as error:
        raise OidcError(f"ID token: {error}") from error
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != given.client_id:
        raise OidcError("meant for another client")
    return claims


def _user_info(known: dict[str, Any], tokens: dict[str, Any], subject: str) -> dict[str, Any]:
    where = known.get("userinfo_endpoint")
    if not where:
        return {}
    found = _asked("GET", where, headers={"Authorization": f"Bearer {tokens.get('access_token', '')}"})
    if found.get("sub") != subject:
        raise OidcError("user info of somebody else")
    return found


def _asked(method: str, url: str, **more: Any) -> dict[str, Any]:
    try:
        with requests.Session() as session:
            session.trust_env = False  # no proxy and no .netrc that the machine may have
            answer = session.request(method, url, timeout=TIMEOUT, allow_redirects=False, **more)
            answer.raise_for_status()
            found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise OidcError(f"{urlsplit(url).path}: {type(error).__name__}") from error
    if not isinstance(found, dict):
        raise OidcError(f"{urlsplit(url).path}: not an object")
    return found

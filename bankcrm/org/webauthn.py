"""Security keys (WebAuthn) by Yubico's fido2: what the browser is asked, and whether its answer is good.

The origin must be exactly the one of the page: no other host of the bank, no other scheme.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bankcrm.org.models import User

State = dict[str, Any]
Options = dict[str, Any]
LONGEST = 20_000


class WebAuthnError(Exception):
    """The browser's answer proves nothing."""


def register_options(request: HttpRequest, user: User, known: Sequence[str]) -> tuple[Options, State]:
    """What the browser is asked to make a key for, and what to keep in the session until it answers."""
    entity = PublicKeyCredentialUserEntity(id=str(user.pk).encode(), name=user.username, display_name=user.name)
    options, state = _server(request).register_begin(
        entity,
        credentials=[_credential(one) for one in known],
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return json.loads(json.dumps(dict(options))), state


def registered(request: HttpRequest, state: State, answer: str) -> tuple[str, int]:
    """The new credential as it may be stored, and its counter. Raises WebAuthnError."""
    try:
        made = _server(request).register_complete(state, RegistrationResponse.from_dict(_read(answer)))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise WebAuthnError(str(error)) from error
    if made.credential_data is None:
        raise WebAuthnError("no credential")
    return websafe_encode(bytes(made.credential_data)), made.counter


def login_options(request: HttpRequest, known: Sequence[str]) -> tuple[Options, State]:
    """What the browser is asked to prove with one of the user's keys, and what to keep in the session."""
    options, state = _server(request).authenticate_begin(
        [_credential(one) for one in known], user_verification=UserVerificationRequirement.PREFERRED
    )
    return json.loads(json.dumps(dict(options))), state


def proved(request: HttpRequest, state: State, known: Sequence[str], answer: str) -> tuple[str, int]:
    """Which of the known credentials has answered, and its counter. Raises WebAuthnError."""
    try:
        response = AuthenticationResponse.from_dict(_read(answer))
        used = _server(request).authenticate_complete(state, [_credential(one) for one in known], response)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise WebAuthnError(str(error)) from error
    return websafe_encode(bytes(used)), response.response.authenticator_data.counter


def _server(request: HttpRequest) -> Fido2Server:
    host = request.get_host()
    origin = f"{request.scheme}://{host}"
    entity = PublicKeyCredentialRpEntity(id=host.rsplit(":", 1)[0], name="bankcrm")
    return Fido2Server(entity, verify_origin=lambda given: given == origin)


def _credential(stored: str) -> AttestedCredentialData:
    return AttestedCredentialData(websafe_decode(stored))


def _read(answer: str) -> Mapping[str, Any]:
    if len(answer) > LONGEST:
        raise WebAuthnError("too long")
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise WebAuthnError("not an answer")
    return found

"""Secrets that have to be read again, kept encrypted: a signing secret, which a digest could not sign with.

Fernet (AES-128-CBC and HMAC-SHA256) under a key for each purpose, drawn by HKDF from a secret of the home: whoever
has the database alone reads nothing.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from bankcrm.core.home import Home, secret

KEY = "boxes_key"


class BoxError(Exception):
    """What was kept cannot be read: it was made with another home's secrets, or it is damaged."""


def put(purpose: str, text: str) -> str:
    """The text as it may be stored."""
    return _box(purpose).encrypt(text.encode()).decode()


def take(purpose: str, stored: str) -> str:
    """The text that `put` was given. Raises BoxError."""
    try:
        return _box(purpose).decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise BoxError(purpose) from error


def _box(purpose: str) -> Fernet:
    master = secret(Home(settings.BANKCRM_HOME), KEY).encode()
    drawn = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"bankcrm {purpose}".encode()).derive(master)
    return Fernet(base64.urlsafe_b64encode(drawn))

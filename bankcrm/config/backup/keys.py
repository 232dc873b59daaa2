"""The home's keys in a backup: in a box that only a passphrase opens, since whoever has them reads and forges all.

Scrypt draws the key from the passphrase (n = 2^15, r = 8, p = 1: about 0.1 s and 32 MB a try), Fernet closes the box.
"""

import base64
import json
import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from bankcrm.config.backup.manifest import SECRETS, BackupError
from bankcrm.core.home import AUDIT_KEY, LAKE_KEY

SHORTEST = 12  # characters of a passphrase: a stolen backup can be tried at leisure
# A new home makes its own passwords of the database, and of what is only spoken between its own processes.
OWN_TO_A_HOME = ("postgres_", LAKE_KEY)


def passphrase(file: Path | None) -> str:
    """The first line of a file. BackupError when it is missing or too short."""
    try:
        line = file.read_text(encoding="utf-8").split("\n", 1)[0].strip() if file else ""
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"the passphrase cannot be read from {file} ({error}).") from error
    if len(line) < SHORTEST:
        raise BackupError(f"the passphrase, the first line of {file}, has fewer than {SHORTEST} characters.")
    return line


def closed(content: dict[str, str], phrase: str) -> str:
    """The keys as they lie in the backup."""
    salt = os.urandom(16)
    box = _fernet(phrase, salt).encrypt(json.dumps(content).encode())
    return json.dumps({"salt": base64.b64encode(salt).decode(), "box": box.decode()})


def opened(stored: str, phrase: str) -> dict[str, str]:
    """The opposite of `closed`. BackupError for another passphrase or a damaged box."""
    try:
        content = json.loads(stored)
        plain = _fernet(phrase, base64.b64decode(content["salt"])).decrypt(content["box"].encode())
        return {str(name): str(value) for name, value in json.loads(plain).items()}
    except (InvalidToken, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(f"the passphrase does not open {SECRETS} of the backup.") from error


def read(path: Path) -> dict[str, str]:
    """A `secrets.json` that was kept apart. BackupError when it cannot be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): str(value) for name, value in content.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise BackupError(f"{path} cannot be read as a secrets.json ({type(error).__name__}).") from error


def carried(content: dict[str, str]) -> dict[str, str]:
    """Those that go on in the new home. BackupError when the audit's key is not among them."""
    if AUDIT_KEY not in content:
        raise BackupError("these secrets have no key of the audit: they are not a home's secrets.json.")
    return {name: value for name, value in content.items() if not name.startswith(OWN_TO_A_HOME)}


def _fernet(phrase: str, salt: bytes) -> Fernet:
    drawn = Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(phrase.encode())
    return Fernet(base64.urlsafe_b64encode(drawn))

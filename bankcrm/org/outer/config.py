"""`<home>/login.toml`: which outer logins the bank has. Secrets come from the environment, never from the file.

Read once for each state of the file. What is wrong with it closes the outer logins and leaves the passwords here open;
`bankcrm doctor` and the log name the field.
"""

import logging
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings

log = logging.getLogger(__name__)
FILE = "login.toml"
OIDC_SECRET, LDAP_PASSWORD = "BANKCRM_OIDC_SECRET", "BANKCRM_LDAP_PASSWORD"
NEAR = ("localhost", "127.0.0.1", "::1")


class LoginConfigError(Exception):
    """The file cannot be used; the message names the field and the reason."""


@dataclass(frozen=True, slots=True)
class Oidc:
    """An OpenID Connect server. `claim` holds the employee number."""

    issuer: str
    client_id: str
    claim: str = "preferred_username"
    scope: str = "openid profile"
    label: str = "统一身份认证"
    label_en: str = "Single sign-on"
    trusts_second_factor: bool = False  # the server asks for one itself


@dataclass(frozen=True, slots=True)
class Saml:
    """A SAML 2.0 identity provider. `attribute` holds the employee number; empty: the NameID does."""

    entity_id: str
    sso_url: str
    certificate: str  # a PEM file, below the home unless absolute
    attribute: str = ""
    label: str = "统一身份认证"
    label_en: str = "Single sign-on"
    trusts_second_factor: bool = False


@dataclass(frozen=True, slots=True)
class Ldap:
    """A directory, always over TLS. Either `user_dn` with `{user}`, or `base` and `filter` to search with `bind_dn`."""

    url: str
    user_dn: str = ""
    base: str = ""
    filter: str = "(uid={user})"
    bind_dn: str = ""
    attribute: str = ""  # holds the employee number; empty: what was typed is it
    ca_file: str = ""
    timeout: int = 5


@dataclass(frozen=True, slots=True)
class LoginConfig:
    """All of the file. With `local_password` off, only the accounts of `break_glass` log in by a password kept here."""

    local_password: bool = True
    break_glass: tuple[str, ...] = ()
    oidc: Oidc | None = None
    saml: Saml | None = None
    ldap: Ldap | None = None

    def in_words(self) -> str:
        """The ways to log in, for whoever runs the machine."""
        outer = [name.upper() for name in ("oidc", "saml", "ldap") if getattr(self, name)]
        named = ", ".join(self.break_glass)
        kept = "passwords kept here" if self.local_password else f"a password kept here for {named} only"
        return ", ".join([*outer, kept])

    def allows_local(self, username: str) -> bool:
        """Whether this account logs in by a password kept here."""
        return self.local_password or username in self.break_glass


T = TypeVar("T", Oidc, Saml, Ldap)
_kept: dict[Path, tuple[float, LoginConfig]] = {}


def login_config() -> LoginConfig:
    """What holds now; without a file, or with one that cannot be used, only passwords kept here."""
    path = Path(settings.BANKCRM_HOME) / FILE
    try:
        changed = path.stat().st_mtime
    except OSError:
        return LoginConfig()
    if path not in _kept or _kept[path][0] != changed:
        try:
            found = read(path)
        except LoginConfigError as error:
            log.error("%s: %s; outer logins are closed", path, error)
            found = LoginConfig()
        _kept[path] = (changed, found)
    return _kept[path][1]


def read(path: Path) -> LoginConfig:
    """The file's content. Raises LoginConfigError with the first thing that is wrong."""
    found = _parsed(path)
    for fault in _faults(found, path.parent):
        raise LoginConfigError(fault)
    return found


def faults(path: Path) -> tuple[LoginConfig | None, list[str]]:
    """The file's content, as far as it can be read, with all that is wrong with it."""
    try:
        found = _parsed(path)
    except LoginConfigError as error:
        return None, [str(error)]
    return found, list(_faults(found, path.parent))


def _parsed(path: Path) -> LoginConfig:
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LoginConfigError(f"cannot be read: {error}") from error
    if unknown := set(given) - {one.name for one in fields(LoginConfig)}:
        raise LoginConfigError(f"unknown field {sorted(unknown)[0]}")
    local, glass = given.get("local_password", True), given.get("break_glass", [])
    if not isinstance(local, bool):
        raise LoginConfigError("local_password: true or false")
    if not isinstance(glass, list) or not all(isinstance(one, str) for one in glass):
        raise LoginConfigError("break_glass: a list of employee numbers in quotes")
    return LoginConfig(
        local, tuple(glass), _part(Oidc, given, "oidc"), _part(Saml, given, "saml"), _part(Ldap, given, "ldap")
    )


def _part(kind: type[T], given: Mapping[str, Any], name: str) -> T | None:
    values = given.get(name)
    if values is None:
        return None
    if not isinstance(values, dict):
        raise LoginConfigError(f"{name}: a section in square brackets")
    known = {one.name: one.type for one in fields(kind)}
    for key, value in values.items():
        if key not in known:
            raise LoginConfigError(f"{name}.{key}: unknown field")
        if type(value).__name__ != getattr(known[key], "__name__", known[key]):
            raise LoginConfigError(f"{name}.{key}: must be {getattr(known[key], '__name__', known[key])}")
    try:
        return kind(**values)
    except TypeError as error:
        raise LoginConfigError(f"{name}: {str(error).partition(') ')[2]}") from error


def _faults(found: LoginConfig, home: Path) -> Iterator[str]:
    if not found.local_password and not (found.oidc or found.saml or found.ldap):
        yield "local_password: off, and there is no other way to log in"
    if not found.local_password and not found.break_glass:
        yield "break_glass: with local_password off, name at least one account for when all else fails"
    if found.oidc:
        yield from _of_url("oidc.issuer", found.oidc.issuer)
    if found.saml:
        yield from _of_url("saml.sso_url", found.saml.sso_url)
        if not (home / found.saml.certificate).is_file():
            yield f"saml.certificate: there is no file {home / found.saml.certificate}"
    if found.ldap:
        yield from _of_ldap(found.ldap)


def _of_url(name: str, url: str) -> Iterator[str]:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in NEAR):
        yield f"{name}: must begin with https://"


def _of_ldap(given: Ldap) -> Iterator[str]:
    if urlsplit(given.url).scheme not in ("ldap", "ldaps"):
        yield "ldap.url: must begin with ldaps:// or ldap:// (which is turned to TLS before anything)"
    if bool(given.user_dn) == bool(given.base):
        yield "ldap: give either user_dn or base"
    if "{user}" not in (given.user_dn or given.filter):
        yield "ldap: {user} is missing in user_dn or filter"
    if not 1 <= given.timeout <= 60:
        yield "ldap.timeout: between 1 and 60 seconds"


def secret(name: str) -> str:
    """A secret of the environment; empty where there is none."""
    return os.environ.get(name, "")

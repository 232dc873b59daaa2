"""Passwords checked by the bank's directory (LDAP): one binds as the user, over TLS, and believes nothing else."""

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from bankcrm.org import login_queries
from bankcrm.org.models import User
from bankcrm.org.outer.config import LDAP_PASSWORD, Ldap, login_config, secret

log = logging.getLogger(__name__)


class DirectoryBackend(ModelBackend):
    """Asks the directory where there is one; and shuts the passwords kept here where the bank says so.

    It stands before ModelBackend: PermissionDenied ends the row of backends, and counts as a failed login.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_more: Any
    ) -> User | None:
        """The user whose password the directory knows; None leaves it to the passwords kept here."""
        given = login_config()
        if not username or not password:
            return None
        if given.ldap is not None and username not in given.break_glass:
            number = number_of(given.ldap, username, password)
            user = login_queries.user_by_number(number) if number else None
            if user is not None:
                return user
        if not given.allows_local(username):
            raise PermissionDenied("passwords kept here are closed")
        return None


def number_of(given: Ldap, username: str, password: str) -> str | None:
    """The employee number of whoever the directory knows by that name and password, else None.

    An empty password would bind as nobody, and succeed: it is never sent.
    """
    if not username or not password or "\0" in username + password:
        return None
    import ldap3  # an extra: only banks with a directory install it
    from ldap3.core.exceptions import (
        LDAPException,
        LDAPInvalidCredentialsResult,
        LDAPInvalidDnError,
        LDAPInvalidDNSyntaxResult,
    )

    try:
        server = _server(ldap3, given)
        name = _distinguished_name(ldap3, given, server, username)
        if name is None:
            return None
        with _connection(ldap3, given, server, name, password) as connection:
            return _number(ldap3, given, connection, name, username)
    except (LDAPInvalidCredentialsResult, LDAPInvalidDnError, LDAPInvalidDNSyntaxResult):
        return None
    except (LDAPException, OSError, ssl.SSLError) as error:
        log.warning("directory: %s", type(error).__name__)
        return None


def _server(ldap3: Any, given: Ldap) -> Any:
    tls = ldap3.Tls(
        validate=ssl.CERT_REQUIRED,
        version=ssl.PROTOCOL_TLS_CLIENT,
        ca_certs_file=str(Path(settings.BANKCRM_HOME) / given.ca_file) if given.ca_file else None,
    )
    return ldap3.Server(given.url, tls=tls, connect_timeout=given.timeout, get_info=ldap3.NONE)


@contextmanager
def _connection(ldap3: Any, given: Ldap, server: Any, name: str, password: str) -> Iterator[Any]:
    """Bound over TLS, and closed whatever happens. Raises LDAPException."""
    connection = ldap3.Connection(
        server,
        user=name,
        password=password,
        auto_referrals=False,
        receive_timeout=given.timeout,
        read_only=True,
        raise_exceptions=True,
    )
    try:
        connection.open()
        if given.url.startswith("ldap://"):
            connection.start_tls()
        connection.bind()
        yield connection
    finally:
        with suppress(ldap3.core.exceptions.LDAPException, OSError):
            connection.unbind()
        if connection.socket is not None:
            connection.socket.close()


def _distinguished_name(ldap3: Any, given: Ldap, server: Any, username: str) -> str | None:
    if given.user_dn:
        return given.user_dn.replace("{user}", ldap3.utils.dn.escape_rdn(username))
    wanted = given.filter.replace("{user}", ldap3.utils.conv.escape_filter_chars(username))
    with _connection(ldap3, given, server, given.bind_dn, secret(LDAP_PASSWORD)) as connection:
        connection.search(given.base, wanted, attributes=ldap3.NO_ATTRIBUTES, size_limit=2)
        found = [entry["dn"] for entry in connection.response if entry["type"] == "searchResEntry"]
    return str(found[0]) if len(found) == 1 else None


def _number(ldap3: Any, given: Ldap, connection: Any, name: str, username: str) -> str | None:
    if not given.attribute:
        return username
    connection.search(name, "(objectClass=*)", search_scope=ldap3.BASE, attributes=[given.attribute])
    for entry in connection.response:
        if entry["type"] == "searchResEntry":
            values = entry["attributes"].get(given.attribute) or []
            return str(values[0] if isinstance(values, list) else values) if values else None
    return None

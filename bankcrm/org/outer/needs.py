"""What outer logins need beside a file without faults: libraries, certificates, secrets of the environment."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bankcrm.org.outer.config import LDAP_PASSWORD, Ldap, LoginConfig, secret


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing, and what to do about it."""

    text: str
    advice: str


def lacking(found: LoginConfig, home: Path) -> Iterator[Lack]:
    """Whatever keeps the outer logins of the file from working on this machine. No server is asked."""
    if found.saml:
        if find_spec("onelogin") is None:
            yield _library("saml")
        yield from _certificate("saml.certificate", home / found.saml.certificate)
    if found.ldap:
        yield from _of_ldap(found.ldap, home)


def _of_ldap(given: Ldap, home: Path) -> Iterator[Lack]:
    if find_spec("ldap3") is None:
        yield _library("ldap")
    if given.ca_file:
        yield from _certificate("ldap.ca_file", home / given.ca_file)
    if given.bind_dn and not secret(LDAP_PASSWORD):
        text = f"ldap.bind_dn: {LDAP_PASSWORD} is not set where this command runs"
        yield Lack(text, f"Set {LDAP_PASSWORD} where `bankcrm serve` runs, and run the doctor there.")


def _library(extra: str) -> Lack:
    return Lack(f"{extra}: its library is not installed", f"Install the package with its extra: bankcrm[{extra}].")


def _certificate(field: str, path: Path) -> Iterator[Lack]:
    from cryptography import x509

    try:
        x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        yield Lack(f"{field}: {path} cannot be read: {error.strerror}", "Put the certificate there, as a PEM file.")
    except ValueError:
        yield Lack(f"{field}: {path} is no certificate in PEM form", "Ask for the certificate as a PEM file.")

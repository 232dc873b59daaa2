"""One POST to an address that somebody typed: nowhere but where the bank allows, once, briefly, and no answer is read.

The standard library's client, since what matters here is what others do not offer: the name is resolved once, every
address it has is judged, and the connection goes to that very address (a second look-up could answer otherwise).
No redirect is followed, no proxy of the environment is used.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 15.0
LONGEST = 500
PORTS = {"https": 443, "http": 80}


class AddressError(ValueError):
    """The address may not be called. `code` says why: address, scheme, private, unresolved."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Policy:
    """What the bank allows. `hosts`: names or addresses that may be inside the bank's own network."""

    allow_http: bool = False
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Target:
    """An address in parts."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """For the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of it. `problem` is empty when there was an answer; the answer's text is not kept."""

    status: int | None
    problem: str = ""
    milliseconds: int = 0


def read_address(text: str, policy: Policy) -> Target:
    """The parts of an address that may be called, as far as its text tells. Raises AddressError."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise AddressError("address") from error
    plain = text.isascii() and text.isprintable() and " " not in text and "\\" not in text and len(text) <= LONGEST
    if not plain or not parts.hostname or parts.username is not None or parts.fragment or port == 0:
        raise AddressError("address")
    if parts.scheme not in PORTS or (parts.scheme == "http" and not policy.allow_http):
        raise AddressError("scheme")
    host = parts.hostname.rstrip(".")
    target = Target(parts.scheme, host, port or PORTS[parts.scheme], (parts.path or "/") + _query(parts.query))
    if _literal(host) is not None or host == "localhost" or host.endswith(".localhost"):
        _judge(host, "127.0.0.1" if "localhost" in host else host, policy)
    return target


def _query(query: str) -> str:
    return f"?{query}" if query else ""


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def resolve(target: Target, policy: Policy) -> str:
    """The one address to connect to. Raises AddressError where a single one of the name's addresses is not allowed."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressError("unresolved") from error
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    for address in addresses:
        _judge(target.host, address, policy)
    if not addresses:
        raise AddressError("unresolved")
    return addresses[0]


def _judge(host: str, address: str, policy: Policy) -> None:
    if host in policy.hosts:
        return
    known = _literal(address)
    if known is None or not is_public(known):
        raise AddressError("private")


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether it leads out: not loopback, private, link-local, shared, reserved or multicast, however it is wrapped."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def post(text: str, body: bytes, headers: Mapping[str, str], policy: Policy) -> Reply:
    """Sends the body once. Never raises for what the network or the receiver does."""
    begun = time.monotonic()
    try:
        target = read_address(text, policy)
        address = resolve(target, policy)
        status, problem = _talk(target, address, body, headers)
    except AddressError as error:
        status, problem = None, error.code
    except TimeoutError:
        status, problem = None, "timeout"
    except ssl.SSLError:
        status, problem = None, "tls"
    except http.client.HTTPException:
        status, problem = None, "answer"
    except OSError:
        status, problem = None, "connection"
    return Reply(status, problem, round((time.monotonic() - begun) * 1000))


def _talk(target: Target, address: str, body: bytes, headers: Mapping[str, str]) -> tuple[int | None, str]:
    connection = http.client.HTTPConnection(target.host, target.port, timeout=CONNECT_SECONDS)
    is_late = threading.Event()
    opened = _opened(address, target.port)

    def end() -> None:  # drop by drop, an answer could last for ever: each drop keeps the socket's own limit away
        is_late.set()
        try:
            opened.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    timer = threading.Timer(WHOLE_SECONDS, end)
    timer.daemon = True
    timer.start()
    try:
        connection.sock = _secured(opened, target)
        connection.sock.settimeout(WHOLE_SECONDS)
        connection.request("POST", target.path, body, {"Host": target.named, "Connection": "close", **headers})
        status = connection.getresponse().status  # nothing is read beyond the head, whose size the client bounds
    except (OSError, http.client.HTTPException) as error:
        if is_late.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
        connection.close()
        opened.close()
    if is_late.is_set():  # a head that was cut off reads like one that ended
        raise TimeoutError
    return status, "redirect" if 300 <= status < 400 else ""


def _opened(address: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.settimeout(CONNECT_SECONDS)
        made.connect((address, port))
    except OSError:
        made.close()
        raise
    return made


def _secured(opened: socket.socket, target: Target) -> socket.socket:
    if target.scheme == "http":
        return opened
    return ssl.create_default_context().wrap_socket(opened, server_hostname=target.host)

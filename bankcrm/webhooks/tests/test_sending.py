"""Where a POST may go, and how little is believed of whoever answers."""

import ipaddress
import socket
import time

import pytest

from bankcrm.webhooks import sending
from bankcrm.webhooks.sending import AddressError, Policy, is_public, post, read_address
from bankcrm.webhooks.tests.receivers import receiver

STRICT = Policy()
OPEN = Policy(allow_http=True, hosts=frozenset({"127.0.0.1"}))


def why(text, policy=STRICT):
    try:
        read_address(text, policy)
    except AddressError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://hook.example/x?y=1", ""),
        ("https://hook.example:8443", ""),
        ("http://hook.example/", "scheme"),
        ("ftp://hook.example/", "scheme"),
        ("file:///etc/passwd", "address"),
        ("//hook.example/", "scheme"),
        ("https:///x", "address"),
        ("https://user:word@hook.example/", "address"),
        ("https://hook.example@127.0.0.1/", "address"),
        ("https://hook.example/#x", "address"),
        ("https://hook.example/a b", "address"),
        ("https://hook.example/\r\nHost: other", "address"),
        ("https://hook.example:99999/", "address"),
        ("https://hook.example:0/", "address"),
        ("https://hook.example\\@10.0.0.1/", "address"),
        ("https://钩子.example/", "address"),
        ("https://127.0.0.1/", "private"),
        ("https://localhost/", "private"),
        ("https://a.localhost./", "private"),
        ("https://[::1]/", "private"),
        ("https://[::ffff:10.0.0.1]/", "private"),
        ("https://10.1.2.3/", "private"),
        ("https://169.254.169.254/latest", "private"),
        ("https://8.8.8.8/", ""),
    ],
)
def test_an_address_is_read_strictly(text, code):
    assert why(text) == code


def test_what_the_bank_allows_is_allowed_and_nothing_beside_it():
    policy = Policy(allow_http=True, hosts=frozenset({"10.1.2.3", "crm.bank.example"}))
    assert why("http://10.1.2.3/", policy) == why("http://hook.example/", policy) == ""
    assert why("https://10.1.2.4/", policy) == "private"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.0.1", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
     "2002:7f00:1::", "64:ff9b::7f00:1"],
)  # fmt: skip
def test_no_address_inside_is_public_however_it_is_wrapped(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1", "64:ff9b::808:808"])
def test_addresses_outside_are_public(address):
    assert is_public(ipaddress.ip_address(address))


def answers(monkeypatch, *addresses):
    asked = []

    def getaddrinfo(host, port, **_kind):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_one_address_inside_among_a_names_addresses_is_enough_to_refuse(monkeypatch):
    answers(monkeypatch, "8.8.8.8", "10.0.0.5")
    assert post("https://hook.example/", b"{}", {}, Policy()).problem == "private"


def test_the_name_is_resolved_once_and_the_connection_goes_to_that_address(monkeypatch):
    asked = answers(monkeypatch, "127.0.0.1")
    with receiver() as heard:
        text = heard.url.replace("127.0.0.1", "crm.bank.example")
        reply = post(text, b'{"a":1}', {"X-One": "1"}, Policy(True, frozenset({"crm.bank.example"})))
    assert (reply.status, reply.problem, asked) == (200, "", ["crm.bank.example"])
    ((headers, body, path),) = heard.heard
    assert (body, path, headers["X-One"]) == (b'{"a":1}', "/hook?from=bank", "1")
    assert headers["Host"] == f"crm.bank.example:{heard.server_port}"


def test_an_unknown_name_is_an_answer_and_no_error(monkeypatch):
    def unknown(*_args, **_kind):
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert post("https://hook.example/", b"", {}, Policy()).problem == "unresolved"


def test_a_redirect_is_not_followed():
    with receiver() as elsewhere, receiver() as heard:
        heard.answers, heard.location = [302], elsewhere.url
        reply = post(heard.url, b"{}", {}, OPEN)
        assert (reply.status, reply.problem, elsewhere.heard) == (302, "redirect", [])


def test_a_long_answer_is_not_read_to_its_end():
    with receiver() as heard:
        assert post(heard.url, b"{}", {}, OPEN).status == 200


def test_an_answer_that_drips_is_cut_off(monkeypatch):
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 0.6)
    with receiver() as heard:
        heard.drip = 40
        begun = time.monotonic()
        reply = post(heard.url, b"{}", {}, OPEN)
        assert reply.problem == "timeout" and time.monotonic() - begun < 3


def test_nobody_there_and_no_http_are_told_apart():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/", b"", {}, OPEN).problem == "connection"


def test_https_without_a_certificate_that_counts_is_refused():
    with receiver() as heard:
        assert post(heard.url.replace("http:", "https:"), b"", {}, OPEN).problem == "tls"

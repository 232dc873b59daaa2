"""Real servers for the tests of outer logins: each a process of its own, gone with the test."""

import contextlib
import socket
import subprocess
import sys
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(command, port, **more):
    """The process, once it listens at the port; RuntimeError with what it said when it does not."""
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)
    try:
        deadline = time.monotonic() + 60
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if server.poll() is not None or time.monotonic() > deadline:
                server.kill()
                raise RuntimeError(f"{command[0]} does not serve: {server.communicate()[0].decode()[-2000:]}")
            time.sleep(0.1)
        yield server
    finally:
        server.terminate()
        try:
            server.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.communicate()


@contextlib.contextmanager
def oidc_server(*users):
    """An OIDC server that knows these users (JSON of their claims) and asks for a nonce. Gives its address."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    for user in users:
        command += ["--user-claims", user]
    with running(command, port):
        yield f"http://127.0.0.1:{port}"


def write_config(home, text):
    """The bank's login.toml."""
    path = home / "login.toml"
    path.write_text(text, encoding="utf-8")
    return path

"""A receiver on this machine, for tests: keeps what it gets, answers what it is told to."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver(ThreadingHTTPServer):
    """`answers`: statuses one after the other, the last for ever. `heard`: (headers, body) of each request."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers, self.heard, self.location, self.drip = [200], [], "", 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hook?from=bank"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers), body, self.path))
        answers = self.server.answers
        status = answers.pop(0) if len(answers) > 1 else answers[0]
        if self.server.drip:
            return self._drip()
        self.send_response(status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", str(10_000_000))
        self.end_headers()
        self.wfile.write(b"x" * 100_000)
        return None

    def _drip(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(self.server.drip):
            self.wfile.write(b"X-%d: 1\r\n" % number)
            self.wfile.flush()
            time.sleep(0.1)

    def log_message(self, *args):
        """Nothing into the test's output."""


@contextmanager
def receiver():
    """Serves while the block runs."""
    made = Receiver()
    made.handle_error = lambda *args: None  # a client that reads no more is no error here
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()
        thread.join()

"""The stand-in's HTTP part: routes, a log of requests, replies that break off, drip, redirect or never end.

What the routes answer is in `huggingface` and `arxiv` beside this.
"""

import gzip
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from standin.clock import FakeClock


@dataclass(frozen=True)
class Reply:
    """One answer. `flaw` breaks it.

    cut sends `n_sent` bytes of those announced, unannounced gives no length and closes, reset gives no answer at
    all, drip and drip_headers send a byte at a time.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    flaw: str = ""
    n_sent: int | None = None

    @property
    def packed(self) -> "Reply":
        """The same, packed with gzip."""
        return replace(
            self, body=gzip.compress(self.body), headers={**self.headers, "Content-Encoding": "gzip"}
        )


@dataclass(frozen=True)
class Request:
    """One request as the server saw it: `at_s` on the clock's stopwatch."""

    path: str
    query: dict[str, str]
    raw_query: str
    headers: dict[str, str]
    at_s: float

    @property
    def url(self) -> str:
        """Path and query."""
        return self.path + (f"?{self.raw_query}" if self.raw_query else "")


Route = Callable[[Request], Reply | None]


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of errors in the routes, not of clients that hung up."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class StandIn:
    """The server. `routes` are asked in order; `faults` come first, each once, for the first request it fits."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.requests: list[Request] = []
        self.routes: list[Route] = []
        self.most_under_way = 0
        self._faults: list[tuple[Callable[[Request], bool], Reply | Route]] = []
        self._under_way = 0
        self._lock = threading.Lock()
        stand_in = self

        class Handler(_Handler):
            server_ = stand_in

        self._http = _Http(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=lambda: self._http.serve_forever(0.01), daemon=True)

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def start(self) -> None:
        """Serve."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and free the port."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def fault(self, wanted: str | Callable[[Request], bool], *replies: Reply | Route) -> None:
        """Answer the next requests whose URL holds `wanted` with `replies`, one each, before any route is asked."""
        fits = wanted if callable(wanted) else (lambda request, words=wanted: words in request.url)
        self._faults += [(fits, reply) for reply in replies]

    def asked(self, words: str = "") -> list[Request]:
        """Return the requests whose URL holds `words`."""
        return [r for r in self.requests if words in r.url]

    def answer(self, request: Request) -> Reply:
        """Return the reply to a request, and log it."""
        with self._lock:
            self.requests.append(request)
            fault = next((f for f in self._faults if f[0](request)), None)
            if fault:
                self._faults.remove(fault)
        if fault and isinstance(fault[1], Reply):
            return fault[1]
        for route in [*([fault[1]] if fault else []), *self.routes]:
            if (found := route(request)) is not None:
                return found
        return Reply(b'{"error":"not found"}', 404, {"Content-Type": "application/json"})

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Count requests that are being served at a time."""
        with self._lock:
            self._under_way += 1
            self.most_under_way = max(self.most_under_way, self._under_way)
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1


class _Handler(BaseHTTPRequestHandler):
    server_: StandIn
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        with self.server_.under_way():
            parts = urlsplit(self.path)
            query = {
                name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()
            }
            headers = {k.lower(): v for k, v in self.headers.items()}
            request = Request(parts.path, query, parts.query, headers, self.server_.clock.stopwatch())
            try:
                self._send(self.server_.answer(request))
            except OSError:
                self.close_connection = True

    def _send(self, reply: Reply) -> None:
        if reply.flaw == "reset":
            self.close_connection = True
            return None
        self.send_response_only(reply.status)
        if "Date" not in reply.headers:
            self.send_header("Date", format_datetime(self.server_.clock.now(), usegmt=True))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.flaw == "unannounced":
            self.send_header("Connection", "close")
        elif reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        if reply.flaw == "drip_headers":
            return self._drip(b"".join(self._headers_buffer) + b"X-Slow: yes\r\n" * 50)
        self.end_headers()
        body = reply.body if reply.n_sent is None else reply.body[: reply.n_sent]
        if reply.flaw == "drip":
            return self._drip(body)
        self.wfile.write(body)
        if reply.flaw:
            self.close_connection = True
        return None

    def _drip(self, data: bytes) -> None:
        """Send a byte at a time, 0.2 s of the clock apart, for 15 s; then be silent until the client hangs up."""
        for n in range(min(len(data), 75)):
            self.server_.clock.pass_(0.2)
            self.wfile.write(data[n : n + 1])
            self.wfile.flush()
        self.connection.recv(1)
        self.close_connection = True


@contextmanager
def standing_in(clock: FakeClock, *routes: Route) -> Iterator[StandIn]:
    """Yield a running stand-in that answers with `routes`."""
    server = StandIn(clock)
    server.routes += routes
    server.start()
    try:
        yield server
    finally:
        server.stop()

"""The bottom of the HTTP client: sockets on which a whole request, not each read, has an end.

httpx bounds the silence between two bytes, so a server that drips would hold a request for ever. Here every wait
on a socket is also cut by the end of the request that it serves, and by the run being told to stop.
"""

import ssl
import threading
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import httpcore
import httpx

from pipelines.sources.clock import Clock, Interrupted

#: Longest single wait on a socket; between two, the request's end and the wish to stop are looked at.
SLICE_S = 0.5


class Patience(threading.local):
    """When the request that this thread serves has to be over, on the clock's stopwatch."""

    ends_at_s: float = float("inf")


class _Limits:
    def __init__(self, clock: Clock, stop: threading.Event, patience: Patience) -> None:
        self._clock, self._stop, self._patience = clock, stop, patience

    def wait(
        self, attempt: Callable[[float], Any], silence_s: float | None, timed_out: type[Exception]
    ) -> Any:
        """Return what `attempt(seconds)` returns, tried in slices until `silence_s` or the request's end is over."""
        waited_s, silence_s = 0.0, float("inf") if silence_s is None else silence_s
        while True:
            if self._stop.is_set():
                raise Interrupted
            left_s = self._patience.ends_at_s - self._clock.stopwatch()
            if left_s <= 0 or waited_s >= silence_s:
                raise timed_out("the request took too long in all" if left_s <= 0 else "no answer in time")
            slice_s = min(SLICE_S, left_s, silence_s - waited_s)
            try:
                return attempt(slice_s)
            except timed_out:
                waited_s += slice_s


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, limits: _Limits) -> None:
        self._stream, self._limits = stream, limits

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data: bytes = self._limits.wait(
            lambda s: self._stream.read(max_bytes, s), timeout, httpcore.ReadTimeout
        )
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # what was sent before a time-out cannot be told, so a write is tried once; requests here are small
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout), self._limits)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, limits: _Limits) -> None:
        self._inner, self._limits = httpcore.SyncBackend(), limits

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        return _Stream(stream, self._limits)


@cache
def _trust() -> ssl.SSLContext:
    """Return what certificates are checked against; reading them takes a tenth of a second."""
    return httpx.create_ssl_context()


class BoundedTransport(httpx.HTTPTransport):
    """An httpx transport whose requests end when `patience` says so, and all at once when `stop` is set."""

    def __init__(self, clock: Clock, stop: threading.Event, patience: Patience, max_connections: int) -> None:
        super().__init__(verify=_trust())
        # httpx 0.28 has no argument for the network backend of its pool, which httpcore offers
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trust(),
            max_connections=max_connections,
            max_keepalive_connections=max_connections,
            keepalive_expiry=30.0,
            network_backend=_Backend(_Limits(clock, stop, patience)),
        )

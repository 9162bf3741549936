"""The one polite HTTP client: it says who it is, keeps each service's pace, bounds all it takes in, and retries little.

It knows nothing of listings. What an answer means is for the sources; where its bytes go is for the captures.
"""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from pipelines import __version__
from pipelines.settings import LiveSettings
from pipelines.sources.body import BodyEncodingError, BodyTooLargeError, BodyTruncatedError, Kind, read_body
from pipelines.sources.clock import Clock, SystemClock
from pipelines.sources.pace import LeaveAloneError, Pace, read_window
from pipelines.sources.retry import HEALING_STATUS, GaveUpError, TransientError, Tries, read_retry_after
from pipelines.sources.transport import BoundedTransport, Patience

_ACCEPT = {
    "json": "application/json",
    "xml": "application/xml, application/atom+xml;q=0.9, text/xml;q=0.8, */*;q=0.1",
    "html": "text/html",
}
#: Headers that are not kept with a capture: they identify a session and say nothing of the listing.
_PRIVATE_HEADERS = ("set-cookie", "set-cookie2")
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, whole. `body` is unpacked; `tries` has a line for each try that failed before it."""

    asked_url: str
    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    n_wire_bytes: int
    sent_at: datetime
    answered_at: datetime
    tries: tuple[str, ...] = ()
    #: the server said that nothing changed (304); `body` is then the one that we already had
    is_unchanged: bool = False

    def request_info(self) -> dict[str, Any]:
        """Return what is kept beside the bytes: URLs, status, headers, times, tries."""
        return {
            "url": self.asked_url,
            "final_url": self.url,
            "status": self.status,
            "headers": self.headers,
            "sent_at": self.sent_at.isoformat(),
            "answered_at": self.answered_at.isoformat(),
            "n_wire_bytes": self.n_wire_bytes,
            "tries": list(self.tries),
        }


class FetchError(RuntimeError):
    """No answer that can be used: `reason` is one line; `answer` is the last one, where there was one."""

    def __init__(self, reason: str, answer: Answer | None = None, try_after: datetime | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.answer = answer
        self.try_after = try_after


@dataclass(frozen=True, slots=True)
class Known:
    """What we have of a URL already: the stored answer's headers, and how to load its body (None when damaged)."""

    headers: Mapping[str, str]
    load: Callable[[], bytes | None]


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked, how fast, what is expected, and how long the service wants quiet after a 429 without a word."""

    url: str
    pace: Pace
    kind: Kind
    quiet_s: float | None


@dataclass
class Tally:
    """What the client did: requests sent (redirects and tries included), bytes on the wire."""

    n_requests: int = 0
    n_wire_bytes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, n_requests: int, n_wire_bytes: int) -> None:
        """Count on, from any thread."""
        with self.lock:
            self.n_requests += n_requests
            self.n_wire_bytes += n_wire_bytes


class Client:
    """Use it as a context manager. It may be used from several threads; a pace decides how many make sense."""

    def __init__(
        self,
        settings: LiveSettings,
        clock: Clock | None = None,
        stop: threading.Event | None = None,
        jitter: random.Random | None = None,
        wrap: Callable[[httpx.BaseTransport], httpx.BaseTransport] = lambda transport: transport,
    ) -> None:
        self.settings = settings
        self.stop = stop or threading.Event()
        self.clock = clock or SystemClock(self.stop)
        self.tally = Tally()
        self._jitter = jitter or random.Random()  # noqa: S311 - spreads waits, guards nothing
        self._patience = Patience()
        contact = f"+{settings.contact}" if settings.contact else "no contact given"
        self._agent = f"papertrends/{__version__} ({contact})"
        self._moved_to = {urlsplit(u).netloc for u in (settings.arxiv_oai_url, settings.arxiv_api_url)}
        self._httpx = httpx.Client(
            transport=wrap(BoundedTransport(self.clock, self.stop, self._patience, settings.hf_concurrency)),
            timeout=httpx.Timeout(settings.read_s, connect=settings.connect_s),
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *exc: object) -> None:
        self._httpx.close()

    def tries(self) -> Tries:
        """Return fresh tries by the settings, for something whose failure only its reader can see."""
        s = self.settings
        return Tries(self.clock, s.max_tries, s.retry_total_s, self._jitter)

    def get(
        self, url: str, pace: Pace, kind: Kind, known: Known | None = None, quiet_s: float | None = None
    ) -> Answer:
        """Return the answer (status 200, or 304 with the stored body) to a GET of `url`.

        `quiet_s` is how long the service wants quiet after a 429 that does not say. Raises FetchError when there
        is none; an answer whose status is no success comes with it.
        """
        tries = self.tries()
        last: list[Answer] = []
        try:
            answer = tries.run(lambda: self._try(_Question(url, pace, kind, quiet_s), known, last))
        except GaveUpError as error:
            found = last[-1] if last else None
            raise FetchError(
                error.reason, found and replace(found, tries=tuple(tries.log)), error.try_after
            ) from error
        except LeaveAloneError as error:
            raise FetchError(f"not asked: {error}") from error
        return replace(answer, tries=tuple(tries.log))

    def _try(self, question: "_Question", known: Known | None, last: list[Answer]) -> Answer:
        """Ask once, redirects followed; TransientError when it may heal, FetchError when not."""
        url, pace = question.url, question.pace
        stored = known.load() if known else None
        target, validators = url, self._validators(known) if stored is not None else {}
        for _ in range(self.settings.max_redirects + 1):
            answer = self._exchange(question, target, validators)
            if answer.status not in _REDIRECTS:
                break
            target = self._redirected(answer, target)
        else:
            raise FetchError(f"more than {self.settings.max_redirects} redirects from {url}", answer)
        if answer.status == 304 and stored is not None and known is not None:
            # read again: it may have been lost since; then the next lines ask without validators
            if (body := known.load()) is not None:
                headers = {**known.headers, **answer.headers}  # a 304 leaves out what did not change
                return replace(answer, body=body, headers=headers, is_unchanged=True)
            return self._try(question, None, last)
        last.append(answer)
        if answer.status == 200:
            return answer
        said = f"the server answered {answer.status}"
        if answer.status not in HEALING_STATUS:
            raise FetchError(said, answer)
        wait_s = read_retry_after(answer.headers, self.clock.now())
        if answer.status == 429 and wait_s is None:
            window = read_window(answer.headers)
            wait_s = window.ends_in_s + 1 if window and window.left == 0 else question.quiet_s
        if wait_s:
            pace.leave_alone(wait_s)
        raise TransientError(said, wait_s)

    def _exchange(self, question: "_Question", url: str, validators: Mapping[str, str]) -> Answer:
        """Send one request when the pace allows it and read its answer within all bounds."""
        settings, kind, pace = self.settings, question.kind, question.pace
        headers = {
            "User-Agent": self._agent,
            "Accept": _ACCEPT[kind],
            "Accept-Encoding": "gzip",
            **validators,
        }
        if settings.hf_token and _origin(url) == _origin(settings.hf_url):
            headers["Authorization"] = f"Bearer {settings.hf_token}"
        pace.start(settings.retry_total_s)
        sent_at, received = self.clock.now(), {}
        self._patience.ends_at_s = self.clock.stopwatch() + settings.request_total_s
        n_wire = 0
        try:
            with self._httpx.stream("GET", url, headers=headers) as response:
                received = dict(response.headers)
                body, n_wire = read_body(response, kind, settings.max_wire_bytes, settings.max_body_bytes)
                status, final_url = response.status_code, str(response.url)
        except (httpx.TransportError, BodyTruncatedError) as error:
            raise TransientError(_explain(error)) from error
        except (BodyTooLargeError, BodyEncodingError, httpx.InvalidURL, httpx.DecodingError) as error:
            raise FetchError(str(error)) from error
        finally:
            self._patience.ends_at_s = float("inf")
            pace.end(received)
            self.tally.add(1, n_wire)
        kept = {k: v for k, v in received.items() if k not in _PRIVATE_HEADERS}
        return Answer(question.url, final_url, status, kept, body, n_wire, sent_at, self.clock.now())

    def _redirected(self, answer: Answer, url: str) -> str:
        """Return where a redirect leads. Raises FetchError when that is not a place we asked for."""
        try:
            target = urljoin(url, answer.headers.get("location", ""))
            here, there = urlsplit(url), urlsplit(target)
        except ValueError as error:
            raise FetchError("the server redirects to something that is no URL", answer) from error
        is_same = _origin(url) == _origin(target)
        # arXiv moved its OAI server; a host that the settings name as arXiv's is as good as the one asked
        is_known_move = there.netloc in self._moved_to and here.netloc in {
            *self._moved_to,
            "export.arxiv.org",
        }
        is_weaker = here.scheme == "https" and there.scheme != "https"
        if there.scheme not in ("http", "https") or is_weaker or not (is_same or is_known_move):
            raise FetchError(
                f"the server redirects to {target[:120]!r}, another place than was asked", answer
            )
        return target

    @staticmethod
    def _validators(known: Known | None) -> dict[str, str]:
        if known is None:
            return {}
        stored = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
        return {name: known.headers[of] for name, of in stored.items() if known.headers.get(of)}


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _explain(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"no whole answer in time ({error})"
    if isinstance(error, httpx.ConnectError):
        return f"no connection ({error})"
    return f"the connection broke ({error})" if isinstance(error, httpx.TransportError) else str(error)

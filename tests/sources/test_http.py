"""The polite client against a server that misbehaves in every way that was seen or is to be feared."""

import gzip
import json
import random
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from standin.clock import FakeClock
from standin.server import Reply, Request, StandIn, standing_in

from pipelines import __version__
from pipelines.settings import LiveSettings
from pipelines.sources.clock import Interrupted, SystemClock
from pipelines.sources.http import Answer, Client, FetchError, Known
from pipelines.sources.pace import GapPace, Window, WindowPace, read_window
from pipelines.sources.retry import read_retry_after

TOKEN = "hf_secret"  # noqa: S105 - of nobody
BODY = json.dumps([{"n": n} for n in range(2000)]).encode()
OK = Reply(BODY, headers={"Content-Type": "application/json"})


@pytest.fixture
def server(clock: FakeClock) -> Iterator[StandIn]:
    """Yield a server that answers every request well."""
    with standing_in(clock, lambda _: OK) as running:
        yield running


@pytest.fixture
def get(server: StandIn, clock: FakeClock) -> Callable[..., Answer]:
    """Return a GET through a fresh client with the settings given."""

    def get(path: str = "/x", known: Known | None = None, quiet_s: float | None = None, **changes) -> Answer:
        settings = replace(LiveSettings(hf_url=server.url, contact="mailto:a@example.org"), **changes)
        with Client(settings, clock, jitter=random.Random(0)) as client:
            url = path if path.startswith("http") else server.url + path
            return client.get(url, WindowPace(clock, 500, 300, 4), "json", known, quiet_s)

    return get


def test_it_says_who_it_is(get, server: StandIn) -> None:
    """Every request carries the project's name, version and a contact."""
    get()
    assert server.requests[0].headers["user-agent"] == f"papertrends/{__version__} (+mailto:a@example.org)"


def test_the_token_goes_to_its_own_host_only(get, server: StandIn, clock: FakeClock) -> None:
    """Hugging Face's token is sent to Hugging Face and to nobody else, and is in no message or capture."""
    answer = get(hf_token=TOKEN)
    assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in repr(answer.request_info()) + repr(LiveSettings(hf_token=TOKEN))
    with standing_in(clock, lambda _: OK) as other:
        get(other.url + "/x", hf_token=TOKEN)
        assert "authorization" not in other.requests[0].headers


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 501])
def test_what_cannot_heal_is_tried_once(get, server: StandIn, status: int) -> None:
    """An answer that another try cannot heal is not tried again, and comes with the error."""
    server.fault("/x", Reply(b'{"error":"no"}', status))
    with pytest.raises(FetchError, match=f"answered {status}") as caught:
        get()
    assert len(server.requests) == 1
    assert caught.value.answer
    assert caught.value.answer.body == b'{"error":"no"}'


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_can_heal_is_tried_again(get, server: StandIn, status: int) -> None:
    """A passing fault is waited out, and the tries are written down."""
    server.fault("/x", Reply(b"", status), Reply(b"", status))
    answer = get()
    assert answer.body == BODY
    assert answer.tries == (f"try 1: the server answered {status}", f"try 2: the server answered {status}")


def test_tries_have_an_end(get, server: StandIn, clock: FakeClock) -> None:
    """A fault that stays is given up after the allowed tries, with growing waits between them."""
    server.fault("/x", *[Reply(b"", 503)] * 20)
    with pytest.raises(FetchError, match=r"answered 503 \(4 tries\)"):
        get(max_tries=4)
    assert len(server.requests) == 4
    assert clock.sleeps == sorted(clock.sleeps)
    assert len(clock.sleeps) == 3


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "2"},
        {"Retry-After": "Fri, 20 Mar 2026 06:00:02 GMT"},
        {"RateLimit": '"api";r=0;t=2', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'},
    ],
)
def test_the_wait_that_is_asked_for_is_kept(get, server: StandIn, headers: dict[str, str]) -> None:
    """A 429 is waited out as long as it says, by Retry-After as seconds or date, or by its window."""
    server.fault("/x", Reply(b"", 429, headers))
    assert len(get().tries) == 1
    assert server.requests[1].at_s - server.requests[0].at_s >= 2


@pytest.mark.parametrize(
    ("asked", "until"),
    [
        ("86400", "2026-03-21 06:00"),
        ("Mon, 20 Mar 2056 06:00:00 GMT", "2027-03-21 06:00"),
        ("9999999999", "2027"),
    ],
)
def test_a_wait_beyond_all_bounds_ends_the_tries(
    get, server: StandIn, clock: FakeClock, asked: str, until: str
) -> None:
    """A server that wants more time than one page may take is told about, not waited for and not asked again."""
    server.fault("/x", Reply(b"", 429, {"Retry-After": asked}))
    with pytest.raises(FetchError, match=f"try after {until}"):
        get()
    assert len(server.requests) == 1
    assert clock.stopwatch() < 60


@pytest.mark.parametrize("asked", ["soon", "-5", "1e9", "Thu, 99 Foo 2026", "", "0"])
def test_a_senseless_wait_is_not_believed(get, server: StandIn, asked: str) -> None:
    """A Retry-After that makes no sense is as good as none: the usual wait is kept, the request succeeds."""
    server.fault("/x", Reply(b"", 503, {"Retry-After": asked}))
    before = server.clock.stopwatch()
    get()
    assert 1 <= server.clock.stopwatch() - before <= 2


def test_a_service_that_wants_quiet_is_not_asked_for_other_things(server: StandIn, clock: FakeClock) -> None:
    """After a long Retry-After nothing else is asked of the service either; the reason says so."""
    server.fault("/x", Reply(b"", 429, {"Retry-After": "86400"}))
    pace = WindowPace(clock, 500, 300, 4)
    with Client(LiveSettings(), clock) as client:
        for path in ("/x", "/y"):
            with pytest.raises(FetchError) as caught:
                client.get(server.url + path, pace, "json")
    assert caught.value.reason.startswith("not asked: the server asked to be left alone")
    assert [r.path for r in server.requests] == ["/x"]


@pytest.mark.parametrize(
    "broken",
    [
        Reply(BODY, flaw="cut", n_sent=100),
        Reply(BODY, flaw="reset"),
        Reply(BODY[:-9], flaw="unannounced"),
        Reply(OK.packed.body[:-20], headers=OK.packed.headers),
        Reply(OK.packed.body[:-20], headers=OK.packed.headers, flaw="unannounced"),
        Reply(b"", headers=OK.headers, flaw="unannounced"),
    ],
    ids=["short", "reset", "early close", "gzip cut", "gzip cut, early close", "nothing, early close"],
)
def test_a_body_that_broke_off_is_never_given_on(get, server: StandIn, broken: Reply) -> None:
    """A cut answer is tried again; when it stays cut it is an error, never a shorter listing."""
    server.fault("/x", broken)
    answer = get()
    assert (answer.body, len(answer.tries)) == (BODY, 1)
    server.fault("/x", *[broken] * 9)
    with pytest.raises(FetchError):
        get()


@pytest.mark.parametrize(
    "reply", [OK, OK.packed, replace(OK, flaw="unannounced"), replace(OK.packed, flaw="unannounced")]
)
def test_a_whole_body_is_taken_however_it_came(get, server: StandIn, reply: Reply) -> None:
    """Packed or plain, announced or not, a whole body is taken as it is."""
    server.fault("/x", reply)
    answer = get()
    assert (answer.body, answer.tries) == (BODY, ())


def test_several_gzip_members_are_one_body(get, server: StandIn) -> None:
    """A body that was packed in pieces is unpacked to all of them."""
    packed = gzip.compress(BODY[:5000]) + gzip.compress(BODY[5000:])
    server.fault("/x", Reply(packed, headers={"Content-Encoding": "gzip"}))
    assert get().body == BODY


def test_a_packing_that_was_not_asked_for_is_refused(get, server: StandIn) -> None:
    """Only what was offered is unpacked."""
    server.fault("/x", Reply(BODY, headers={"Content-Encoding": "br"}))
    with pytest.raises(FetchError, match="'br', which was not asked for"):
        get()
    assert server.requests[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("is_packed", [True, False])
def test_a_bomb_is_stopped_at_the_cap(get, server: StandIn, is_packed: bool) -> None:
    """128 MiB, packed small or plain, are refused at the cap, without ever being held."""
    body = gzip.compress(bytes(128 * 2**20), 9) if is_packed else bytes(128 * 2**20)
    server.fault("/x", Reply(body, headers={"Content-Encoding": "gzip"} if is_packed else {}))
    cap = 4 * 2**20
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="bytes"):
            get(max_body_bytes=cap, max_wire_bytes=cap)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * cap
    assert len(server.requests) == 1


@pytest.mark.parametrize("flaw", ["drip", "drip_headers"])
def test_a_drip_is_cut_by_the_total_time(get, server: StandIn, flaw: str) -> None:
    """A byte every fifth of a second keeps no request alive beyond its total time, in the headers or in the body."""
    server.fault("/x", replace(OK, flaw=flaw))
    answer = get(request_total_s=10, read_s=5)
    assert answer.body == BODY
    assert answer.tries[0].startswith("try 1: no whole answer in time")
    assert server.requests[1].at_s < 20


@pytest.mark.parametrize(
    "target",
    [
        "http://example.org/x",
        "file:///etc/passwd",
        "//example.org/x",
        "ftp://127.0.0.1/x",
        "/loop",
        "http://[bad/",
    ],
)
def test_redirects_lead_nowhere_else(get, server: StandIn, target: str) -> None:
    """Another host, another scheme, and a loop are refused after as few requests as it takes to see them."""
    server.routes.insert(
        0, lambda r: Reply(b"", 302, {"Location": target}) if r.path in ("/x", "/loop") else None
    )
    with pytest.raises(FetchError, match="redirect"):
        get()
    assert len(server.requests) <= LiveSettings().max_redirects + 1


def test_a_redirect_on_the_same_host_is_followed(get, server: StandIn) -> None:
    """A redirect that stays is followed; the answer says where it came from in the end."""
    server.fault("/x", Reply(b"", 301, {"Location": "/y?z=1"}))
    answer = get()
    assert (answer.asked_url, answer.url) == (server.url + "/x", server.url + "/y?z=1")


def test_only_the_known_move_between_hosts_is_followed(get, server: StandIn, clock: FakeClock) -> None:
    """The settings name arXiv's hosts; a redirect between those is followed, others are not."""
    with standing_in(clock, lambda _: OK) as new:
        server.fault("/oai2", *[Reply(b"", 301, {"Location": new.url + "/oai"})] * 2)
        with pytest.raises(FetchError, match="another place"):
            get("/oai2")
        answer = get("/oai2", arxiv_api_url=server.url + "/api", arxiv_oai_url=new.url + "/oai")
        assert answer.url == new.url + "/oai"


def test_304_gives_the_stored_body(get, server: StandIn) -> None:
    """A 304 counts as the body that is stored, asked with its validators."""
    server.fault("/x", Reply(b"", 304, {"ETag": '"a"'}))
    answer = get(
        known=Known({"etag": '"a"', "last-modified": "Thu, 12 Mar 2026 00:00:00 GMT"}, lambda: b"[1]")
    )
    assert (answer.body, answer.is_unchanged) == (b"[1]", True)
    assert server.requests[0].headers["if-none-match"] == '"a"'
    assert server.requests[0].headers["if-modified-since"] == "Thu, 12 Mar 2026 00:00:00 GMT"


def test_without_the_stored_body_no_validator_is_sent(get, server: StandIn) -> None:
    """When the stored body is gone the whole answer is asked for."""
    answer = get(known=Known({"etag": '"a"'}, lambda: None))
    assert "if-none-match" not in server.requests[0].headers
    assert answer.body == BODY


def test_a_body_that_is_lost_meanwhile_is_asked_for_again(get, server: StandIn) -> None:
    """A 304 for a body that has vanished since is followed by a request for all of it."""
    server.fault("/x", Reply(b"", 304))
    bodies = iter([b"[1]", None])
    answer = get(known=Known({"etag": '"a"'}, lambda: next(bodies, None)))
    assert (answer.body, answer.is_unchanged, len(server.requests)) == (BODY, False, 2)


def test_a_304_that_nobody_asked_for_is_an_error(get, server: StandIn) -> None:
    """A 304 to an unconditional request is no empty answer."""
    server.fault("/x", Reply(b"", 304))
    with pytest.raises(FetchError, match="answered 304"):
        get()


def test_no_server_is_an_error_with_few_tries(get) -> None:
    """A closed port and a name that does not exist are tried a few times and then told."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}/x", "http://nowhere.invalid/x"):
        with pytest.raises(FetchError, match=r"no connection \(.*\) \(3 tries\)"):
            get(url, max_tries=3)


def test_stop_ends_a_request_that_hangs(clock: FakeClock) -> None:
    """A request to a server that never answers ends within a second of the run being told to stop."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        stop = threading.Event()
        with Client(LiveSettings(), SystemClock(stop), stop) as client:
            ended: list[BaseException] = []

            def ask() -> None:
                try:
                    client.get(f"http://127.0.0.1:{silent.getsockname()[1]}/", GapPace(clock, 3), "json")
                except BaseException as error:
                    ended.append(error)

            thread = threading.Thread(target=ask)
            thread.start()
            connection, _ = silent.accept()
            stop.set()
            thread.join(5)
            connection.close()
    assert isinstance(ended[0], Interrupted)


def test_stop_ends_a_sleep() -> None:
    """Nobody has to wait for a wait."""
    stop = threading.Event()
    stop.set()
    with pytest.raises(Interrupted):
        SystemClock(stop).sleep_until(SystemClock().stopwatch() + 3600)


@pytest.mark.parametrize(
    ("limit", "policy", "expected"),
    [
        ('"api";r=489;t=55', '"fixed window";"api";q=500;w=300', Window(489, 55.0, 500)),
        ('"api"; r=0; t=1', "", Window(0, 1.0, None)),
        ("", "", None),
        ("r=5", "", None),
        ('"api";r=٣;t=5', "", None),
        ('"api";r=1.5;t=5', "", None),
    ],
)
def test_ratelimit_headers(limit: str, policy: str, expected: Window | None) -> None:
    """What the draft's headers say is read, and what is none of it is not guessed at."""
    assert read_window({"ratelimit": limit, "ratelimit-policy": policy}) == expected


@contextmanager
def counted(clock: FakeClock, quota: int, window_s: float) -> Iterator[StandIn]:
    """Yield a server with a counted window that fails a request beyond it."""
    windows: dict[str, float] = {"start": float("-inf"), "used": 0}
    lock = threading.Lock()

    def route(request: Request) -> Reply:
        with lock:
            if request.at_s >= windows["start"] + window_s:
                windows.update(start=request.at_s, used=0)
            windows["used"] += 1
            left, ends = quota - windows["used"], windows["start"] + window_s - request.at_s
        headers = {"RateLimit": f'"api";r={max(0, int(left))};t={int(ends)}'}
        return Reply(BODY, headers=headers) if left >= 0 else Reply(b"", 429, headers)

    with standing_in(clock, route) as running:
        yield running


def test_a_window_is_used_and_never_overdrawn(clock: FakeClock) -> None:
    """Requests come as fast as the window allows, and none is ever answered 429, whatever we assumed before."""
    with counted(clock, 20, 60) as server, Client(LiveSettings(), clock) as client:
        pace = WindowPace(clock, 500, 300, 4)
        answers = [client.get(f"{server.url}/{n}", pace, "json") for n in range(100)]
    assert all(a.tries == () for a in answers)
    assert 240 <= clock.stopwatch() <= 250


def test_without_headers_the_assumed_window_is_kept(clock: FakeClock) -> None:
    """A server that says nothing of its limits is asked no faster than the documented quota."""
    with standing_in(clock, lambda _: OK) as server, Client(LiveSettings(), clock) as client:
        pace = WindowPace(clock, 10, 300, 4)
        for n in range(25):
            client.get(f"{server.url}/{n}", pace, "json")
        times = [r.at_s for r in server.requests]
    assert [sum(1 for t in times if a <= t < a + 300) for a in (0, 300, 600)] == [10, 10, 5]


def test_retry_after_is_never_negative() -> None:
    """A date that is over asks for no wait."""
    now = datetime(2026, 3, 20, tzinfo=UTC)
    assert read_retry_after({"retry-after": "Thu, 19 Mar 2026 00:00:00 GMT"}, now) == 0


def test_no_proxy_or_password_comes_from_the_environment(get, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where requests go is in the settings alone."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert get().status == 200
    assert httpx.__version__ == "0.28.1"  # transport.py reaches into the pool of this version

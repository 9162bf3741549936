"""Measures a back-fill of 1,000 days of daily papers against the stand-in at Hugging Face's real limits.

    .venv/bin/python benchmarks/backfill.py [--days 1000] [--latency 0.4] [--concurrency 4]

The requests are real ones to a local server; only time is simulated: each answer takes `latency` seconds of it, and
the server counts its windows in it. The floor is what no client can beat: all windows but the last have to end.
"""

import argparse
import sys
import tempfile
import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import ceil
from pathlib import Path

import httpx

PROJECT_DIR = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT_DIR), str(PROJECT_DIR / "tests")]  # the stand-in is the tests' own

from standin.huggingface import HuggingFace  # noqa: E402
from standin.server import standing_in  # noqa: E402

from pipelines.lake.captures import CaptureStore  # noqa: E402
from pipelines.settings import LiveSettings  # noqa: E402
from pipelines.sources.http import Client  # noqa: E402
from pipelines.sources.live import capture_source  # noqa: E402
from pipelines.sources.session import Session  # noqa: E402

SOURCE = "huggingface_daily"
QUOTA, WINDOW_S = 500, 300.0
#: Real seconds without anyone looking at the clock, after which a thread that is not asleep is taken to be idle.
IDLE_S = 0.05


class SimulatedClock:
    """Moves on only when every thread that asks is asleep, so work takes no time and waits overlap as they would."""

    def __init__(self, start: datetime) -> None:
        self._start, self._now_s = start, 0.0
        self._changed = threading.Condition()
        self._asleep: dict[int, float] = {}
        self._askers: set[int] = set()
        self._touched = time.monotonic()

    def _touch(self) -> None:
        if threading.current_thread().name.startswith(SOURCE):
            self._askers.add(threading.get_ident())
        self._touched = time.monotonic()

    def now(self) -> datetime:
        """Return the simulated time."""
        return self._start + timedelta(seconds=self.stopwatch())

    def stopwatch(self) -> float:
        """Return simulated seconds."""
        with self._changed:
            self._touch()
            return self._now_s

    def pass_(self, seconds: float) -> None:
        """Sleep on."""
        self.sleep_until(self._now_s + seconds)

    def sleep_until(self, at_s: float) -> None:
        """Sleep until the simulated time is `at_s`."""
        me = threading.get_ident()
        with self._changed:
            self._touch()
            if at_s > self._now_s:
                self._asleep[me] = at_s
            while self._now_s < at_s:
                is_idle = time.monotonic() - self._touched > IDLE_S
                if is_idle or self._askers <= self._asleep.keys():
                    self._now_s = min(self._asleep.values())
                    self._asleep = {who: at for who, at in self._asleep.items() if at > self._now_s}
                    self._touched = time.monotonic()
                    self._changed.notify_all()
                else:
                    self._changed.wait(IDLE_S)


class Slow(httpx.BaseTransport):
    """Makes every answer take its time."""

    def __init__(self, inner: httpx.BaseTransport, clock: SimulatedClock, latency_s: float) -> None:
        self._inner, self._clock, self._latency_s = inner, clock, latency_s

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on and wait."""
        response = self._inner.handle_request(request)
        self._clock.sleep_until(self._clock.stopwatch() + self._latency_s)
        return response

    def close(self) -> None:
        """Close the sockets."""
        self._inner.close()


def main() -> None:
    """Run the back-fill and print what it took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=int, default=1000)
    parser.add_argument("--latency", type=float, default=0.4, help="seconds from request to answer")
    parser.add_argument("--concurrency", type=int, default=LiveSettings.hf_concurrency)
    given = parser.parse_args()
    today = date(2026, 11, 20)
    clock = SimulatedClock(datetime(2026, 11, 20, 6, tzinfo=UTC))
    hf = HuggingFace(clock, today, quota=QUOTA, window_s=WINDOW_S)
    days = [today - timedelta(days=n) for n in range(given.days, 0, -1)]
    with standing_in(clock, hf) as server, tempfile.TemporaryDirectory() as folder:  # type: ignore[arg-type]
        settings = LiveSettings(hf_url=server.url, hf_concurrency=given.concurrency, today=today)
        # sockets see real time: the simulated one jumps over windows
        client = Client(
            replace(settings, request_total_s=1e9), clock, wrap=lambda t: Slow(t, clock, given.latency)
        )
        started = time.monotonic()
        with Session(settings, client=client) as session:
            report = capture_source(SOURCE, CaptureStore(Path(folder)), settings, days, session=session)
        real_s = time.monotonic() - started
        n_429 = sum(len(c.request["tries"]) for c in CaptureStore(Path(folder)).captures())
        n_requests = len(server.requests)
    expected = sum(len(hf.listed(day)) for day in days)
    got = sum(j.n_records for j in report.days)
    floor_s = (ceil(n_requests / QUOTA) - 1) * WINDOW_S + given.latency
    states = {s: sum(1 for j in report.days if j.state == s) for s in sorted({j.state for j in report.days})}
    print(
        f"days {len(report.days):,}  requests {n_requests:,}  refused by the limit {n_429}  states {states}"
    )
    print(f"papers {got:,} of {expected:,} listed")
    print(
        f"simulated {clock.stopwatch():,.0f} s; at the limit's mean rate {n_requests / QUOTA * WINDOW_S:,.0f} s"
    )
    print(f"floor {floor_s:,.0f} s; ratio to the floor {clock.stopwatch() / floor_s:.2f}")
    print(f"real {real_s:,.1f} s, {1000 * real_s / len(report.days):.1f} ms a day")


if __name__ == "__main__":
    main()

"""A clock that tests turn: sleeping takes no time and is written down."""

import threading
from datetime import UTC, datetime, timedelta


class FakeClock:
    """Shows the time that was set; a sleep moves it on at once, never back, from whatever thread."""

    def __init__(self, now: datetime = datetime(2026, 3, 20, 6, tzinfo=UTC)) -> None:
        self._start, self._passed_s = now, 0.0
        self._lock = threading.Lock()
        self.sleeps: list[float] = []

    def now(self) -> datetime:
        """Return the shown time."""
        return self._start + timedelta(seconds=self._passed_s)

    def stopwatch(self) -> float:
        """Return seconds since the clock was made."""
        return self._passed_s

    def sleep_until(self, at_s: float) -> None:
        """Move on to `at_s`."""
        with self._lock:
            if at_s > self._passed_s:
                self.sleeps.append(at_s - self._passed_s)
                self._passed_s = at_s

    def pass_(self, seconds: float) -> None:
        """Let time pass without anyone sleeping."""
        with self._lock:
            self._passed_s += seconds

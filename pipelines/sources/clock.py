"""Time as the live sources see it: a wall clock, a stopwatch and a sleep that can be given, and be broken off."""

import threading
import time
from datetime import UTC, datetime
from typing import Protocol


class Interrupted(BaseException):
    """Someone asked the run to stop; nothing catches this but the run's end."""


class Clock(Protocol):
    """What the client needs of time. Stopwatch values are seconds that only differences of mean anything."""

    def now(self) -> datetime:
        """Return the wall clock's time, in UTC."""

    def stopwatch(self) -> float:
        """Return seconds from a clock that never goes back."""

    def sleep_until(self, at_s: float) -> None:
        """Return when the stopwatch shows `at_s`. Raises Interrupted when the run is told to stop."""


class SystemClock:
    """The machine's own time. `stop` ends every sleep."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self._stop = stop or threading.Event()

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)

    def stopwatch(self) -> float:
        """Return the machine's monotonic time in seconds."""
        return time.monotonic()

    def sleep_until(self, at_s: float) -> None:
        """Sleep until the stopwatch shows `at_s`, or raise Interrupted as soon as `stop` is set."""
        while (left_s := at_s - time.monotonic()) > 0:
            if self._stop.wait(min(left_s, 3600)):
                raise Interrupted

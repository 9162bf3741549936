"""How fast one service may be asked: arXiv by a gap between requests, Hugging Face by its own counted windows.

A pace only says when the next request may start. Tries and their waits are in `retry`; a server's wish to be left
alone for a while is kept here, because it binds every request to that service.
"""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.sources.clock import Clock

#: A window that is said to end later than the one we know of by more than this is another window.
SAME_WINDOW_S = 2.0
#: Added to the seconds that a server says are left of its window: its clock cuts, ours does not.
AFTER_WINDOW_S = 1.0


class LeaveAloneError(RuntimeError):
    """The service asked to be left alone for longer than we are ready to wait: no request was made."""

    def __init__(self, left_s: float) -> None:
        super().__init__(f"the server asked to be left alone for another {left_s:.0f} s")
        self.left_s = left_s


class Pace:
    """The common part: a service that asked to be left alone is left alone."""

    #: how many requests may be under way at a time
    concurrency = 1

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._alone_until_s = float("-inf")

    def leave_alone(self, seconds: float) -> None:
        """Start no request for `seconds`."""
        with self._lock:
            self._alone_until_s = max(self._alone_until_s, self.clock.stopwatch() + seconds)

    def start(self, patience_s: float) -> None:
        """Return when a request may start. Raises LeaveAloneError when the server's own wish exceeds `patience_s`."""
        while True:
            now_s = self.clock.stopwatch()
            if (left_s := self._alone_until_s - now_s) > 0:
                if left_s > patience_s:
                    raise LeaveAloneError(left_s)
                self.clock.sleep_until(self._alone_until_s)
                continue
            with self._lock:
                free_at_s = self._take(now_s)
            if free_at_s is None:
                return
            self.clock.sleep_until(free_at_s)

    def _take(self, now_s: float) -> float | None:
        """Take a turn and return None, or return when it is worth trying again."""
        raise NotImplementedError

    def end(self, headers: Mapping[str, str]) -> None:
        """Note that a request ended, with what its answer said of the limits."""
        raise NotImplementedError


class GapPace(Pace):
    """One request at a time, and at least `gap_s` from the end of one answer to the start of the next request.

    Counted from the end, because what the server sees is when requests arrive, and a slow connection would
    otherwise let two arrive closer together than they were started.
    """

    def __init__(self, clock: Clock, gap_s: float) -> None:
        super().__init__(clock)
        self._gap_s = gap_s
        self._next_at_s = float("-inf")

    def _take(self, now_s: float) -> float | None:
        return self._next_at_s if now_s < self._next_at_s else None

    def end(self, headers: Mapping[str, str]) -> None:  # noqa: ARG002 - arXiv says nothing of its limits
        """Start the gap."""
        with self._lock:
            self._next_at_s = self.clock.stopwatch() + self._gap_s


@dataclass(frozen=True, slots=True)
class Window:
    """What a RateLimit header says: requests left and seconds to the end of the window, and its size if told."""

    left: int
    ends_in_s: float
    quota: int | None = None


def read_window(headers: Mapping[str, str]) -> Window | None:
    """Return what the answer says of its window (draft-ietf-httpapi-ratelimit-headers), None when it says nothing.

    >>> read_window({"ratelimit": '"api";r=489;t=55', "ratelimit-policy": '"fixed window";"api";q=500;w=300'})
    Window(left=489, ends_in_s=55.0, quota=500)
    """
    limit, policy = headers.get("ratelimit", ""), headers.get("ratelimit-policy", "")
    left = re.search(r";\s*r=(\d{1,9})(?![\d.])", limit, re.ASCII)
    ends = re.search(r";\s*t=(\d{1,9})(?![\d.])", limit, re.ASCII)
    if left is None or ends is None:
        return None
    quota = re.search(r";\s*q=(\d{1,9})(?![\d.])", policy, re.ASCII)
    return Window(int(left[1]), float(ends[1]), int(quota[1]) if quota else None)


class WindowPace(Pace):
    """At most so many requests in a window; what the server says of its window replaces what we assume of it."""

    def __init__(self, clock: Clock, quota: int, window_s: float, concurrency: int) -> None:
        super().__init__(clock)
        self.concurrency = concurrency
        self._quota, self._window_s = quota, window_s
        self._left, self._ends_at_s = 0, float("-inf")
        self._n_under_way = 0

    def _take(self, now_s: float) -> float | None:
        if now_s >= self._ends_at_s:
            self._left, self._ends_at_s = self._quota, now_s + self._window_s
        if self._left <= 0:
            return self._ends_at_s
        self._left -= 1
        self._n_under_way += 1
        return None

    def end(self, headers: Mapping[str, str]) -> None:
        """Count the request as over, and believe what its answer says of the window."""
        said = read_window(headers)
        with self._lock:
            self._n_under_way = max(0, self._n_under_way - 1)
            if said is None:
                return
            ends_at_s = self.clock.stopwatch() + said.ends_in_s + AFTER_WINDOW_S
            if abs(ends_at_s - self._ends_at_s) <= SAME_WINDOW_S:
                # our own count is exact; the server's is lower when others at our address ask it too
                self._left = min(self._left, said.left)
            else:
                # those under way may not be counted yet by the server, so they are taken off what it says is left
                self._left = max(0, said.left - self._n_under_way)
            self._ends_at_s = ends_at_s
            self._quota = said.quota or self._quota

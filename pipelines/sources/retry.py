"""Which failures of a request are worth another try, and how long to wait before it. Trying itself is tenacity's.

The wait that a server asks for is honoured when it fits into the time that one page may take in all, and else
ends the tries at once: asking earlier than told would be rude, and waiting for ever would help nobody.
"""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type

from pipelines.sources.clock import Clock

#: Answers that another try may heal; every other one is tried exactly once.
HEALING_STATUS = (408, 429, 500, 502, 503, 504)
FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 60.0
#: A server that asks for more than a year of quiet is told as having asked for a year.
LONGEST_SAID_S = 366 * 86400.0

T = TypeVar("T")


class TransientError(RuntimeError):
    """A failure that another try may heal. `wait_s` is what the server asked to wait, where it did."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait_s = wait_s


class GaveUpError(RuntimeError):
    """The tries are over. `try_after` is when the server wants to be asked again, where it said so."""

    def __init__(self, reason: str, try_after: datetime | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.try_after = try_after


def read_retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that Retry-After asks for (a number or a date), None when it is absent or makes no sense."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,10}", text):
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())


@dataclass
class Tries:
    """How often and how long one thing is tried; `log` keeps a line a failed try."""

    clock: Clock
    max_tries: int
    total_s: float
    jitter: random.Random
    log: list[str] = field(default_factory=list)

    def run(self, attempt: Callable[[], T]) -> T:
        """Return what `attempt` returns, tried again after a TransientError. Raises GaveUpError when tries are over."""
        started_s = self.clock.stopwatch()

        def wait(state: RetryCallState) -> float:
            error = _error_of(state)
            if error.wait_s is not None and error.wait_s > 0:
                return error.wait_s
            longest_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** (state.attempt_number - 1))
            return longest_s * (0.5 + self.jitter.random() / 2)

        def is_over(state: RetryCallState) -> bool:
            error = _error_of(state)
            self.log.append(f"try {state.attempt_number}: {error.reason}")
            spent_s = self.clock.stopwatch() - started_s
            return state.attempt_number >= self.max_tries or spent_s + state.upcoming_sleep > self.total_s

        def give_up(state: RetryCallState) -> T:
            error, n_tries = _error_of(state), state.attempt_number
            tried = "1 try" if n_tries == 1 else f"{n_tries} tries"
            if error.wait_s is None:
                raise GaveUpError(f"{error.reason} ({tried})") from error
            at = self.clock.now() + timedelta(seconds=min(error.wait_s, LONGEST_SAID_S))
            raise GaveUpError(f"{error.reason} ({tried}); try after {at:%Y-%m-%d %H:%M} UTC", at) from error

        retrying = Retrying(
            retry=retry_if_exception_type(TransientError),
            wait=wait,
            stop=is_over,
            sleep=lambda seconds: self.clock.sleep_until(self.clock.stopwatch() + seconds),
            retry_error_callback=give_up,
        )
        return retrying(attempt)


def _error_of(state: RetryCallState) -> TransientError:
    error = state.outcome.exception() if state.outcome else None
    assert isinstance(error, TransientError)  # noqa: S101 - the only error that is retried
    return error

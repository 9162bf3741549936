"""Live listings: which there are, capturing days of one, and reading a capture of one again, offline.

How one listing is asked is in its own file beside this; politeness is in `http`, judgement in `guards`, and what
was judged in `ledger`. Nothing here knows Dagster.

A listing may come in several pages. Each page is one capture, written to the journal as it comes, before it is
read; all pages of one reading share `request["reading"]`, and each names those before it in `request["earlier"]`.
A reading counts only when the ledger holds a judgement that accepts it, so a reading that was cut short never does.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pipelines.lake.captures import Capture, CaptureStore
from pipelines.settings import LiveSettings
from pipelines.sources.record import Listing

#: State of one day of one listing. The first three are good; `open` is a day that has not ended or that still has
#: to be confirmed empty; `refused` answers were understood and not believed; `failed` ones never came.
State = Literal["ok", "unchanged", "empty_confirmed", "open", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class LiveSource:
    """One live listing. `cadence` is day (asked day by day, any past day) or snapshot (only today can be asked)."""

    name: str
    cadence: Literal["day", "snapshot"]
    first_date: date
    is_population: bool
    description: str


@dataclass(frozen=True, slots=True)
class DayReport:
    """What became of one day (of one query, where a source asks several). `reasons` are lines for a person."""

    source: str
    query: str | None
    day: date
    state: State
    n_records: int
    reasons: tuple[str, ...] = ()
    capture_ids: tuple[str, ...] = ()


@dataclass(slots=True)
class CaptureReport:
    """What a call of capture_source did: the days it asked, and those it left because they were good already."""

    source: str
    days: list[DayReport] = field(default_factory=list)
    n_skipped: int = 0
    n_requests: int = 0
    n_bytes: int = 0
    #: new, missing and retyped fields of the answers, with how many items showed each
    drift: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def bad(self) -> list[DayReport]:
        """The days that were refused or failed."""
        return [d for d in self.days if d.state in ("refused", "failed")]


LIVE_SOURCES: dict[str, LiveSource] = {}

#: Called after every judged day with its report, how many days are done, and how many there are.
Progress = Callable[[DayReport, int, int], None]


def capture_source(
    name: str,
    store: CaptureStore,
    settings: LiveSettings,
    days: Sequence[date],
    progress: Progress | None = None,
    *,
    accept_shrink: Collection[date] = (),
) -> CaptureReport:
    """Ask `name` for those of `days` that are missing or still grow, and judge each answer.

    Every answer is stored before it is read. Days of the future and before the source's first are refused with
    SettingsError before any request. `accept_shrink` names days whose next answer is taken although it is smaller
    or emptier than it should be; that is recorded. A day that fails does not stop the others.
    """
    raise NotImplementedError


def read_capture(store: CaptureStore, capture: Capture) -> Listing:
    """Return the listing that one accepted capture of a live source holds; only stored bytes are read.

    Positions go on over the pages of one reading, and papers that an earlier page held are left out.
    Raises UnreadableListing or CaptureDamagedError.
    """
    raise NotImplementedError


def judgements(store: CaptureStore) -> Mapping[str, DayReport]:
    """Return the last judgement of every judged capture by capture id; one that is absent is to be left unread.

    The captures to read are those whose state is ok, open or empty_confirmed; refused ones give their reasons.
    """
    raise NotImplementedError

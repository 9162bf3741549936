"""Live listings: which there are, capturing days of one, and reading a capture of one again, offline.

How one listing is asked is in its own file beside this; politeness is in `http` and `pace`, judgement in `guards`,
and what was judged in `ledger`. Nothing here knows Dagster.

A listing may come in several pages. Each page is one capture, written to the journal as it comes, before it is
read; `request["reading"]` tells readings and pages apart, and `request["earlier"]` names the pages before it. A
capture counts only when the ledger holds a judgement that takes it, so a reading that was cut short never does.
"""

from collections import deque
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from pipelines.lake.captures import Capture, CaptureStore
from pipelines.settings import LiveSettings, SettingsError
from pipelines.sources.arxiv import Arxiv
from pipelines.sources.channel import Asked, Channel, LiveSource
from pipelines.sources.drift import add_drift
from pipelines.sources.guards import CONFIRM_AFTER, judge, past_of
from pipelines.sources.huggingface_daily import HuggingFaceDaily
from pipelines.sources.huggingface_html import HuggingFaceHtml
from pipelines.sources.huggingface_search import HuggingFaceSearch
from pipelines.sources.huggingface_trending import HuggingFaceTrending
from pipelines.sources.ledger import BAD, GOOD, READ, Judgement, Ledger
from pipelines.sources.pace import GapPace, Pace
from pipelines.sources.readings import Keeper, Reader, Reading, in_one
from pipelines.sources.record import Listing, UnreadableListing
from pipelines.sources.session import Session
from pipelines.version import parser_version

_ALL: tuple[Channel, ...] = (
    HuggingFaceDaily(),
    HuggingFaceTrending(),
    HuggingFaceSearch(),
    HuggingFaceHtml(),
    Arxiv(),
)
CHANNELS: dict[str, Channel] = {channel.source.name: channel for channel in _ALL}
LIVE_SOURCES: dict[str, LiveSource] = {name: channel.source for name, channel in CHANNELS.items()}

#: After this many days in a row that failed, the source is taken to be down and is left alone.
MAX_FAILED_IN_A_ROW = 5

#: Called after every judged day with its judgement, how many days are done, and how many there are.
Progress = Callable[[Judgement, int, int], None]


@dataclass(slots=True)
class CaptureReport:
    """What a call of capture_source did: the judgements of the days it asked, and how many it left as good already."""

    source: str
    days: list[Judgement] = field(default_factory=list)
    n_skipped: int = 0
    n_requests: int = 0
    n_wire_bytes: int = 0
    #: fields by kind (new, missing, retyped) and name, with how many items showed each
    drift: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def bad(self) -> list[Judgement]:
        """The days that were refused or failed."""
        return [d for d in self.days if d.state in BAD]


def capture_source(
    name: str,
    store: CaptureStore,
    settings: LiveSettings,
    days: Sequence[date],
    progress: Progress | None = None,
    *,
    accept_shrink: Collection[date] = (),
    session: Session | None = None,
) -> CaptureReport:
    """Ask `name` for those of `days` that are missing or still grow, and judge each answer.

    Every answer is stored before it is read. Unknown sources, days of the future and days before the source's
    first are refused with SettingsError before any request. `accept_shrink` names days that are asked in any case
    and whose answer is taken although it is smaller or emptier than it should be; that is recorded. A day that
    fails does not stop the others; a source that fails day after day is left alone.
    """
    channel = CHANNELS.get(name)
    if channel is None:
        raise SettingsError(f"{name!r} is no live source; there are {', '.join(sorted(CHANNELS))}")
    chosen = _chosen_days(channel.source, sorted({*days, *accept_shrink}), settings.today)
    ledger = Ledger(store.folder)
    with _session(session, settings) as running:
        now = running.client.clock.now()
        units = [
            (query, day)
            for day in chosen
            for query in channel.queries(settings)
            if day in accept_shrink
            or _is_due(channel.source, ledger.last(name, query, day), day, settings, now)
        ]
        report = CaptureReport(name, n_skipped=len(chosen) * len(channel.queries(settings)) - len(units))
        unconfirmed: list[tuple[int, Reading]] = []
        n_requests, n_wire = running.client.tally.n_requests, running.client.tally.n_wire_bytes
        try:
            with closing(_readings(channel, store, ledger, running, units)) as readings:
                for n_done, reading in enumerate(readings, 1):
                    judged = _judged(channel.source, reading, ledger, settings, accept_shrink)
                    if reading.was_asked:
                        ledger.add(judged)
                    if reading.problem is None and judged.state == "open":
                        unconfirmed.append((n_done - 1, reading))
                    add_drift(report.drift, judged.drift)
                    report.days.append(judged)
                    if progress:
                        progress(judged, n_done, len(units))
            # an empty day at the start of a range could not be seen beside its neighbours when it was judged
            for place, reading in unconfirmed:
                judged = _judged(channel.source, reading, ledger, settings, accept_shrink)
                if judged.state != "open":
                    ledger.add(judged)
                    report.days[place] = judged
        finally:
            report.n_requests = running.client.tally.n_requests - n_requests
            report.n_wire_bytes = running.client.tally.n_wire_bytes - n_wire
    return report


def due_days(name: str, store: CaptureStore, settings: LiveSettings, days: Sequence[date]) -> list[date]:
    """Return those of `days` that capture_source would ask now: missing, bad, unfinished, or young. Asks nothing."""
    channel, ledger, now = CHANNELS[name], Ledger(store.folder), datetime.now(UTC)
    return [
        day
        for day in days
        if any(
            _is_due(channel.source, ledger.last(name, query, day), day, settings, now)
            for query in channel.queries(settings)
        )
    ]


@contextmanager
def _session(session: Session | None, settings: LiveSettings) -> Iterator[Session]:
    if session is not None:
        yield session
        return
    with Session(settings) as own:
        yield own


def _chosen_days(source: LiveSource, days: list[date], today: date) -> list[date]:
    """Return the days that can be asked. Raises SettingsError for days that no answer can exist for."""
    if late := [d for d in days if d > today]:
        raise SettingsError(f"{source.name}: {late[0]} is in the future; today is {today} in UTC")
    if early := [d for d in days if d < source.first_date]:
        raise SettingsError(f"{source.name}: {early[0]} is before its first day, {source.first_date}")
    if source.cadence == "snapshot":
        if days and today not in days:
            raise SettingsError(
                f"{source.name} shows only its present state: {days[-1]} cannot be asked any more; "
                f"leave the days out or name today, {today}"
            )
        return [today] if days else []
    return days


def _is_due(
    source: LiveSource, last: Judgement | None, day: date, settings: LiveSettings, now: datetime
) -> bool:
    """Say whether a day has to be asked: it is missing, bad, unfinished, or young enough to have grown."""
    if last is None or last.state in BAD:
        return True
    if last.state == "open":
        return day == settings.today or last.read_on < settings.today or now - last.read_at >= CONFIRM_AFTER
    n_reread = min(settings.reread_days, source.reread_days)
    is_young = settings.today - timedelta(days=n_reread) <= day < settings.today
    return last.state in GOOD and is_young and last.read_on < settings.today


def _readings(
    channel: Channel,
    store: CaptureStore,
    ledger: Ledger,
    session: Session,
    units: Sequence[tuple[str | None, date]],
) -> Generator[Reading, None, None]:
    """Yield the readings of `units` in order, several under way at a time where the service allows it."""
    if not units:
        return
    source, client = channel.source, session.client
    captures = {c.capture_id: c for c in store.captures() if c.channel == source.name}
    pace = session.pace(source.service)
    _keep_gap_over_runs(pace, captures.values(), session)
    reader = Reader(client, pace, channel, Keeper(store))

    def known(query: str | None, day: date) -> Mapping[str, Capture]:
        good = ledger.good(source.name, query).get(day)
        return {captures[c].origin: captures[c] for c in (good.captures if good else ()) if c in captures}

    # the first request is made alone: its answer says what the service allows
    first, *others = units
    reading = reader.read(*first, known(*first))
    yield reading
    n_failed = _failed_in_a_row(0, reading)
    pool = ThreadPoolExecutor(pace.concurrency, thread_name_prefix=source.name)
    under_way: deque[tuple[tuple[str | None, date], Future[Reading]]] = deque()
    waiting = deque(others)
    try:
        while waiting or under_way:
            while waiting and len(under_way) < 2 * pace.concurrency and n_failed < MAX_FAILED_IN_A_ROW:
                unit = waiting.popleft()
                under_way.append((unit, pool.submit(reader.read, *unit, known(*unit))))
            if under_way:
                reading = under_way.popleft()[1].result()
                n_failed = _failed_in_a_row(n_failed, reading)
            else:
                query, day = waiting.popleft()
                reading = Reading(query, day, "", client.clock.now(), was_asked=False, problem="failed")
                reading.reason = (
                    f"not asked: {n_failed} days before it failed one after the other; run again later"
                )
            yield reading
    except BaseException:
        client.stop.set()  # or the threads would go on asking while the run is ending
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _failed_in_a_row(n: int, reading: Reading) -> int:
    return n + 1 if reading.problem == "failed" else 0


def _keep_gap_over_runs(pace: Pace, captures: Collection[Capture], session: Session) -> None:
    """Let a run that follows close on another one keep the gap between their requests too."""
    if isinstance(pace, GapPace) and captures:
        since_s = (session.client.clock.now() - max(c.captured_at for c in captures)).total_seconds()
        if 0 <= since_s < session.settings.arxiv_gap_s:
            pace.leave_alone(session.settings.arxiv_gap_s - since_s)


def _judged(
    source: LiveSource,
    reading: Reading,
    ledger: Ledger,
    settings: LiveSettings,
    accept_shrink: Collection[date],
) -> Judgement:
    past = past_of(ledger, source, reading)
    ids = tuple(sorted(reading.ids)) if source.is_lasting else ()
    verdict = judge(
        source,
        reading,
        past,
        settings.today,
        min(settings.reread_days, source.reread_days),
        accept_shrink=reading.day in accept_shrink,
    )
    return Judgement(
        source=source.name,
        query=reading.query,
        day=reading.day,
        reading=reading.name,
        read_at=reading.read_at.astimezone(UTC),
        read_on=settings.today,
        state=verdict.state,
        reasons=tuple(verdict.reasons),
        n_records=len(reading.records),
        n_rejected=len(reading.rejected),
        captures=tuple(c.capture_id for c in reading.captures),
        is_whole=reading.problem is None,
        fingerprint=reading.fingerprint,
        ids_digest=reading.ids_digest,
        missing_shares=verdict.missing_shares,
        ids=ids,
        removed=tuple(i for i in past.last_good.ids if i not in reading.ids)
        if past.last_good and verdict.state in READ
        else (),
        drift=reading.drift,
        rejected=tuple(f"record {r.position}: {r.reason}" for r in reading.rejected[:20]),
        is_overridden=verdict.is_overridden,
        parser=parser_version(),
    )


def read_capture(store: CaptureStore, capture: Capture) -> Listing:
    """Return the listing that one capture of a live source holds; only stored bytes are read.

    Positions go on over the pages of one reading, and papers that an earlier page held are left out.
    Raises UnreadableListing or CaptureDamagedError.
    """
    channel = CHANNELS.get(capture.channel)
    if channel is None or capture.listing_date is None:
        raise UnreadableListing(f"{capture.channel} is no live source")
    headers = {str(k): str(v) for k, v in capture.request.get("headers", {}).items()}
    pages = []
    for number, earlier in enumerate(capture.request.get("earlier", [])):
        with store.open(earlier["sha256"]) as stream:
            asked = Asked(earlier["url"], number, capture.query, capture.listing_date, {})
            pages.append(channel.read_page(stream.read(), asked))
    with store.open(capture.capture_sha256) as stream:
        asked = Asked(capture.origin, len(pages), capture.query, capture.listing_date, headers)
        pages.append(channel.read_page(stream.read(), asked))
    return Listing(
        pages[-1].format,
        pages[-1].source or capture.channel,
        iter(in_one(pages)[-1]),
        query=capture.query,
        listing_date=capture.listing_date,
        n_announced=pages[-1].n_announced,
    )


def judgements(store: CaptureStore) -> Mapping[str, Judgement]:
    """Return the last judgement of every judged capture by capture id; one that is absent is to be left unread.

    The captures to read are those whose state is in `ledger.READ`; the others give their reasons.
    """
    return Ledger(store.folder).by_capture()

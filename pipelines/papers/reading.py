"""Captures into the lake tables `records` and `captures`: each capture is read once by each version of the parsers.

A capture that cannot be understood is kept, gets a row that says why, and stops nothing else. What the bytes of a
format mean is in `sources.formats`; merging what several captures say of a paper is in `merge`.
"""

import gzip
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import schema
from pipelines.lake.captures import Capture, CaptureDamagedError, CaptureStore
from pipelines.lake.tables import LakeTable, Publication
from pipelines.papers import resolution
from pipelines.papers.dates import resolve_month_day
from pipelines.papers.records import records_table
from pipelines.sources import inbox, starter
from pipelines.sources.formats import read_listing
from pipelines.sources.ledger import READ, Judgement
from pipelines.sources.live import LIVE_SOURCES, judgements, read_capture
from pipelines.sources.record import Listing, Record, Rejected, UnreadableListing
from pipelines.version import parser_version

OK, PARTIAL, REFUSED = "ok", "partial", "refused"
#: A listing most of whose records repeat one another is read, and said to be odd.
REPEATED_SHARE = 0.5


def place_of(channel: str, origin: str) -> str:
    """Return where a person finds a capture: a file of the inbox, or the URL of a live listing."""
    return f"{channel}/{origin}" if channel == inbox.CHANNEL else origin


@dataclass(frozen=True)
class Outcome:
    """What reading one capture came to; `reason` is one line for a person, None when all is well."""

    capture: Capture
    state: str
    source: str
    format: str | None
    listing_date: date | None
    date_basis: str | None
    query: str | None
    n_records: int
    reason: str | None
    was_known: bool = False

    @property
    def is_problem(self) -> bool:
        """Say whether a person should hear of it."""
        return self.state in (PARTIAL, REFUSED)

    @property
    def line(self) -> str:
        """One line for a person: what, and why."""
        return f"{place_of(self.capture.channel, self.capture.origin)}: {self.state}: {self.reason}"

    def note(self) -> dict[str, Any]:
        """Return what the manifest keeps, so that an unchanged capture need not be read again."""
        return {
            "state": self.state,
            "source": self.source,
            "format": self.format,
            "listing_date": self.listing_date.isoformat() if self.listing_date else None,
            "date_basis": self.date_basis,
            "query": self.query,
            "n_records": self.n_records,
            "reason": self.reason,
        }

    @classmethod
    def from_note(cls, capture: Capture, note: dict[str, Any]) -> "Outcome":
        """Return the outcome that a manifest keeps."""
        day = note["listing_date"]
        values = {**note, "listing_date": date.fromisoformat(day) if day else None}
        return cls(capture=capture, was_known=True, **values)


def current_captures(store: CaptureStore) -> list[Capture]:
    """Return the captures of listings that count: of the starter corpus only the newest, of all else everything."""
    # the answers of look-ups are evidence of their own, not listings: `resolution` reads them
    captures = [c for c in store.captures() if c.channel != resolution.CHANNEL]
    starters = [c for c in captures if c.channel == starter.CHANNEL]
    return starters[-1:] + [c for c in captures if c.channel != starter.CHANNEL]


def _dated(capture: Capture, listing: Listing) -> tuple[date | None, str | None]:
    """Return the day a listing is of, and what its year rests on."""
    if capture.listing_date:
        return capture.listing_date, capture.date_basis
    if listing.listing_date:
        return listing.listing_date, "listing"
    if listing.month_day:
        return resolve_month_day(*listing.month_day, capture.captured_at.date()), capture.date_basis
    return None, None


class _Sieve:
    """Passes a listing's records on and keeps count of what it could not use."""

    def __init__(self, records: Iterator[Record | Rejected]) -> None:
        self._records = records
        self.rejected: Counter[str] = Counter()
        self.first: dict[str, int] = {}

    def __iter__(self) -> Iterator[Record]:
        for item in self._records:
            if isinstance(item, Rejected):
                self.rejected[item.reason] += 1
                self.first.setdefault(item.reason, item.position)
            else:
                yield item

    def reason(self) -> str | None:
        """Return one line on what was rejected, the commonest reason first, or None."""
        if not self.rejected:
            return None
        (reason, n), *others = self.rejected.most_common()
        where = f"record {self.first[reason]}" if n == 1 else f"{n:,} records, first {self.first[reason]}"
        more = f"; and {sum(c for _, c in others):,} for other reasons" if others else ""
        return f"{where}: {reason}{more}"


def _repeats(rows_path: Path, n_records: int) -> str | None:
    """Return a line when most records of a published file name a paper that the file names already."""
    if n_records < 2:
        return None
    columns = pa.parquet.read_table(rows_path, columns=["arxiv_id", "title_key"], partitioning=None)
    n_papers = pc.count_distinct(pc.coalesce(columns["arxiv_id"], columns["title_key"])).as_py()
    if n_records - n_papers <= REPEATED_SHARE * n_records:
        return None
    return f"{n_records:,} records name only {n_papers:,} {'paper' if n_papers == 1 else 'papers'}; each was kept once"


def _judged(capture: Capture, judgement: Judgement) -> Outcome:
    """Return the outcome of a live capture that is not read, because of what was judged of it when it came."""
    return Outcome(
        capture=capture,
        state=judgement.state,
        source=capture.channel,
        format=None,
        listing_date=capture.listing_date,
        date_basis="listing",
        query=capture.query,
        n_records=0,
        reason="; ".join(judgement.reasons) or None,
    )


def _read(
    capture: Capture,
    judgement: Judgement | None,
    store: CaptureStore,
    records: LakeTable,
    publication: Publication,
) -> Outcome:
    """Read one capture into a staged partition of `records`; a live one that was not taken is not read."""
    if judgement and judgement.state not in READ:
        return _judged(capture, judgement)
    blank = Outcome(
        capture, REFUSED, capture.channel, None, capture.listing_date, None, capture.query, 0, None
    )
    try:
        with ExitStack() as opened:
            if judgement:
                listing = read_capture(store, capture)
            else:
                listing = read_listing(
                    opened.enter_context(store.open(capture.capture_sha256)), capture.origin
                )
            day, basis = _dated(capture, listing)
            source = starter.CHANNEL if capture.channel == starter.CHANNEL else listing.source
            query = capture.query or listing.query
            sieve = _Sieve(listing.records)
            rows = records_table(
                sieve,
                capture_sha256=capture.capture_sha256,
                source=source,
                query=query,
                listing_date=day,
                captured_at=capture.captured_at,
            )
            n_records = publication.write(capture.capture_id, rows)
        outcome = replace(
            blank,
            source=source,
            format=listing.format,
            listing_date=day,
            date_basis=basis,
            query=query,
            n_records=n_records,
        )
    except UnreadableListing as refusal:
        return replace(blank, reason=refusal.reason)
    except (
        CaptureDamagedError,
        EOFError,
        gzip.BadGzipFile,
        zlib.error,
        UnicodeError,
        RecursionError,
    ) as error:
        return replace(blank, reason=str(error) or type(error).__name__)
    reasons = [
        r
        for r in (
            sieve.reason(),
            _repeats(records.staging / records.file_name(capture.capture_id), n_records),
        )
        if r
    ]
    if judgement:
        state = OK if judgement.state == "ok" and not reasons else judgement.state
        said = [*judgement.reasons, *reasons]
        return replace(outcome, state=state, date_basis="listing", reason="; ".join(said) or None)
    if n_records == 0:
        return replace(outcome, state=REFUSED, reason="; ".join(reasons) or "it names no paper")
    return replace(outcome, state=PARTIAL if reasons else OK, reason="; ".join(reasons) or None)


def _captures_table(outcomes: list[Outcome]) -> pa.Table:
    rows = [
        {
            "capture_id": o.capture.capture_id,
            "capture_sha256": o.capture.capture_sha256,
            "channel": o.capture.channel,
            "source": o.source,
            "query": o.query,
            "listing_date": o.listing_date,
            "date_basis": o.date_basis,
            "origin": o.capture.origin,
            "captured_at": o.capture.captured_at,
            "format": o.format,
            "n_bytes": o.capture.n_bytes,
            "n_records": o.n_records,
            "state": o.state,
            "reason": o.reason,
        }
        for o in sorted(outcomes, key=lambda o: (o.capture.captured_at, o.capture.capture_id))
    ]
    return pa.Table.from_pylist(rows, schema=schema.CAPTURES.arrow)


def read_captures(
    store: CaptureStore,
    parquet: Path,
    on_progress: Callable[[str], None] | None = None,
    is_replay: bool = False,
) -> list[Outcome]:
    """Publish `records` and `captures` from the journal, and return what became of each capture, in journal order.

    With `is_replay` every capture is read again, whatever was read before. Nothing is asked of any network.
    """
    records = LakeTable(parquet, schema.RECORDS)
    publication = Publication(records, parser_version(), "captures", is_replay)
    judged = judgements(store)
    outcomes = []
    for capture in current_captures(store):
        judgement = judged.get(capture.capture_id)
        if capture.channel in LIVE_SOURCES and judgement is None:
            continue  # its reading was cut short, so nobody knows whether it is whole
        # the date is part of the key: a person may give a capture another one
        key = f"{capture.captured_at.isoformat()} {judgement.state if judgement else capture.date_basis}"
        value = capture.capture_id
        if publication.is_current(value, key):
            publication.keep(value)
            outcomes.append(Outcome.from_note(capture, publication.note_of(value)))
            continue
        if on_progress:
            on_progress(f"reading {place_of(capture.channel, capture.origin)}")
        outcome = _read(capture, judgement, store, records, publication)
        publication.annotate(value, key, outcome.note())
        outcomes.append(outcome)
    publication.commit()
    table = Publication(LakeTable(parquet, schema.CAPTURES), rules="1", inputs="captures")
    table.write(None, _captures_table(outcomes))
    table.commit()
    return outcomes

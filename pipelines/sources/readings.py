"""One reading of one day: its pages asked one after the other, each stored before it is read, until the last.

A reading is whole or it has a problem; whether a whole one is believed is for `guards`.
"""

import hashlib
import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any, Literal

from pipelines.lake.captures import Capture, CaptureDamagedError, CaptureStore
from pipelines.sources.channel import Asked, Channel, NotYetError, PageContent, StartAgainError
from pipelines.sources.drift import add_drift
from pipelines.sources.http import Answer, Client, FetchError, Known
from pipelines.sources.pace import Pace
from pipelines.sources.record import Record, Rejected, UnreadableListing
from pipelines.sources.retry import GaveUpError, TransientError
from pipelines.version import parser_version

#: How often a day is read from its start again when the source loses its place between pages.
MAX_STARTS = 3

Problem = Literal["refused", "failed", "open"]


@dataclass
class Reading:
    """What came of asking one day. `problem` says that it is not whole, and `reason` why."""

    query: str | None
    day: date
    name: str
    read_at: datetime
    captures: list[Capture] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    drift: dict[str, dict[str, int]] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    is_empty_stated: bool = False
    n_announced: int | None = None
    problem: Problem | None = None
    reason: str = ""
    #: no request was made, because the server wants to be left alone
    was_asked: bool = True

    @property
    def ids(self) -> frozenset[str]:
        """The papers it names."""
        return frozenset(r.arxiv_id or "" for r in self.records)

    @property
    def ids_digest(self) -> str:
        """16 hex digits over the ids of the papers it names, whatever their order."""
        return hashlib.sha256("\n".join(sorted(self.ids)).encode()).hexdigest()[:16]

    @property
    def fingerprint(self) -> str:
        """16 hex digits that are equal for readings that say the same of the same papers in the same order."""
        said = [asdict(replace(r, extra=dict(r.extra))) for r in self.records]
        return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()[:16]


def load_verified(store: CaptureStore, sha256: str) -> bytes | None:
    """Return a capture's stored bytes, None when they are missing or are no longer those that were captured."""
    try:
        with store.open(sha256) as stream:
            body = stream.read()
    except (OSError, CaptureDamagedError):
        return None
    return body if hashlib.sha256(body).hexdigest() == sha256 else None


class Keeper:
    """Stores answers as captures, from any thread."""

    def __init__(self, store: CaptureStore) -> None:
        self.store = store
        self._lock = threading.Lock()
        self.n_bytes = 0

    def keep(
        self, answer: Answer, channel: str, query: str | None, day: date | None, more: dict[str, Any]
    ) -> Capture:
        """Store an answer's bytes, then its line in the journal; damaged bytes of the same content are replaced."""
        with self._lock:
            blob = self.store.put_bytes(answer.body)
            if blob.was_known and load_verified(self.store, blob.sha256) is None:
                damaged = self.store.path_of(blob.sha256)
                if damaged:
                    damaged.unlink()
                blob = self.store.put_bytes(answer.body)
            capture = Capture(
                capture_sha256=blob.sha256,
                channel=channel,
                origin=answer.asked_url,
                captured_at=answer.answered_at,
                n_bytes=blob.n_bytes,
                query=query,
                listing_date=day,
                date_basis="listing" if day else None,
                request={**answer.request_info(), "parser": parser_version(), **more},
            )
            self.store.record([capture])
            self.n_bytes += blob.n_bytes
            return capture


def in_one(pages: Iterable[PageContent]) -> list[list[Record | Rejected]]:
    """Return the records of each page with positions going on from page to page, repeated papers left out.

    Votes move while pages are asked, so a paper can slip from one page to the next.
    """
    seen: set[str] = set()
    offset, found = 0, []
    for page in pages:
        kept: list[Record | Rejected] = []
        for item in page.records:
            if isinstance(item, Record) and item.arxiv_id:
                if item.arxiv_id in seen:
                    continue
                seen.add(item.arxiv_id)
            kept.append(replace(item, position=offset + item.position))
        offset += max((item.position for item in page.records), default=0)
        found.append(kept)
    return found


class Reader:
    """Reads days of one channel. `known` maps URLs to what the last good reading got from them."""

    def __init__(self, client: Client, pace: Pace, channel: Channel, keeper: Keeper) -> None:
        self._client, self._pace, self._channel, self._keeper = client, pace, channel, keeper

    def read(self, query: str | None, day: date, known: Mapping[str, Capture]) -> Reading:
        """Ask a day until it is whole or hopeless. Everything that came is captured; nothing is judged."""
        for start in range(MAX_STARTS):
            read_at = self._client.clock.now()
            reading = Reading(query, day, f"{read_at:%Y%m%dT%H%M%S.%fZ}.{start}", read_at)
            try:
                self._pages(reading, known)
            except StartAgainError as error:
                reading.problem = "failed"
                reading.reason = f"{error}, {MAX_STARTS} times"
                continue
            except NotYetError as error:
                reading.problem, reading.reason = "open", str(error)
            except UnreadableListing as error:
                reading.problem, reading.reason = "refused", error.reason
            except GaveUpError as error:
                reading.problem, reading.reason = "failed", error.reason
            except FetchError as error:
                self._failed(reading, error)
            return reading
        return reading

    def _failed(self, reading: Reading, error: FetchError) -> None:
        answer = error.answer
        reading.was_asked = not error.reason.startswith("not asked")
        reading.problem, reading.reason = "failed", error.reason
        if answer and answer.body:
            self._keep(reading, answer, len(reading.captures))
            if self._channel.is_not_yet(answer.status, answer.body):
                reading.problem, reading.reason = "open", "the source says that this day has not come yet"

    def _keep(self, reading: Reading, answer: Answer, page: int) -> Capture:
        more = {
            "reading": f"{reading.name}/{page}",
            "page": page,
            "earlier": [{"sha256": c.capture_sha256, "url": c.origin} for c in reading.captures[:page]],
        }
        capture = self._keeper.keep(answer, self._channel.source.name, reading.query, reading.day, more)
        reading.captures[page:] = [capture]
        return capture

    def _pages(self, reading: Reading, known: Mapping[str, Capture]) -> None:
        settings = self._client.settings
        url: str | None = self._channel.first_url(settings, reading.query, reading.day)
        pages: list[PageContent] = []
        while url is not None:
            if len(pages) >= settings.max_pages:
                raise UnreadableListing(f"endless paging: more than {settings.max_pages} pages of one day")
            page = self._client.tries().run(partial(self._page, reading, url, pages, known))
            pages.append(page)
            url = page.next_url
        for item in (item for page in in_one(pages) for item in page):
            if isinstance(item, Record):
                reading.records.append(item)
            else:
                reading.rejected.append(item)
        for page in pages:
            add_drift(reading.drift, page.drift)
            reading.doubts += [d for d in page.doubts if d not in reading.doubts]
        reading.is_empty_stated = pages[0].is_empty_stated
        reading.n_announced = pages[0].n_announced

    def _page(
        self, reading: Reading, url: str, before: list[PageContent], known: Mapping[str, Capture]
    ) -> PageContent:
        """Ask, store and read one page. Raises TransientError when it contradicts the pages before it."""
        source = self._channel.source
        quiet_s = self._client.settings.arxiv_quiet_s if source.service == "arxiv" else None
        answer = self._client.get(url, self._pace, source.kind, self._known(known.get(url)), quiet_s)
        self._keep(reading, answer, len(before))
        page = self._channel.read_page(
            answer.body, Asked(answer.asked_url, len(before), reading.query, reading.day, answer.headers)
        )
        if before:
            number = len(before) + 1
            if not page.records and before[-1].is_promised:
                raise TransientError(f"page {number} is empty although page {number - 1} announced it")
            ids = {r.arxiv_id for r in page.records if isinstance(r, Record)}
            if ids and any(ids == {r.arxiv_id for r in p.records if isinstance(r, Record)} for p in before):
                raise TransientError(f"page {number} repeats an earlier page")
        return page

    def _known(self, capture: Capture | None) -> Known | None:
        """Return what makes a request conditional, where the last good answer of the URL came with validators."""
        if capture is None:
            return None
        headers = {k: v for k, v in capture.request.get("headers", {}).items() if isinstance(v, str)}
        if not {"etag", "last-modified"} & headers.keys():
            return None
        return Known(headers, lambda: load_verified(self._keeper.store, capture.capture_sha256))

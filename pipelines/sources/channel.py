"""What a live source has to say of itself: what to ask for a day, and what a page of an answer holds.

A channel knows URLs and payloads. It does no waiting, storing, comparing or judging.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from pipelines.settings import LiveSettings
from pipelines.sources.body import Kind
from pipelines.sources.record import Record, Rejected


class NotYetError(RuntimeError):
    """The source says that the day has not come for it: neither a failure nor an empty day."""


class StartAgainError(RuntimeError):
    """The source lost its place between two pages: the day has to be read from its first page again."""


@dataclass(frozen=True, slots=True)
class LiveSource:
    """One live listing. `cadence` is day (any past day can be asked) or snapshot (only today's state can).

    `service` names whose pace it keeps. `is_population` says whether shares may be taken of it.
    """

    name: str
    service: Literal["huggingface", "huggingface_search", "huggingface_html", "arxiv"]
    cadence: Literal["day", "snapshot"]
    first_date: date
    is_population: bool
    kind: Kind
    description: str
    #: closed days that are read again, at most; a setting can only lower it
    reread_days: int = 7
    #: what a day listed stays listed there, so that a paper that is gone was removed
    is_lasting: bool = True
    #: fields that every record of this source has; a share of records without one is compared with the last reading
    always: tuple[str, ...] = ("abstract_raw", "authors", "published_date")


@dataclass(frozen=True, slots=True)
class PageContent:
    """What one page of an answer holds.

    `next_url` is the next page's, None on the last. `is_promised` says that the answer itself announced that page,
    rather than it being full. `is_empty_stated` says that the source states emptiness instead of sending nothing.
    """

    records: Sequence[Record | Rejected]
    format: str
    next_url: str | None = None
    is_promised: bool = False
    is_empty_stated: bool = False
    n_announced: int | None = None
    #: the listing it is of, when that is another channel's
    source: str | None = None
    drift: dict[str, dict[str, int]] = field(default_factory=dict)
    #: what in the answer speaks against its being the day that was asked, one line each
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """The page that was asked: its URL, place (from 0) and the headers of the answer."""

    url: str
    page: int
    query: str | None
    day: date
    headers: dict[str, str]


class Channel(Protocol):
    """One live source."""

    @property
    def source(self) -> LiveSource:
        """What it is."""

    def queries(self, settings: LiveSettings) -> Sequence[str | None]:
        """Return what is asked of it for each day; None for the one thing that it has."""

    def first_url(self, settings: LiveSettings, query: str | None, day: date) -> str:
        """Return the URL of the first page of a day."""

    def read_page(self, body: bytes, asked: Asked) -> PageContent:
        """Return what a page holds; only `body` and `asked` count, so that a replay reads the same.

        Raises UnreadableListing, NotYetError or StartAgainError.
        """

    def is_not_yet(self, status: int, body: bytes) -> bool:
        """Say whether an answer that is no success only says that the day has not come yet."""

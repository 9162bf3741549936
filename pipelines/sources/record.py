"""What a listing says, before anything is judged: records, rejected records, listings and their refusal.

The words are the listing's own: nothing is normalized, merged or dated here. How the bytes of one format become
these values is in `formats`, one file a format; what becomes of them is in `papers`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

#: Sources that a file can be of. A saved page is what a person kept of a page or an answer; it is no population.
SAVED_PAGE = "saved_page"
ARXIV_SNAPSHOT = "arxiv_snapshot"


class UnreadableListing(ValueError):  # noqa: N818 - a refusal is part of the vocabulary, not an accident
    """A listing that cannot be understood, or not wholly enough to be kept: `reason` is one line for a person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Record:
    """What one listing says of one paper, as it says it; `position` is the place in the listing, from 1.

    `arxiv_id` is canonical and without version. `published_precision` (day, month, year) is null when
    `published_date` is. `extra` holds the site's further words and must be JSON-able. Of a removed record
    (`is_deleted`) only the id is known: its title is empty.
    """

    position: int
    title_raw: str
    abstract_raw: str | None = None
    arxiv_id: str | None = None
    arxiv_version: int | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published_date: date | None = None
    published_precision: str | None = None
    url: str | None = None
    upvotes: int | None = None
    is_deleted: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be understood; `position` is its place (for JSONL: its line), from 1."""

    position: int
    reason: str


@dataclass(slots=True)
class Listing:
    """One recognised listing. `records` can be read once, and may be lazy: a bulk file is streamed through it.

    `format` is the recognised shape (hf_text, hf_html, hf_json, arxiv_jsonl, arxiv_json, arxiv_atom, arxiv_oai).
    `listing_date` is the day the listing is of when it says so with its year; a copied page says only
    `month_day`. `n_announced` is how many papers the listing says it holds, where it says so. A flaw that is
    found while reading (a cut file, a bad line) comes as a Rejected among the records, in its place.
    """

    format: str
    source: str
    records: Iterator[Record | Rejected]
    query: str | None = None
    listing_date: date | None = None
    month_day: tuple[int, int] | None = None
    n_announced: int | None = None

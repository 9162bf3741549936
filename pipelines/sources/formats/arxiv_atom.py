"""arXiv's search API: an Atom feed. Its errors are feeds too, and so is an empty page that should hold papers."""

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from pipelines.papers.dates import parse_iso
from pipelines.papers.ids import split_version
from pipelines.sources.formats.fields import one_line
from pipelines.sources.formats.xml_tree import parse_xml, text_at
from pipelines.sources.record import SAVED_PAGE, Listing, Record, Rejected, UnreadableListing

FORMAT = "arxiv_atom"
ROOT = "{http://www.w3.org/2005/Atom}feed"
_NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "o": "http://a9.com/-/spec/opensearch/1.1/",
    "x": "http://arxiv.org/schemas/atom",
}


@dataclass(frozen=True, slots=True)
class AtomPage:
    """One page of a search: its records, the query as the feed repeats it, and where it stands in the result."""

    records: list[Record | Rejected]
    query: str | None
    n_total: int | None
    start: int

    @property
    def is_unexpectedly_empty(self) -> bool:
        """Say whether papers are missing that the feed announces: a known fault of the API; ask again."""
        return not self.records and (self.n_total or 0) > self.start


def _count(feed: ET.Element, name: str) -> int | None:
    text = (text_at(feed, f"o:{name}", _NAMES) or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _record(entry: ET.Element, position: int) -> Record | Rejected:
    spelled, title = text_at(entry, "a:id", _NAMES), text_at(entry, "a:title", _NAMES)
    arxiv_id, version = split_version(spelled or "")
    if arxiv_id is None:
        return Rejected(position, f"the entry's id {one_line(spelled or '', 60)!r} is not an arXiv id")
    if title is None:
        return Rejected(position, "the entry has no title")
    published = parse_iso(text_at(entry, "a:published", _NAMES) or "")
    primary = entry.find("x:primary_category", _NAMES)
    terms = [primary.get("term", "") if primary is not None else ""]
    terms += [category.get("term", "") for category in entry.findall("a:category", _NAMES)]
    names = (text_at(author, "a:name", _NAMES) for author in entry.findall("a:author", _NAMES))
    further = {
        "comments": text_at(entry, "x:comment", _NAMES),
        "journal_ref": text_at(entry, "x:journal_ref", _NAMES),
        "doi": text_at(entry, "x:doi", _NAMES),
        "updated": text_at(entry, "a:updated", _NAMES),
    }
    return Record(
        position=position,
        title_raw=title,
        abstract_raw=text_at(entry, "a:summary", _NAMES),
        arxiv_id=arxiv_id,
        arxiv_version=version,
        authors=tuple(" ".join(name.split()) for name in names if name),
        categories=tuple(dict.fromkeys(term for term in terms if term)),
        published_date=published.date() if published else None,
        published_precision="day" if published else None,
        url=f"https://arxiv.org/abs/{arxiv_id}",
        extra={name: value for name, value in further.items() if value},
    )


def parse(data: bytes) -> AtomPage:
    """Return the page that an answer of the search API holds.

    Raises UnreadableListing for broken XML, another document and the API's error feeds, with arXiv's own words.
    """
    feed = parse_xml(data)
    if feed.tag != ROOT:
        raise UnreadableListing(
            f"XML of another kind: its root is {one_line(feed.tag, 80)}, not an Atom feed"
        )
    title = " ".join((text_at(feed, "a:title", _NAMES) or "").split())
    entries = feed.findall("a:entry", _NAMES)
    for entry in entries:
        if "/api/errors" in (text_at(entry, "a:id", _NAMES) or ""):
            said = text_at(entry, "a:summary", _NAMES) or text_at(entry, "a:id", _NAMES) or ""
            raise UnreadableListing(f"arXiv answered with an error, not a listing: {one_line(said)}")
    if title.lower().startswith("feed error"):
        raise UnreadableListing(f"arXiv answered with an error, not a listing: {one_line(title)}")
    _, is_query, query = title.partition("Query: ")
    return AtomPage(
        [_record(entry, position) for position, entry in enumerate(entries, 1)],
        query.strip() if is_query else None,
        _count(feed, "totalResults"),
        _count(feed, "startIndex") or 0,
    )


def listing_of(data: bytes) -> Listing:
    """Return the listing of a saved feed; raise UnreadableListing when it lacks the papers that it announces."""
    page = parse(data)
    if page.is_unexpectedly_empty:
        raise UnreadableListing(
            f"the feed announces {page.n_total:,} papers and holds none, a known fault of the arXiv API: ask again"
        )
    return Listing(FORMAT, SAVED_PAGE, iter(page.records), query=page.query, n_announced=page.n_total)

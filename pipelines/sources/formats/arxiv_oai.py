"""arXiv's OAI-PMH answers in the metadata format arXivRaw, the one that has every version's date."""

from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from pipelines.papers.dates import parse_iso, parse_rfc2822
from pipelines.papers.ids import canonical_id
from pipelines.sources.formats.arxiv_jsonl import split_authors
from pipelines.sources.formats.fields import one_line
from pipelines.sources.formats.xml_tree import local_name, parse_xml, text_at
from pipelines.sources.record import SAVED_PAGE, Listing, Record, Rejected, UnreadableListing

FORMAT = "arxiv_oai"
ROOT = "{http://www.openarchives.org/OAI/2.0/}OAI-PMH"
_NAMES = {"o": "http://www.openarchives.org/OAI/2.0/", "r": "http://arxiv.org/OAI/arXivRaw/"}
_EXTRA = (
    "comments",
    "journal-ref",
    "doi",
    "report-no",
    "license",
    "submitter",
    "acm-class",
    "msc-class",
    "proxy",
)
#: The code of the error that says that a day is empty, which is normal.
NO_RECORDS = "noRecordsMatch"


@dataclass(frozen=True, slots=True)
class OaiError:
    """One error of an answer: the protocol's code and arXiv's words."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class OaiPage:
    """One page of an answer. `resumption_token` is as printed (still percent-encoded), None on the last page."""

    records: list[Record | Rejected]
    resumption_token: str | None
    errors: list[OaiError]
    request: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty_day(self) -> bool:
        """Say whether arXiv answered that nothing matches, which is an answer and no failure."""
        return bool(self.errors) and all(error.code == NO_RECORDS for error in self.errors)


def _raw_record(raw: ET.Element, position: int, datestamp: str | None) -> Record | Rejected:
    arxiv_id = canonical_id(text_at(raw, "r:id", _NAMES) or "")
    title = text_at(raw, "r:title", _NAMES)
    if arxiv_id is None or title is None:
        return Rejected(
            position, "a record without an arXiv id" if arxiv_id is None else "a record without a title"
        )
    dates, numbers = [], []
    for version in raw.findall("r:version", _NAMES):
        created = parse_rfc2822(text_at(version, "r:date", _NAMES) or "")
        if created:
            dates.append(created)
        number = version.get("version", "").removeprefix("v")
        if number.isascii() and number.isdigit() and len(number) < 6:
            numbers.append(int(number))
    extra: dict[str, object] = {
        name.replace("-", "_"): value for name in _EXTRA if (value := text_at(raw, f"r:{name}", _NAMES))
    }
    if datestamp:
        extra["datestamp"] = datestamp
    return Record(
        position=position,
        title_raw=title,
        abstract_raw=text_at(raw, "r:abstract", _NAMES),
        arxiv_id=arxiv_id,
        arxiv_version=max(numbers) if numbers else None,
        authors=split_authors(text_at(raw, "r:authors", _NAMES) or ""),
        categories=tuple((text_at(raw, "r:categories", _NAMES) or "").split()),
        published_date=min(dates).date() if dates else None,
        published_precision="day" if dates else None,
        url=f"https://arxiv.org/abs/{arxiv_id}",
        extra=extra,
    )


def _record(record: ET.Element, position: int) -> Record | Rejected:
    header = record.find("o:header", _NAMES)
    identifier = text_at(record, "o:header/o:identifier", _NAMES) or ""
    datestamp = text_at(record, "o:header/o:datestamp", _NAMES)
    if header is not None and header.get("status") == "deleted":
        arxiv_id = canonical_id(identifier)
        if arxiv_id is None:
            return Rejected(position, "a deleted record without an arXiv id")
        extra: dict[str, object] = {"datestamp": datestamp} if datestamp else {}
        return Record(position=position, title_raw="", arxiv_id=arxiv_id, is_deleted=True, extra=extra)
    raw = record.find("o:metadata/r:arXivRaw", _NAMES)
    if raw is not None:
        return _raw_record(raw, position, datestamp)
    other = record.find("o:metadata/*", _NAMES)
    if other is None:
        return Rejected(position, "a record without metadata")
    return Rejected(position, f"metadata in the format {one_line(local_name(other), 40)}; ask for arXivRaw")


def parse(data: bytes) -> OaiPage:
    """Return the page that an OAI-PMH answer holds, its errors among it: they come with status 200.

    Raises UnreadableListing for broken XML and other documents only.
    """
    root = parse_xml(data)
    if root.tag != ROOT:
        raise UnreadableListing(f"XML of another kind: its root is {one_line(root.tag, 80)}, not OAI-PMH")
    request = root.find("o:request", _NAMES)
    errors = [
        OaiError(e.get("code", "unknown"), one_line(e.text or "", 300))
        for e in root.findall("o:error", _NAMES)
    ]
    records = root.findall("o:ListRecords/o:record", _NAMES) + root.findall("o:GetRecord/o:record", _NAMES)
    token = text_at(root, "o:ListRecords/o:resumptionToken", _NAMES)
    return OaiPage(
        [_record(record, position) for position, record in enumerate(records, 1)],
        token.strip() if token else None,
        errors,
        dict(request.attrib) if request is not None else {},
    )


def listing_of(data: bytes) -> Listing:
    """Return the listing of a saved answer; raise UnreadableListing when it is an error or holds no records."""
    page = parse(data)
    if page.errors and not page.records:
        said = "; ".join(f"{e.code}: {e.message}" for e in page.errors)
        raise UnreadableListing(f"arXiv answered with an error, not a listing: {one_line(said, 240)}")
    if not page.records:
        raise UnreadableListing(
            f"an OAI-PMH answer without records (verb {page.request.get('verb', 'unknown')})"
        )
    start = page.request.get("from")
    day = parse_iso(start) if start and start == page.request.get("until") else None
    return Listing(
        FORMAT,
        SAVED_PAGE,
        iter(page.records),
        query=page.request.get("set"),
        listing_date=day.date() if day else None,
    )

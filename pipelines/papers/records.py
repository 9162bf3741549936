"""Records of one capture into Arrow batches of the lake table `records`. Merging them into papers is in `merge`."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice

import pyarrow as pa

from pipelines.papers.ids import month_of, title_key
from pipelines.papers.text import normalize_text, normalize_title, printable
from pipelines.schema import RECORDS
from pipelines.sources.record import Record

ROWS_PER_BATCH = 5_000
_INT32_MAX = 2**31 - 1


def published(record: Record) -> tuple[date | None, str | None]:
    """Return the first publication and its precision: the record's own, else the month that its arXiv id says."""
    if record.published_date is not None:
        return record.published_date, record.published_precision or "day"
    if record.arxiv_id is not None:
        year, month = month_of(record.arxiv_id)
        return date(year, month, 1), "month"
    return None, None


def _row(record: Record) -> dict[str, object]:
    published_date, precision = published(record)
    title = normalize_title(record.title_raw)
    abstract = normalize_text(record.abstract_raw) if record.abstract_raw is not None else ""
    is_counted = record.upvotes is not None and 0 <= record.upvotes <= _INT32_MAX
    return {
        "rank": record.position,
        "arxiv_id": record.arxiv_id,
        "arxiv_version": record.arxiv_version,
        "title_key": title_key(title) if title else "",
        "title": title,
        "abstract": abstract or None,  # a blank abstract says as much as none
        "title_raw": printable(record.title_raw),
        "abstract_raw": printable(record.abstract_raw) if record.abstract_raw is not None else None,
        "authors": [name for raw in record.authors if (name := normalize_title(raw))],
        "categories": [printable(c) for c in record.categories],
        "published_date": published_date,
        "published_precision": precision,
        "url": printable(record.url) if record.url else None,
        "upvotes": record.upvotes if is_counted else None,
        "is_deleted": record.is_deleted,
        "extra": printable(json.dumps(dict(record.extra), ensure_ascii=False)) if record.extra else None,
    }


def records_table(
    records: Iterable[Record],
    *,
    capture_sha256: str,
    source: str,
    query: str | None,
    listing_date: date | None,
    captured_at: datetime,
) -> Iterator[pa.RecordBatch]:
    """Yield `records` as batches of schema.RECORDS, at most ROWS_PER_BATCH rows each; rank is Record.position.

    The raw title and abstract stand beside the normalized ones, changed only where no database could hold them
    (a lone surrogate). Lazy: it reads no further than the batch that was asked for.
    """
    schema = RECORDS.arrow
    constant = {
        "capture_sha256": capture_sha256,
        "source": source,
        "query": query,
        "listing_date": listing_date,
        "captured_at": captured_at,
    }
    rest = iter(records)
    while rows := [_row(record) for record in islice(rest, ROWS_PER_BATCH)]:
        columns = [
            pa.array([constant[f.name]] * len(rows), f.type)
            if f.name in constant
            else pa.array([row[f.name] for row in rows], f.type)
            for f in schema
        ]
        yield pa.record_batch(columns, schema=schema)

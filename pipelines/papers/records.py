"""Records of one capture into Arrow batches of the lake table `records`. Merging them into papers is in `merge`."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import pyarrow as pa

from pipelines.sources.record import Record

ROWS_PER_BATCH = 5_000


def records_table(
    records: Iterable[Record],
    *,
    capture_sha256: str,
    source: str,
    query: str | None,
    listing_date: date | None,
    captured_at: datetime,
) -> Iterator[pa.RecordBatch]:
    """Yield `records` as batches of schema.RECORDS, at most ROWS_PER_BATCH rows each; rank is Record.position."""
    raise NotImplementedError

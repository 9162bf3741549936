"""Records into the lake table `records`."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pyarrow as pa

from pipelines.papers.records import ROWS_PER_BATCH, records_table
from pipelines.schema import RECORDS
from pipelines.sources.record import Record

CAPTURED_AT = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)


def batches(records: Iterator[Record] | list[Record]) -> Iterator[pa.RecordBatch]:
    """Return the batches of an invented capture."""
    return records_table(
        records,
        capture_sha256="ab" * 32,
        source="saved_page",
        query=None,
        listing_date=date(2026, 3, 13),
        captured_at=CAPTURED_AT,
    )


def row(record: Record) -> dict[str, object]:
    """Return the one row that a record becomes."""
    (batch,) = batches([record])
    (found,) = batch.to_pylist()
    return dict(found)


def test_raw_text_stands_beside_the_normalized() -> None:
    """A row has the words of the listing and what they come to, its rank, and the schema of the lake."""
    found = row(Record(7, "Ada$^2$\n  Rank", "It wins by 4\\%.", "2603.90001", 2, ('J\\"o Ma',), ("cs.CL",)))
    assert (found["title_raw"], found["title"], found["title_key"]) == (
        "Ada$^2$\n  Rank",
        "Ada² Rank",
        "ada2rank",
    )
    assert (found["abstract_raw"], found["abstract"]) == ("It wins by 4\\%.", "It wins by 4%.")
    assert (found["rank"], found["arxiv_version"], found["authors"]) == (7, 2, ["Jö Ma"])
    assert (found["listing_date"], found["captured_at"]) == (date(2026, 3, 13), CAPTURED_AT)
    (batch,) = batches([Record(1, "T")])
    assert batch.schema.equals(RECORDS.arrow)


def test_a_missing_day_is_the_month_of_the_id() -> None:
    """Without a date of its own a paper is dated by its arXiv id, to the month; without an id, not at all."""
    found = row(Record(1, "T", arxiv_id="2603.90001"))
    assert (found["published_date"], found["published_precision"]) == (date(2026, 3, 1), "month")
    found = row(
        Record(1, "T", arxiv_id="2603.90001", published_date=date(2026, 3, 11), published_precision="day")
    )
    assert (found["published_date"], found["published_precision"]) == (date(2026, 3, 11), "day")
    found = row(Record(1, "T"))
    assert (found["published_date"], found["published_precision"]) == (None, None)


def test_a_lone_surrogate_does_not_stop_the_batch() -> None:
    """Text that UTF-8 cannot hold is mended in every column, the raw and the extra ones too."""
    found = row(Record(1, "A \ud800 B", "C \udfff", url="x\ud800", extra={"note": "\ud83d", "n": 1}))
    assert found["title_raw"] == "A \ufffd B"
    assert found["extra"] == '{"note": "\ufffd", "n": 1}'


def test_counts_that_no_column_holds_are_null() -> None:
    """An impossible count is null; zero is a count."""
    assert row(Record(1, "T", upvotes=2**40))["upvotes"] is None
    assert row(Record(1, "T", upvotes=0))["upvotes"] == 0


def test_a_blank_abstract_is_none() -> None:
    """An abstract of blanks says as much as none."""
    assert row(Record(1, "T", " \n\u200b "))["abstract"] is None


def test_batches_are_made_as_they_are_asked_for() -> None:
    """The records are read no further than the batch that was asked for, and no batch is larger than agreed."""
    n_read = 0

    def endless() -> Iterator[Record]:
        nonlocal n_read
        while True:
            n_read += 1
            yield Record(n_read, "T")

    assert next(batches(endless())).num_rows == ROWS_PER_BATCH
    assert n_read == ROWS_PER_BATCH
    assert list(batches([])) == []

"""What the merge promises: one row a work, fields by stated precedence, and the order of arrival never matters."""

import json
import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipelines import schema
from pipelines.lake.tables import LakeTable, Publication
from pipelines.papers.merge import merge


def record(capture: str, rank: int = 1, **changes: Any) -> dict[str, Any]:
    """Return one row of `records`; `capture` names its partition."""
    row = {
        "capture": capture,
        "capture_sha256": capture * 16,
        "source": "arxiv_snapshot",
        "query": None,
        "listing_date": None,
        "captured_at": datetime(2026, 3, 13, tzinfo=UTC),
        "rank": rank,
        "arxiv_id": "2603.90001",
        "arxiv_version": None,
        "title": "SlideRank",
        "abstract": "Adapters of several ranks.",
        "authors": ["Ana Example"],
        "categories": [],
        "published_date": date(2026, 3, 1),
        "published_precision": "month",
        "url": None,
        "upvotes": None,
        "is_deleted": False,
        "extra": None,
    } | changes
    row.setdefault("title_key", row["title"].lower())
    row.setdefault("title_raw", row["title"])
    row.setdefault("abstract_raw", row["abstract"])
    return row


def publish(parquet: Path, rows: list[dict[str, Any]], shuffle: int | None = None) -> None:
    """Publish `rows` as records, a partition a capture."""
    publication = Publication(LakeTable(parquet, schema.RECORDS), "1", "test")
    captures = sorted({r["capture"] for r in rows})
    if shuffle is not None:
        random.Random(shuffle).shuffle(captures)
    for capture in captures:
        mine = [{k: v for k, v in r.items() if k != "capture"} for r in rows if r["capture"] == capture]
        publication.write(capture, pa.Table.from_pylist(mine, schema=schema.RECORDS.arrow))
    publication.commit()


def merged(
    tmp_path: Path, rows: list[dict[str, Any]], table: schema.Table = schema.PAPERS
) -> list[dict[str, Any]]:
    """Publish `rows`, merge them and return the rows of one table."""
    publish(tmp_path, rows)
    merge(tmp_path, tmp_path / "spill")
    lake_table = LakeTable(tmp_path, table)
    return [row for month in lake_table.partitions() for row in lake_table.read(month).to_pylist()]


def test_two_sources_of_one_id_are_one_paper(tmp_path: Path) -> None:
    """A paper that two sources list is one row: the text of the source that stands higher, seen from first to last."""
    later = datetime(2026, 4, 1, tzinfo=UTC)
    [paper] = merged(
        tmp_path,
        [
            record("aa", title="SlideRank: a page's copy", source="saved_page", captured_at=later),
            record("bb", title="SlideRank: the original"),
            record("cc", title="SlideRank: our summary", source="starter"),
        ],
    )
    assert (paper["title"], paper["text_source"]) == ("SlideRank: the original", "arxiv_snapshot")
    assert (paper["first_seen_at"], paper["last_seen_at"]) == (datetime(2026, 3, 13, tzinfo=UTC), later)


def test_a_missing_field_comes_from_elsewhere(tmp_path: Path) -> None:
    """What the best source lacks is taken from the next that has it: abstract, categories, a finer date."""
    [paper] = merged(
        tmp_path,
        [
            record("aa", abstract=None),
            record(
                "bb",
                source="saved_page",
                categories=["cs.CL"],
                published_date=date(2026, 3, 11),
                published_precision="day",
            ),
        ],
    )
    assert paper["abstract"] == "Adapters of several ranks."
    assert paper["categories"] == ["cs.CL"]
    assert (paper["published_date"], paper["published_precision"]) == (date(2026, 3, 11), "day")


def test_titles_never_merge_papers_with_ids(tmp_path: Path) -> None:
    """Two ids of one title are two papers."""
    papers = merged(tmp_path, [record("aa"), record("aa", 2, arxiv_id="2603.90002")])
    assert [p["paper_id"] for p in papers] == ["arxiv:2603.90001", "arxiv:2603.90002"]


def test_an_undated_paper_is_kept(tmp_path: Path) -> None:
    """A paper without a known date is a row with a null date, in the partition `unknown`."""
    [paper] = merged(tmp_path, [record("aa", arxiv_id=None, published_date=None, published_precision=None)])
    assert paper["published_date"] is None
    assert list(LakeTable(tmp_path, schema.PAPERS).partitions()) == ["unknown"]


def test_a_year_is_no_month(tmp_path: Path) -> None:
    """A paper of which only the year is known is in no month."""
    merged(tmp_path, [record("aa", published_date=date(2026, 1, 1), published_precision="year")])
    assert list(LakeTable(tmp_path, schema.PAPERS).partitions()) == ["unknown"]


def test_a_paper_twice_in_one_listing_is_one_appearance(tmp_path: Path) -> None:
    """A listing that names a paper several times gives one appearance, at its best rank."""
    rows = merged(tmp_path, [record("aa", 7), record("aa", 3), record("bb", 9)], schema.APPEARANCES)
    assert [(r["capture_sha256"][:2], r["rank"]) for r in rows] == [("aa", 3), ("bb", 9)]


def test_a_removed_record_removes_nothing(tmp_path: Path) -> None:
    """A record that its source says was removed flags the paper and keeps its text."""
    gone = record(
        "bb", title="", abstract=None, is_deleted=True, captured_at=datetime(2026, 5, 1, tzinfo=UTC)
    )
    [paper] = merged(tmp_path, [record("aa"), gone])
    assert (paper["title"], paper["is_deleted"]) == ("SlideRank", True)


def test_nothing_but_removed_records_is_no_paper(tmp_path: Path) -> None:
    """A removed record of which no text was ever seen makes no paper."""
    assert merged(tmp_path, [record("aa", title="", abstract=None, is_deleted=True)]) == []


def test_hostile_text_is_text(tmp_path: Path) -> None:
    """SQL in a title is stored to the letter and does nothing else."""
    title = "'); drop table records; --"
    [paper] = merged(tmp_path, [record("aa", title=title, arxiv_id=None)])
    assert paper["title"] == title


@pytest.mark.parametrize("shuffle", range(4))
def test_order_of_arrival_does_not_matter(tmp_path: Path, shuffle: int) -> None:
    """Captures in any order give byte-equal Parquet."""
    rows = [
        record(f"{n:02x}", source=source, title=f"SlideRank {n % 3}", arxiv_id=f"2603.9000{1 + n % 2}")
        for n, source in enumerate(["arxiv_snapshot", "saved_page", "starter", "huggingface_daily"] * 3)
    ]
    for name, seed in (("a", None), ("b", shuffle)):
        publish(tmp_path / name, rows, seed)
        merge(tmp_path / name, tmp_path / "spill")
    manifests = [
        [json.loads((tmp_path / n / t / "_manifest.json").read_text()) for t in ("papers", "appearances")]
        for n in ("a", "b")
    ]
    assert manifests[0] == manifests[1]


def test_unchanged_records_are_not_merged_again(tmp_path: Path) -> None:
    """A second merge of the same records does nothing; one after a file was lost makes it again."""
    publish(tmp_path, [record("aa")])
    assert not merge(tmp_path, tmp_path / "spill").was_unchanged
    assert merge(tmp_path, tmp_path / "spill").was_unchanged
    LakeTable(tmp_path, schema.PAPERS).files()[0].unlink()
    assert not merge(tmp_path, tmp_path / "spill").was_unchanged
    assert LakeTable(tmp_path, schema.PAPERS).manifest().rows == 1

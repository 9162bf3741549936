"""What a lake table promises: whole publications, byte-equal for equal content, damage found."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines import schema
from pipelines.lake.tables import LakeDamagedError, LakeTable, Publication

LINK_ROWS = {
    "paper_id": ["arxiv:2603.90001"],
    "url": ["https://example.org/a"],
    "kind": ["code"],
    "field": ["abstract"],
    "start_char": [3],
    "end_char": [24],
    "surface": ["https://example.org/a"],
}


def links(n: int = 1) -> pa.Table:
    """Return `n` rows of links."""
    return pa.table({k: v * n for k, v in LINK_ROWS.items()}, schema=schema.LINKS.arrow)


def lake(folder: Path) -> LakeTable:
    """Return the links of a lake folder."""
    return LakeTable(folder, schema.LINKS)


def publish(table: LakeTable, parts: dict[str, pa.Table], rules: str = "1") -> None:
    """Publish one partition a value."""
    publication = Publication(table, rules, "inputs")
    for value, rows in parts.items():
        publication.write(value, rows, key=str(rows.num_rows))
    publication.commit()


def test_what_is_published_is_read_back(tmp_path: Path) -> None:
    """Rows come back as written, one file a partition, and no staging is left."""
    publish(lake(tmp_path), {"2026-03": links(), "unknown": links(2)})
    assert lake(tmp_path).read("unknown").equals(links(2))
    assert {k: v.rows for k, v in lake(tmp_path).partitions().items()} == {"2026-03": 1, "unknown": 2}
    assert not [p for p in tmp_path.rglob("*") if ".staging" in p.parts and p.is_file()]


def test_same_rows_give_same_bytes(tmp_path: Path) -> None:
    """Equal content gives byte-equal Parquet and an equal manifest."""
    for name in ("a", "b"):
        publish(lake(tmp_path / name), {"2026-03": links(3)})
    files = [
        sorted(p.relative_to(tmp_path / n) for p in (tmp_path / n).rglob("*") if p.is_file())
        for n in ("a", "b")
    ]
    assert files[0] == files[1]
    assert all((tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files[0])


def test_a_partition_that_is_no_longer_written_goes(tmp_path: Path) -> None:
    """After a publication the table holds what was written or kept, and nothing else."""
    table = lake(tmp_path)
    publish(table, {"2026-02": links(), "2026-03": links(2)})
    again = Publication(table, "1", "inputs")
    assert again.is_current("2026-03", "2")
    assert not again.is_current("2026-03", "other")
    again.keep("2026-03")
    again.commit()
    assert [p.parent.name for p in table.files()] == ["published_month=2026-03"]
    assert not (table.folder / "published_month=2026-02").exists()


def test_other_rules_keep_nothing(tmp_path: Path) -> None:
    """A partition made by other rules is not current, whatever its inputs."""
    publish(lake(tmp_path), {"2026-03": links()})
    assert not Publication(lake(tmp_path), "2", "inputs").is_current("2026-03", "1")


def test_an_interrupted_publication_is_finished(tmp_path: Path) -> None:
    """A process that dies between its renames leaves a table that the next one finishes, to the row."""
    table = lake(tmp_path)
    publish(table, {"2026-02": links(), "2026-03": links(1)})
    publication = Publication(table, "1", "later")
    for value, rows in {"2026-03": links(2), "2026-04": links(3)}.items():
        publication.write(value, rows)
    (table.folder / "_manifest.next.json").write_bytes(publication._new.to_json())
    staged = table.staging / table.file_name("2026-03")
    staged.replace(table.folder / table.file_name("2026-03"))
    assert {k: v.rows for k, v in lake(tmp_path).partitions().items()} == {"2026-03": 2, "2026-04": 3}
    assert lake(tmp_path).damaged() == []


def test_an_abandoned_staging_is_swept(tmp_path: Path) -> None:
    """Rows that were staged and never committed are not seen, and go with the next publication."""
    table = lake(tmp_path)
    publish(table, {"2026-03": links()})
    Publication(table, "1", "x").write("2026-03", links(9))
    assert table.read("2026-03").num_rows == 1
    publish(table, {"2026-03": links()})
    assert not table.staging.exists()


def test_every_flipped_byte_of_a_page_is_noticed(tmp_path: Path) -> None:
    """A changed byte in a published file is an error to a reader that verifies, and `damaged` names the file."""
    table = lake(tmp_path)
    publish(table, {"2026-03": links(500)})
    path = table.files()[0]
    data = bytearray(path.read_bytes())
    data[40] ^= 0x20
    path.write_bytes(bytes(data))
    assert table.damaged() == [path]
    with pytest.raises(LakeDamagedError, match="papertrends check"):
        table.read("2026-03")


def test_rows_of_another_schema_are_refused(tmp_path: Path) -> None:
    """A column of another type never reaches a published file."""
    publication = Publication(lake(tmp_path), "1", "x")
    with pytest.raises(ValueError, match="links: rows have the schema"):
        publication.write("2026-03", pa.table({"paper_id": [1]}))


@pytest.mark.parametrize("value", ["../x", "a/b", "", "2026-03\n", "é", "x" * 65, None])
def test_a_partition_value_is_no_path(tmp_path: Path, value: str | None) -> None:
    """Nothing but a plain short name becomes a folder."""
    with pytest.raises(ValueError, match="no value of the partition"):
        lake(tmp_path).file_name(value)


def test_any_reader_sees_hive_partitions(tmp_path: Path) -> None:
    """The folder is a Hive-partitioned data set to a reader that knows nothing of this project."""
    publish(lake(tmp_path), {"2026-03": links(), "unknown": links(2)})
    months = pq.read_table(tmp_path / "links", partitioning="hive").column("published_month").to_pylist()
    assert sorted(months) == ["2026-03", "unknown", "unknown"]

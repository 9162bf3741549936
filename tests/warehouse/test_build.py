"""A release is published whole and right, or not at all."""

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines.lake.tables import LakeDamagedError, LakeTable, Publication
from pipelines.schema import PAPERS
from pipelines.settings import RELEASES_KEPT, SQL_DIR, DataDir
from pipelines.warehouse.build import Release, build_release
from pipelines.warehouse.errors import ContractError, ReleaseRefusedError
from pipelines.warehouse.publish import prune
from pipelines.warehouse.query import connect
from tests.warehouse.small_lake import Paper, SmallLake

#: meta tables that tell one release from another; every other table holds the same rows for the same inputs.
OF_THE_RELEASE = {"meta.releases", "meta.changes", "meta.paper_changes"}


def tables_of(data: DataDir) -> dict[str, list[tuple[object, ...]]]:
    """Return every table of the last release in its stored order."""
    with connect(data) as con:
        names = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables() order by 1"
        ).fetchall()
        return {n: con.execute(f"from {n}").fetchall() for (n,) in names}


def files_of(data: DataDir) -> list[str]:
    """Return what lies in releases/, hidden files too."""
    return sorted(p.name for p in data.releases.iterdir())


@pytest.fixture
def sql_dir(tmp_path: Path) -> Path:
    """Return a copy of sql/ that a test may spoil."""
    shutil.copytree(SQL_DIR, tmp_path / "sql")
    return tmp_path / "sql"


def test_a_release_holds_every_table_with_its_texts(built: tuple[SmallLake, Release]) -> None:
    """The release has the tables of sql/, and each table and column carries its header's text as a comment."""
    lake, release = built
    with connect(lake.data) as con:
        n_silent = con.execute(
            "select count(*) from (select comment from duckdb_tables() union all select comment from duckdb_columns() "
            "where schema_name in ('core', 'trends', 'meta')) where comment is null"
        ).fetchone()
        (unit,) = con.execute(
            "select comment from duckdb_columns() where table_name = 'method_monthly' and column_name = 'share'"
        ).fetchone() or ("",)
    assert set(release.rows) == {f"{p.parent.name}.{p.stem}" for p in SQL_DIR.glob("*/*.sql")} - {
        f"checks.{p.stem}" for p in SQL_DIR.glob("checks/*.sql")
    }
    assert n_silent == (0,)
    assert unit == "n_papers / n_total [fraction]"
    assert all(c.is_ok for c in release.checks)
    assert lake.data.warehouse.resolve() == release.path
    assert files_of(lake.data) == [release.path.name]


def test_an_empty_lake_gives_empty_tables(tmp_path: Path) -> None:
    """A data folder without one file builds a release with all its columns and no papers."""
    data = DataDir(tmp_path / "data").make()
    release = build_release(data, inputs=SmallLake(data.root).inputs())
    assert release.rows["core.papers"] == release.rows["trends.method_monthly"] == 0
    assert release.rows["core.size_bins"] > 0


def test_same_inputs_same_rows(lake: SmallLake) -> None:
    """Two builds of the same inputs at two times differ in what they say of themselves and in nothing else."""
    build_release(lake.data, inputs=lake.inputs(minute=0))
    first = tables_of(lake.data)
    build_release(lake.data, inputs=lake.inputs(minute=5))
    second = tables_of(lake.data)
    assert {n for n in first if first[n] != second[n]} <= OF_THE_RELEASE
    assert first["meta.releases"] == second["meta.releases"][:1]
    assert len(second["meta.releases"]) == 2


def test_the_release_id_tells_equal_inputs(lake: SmallLake) -> None:
    """Ids sort by time, end alike for equal inputs and otherwise not, and are never given twice."""
    first = build_release(lake.data, inputs=lake.inputs(minute=0)).release_id
    again = build_release(lake.data, inputs=lake.inputs(minute=0)).release_id
    other = build_release(lake.data, inputs=lake.inputs(minute=3, rules="rules-2")).release_id
    assert first.startswith("20260302T090000-")
    assert sorted({first, again, other}) == [first, again, other]
    assert first[-8:] == again[-8:] != other[-8:]


BROKEN = [
    ("core/links.sql", "select paper_id", "select no_such_column", "sql/core/links.sql", "SQL", "no_such_column"),
    ("core/papers.sql", "column title VARCHAR", "column title DATE", "sql/core/papers.sql", "columns", "declared title DATE, built VARCHAR"),
    ("core/papers.sql", "-- column url VARCHAR:\n", "", "sql/core/papers.sql", "columns", "url is built and not declared"),
    ("core/papers.sql", "-- not null: paper_id", "-- not null: abstract, paper_id", "sql/core/papers.sql", "not null abstract", "arxiv:2401.00012"),
    ("core/papers.sql", "-- unique: paper_id", "-- unique: published_precision", "sql/core/papers.sql", "unique published_precision", '"day"'),
    ("core/appearances.sql", "assert: rank >= 1", "assert: rank > 1", "sql/core/appearances.sql", "assert rank > 1", "arxiv:2401.00001"),
    ("core/appearances.sql", "assert: rank >= 1", "assert: upvotes >= 0", "sql/core/appearances.sql", "assert upvotes >= 0", "14 bad rows"),
    ("core/appearances.sql", "assert: rank >= 1", "assert: no_such > 1", "sql/core/appearances.sql", "header", "no_such"),
    ("trends/population_monthly.sql", "count(*) as n_papers", "count(*) + 1 as n_papers", "sql/trends/population_monthly.sql", "evidence", "n_evidence"),
    ("checks/papers_exist.sql", "not in (select paper_id from core.papers)", "in (select paper_id from core.papers)", "sql/checks/papers_exist.sql", "returns no row", "core.appearances"),
    ("checks/papers_exist.sql", "core.papers", "core.nothing", "sql/checks/papers_exist.sql", "SQL", "nothing"),
    ("functions.sql", "create macro month_of", "create makro month_of", "sql/functions.sql", "SQL", "makro"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "old", "new", "file", "rule", "said"), BROKEN)
def test_a_rule_that_does_not_hold_refuses_the_release(
    lake: SmallLake, sql_dir: Path, *, path: str, old: str, new: str, file: str, rule: str, said: str
) -> None:
    """Broken SQL, a broken promise or a check with bad rows: one line names file, rule and sample; nothing changes."""
    good = build_release(lake.data, inputs=lake.inputs())
    before = good.path.read_bytes()
    text = (sql_dir / path).read_text(encoding="utf-8")
    assert old in text
    (sql_dir / path).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ReleaseRefusedError) as caught:
        build_release(lake.data, sql_dir=sql_dir, inputs=lake.inputs(minute=1))
    assert (caught.value.file, caught.value.rule) == (file, rule)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert lake.data.warehouse.resolve() == good.path
    assert files_of(lake.data) == [good.path.name]
    assert good.path.read_bytes() == before


def test_files_that_read_each_other_refuse_the_release(lake: SmallLake, sql_dir: Path) -> None:
    """A circle of references is an error before anything is built."""
    path = sql_dir / "core" / "papers.sql"
    path.write_text(
        path.read_text(encoding="utf-8").replace("from lake.papers", "from core.populations"),
        encoding="utf-8",
    )
    with pytest.raises(ContractError, match="in a circle"):
        build_release(lake.data, sql_dir=sql_dir, inputs=lake.inputs())
    assert files_of(lake.data) == []
    assert not lake.data.warehouse.exists()


def test_a_changed_parquet_byte_refuses_the_release(lake: SmallLake) -> None:
    """A Parquet file that is no longer the one published is found before it is loaded, however it was changed."""
    good = build_release(lake.data, inputs=lake.inputs())
    path = LakeTable(lake.data.parquet, PAPERS).files()[0]
    spoiled = bytearray(path.read_bytes())
    spoiled[len(spoiled) // 2] ^= 1
    path.write_bytes(spoiled)
    with pytest.raises(LakeDamagedError, match="papertrends check"):
        build_release(lake.data, inputs=lake.inputs(minute=1))
    assert lake.data.warehouse.resolve() == good.path


def test_parquet_of_another_version_is_named(lake: SmallLake) -> None:
    """Parquet that lacks a column, because an older program wrote it, is one line that names the folder and the cure."""
    older = replace(PAPERS, columns=tuple(c for c in PAPERS.columns if c.name != "is_deleted"))
    publication = Publication(LakeTable(lake.data.parquet, older), "old", "old")
    publication.write("2024-01", older.arrow.empty_table())
    publication.commit()
    with pytest.raises(
        LakeDamagedError, match=r"parquet/papers: .*is_deleted.*`papertrends run` makes it anew"
    ):
        build_release(lake.data, inputs=lake.inputs())


def test_hostile_text_in_a_sample_steers_no_terminal(lake: SmallLake) -> None:
    """What a message quotes of a paper is on one line and without control characters."""
    lake.papers.append(Paper(14, "2024-05-30", sources=("strange\x1b[2J\nsource",)))
    lake.write()
    with pytest.raises(ReleaseRefusedError) as caught:
        build_release(lake.data, inputs=lake.inputs())
    assert caught.value.file == "sql/checks/sources_known.sql"
    assert str(caught.value).isprintable()


def test_an_odd_data_folder_is_no_trouble(tmp_path: Path) -> None:
    """A data folder whose name holds quotes, blanks and other scripts builds like any other."""
    lake = SmallLake(
        tmp_path / 'it\'s a "dätä" folder; drop', [Paper(1, "2024-01-05", methods=(("LoRA", "uses"),))]
    )
    assert build_release(lake.write(), inputs=lake.inputs()).rows["core.papers"] == 1


def test_old_releases_go_and_the_last_ones_stay(published: tuple[SmallLake, Release]) -> None:
    """The last releases are kept as files, each of them can be opened, and no more of them than the setting says."""
    lake, release = published
    older = [f"202501{day:02}T000000-00000000" for day in range(1, RELEASES_KEPT + 2)]
    for release_id in older:
        shutil.copyfile(release.path, lake.data.releases / f"{release_id}.duckdb")
    new = build_release(lake.data, inputs=lake.inputs(minute=1))
    kept = [*older, release.release_id, new.release_id][-RELEASES_KEPT:]
    assert files_of(lake.data) == [f"{i}.duckdb" for i in kept]
    with connect(lake.data, kept[0]) as con:
        assert con.execute("select max(release_id) from meta.releases").fetchone() == (release.release_id,)


def test_the_linked_release_is_never_removed(published: tuple[SmallLake, Release]) -> None:
    """A release that the link points to stays, however old it is."""
    lake, release = published
    shutil.copyfile(release.path, lake.data.releases / "20270101T000000-00000000.duckdb")
    assert prune(lake.data, keep=1) == []
    assert release.path.is_file()


def test_what_a_killed_build_left_is_swept(lake: SmallLake) -> None:
    """Half-built files of a process that died go with the next build."""
    lake.data.releases.joinpath(".building-20200101T000000-00000000.duckdb").write_bytes(b"half")
    lake.data.releases.joinpath(".building-20200101T000000-00000000.duckdb.wal").write_bytes(b"half")
    release = build_release(lake.data, inputs=lake.inputs())
    assert files_of(lake.data) == [release.path.name]


def test_a_release_opens_in_the_last_generation_of_clients(built: tuple[SmallLake, Release]) -> None:
    """The file has the storage version that DuckDB 1.5 reads, so today's command-line clients open it."""
    # the storage version stands after the checksum and the magic bytes, in the main header
    header = built[1].path.read_bytes()[:64]
    assert header[8:12] == b"DUCK"
    assert 64 <= int.from_bytes(header[12:20], "little") <= 68


def test_a_build_cannot_reach_outside_its_folder(lake: SmallLake, sql_dir: Path, tmp_path: Path) -> None:
    """SQL of a table can read no file but the lake's."""
    outside = tmp_path / "outside.csv"
    outside.write_text("n\n1\n", encoding="utf-8")
    text = f"-- A table.\n-- grain: row\n-- column n BIGINT: n\nselect n from read_csv('{outside}')\n"
    (sql_dir / "core" / "outside.sql").write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseRefusedError, match="disabled by configuration"):
        build_release(lake.data, sql_dir=sql_dir, inputs=lake.inputs())


def test_a_reader_in_the_same_process_stops_no_build(lake: SmallLake) -> None:
    """A connection that is open in the building process neither blocks the build nor changes under its reader."""
    build_release(lake.data, inputs=lake.inputs(minute=0))
    with connect(lake.data) as con:
        build_release(lake.data, inputs=lake.inputs(minute=1))
        assert con.execute("select count(*) from meta.releases").fetchone() == (1,)
        with connect(lake.data) as new:
            assert new.execute("select count(*) from meta.releases").fetchone() == (2,)
    assert isinstance(con, duckdb.DuckDBPyConnection)

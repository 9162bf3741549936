"""What the whole line promises: listings in, a checked release out, the same for the same input, and bad input stops nothing."""

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main
from pipelines.settings import STARTER_FILE, DataDir
from pipelines.stages import Stages
from pipelines.warehouse.errors import ReleaseRefusedError

PAGE = """new

Get trending papers in your email inbox!

Subscribe

by AK and the research community

Mar 13

SlideRank: Choosing Adapter Rank from Gradient Spectra

Low-rank adaptation (LoRA) is cheap, but its rank is chosen by hand. We present SlideRank, a parameter-efficient \
method that picks the rank of every adapter of a 7B model while training 0.2\\% of its parameters. Code: https://github.com/example/sliderank.

Mosaic Prompts: Sharing Soft Prompts Between Tasks

Prompt tuning breaks when the prompt is long. We study soft prompts that are shared between tasks and match a 13B model.
"""

SPANS = """
select count(*) from core.{table} s join core.papers p using (paper_id)
where substring(case s.field when 'title' then p.title else p.abstract end, s.start_char + 1, s.end_char - s.start_char)
      is distinct from s.surface
"""


def papertrends(*words: str | Path, **options: Any) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, [str(w) for w in words], **options)


def rows(data: Path, query: str) -> list[tuple[Any, ...]]:
    """Ask the published release, as any DuckDB client would."""
    with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def drop(data: Path, name: str, content: bytes | str) -> None:
    """Put a file into the inbox."""
    (data / "inbox").mkdir(parents=True, exist_ok=True)
    (data / "inbox" / name).write_bytes(content.encode() if isinstance(content, str) else content)


def parquet_bytes(data: Path) -> dict[str, bytes]:
    """Return every published Parquet file."""
    folder = data / "parquet"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*.parquet"))}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder after one run over the starter corpus and a saved page."""
    folder = tmp_path_factory.mktemp("data")
    drop(folder, "page.txt", PAGE)
    result = papertrends("run", "--data-dir", folder, "--captured-on", "2026-03-20")
    assert (result.exit_code, result.exception) == (0, None), result.output
    return folder


def test_a_run_ends_with_pages(data: Path) -> None:
    """A run writes the report; one that finds nothing new writes it only where a person removed it, and says where it is."""
    page = data / "reports" / "latest" / "index.html"
    assert "LoRA" in page.read_text(encoding="utf-8")
    shutil.rmtree(data / "reports")
    result = papertrends("run", "--data-dir", data)
    assert "nothing new" in result.stdout
    assert f"-> {page}" in result.stdout
    assert page.is_file()


def test_a_saved_page_arrives_whole(data: Path) -> None:
    """Both papers of the page are papers, the header is none, and the listing they came from is known, with its year."""
    found = rows(
        data,
        "select p.title, a.source, a.listing_date::varchar, a.rank from core.appearances a join core.papers p "
        "using (paper_id) where a.source = 'saved_page' order by a.rank",
    )
    assert [(s, d, r) for _, s, d, r in found] == [
        ("saved_page", "2026-03-13", 1),
        ("saved_page", "2026-03-13", 2),
    ]
    assert [t.partition(":")[0] for t, *_ in found] == ["SlideRank", "Mosaic Prompts"]
    assert rows(data, "select date_basis from core.captures where source = 'saved_page'") == [
        ("captured-on",)
    ]


def test_a_paper_without_a_date_keeps_none(data: Path) -> None:
    """The day of a page is not the day of its papers: their publication date stays null and is counted as such."""
    assert rows(
        data,
        "select count(*), count(published_date), count(published_precision) from core.papers "
        "join core.appearances using (paper_id) where source = 'saved_page'",
    ) == [(2, 0, 0)]
    assert rows(data, "select n_papers from meta.coverage where source = 'saved_page' and month is null") == [
        (2,)
    ]


@pytest.mark.parametrize(
    "table", ["method_mentions", "quantities", "refusals", "links", "model_mentions", "candidate_spans"]
)
def test_every_span_is_in_its_text(data: Path, table: str) -> None:
    """For every row of every span table the offsets cut out the surface."""
    assert rows(data, f"select count(*) > 0 from core.{table}") == [(True,)]
    assert rows(data, SPANS.format(table=table)) == [(0,)]


def test_a_saved_page_enters_no_share(data: Path) -> None:
    """What a person saved is no population; the starter corpus is its own and is in no other."""
    assert rows(data, "select distinct scope from core.populations order by 1") == [("starter",)]


def test_numbers_are_read(data: Path) -> None:
    """The page's trained share and its model sizes are typed numbers."""
    assert rows(
        data,
        "select kind, value from core.quantities join core.appearances using (paper_id) where source = 'saved_page' "
        "order by kind, value",
    ) == [("model_size", 7e9), ("model_size", 13e9), ("trainable_pct", 0.2)]


def test_a_second_run_does_nothing_and_says_so(data: Path) -> None:
    """A run with nothing new publishes nothing, changes no file, and says that the last release is current."""
    before = ((data / "warehouse.duckdb").readlink(), parquet_bytes(data))
    result = papertrends("run", "--data-dir", data)
    assert result.exit_code == 0
    assert "nothing new" in result.output
    assert ((data / "warehouse.duckdb").readlink(), parquet_bytes(data)) == before


def test_the_same_input_gives_the_same_bytes(data: Path, tmp_path: Path) -> None:
    """Another folder with the same input gets byte-equal Parquet and equal tables."""
    drop(tmp_path, "page.txt", PAGE)
    assert papertrends("run", "--data-dir", tmp_path, "--captured-on", "2026-03-20").exit_code == 0
    assert parquet_bytes(tmp_path) == parquet_bytes(data)
    tables = rows(
        data, "select schema_name || '.' || table_name from duckdb_tables() where schema_name <> 'meta'"
    )
    for (table,) in tables:
        assert rows(tmp_path, f"from {table}") == rows(data, f"from {table}"), table


def test_a_new_file_changes_only_what_it_touches(tmp_path: Path) -> None:
    """After a new listing of one month only that month's texts are extracted again."""
    small = tmp_path / "small.jsonl"
    small.write_text("".join(STARTER_FILE.read_text().splitlines(keepends=True)[:40]))
    stages = Stages(DataDir(tmp_path / "d", starter_file=small).make())

    def go() -> tuple[int, int]:
        stages.capture_starter(), stages.capture_inbox(), stages.read(), stages.merge()
        report = stages.extract()
        return report.n_extracted, report.n_kept

    n_months, n_kept = go()
    assert n_kept == 0
    paper = {
        "id": "2603.90001",
        "title": "SlideRank",
        "abstract": "We use LoRA.",
        "categories": "cs.CL",
        "versions": [],
    }
    drop(stages.data.root, "one.jsonl", json.dumps(paper) + "\n")
    assert go() == (1, n_months)
    assert go() == (0, n_months + 1)


BAD = {
    "empty.txt": b"",
    "cut.jsonl.gz": gzip.compress(STARTER_FILE.read_bytes())[:20_000],
    "binary.bin": bytes(range(256)) * 40,
    "error.html": b"<!doctype html><html><head><title>503</title></head><body><h1>Maintenance</h1></body></html>",
    "other.json": b'{"items": [{"a": 1}], "total": 3}',
    "copies.jsonl": (STARTER_FILE.read_bytes().splitlines(keepends=True)[0]) * 10_000,
}


def test_bad_input_stops_nothing(tmp_path: Path) -> None:
    """Each bad file gets one clear line, stays where it is, the rest is published, and the exit status is 3."""
    for name, content in BAD.items():
        drop(tmp_path, name, content)
    drop(tmp_path, "page.txt", PAGE)
    result = papertrends("run", "--data-dir", tmp_path)
    assert result.exit_code == 3, result.output
    problems = [line for line in result.stderr.splitlines() if line.startswith("inbox/")]
    assert sorted(line.partition(":")[0] for line in problems) == sorted(f"inbox/{name}" for name in BAD)
    assert all((tmp_path / "inbox" / name).is_file() for name in BAD)
    assert rows(tmp_path, "select count(*) from core.appearances where source = 'saved_page'") == [(2,)]
    again = papertrends("run", "--data-dir", tmp_path)
    assert again.exit_code == 3
    assert "nothing new" in again.output


def test_a_refused_release_leaves_the_last_one(data: Path, tmp_path: Path) -> None:
    """When a check of a build fails, readers keep the last release and the message names the file."""
    folder = tmp_path / "d"
    shutil.copytree(data, folder, symlinks=True)
    before = (folder / "warehouse.duckdb").readlink()
    drop(folder, "more.txt", PAGE.replace("SlideRank", "GlideRank").replace("Mosaic", "Tessera"))
    sql_dir = tmp_path / "sql"
    shutil.copytree(Path(__file__).parents[1] / "sql", sql_dir)
    (sql_dir / "checks" / "never.sql").write_text("-- Always bad.\nselect 1 as broken\n")
    stages = Stages(DataDir(folder), sql_dir=sql_dir)
    stages.capture_inbox(), stages.read(), stages.merge(), stages.extract()
    with pytest.raises(ReleaseRefusedError, match=r"sql/checks/never\.sql"):
        stages.release()
    assert (folder / "warehouse.duckdb").readlink() == before

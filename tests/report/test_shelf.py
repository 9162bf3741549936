"""How reports are kept: the link swaps whole reports, a bad one replaces nothing, an old one goes with its release."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.lake.lock import run_lock
from pipelines.report.pages import figures, grounds, numbers, passages, shelf
from pipelines.report.pages.render import Pages
from pipelines.report.pages.report import TABLES, write_report
from pipelines.settings import SQL_DIR, DataDir
from pipelines.warehouse.build import build_release
from pipelines.warehouse.publish import prune, release_ids
from tests.warehouse.small_lake import Paper, SmallLake


@pytest.fixture
def lake(tmp_path: Path) -> SmallLake:
    """Return a lake of two papers with a release."""
    small = SmallLake(
        tmp_path / "data",
        [
            Paper(1, "2024-01-05", methods=(("LoRA", "uses"),)),
            Paper(2, "2024-02-05", ("arxiv",), ("cs.CL",), methods=(("QLoRA", "proposes"),)),
        ],
    )
    build_release(small.write(), inputs=small.inputs())
    return small


def folders(data: DataDir) -> list[str]:
    """Return what is on the shelf, links aside."""
    return sorted(p.name for p in data.reports.iterdir() if p.is_dir() and not p.is_symlink())


def test_the_same_release_gives_the_same_pages(lake: SmallLake) -> None:
    """Writing a report again changes no byte and adds no folder."""
    first = write_report(lake.data)
    before = {p: p.read_bytes() for p in first.page.resolve().parent.rglob("*") if p.is_file()}
    second = write_report(lake.data)
    assert second.page.resolve() == first.page.resolve()
    assert {p: p.read_bytes() for p in second.page.resolve().parent.rglob("*") if p.is_file()} == before
    assert len(folders(lake.data)) == 1


def test_a_reader_keeps_the_report_that_it_opened(lake: SmallLake) -> None:
    """A new report takes the link; the old one's pages stay where an open browser finds them."""
    first = write_report(lake.data).page.resolve()
    build_release(lake.write(), inputs=lake.inputs(minute=1, f1=0.5))
    second = write_report(lake.data).page.resolve()
    assert first != second
    assert first.is_file()
    assert (lake.data.reports / "latest" / "index.html").resolve() == second


def test_a_report_that_fails_replaces_nothing(lake: SmallLake, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a page cannot be made the last report stays, and nothing of the new one is left."""
    page = write_report(lake.data).page.resolve()
    build_release(lake.write(), inputs=lake.inputs(minute=1, f1=0.5))

    def broken(_: Pages) -> list[object]:
        raise RuntimeError("no page")

    monkeypatch.setattr(Pages, "_write_candidates", broken)
    with pytest.raises(RuntimeError, match="no page"):
        write_report(lake.data)
    assert (lake.data.reports / "latest" / "index.html").resolve() == page
    assert folders(lake.data) == [page.parent.name]


def test_reports_go_with_their_release(lake: SmallLake) -> None:
    """A report stays as long as its release, and the one under the link always."""
    for minute in range(3):
        build_release(lake.write(), inputs=lake.inputs(minute=minute, f1=0.5 + minute / 10))
        write_report(lake.data)
    assert len(folders(lake.data)) == 3
    prune(lake.data, keep=1)
    write_report(lake.data)
    assert [name[:24] for name in folders(lake.data)] == release_ids(lake.data)


def test_an_older_release_does_not_take_the_link(lake: SmallLake) -> None:
    """`report --release` writes the older release's pages beside the last report and prints where."""
    [older] = release_ids(lake.data)
    build_release(lake.write(), inputs=lake.inputs(minute=1, f1=0.5))
    last = write_report(lake.data).page.resolve()
    result = CliRunner().invoke(main, ["report", "--data-dir", str(lake.root), "--release", older])
    assert result.exit_code == 0, result.output
    assert Path(result.stdout.strip()).is_file()
    assert older in result.stdout
    assert (lake.data.reports / "latest" / "index.html").resolve() == last


def test_a_scope_has_a_report_and_a_link_of_its_own(lake: SmallLake) -> None:
    """`report --scope` counts that population alone; a scope that holds no paper is named with those that do."""
    main_page = write_report(lake.data).page.resolve()
    result = CliRunner().invoke(main, ["report", "--data-dir", str(lake.root), "--scope", "arxiv:cs.CL"])
    assert result.exit_code == 0, result.output
    page = Path(result.stdout.strip())
    assert page.parent.name == "latest-arxiv-cs-cl"
    assert sorted(p.name for p in (page.resolve().parent / "methods").iterdir()) == ["qlora.html"]
    assert (lake.data.reports / "latest" / "index.html").resolve() == main_page
    wrong = CliRunner().invoke(main, ["report", "--data-dir", str(lake.root), "--scope", "../x"])
    assert wrong.exit_code == 1
    assert "'../x' is no scope of this release; there are all, arxiv, huggingface_daily" in wrong.stderr


def test_without_a_release_the_next_command_is_named(tmp_path: Path) -> None:
    """`report` over an empty data folder says what to do, in one line, and writes no page."""
    result = CliRunner().invoke(main, ["report", "--data-dir", str(tmp_path / "data")])
    assert result.exit_code == 1
    assert "there is no release yet; run `papertrends run` first" in result.stderr
    assert not (tmp_path / "data").exists()


def test_a_run_does_not_block_the_report(lake: SmallLake) -> None:
    """While a run holds the data folder's lock a report on the last release is written all the same."""
    with run_lock(lake.data.lock):
        assert write_report(lake.data).page.is_file()


def test_what_a_dead_process_left_is_swept(lake: SmallLake) -> None:
    """A folder that was being written when its process died is gone after the next report."""
    left = lake.data.reports / ".building-dead"
    left.mkdir(parents=True)
    (left / "index.html").write_text("half a page")
    write_report(lake.data)
    assert not left.exists()


def test_a_release_without_what_the_pages_read_is_named(lake: SmallLake) -> None:
    """A release of an older version that lacks a table gives one line that says so, and no report."""
    import duckdb

    path = lake.data.warehouse.resolve()
    with duckdb.connect(str(path)) as con:
        con.execute("drop table trends.emerging_methods")
    result = CliRunner().invoke(main, ["report", "--data-dir", str(lake.root)])
    assert result.exit_code == 1
    assert "report on a release that this version of the program built" in result.stderr
    assert not shelf.front_page(lake.data)


def test_the_tables_that_pages_read_are_those_of_the_asset() -> None:
    """The asset's dependencies are what the pages' queries name, and what the macros they use name."""
    sources = [
        Path(str(m.__file__)).read_text(encoding="utf-8") for m in (figures, grounds, numbers, passages)
    ]
    named = set(re.findall(r"(?:from|join) ((?:core|trends|meta)\.\w+)", "\n".join(sources)))
    macros = (SQL_DIR / "macros.sql").read_text(encoding="utf-8")
    assert named <= set(TABLES)
    assert all(table in macros for table in set(TABLES) - named)


def test_a_shelf_without_the_last_report_is_told(lake: SmallLake) -> None:
    """A run can tell whether the last report is about the last release."""
    [release_id] = release_ids(lake.data)
    assert not shelf.is_current(lake.data, release_id)
    write_report(lake.data)
    assert shelf.is_current(lake.data, release_id)
    shutil.rmtree(lake.data.reports)
    assert not shelf.is_current(lake.data, release_id)

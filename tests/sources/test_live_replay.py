"""Captures of live listings read into the lake: a replay with the server gone gives the same Parquet to the byte."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from standin.arxiv import Arxiv, ArxivPaper, changed_on
from standin.huggingface import HuggingFace, item, usual_day
from standin.server import Reply, StandIn, standing_in

from pipelines.lake.captures import CaptureStore
from pipelines.lake.tables import LakeTable
from pipelines.papers.merge import merge
from pipelines.papers.reading import read_captures
from pipelines.schema import APPEARANCES, PAPERS, RECORDS

DAY = date(2026, 3, 12)


@pytest.fixture
def server(clock, hf: HuggingFace) -> Iterator[StandIn]:
    """Yield a stand-in that plays both services, with faults on some days."""
    arxiv = Arxiv(
        clock, [*changed_on(DAY, 25), ArxivPaper("2603.07777", "", DAY, is_deleted=True)], page_size=10
    )
    hf.days[DAY] = [item(f"2603.{n:05d}", f"Paper {n}", DAY) for n in range(1, 151)]
    with standing_in(clock, arxiv, hf) as running:
        running.fault("date=2026-03-05", Reply(b"<html></html>", headers={"Content-Type": "text/html"}))
        running.fault("date=2026-03-06", Reply(b"", 503))
        yield running


def lake(store: CaptureStore, folder: Path) -> dict[str, str]:
    """Read and merge all captures into `folder`, and return the SHA-256 of every Parquet file."""
    outcomes = read_captures(store, folder, is_replay=True)
    assert outcomes
    merge(folder, folder / ".staging" / "duckdb")
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*.parquet"))
    }


def test_a_replay_is_equal_to_the_byte(desk, server: StandIn, clock, tmp_path: Path) -> None:
    """From the captures alone, with nobody to ask, every Parquet file is made again exactly."""
    clock.pass_(-7 * 86400)
    desk.run("huggingface_daily", date(2026, 2, 20), DAY)
    clock.pass_(86400)
    for source in ("huggingface_daily", "arxiv"):
        desk.run(source, date(2026, 3, 9), DAY)
    first = lake(desk.store, tmp_path / "first")
    server.stop()
    server.stop = lambda: None
    second = lake(CaptureStore(desk.store.folder), tmp_path / "second")
    assert first == second
    assert len(first) > 20


def test_rows_are_exactly_the_listed_ones(desk, hf: HuggingFace, tmp_path: Path) -> None:
    """Every paper of every good day is in its listing once, at its place; the refused day is in none."""
    first, last = date(2026, 3, 2), DAY
    desk.run("huggingface_daily", first, last)
    lake(desk.store, tmp_path / "lake")
    shown = LakeTable(tmp_path / "lake", APPEARANCES)
    rows = [row for file in shown.files() for row in pq.read_table(file, partitioning=None).to_pylist()]
    got = sorted((r["listing_date"], r["rank"], r["paper_id"], r["upvotes"]) for r in rows)
    expected = sorted(
        (day, n, f"arxiv:{i['paper']['id']}", i["paper"]["upvotes"])
        for day in (date.fromordinal(o) for o in range(first.toordinal(), last.toordinal() + 1))
        if day != date(2026, 3, 5)
        for n, i in enumerate(hf.listed(day), 1)
    )
    assert got == expected


def test_the_order_of_sources_does_not_matter(desk, hf: HuggingFace, tmp_path: Path) -> None:
    """A paper that both services list is one paper with arXiv's text and date, whichever was asked first."""
    hf.days[DAY] = [item("2603.06001", "Small Modules one of a Thursday", DAY), *usual_day(DAY)]
    papers = []
    for n, order in enumerate((("arxiv", "huggingface_daily"), ("huggingface_daily", "arxiv"))):
        desk.store = CaptureStore(tmp_path / f"raw{n}")
        for source in order:
            desk.run(source, DAY)
        lake(desk.store, tmp_path / f"lake{n}")
        table = LakeTable(tmp_path / f"lake{n}", PAPERS)
        rows = [r for f in table.files() for r in pq.read_table(f, partitioning=None).to_pylist()]
        papers.append(
            [{k: v for k, v in r.items() if k not in ("first_seen_at", "last_seen_at")} for r in rows]
        )
    assert papers[0] == papers[1]
    (shared,) = [r for r in papers[0] if r["arxiv_id"] == "2603.06001"]
    assert (shared["text_source"], shared["published_date"]) == ("arxiv", date(2026, 3, 11))


def test_a_reading_that_was_cut_short_is_not_read(desk, server: StandIn, tmp_path: Path) -> None:
    """Pages of a day whose last page never came are captured and enter no table."""
    server.fault(f"date={DAY}&limit=100&p=1", *[Reply(b"oops", 500)] * 9)
    desk.run("huggingface_daily", DAY)
    assert len(desk.store.captures()) == 2
    (outcome, _) = read_captures(desk.store, tmp_path / "lake")
    assert outcome.state == "failed"
    assert LakeTable(tmp_path / "lake", RECORDS).manifest().rows == 0


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Auckland"])
def test_dates_do_not_depend_on_the_machines_zone(
    desk, clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    """At 00:30 UTC of a day with a change to summer time, days and rows are those of UTC, wherever the machine is."""
    import time

    clock.pass_(-12 * 86400 - 5.5 * 3600)  # 00:30 UTC on 8 March 2026, when Los Angeles changes its clocks
    found = []
    for name in ("UTC", zone):
        monkeypatch.setenv("TZ", name)
        time.tzset()
        desk.store = CaptureStore(tmp_path / name / "raw")
        report = desk.run("huggingface_daily", date(2026, 3, 6), date(2026, 3, 8))
        states = [(j.day, j.state, j.read_on, j.read_at.isoformat()[:13]) for j in report.days]
        found.append((states, lake(desk.store, tmp_path / name / "lake")))
    monkeypatch.delenv("TZ")
    time.tzset()
    assert found[0][0] == found[1][0]
    assert [state for _, state, _, _ in found[0][0]] == ["ok", "open", "open"]
    assert len(found[0][1]) == len(found[1][1])

"""What a live run promises from the command line: asked, judged, published; resumed, replayed, and never wrong in silence."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from standin.arxiv import Arxiv, ArxivPaper
from standin.clock import FakeClock
from standin.huggingface import HuggingFace
from standin.server import Reply, StandIn, standing_in
from test_pipeline import PAGE, drop, parquet_bytes, rows

from pipelines.cli import main

DAY = date(2026, 3, 13)
PAGE_BLOCKS = [
    "\n\n".join(pair) for pair in zip(PAGE.split("\n\n")[5::2], PAGE.split("\n\n")[6::2], strict=True)
]
UNLIKE = (
    "Irrigation schedules of greenhouse tomatoes are compared under drought, with sensors in every bed and a model of "
    "soil moisture that growers can read without any training at all."
)
DAYS = ("--from", "2026-03-09", "--to", "2026-03-15")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """Yield the stand-in of Hugging Face, to which the environment points; today is 20 March 2026."""
    clock = FakeClock()
    with standing_in(clock, HuggingFace(clock, clock.now().date())) as running:
        monkeypatch.setenv("PAPERTRENDS_HF_URL", running.url)
        monkeypatch.setenv("PAPERTRENDS_TODAY", "2026-03-20")
        yield running


def run(data: Path, *words: str) -> Result:
    """Run `papertrends run` in this process."""
    return CliRunner().invoke(main, ["run", "--data-dir", str(data), *words])


def test_a_week_is_published_resumed_and_replayed(server: StandIn, tmp_path: Path) -> None:
    """Good days are published to the row, a bad one is refused and asked again alone, and a replay needs no network."""
    server.fault(
        "date=2026-03-12",
        Reply(b"<html><title>Maintenance</title></html>", headers={"Content-Type": "text/html"}),
    )
    first = run(tmp_path, "--source", "huggingface_daily", *DAYS)
    assert first.exit_code == 3, first.output
    assert "huggingface_daily 2026-03-12: refused" in first.stderr
    listed = rows(
        tmp_path,
        "select distinct listing_date from core.appearances where source = 'huggingface_daily' order by 1",
    )
    assert [d for (d,) in listed] == [date(2026, 3, n) for n in (9, 10, 11, 13)]
    assert rows(
        tmp_path, "select distinct scope from core.populations where scope not like 'arxiv:%' order by 1"
    ) == [
        ("all",),
        ("huggingface_daily",),
        ("starter",),
    ]

    n_before = len(server.requests)
    second = run(tmp_path, "--source", "huggingface_daily", *DAYS)
    assert second.exit_code == 0, second.output
    assert {r.query["date"] for r in server.requests[n_before:]} <= {"2026-03-12", "2026-03-14", "2026-03-15"}

    before = parquet_bytes(tmp_path)
    n_before = len(server.requests)
    replayed = run(tmp_path, "--replay")
    assert replayed.exit_code == 0, replayed.output
    assert parquet_bytes(tmp_path) == before
    assert len(server.requests) == n_before


@pytest.mark.usefixtures("server")
def test_a_page_without_ids_gains_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers of a copied page are looked up by title: a sure match gains id and date, a doubtful one stays as it was."""
    clock = FakeClock()
    sure, doubtful = (b.split("\n\n") for b in (PAGE_BLOCKS[0], PAGE_BLOCKS[1]))
    known = [
        ArxivPaper(
            "2603.00042",
            sure[0],
            DAY,
            (datetime(2026, 3, 11, tzinfo=UTC),),
            authors="Ada Beispiel",
            abstract=sure[1],
        ),
        ArxivPaper(
            "2603.00043",
            doubtful[0],
            DAY,
            (datetime(2026, 3, 12, tzinfo=UTC),),
            authors="Li Demo",
            abstract=UNLIKE,
        ),
    ]
    with standing_in(clock, Arxiv(clock, known, gap_s=0.0)) as arxiv:
        monkeypatch.setenv("PAPERTRENDS_ARXIV_API_URL", f"{arxiv.url}/api/query")
        monkeypatch.setenv("PAPERTRENDS_ARXIV_OAI_URL", f"{arxiv.url}/oai")
        monkeypatch.setenv("PAPERTRENDS_ARXIV_GAP_S", "0")
        drop(tmp_path, "page.txt", PAGE)
        result = run(tmp_path, "--look-up")
    assert result.exit_code == 0, result.output
    found = rows(
        tmp_path,
        "select arxiv_id, published_date, a.source from core.papers join core.appearances a using (paper_id) "
        "where a.source = 'saved_page' order by a.rank",
    )
    assert found == [("2603.00042", date(2026, 3, 11), "saved_page"), (None, None, "saved_page")]
    assert rows(tmp_path, "select state from core.resolutions order by 1") == [("doubtful",), ("matched",)]
    before = parquet_bytes(tmp_path)
    assert run(tmp_path, "--replay").exit_code == 0
    assert parquet_bytes(tmp_path) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--source", "nowhere"), "no live source"),
        (("--source", "arxiv_snapshot"), "put it into the inbox"),
        (("--source", "huggingface_daily", "--from", "2026-13-45"), "not a valid day"),
        (("--source", "huggingface_daily", "--from", "2024-01-01'; drop table"), "not a valid day"),
        (("--source", "huggingface_daily", "--to", "2026-03-20"), "closed days"),
        (("--source", "huggingface_daily", "--from", "2023-01-01"), "closed days"),
        (("--source", "huggingface_trending", "--from", "2026-03-01"), "present state"),
        (("--replay", "--source", "huggingface_daily"), "--replay"),
        (("--from", "2026-03-01"), "--source"),
    ],
)
def test_wrong_usage_asks_nothing(server: StandIn, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """What cannot be asked is said in one line, exit status 2, before any request and before anything is written."""
    result = run(tmp_path / "d", *words)
    assert (result.exit_code, len(server.requests)) == (2, 0)
    assert said in result.stderr
    assert not (tmp_path / "d").exists()

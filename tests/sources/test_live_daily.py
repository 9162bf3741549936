"""Daily papers of Hugging Face through the whole live path: asked, stored, judged, and read again from the store."""

from datetime import date, timedelta

import pytest
from standin.huggingface import HuggingFace, item, usual_day
from standin.server import Reply, Request, StandIn

from pipelines.settings import SettingsError
from pipelines.sources.ledger import READ, Judgement
from pipelines.sources.live import capture_source, judgements, read_capture
from pipelines.sources.record import Record

DAY = date(2026, 3, 13)
SOURCE = "huggingface_daily"


def rows(desk, day: date = DAY) -> list[Record]:
    """Return the records of a day's last taken reading, read from the store."""
    good = desk.ledger().good(SOURCE, None)[day]
    captures = {c.capture_id: c for c in desk.store.captures()}
    return [r for c in good.captures for r in read_capture(desk.store, captures[c]).records]


def test_a_day_is_right_to_the_row(desk, hf: HuggingFace) -> None:
    """Each paper that the day lists is one record with its id, place, upvotes and text, and nothing else is."""
    judged = desk.only(SOURCE, DAY)
    assert (judged.state, judged.n_records) == ("ok", len(hf.listed(DAY)))
    got = [(r.position, r.arxiv_id, r.title_raw, r.abstract_raw, r.upvotes) for r in rows(desk)]
    assert got == [
        (n, i["paper"]["id"], i["title"], i["summary"], i["paper"]["upvotes"])
        for n, i in enumerate(hf.listed(DAY), 1)
    ]


def test_the_answer_is_kept_as_it_came(desk, server: StandIn) -> None:
    """The capture holds the very bytes, with URL, status, headers, times and the parser's version beside them."""
    body = b'[{"paper": {"id": "2603.00001", "title": "A"}, "odd": [1, 2.50, "\\u00e9"]}]\n'
    server.fault("date=2026-03-13", Reply(body, headers={"Content-Type": "application/json"}).packed)
    desk.run(SOURCE, DAY)
    (capture,) = desk.store.captures()
    with desk.store.open(capture.capture_sha256) as stream:
        assert stream.read() == body
    assert capture.request["status"] == 200
    assert capture.request["headers"]["content-encoding"] == "gzip"
    assert capture.request["url"].endswith("/api/daily_papers?date=2026-03-13&limit=100&p=0")
    assert capture.request["sent_at"] <= capture.request["answered_at"]
    assert capture.request["parser"]


@pytest.mark.parametrize("has_links", [True, False])
def test_all_pages_are_read(desk, hf: HuggingFace, has_links: bool) -> None:
    """A day of several pages is complete and in order, with Link headers and without."""
    hf.has_links = has_links
    hf.days[DAY] = [item(f"2603.{n:05d}", f"Paper {n}", DAY) for n in range(1, 251)]
    assert desk.only(SOURCE, DAY).n_records == 250
    assert [(r.position, r.arxiv_id) for r in rows(desk)] == [(n, f"2603.{n:05d}") for n in range(1, 251)]


def test_a_paper_that_slips_to_the_next_page_counts_once(desk, hf: HuggingFace, server: StandIn) -> None:
    """Votes move while pages are asked: an item that stands on two pages is one record."""
    hf.days[DAY] = [item(f"2603.{n:05d}", f"Paper {n}", DAY) for n in range(1, 151)]

    def vote(_: Request) -> None:
        hf.days[DAY].insert(0, hf.days[DAY].pop())  # the last paper goes to the top, all others one down

    server.fault("p=1", vote)
    assert (
        desk.only(SOURCE, DAY).n_records == 149
    )  # the one that went to the top was on no page that was asked
    assert len({r.arxiv_id for r in rows(desk)}) == len(rows(desk)) == 149


def test_sixty_days_with_faults(desk, hf: HuggingFace, server: StandIn) -> None:
    """Sixty days with weekends, 429, 503 and a maintenance page: good days exact, only the bad one asked again."""
    first, last = date(2026, 1, 10), date(2026, 3, 10)
    limited = Reply(b"{}", 429, {"RateLimit": '"api";r=0;t=2', "Content-Type": "application/json"})
    server.fault("date=2026-01-20", limited, limited, limited)
    server.fault("date=2026-02-03", Reply(b"busy", 503))
    page = Reply(b"<html><body>Back soon</body></html>", headers={"Content-Type": "text/html"})
    server.fault("date=2026-02-11", page)
    report = desk.run(SOURCE, first, last)
    by_day = {j.day: j for j in report.days}
    assert len(by_day) == 60
    bad = by_day.pop(date(2026, 2, 11))
    assert (bad.state, bad.reasons) == ("refused", ("expected JSON, got text/html",))
    for day, judged in by_day.items():
        expected = hf.listed(day)
        assert (judged.state, judged.n_records) == ("ok" if expected else "empty_confirmed", len(expected)), (
            day
        )
        if expected:
            assert [r.arxiv_id for r in rows(desk, day)] == [i["paper"]["id"] for i in expected]
    server.requests.clear()
    again = desk.run(SOURCE, first, last)
    assert [(j.day, j.state) for j in again.days] == [(date(2026, 2, 11), "ok")]
    assert [r.query["date"] for r in server.requests] == ["2026-02-11"]
    assert again.n_skipped == 59


def test_a_growing_day_is_read_again(desk, hf: HuggingFace, clock) -> None:
    """A closed day of the last seven is read once more every day; new papers are added, old ones stay."""
    hf.days[DAY] = usual_day(DAY)[:10]
    clock.pass_(-6 * 86400)  # 14 March: the day after
    hf.today = clock.now().date()
    assert desk.only(SOURCE, DAY).n_records == 10
    assert desk.run(SOURCE, DAY).days == []
    clock.pass_(86400)
    hf.days[DAY] = usual_day(DAY)
    grown = desk.only(SOURCE, DAY)
    assert (grown.state, grown.n_records) == ("ok", len(usual_day(DAY)))
    taken = [j for j in judgements(desk.store).values() if j.state in READ]
    assert sorted(j.n_records for j in taken) == [10, len(usual_day(DAY))]
    clock.pass_(86400)
    assert desk.only(SOURCE, DAY).state == "unchanged"
    clock.pass_(30 * 86400)
    assert desk.run(SOURCE, DAY).days == []


def test_days_that_cannot_be_are_refused_before_any_request(desk, server: StandIn) -> None:
    """The future, days before the first list and unknown sources are errors before anything is asked."""
    for source, day in ((SOURCE, date(2026, 3, 21)), (SOURCE, date(2023, 5, 3)), ("nowhere", DAY)):
        with pytest.raises(SettingsError):
            capture_source(source, desk.store, desk.settings, [day])
    assert server.requests == []


def test_an_interrupted_run_goes_on_where_it_was(desk, server: StandIn) -> None:
    """After Ctrl-C in the middle the next run asks only for days without a judgement."""
    first, last = DAY - timedelta(days=28), DAY - timedelta(days=1)

    class Stopped(KeyboardInterrupt):
        pass

    def stop(_: Judgement, n_done: int, __: int) -> None:
        if n_done == 9:
            raise Stopped

    days = [first + timedelta(days=n) for n in range(28)]
    with pytest.raises(Stopped):
        capture_source(SOURCE, desk.store, desk.settings, days, stop)
    assert len(list(desk.ledger().states())) == 9
    server.requests.clear()
    report = desk.run(SOURCE, first, last)
    assert [j.day for j in report.days] == days[9:]
    assert {r.query["date"] for r in server.requests} == {d.isoformat() for d in days[9:]}

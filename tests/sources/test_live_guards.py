"""An empty, shrunken, mislabelled or mis-shaped answer never replaces a good day: the live path with bad answers."""

import copy
import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from standin.huggingface import HuggingFace, Item, item, paper_id, usual_day
from standin.server import Reply, StandIn

from pipelines.sources.ledger import Judgement
from pipelines.sources.live import read_capture
from pipelines.sources.record import Record

DAY = date(2026, 3, 13)
OLD = date(2026, 1, 16)
SOURCE = "huggingface_daily"
JSON = {"Content-Type": "application/json"}


def items(n: int, day: date = DAY) -> list[Item]:
    """Return a day of `n` papers."""
    return [item(paper_id(day, k), f"Module {k}", day, upvotes=n - k) for k in range(1, n + 1)]


def answer(value: object) -> Reply:
    """Return an answer of JSON."""
    return Reply(json.dumps(value).encode(), headers=JSON)


def rows(desk, day: date = DAY) -> list[Record]:
    """Return the records of a day's last taken reading, read from the store."""
    captures = {c.capture_id: c for c in desk.store.captures()}
    good = desk.ledger().good(SOURCE, None)[day]
    return [r for c in good.captures for r in read_capture(desk.store, captures[c]).records]


@pytest.fixture
def seen_once(desk, hf: HuggingFace) -> Callable[[], Judgement]:
    """Let a day of 40 papers be read well, turn to the next day, and return how to read it again."""
    hf.days[DAY] = items(40)
    desk.clock.pass_(-6 * 86400)
    assert desk.only(SOURCE, DAY).n_records == 40
    desk.clock.pass_(86400)
    hf.today = desk.clock.now().date()
    return lambda: desk.only(SOURCE, DAY)


def test_an_empty_answer_for_a_full_day_is_refused(seen_once, desk, hf: HuggingFace) -> None:
    """200 with [] for a day that had 40 papers is refused, says 40 -> 0, and the 40 stay."""
    hf.days[DAY] = []
    judged = seen_once()
    assert (judged.state, judged.reasons) == ("refused", ("empty: 40 -> 0 papers",))
    assert len(rows(desk)) == 40


def test_a_shrunken_answer_is_refused(seen_once, desk, hf: HuggingFace) -> None:
    """Less than half of what a day had is refused; it may be taken by an override, which is recorded."""
    hf.days[DAY] = items(40)[:19]
    assert seen_once().reasons == ("shrunken: 40 -> 19 papers",)
    assert len(rows(desk)) == 40
    judged = desk.only(SOURCE, DAY, accept_shrink=[DAY])
    assert (judged.state, judged.is_overridden) == ("ok", True)
    assert judged.reasons == ("taken by --accept-shrink although: shrunken: 40 -> 19 papers",)
    assert len(rows(desk)) == 19


def test_a_paper_that_is_gone_is_told(seen_once, hf: HuggingFace) -> None:
    """A paper that a day does not list any more is named as removed; the day is taken, nothing else is lost."""
    hf.days[DAY] = items(40)[1:]
    judged = seen_once()
    assert (judged.state, judged.removed) == ("ok", (paper_id(DAY, 1),))


def test_a_paper_that_comes_days_late_is_added(seen_once, desk, hf: HuggingFace) -> None:
    """A paper that is put on a day's list later is a record of that day."""
    hf.days[DAY] = [*items(40), item("2603.09999", "A Late Module", DAY)]
    assert seen_once().state == "ok"
    assert rows(desk)[-1].arxiv_id == "2603.09999"


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (
            b"<!doctype html><title>Sign in</title>",
            "text/html; charset=utf-8",
            "expected JSON, got text/html",
        ),
        (b"<!doctype html><title>Sign in</title>", "application/json", "expected JSON, got application/json"),
        (b'{"papers": []}', "application/json", "expected a JSON list, got an object with the keys papers"),
        (b'{"error": "internal"}', "application/json", "the server answered with an error: internal"),
        (b"null", "application/json", "expected a JSON list, got NoneType"),
        (b"[" * 200_000, "application/json", "malformed JSON: nested too deeply"),
        (b'[{"paper": {"upvotes": NaN}}]', "application/json", "malformed JSON: NaN is no JSON number"),
        (b"[" + b"1" * 5000 + b"]", "application/json", "malformed JSON: Exceeds the limit"),
        (
            b'[{"paper": {"id": "2603.00001", "id": "2603.00002"}}]',
            "application/json",
            "an object has a key twice",
        ),
        (b'[{"paper": ', "application/json", "malformed JSON: Expecting value"),
        (b"", "application/json", "malformed JSON: Expecting value"),
    ],
    ids=[
        "login",
        "mislabelled login",
        "object",
        "error",
        "null",
        "deep",
        "NaN",
        "long number",
        "twins",
        "cut",
        "nothing",
    ],
)
def test_what_is_no_list_is_refused(seen_once, desk, body: bytes, content_type: str, reason: str) -> None:
    """Anything but a well-formed JSON list is refused with what came instead; its bytes are kept, the day too."""
    desk.server.fault("/api/daily_papers", Reply(body, headers={"Content-Type": content_type}))
    judged = seen_once()
    assert judged.state == "refused"
    assert reason in judged.reasons[0]
    assert len(judged.reasons[0]) < 200
    captures = {c.capture_id: c for c in desk.store.captures()}
    with desk.store.open(captures[judged.captures[0]].capture_sha256) as stream:
        assert stream.read() == body
    assert len(rows(desk)) == 40


def test_a_renamed_field_is_named(seen_once, desk, hf: HuggingFace) -> None:
    """When the title goes by another name, nothing is taken and the message names the field and how many lack it."""
    for one in hf.days[DAY]:
        one["paper"]["paperTitle"] = one["paper"].pop("title")
        one["paperTitle"] = one.pop("title")
    judged = seen_once()
    assert judged.state == "refused"
    assert "paper.title is missing from 40 of 40" in judged.reasons[0]
    assert judged.drift["new"] == {"paper.paperTitle": 40, "paperTitle": 40}
    assert len(rows(desk)) == 40


def test_a_column_that_runs_empty_is_refused(seen_once, desk, hf: HuggingFace) -> None:
    """The same number of papers with no abstracts is no good day."""
    for one in hf.days[DAY][:20]:
        del one["paper"]["summary"], one["summary"]
    assert seen_once().reasons == ("abstract is missing from 50% of the papers",)
    assert len(rows(desk)) == 40


def test_a_new_field_late_in_the_list_is_counted(desk, hf: HuggingFace) -> None:
    """A field that first shows in row 151 loads, is listed as drift, and stays in the capture."""
    hf.days[DAY] = items(200)
    hf.days[DAY][150]["paper"]["arenaScore"] = 7
    report = desk.run(SOURCE, DAY)
    assert (report.days[0].state, report.days[0].n_records) == ("ok", 200)
    assert report.drift == {"new": {"paper.arenaScore": 1}}
    bodies = []
    for capture in desk.store.captures():
        with desk.store.open(capture.capture_sha256) as stream:
            bodies.append(stream.read())
    assert b"arenaScore" in b"".join(bodies)


def test_bad_rows_are_rejected_with_a_reason(desk, hf: HuggingFace) -> None:
    """A null id and a title of another type reject their rows alone; a fraction for a count is drift and unknown."""
    hf.days[DAY] = items(200)
    hf.days[DAY][3]["paper"]["id"] = None
    hf.days[DAY][4]["paper"]["title"] = hf.days[DAY][4]["title"] = 7
    hf.days[DAY][5]["paper"]["upvotes"] = 5.7
    judged = desk.only(SOURCE, DAY)
    assert (judged.state, judged.n_records, judged.n_rejected) == ("ok", 198, 2)
    assert judged.rejected[0] == "record 4: the item has no arXiv id"
    assert judged.reasons[0].startswith("2 of 200 records rejected")
    assert judged.drift["retyped"] == {"paper.id": 1, "paper.title": 1, "title": 1, "paper.upvotes": 1}
    assert [r.upvotes for r in rows(desk) if r.position == 6] == [None]


def test_many_bad_rows_refuse_the_answer(seen_once, hf: HuggingFace) -> None:
    """More than one bad row in twenty makes the whole answer doubtful."""
    for one in hf.days[DAY][:3]:
        one["paper"]["id"] = None
    judged = seen_once()
    assert judged.state == "refused"
    assert judged.reasons[0].startswith(
        "too many records cannot be understood (paper.id has another type in 3 of 40"
    )


@pytest.mark.parametrize(
    "bad_id", ["../../etc/passwd", "/etc/passwd", "2" * 300, "2603.00001\n/x", "٢٦٠٣.٠٠٠٠١", "2603.00000", ""]
)
def test_an_id_that_is_none_is_rejected(desk, hf: HuggingFace, bad_id: str) -> None:
    """An id that is no arXiv id rejects its row; it becomes no file name and no record."""
    hf.days[DAY] = items(40)
    hf.days[DAY][0]["paper"]["id"] = bad_id
    before = {p for p in desk.store.folder.parent.parent.rglob("*") if desk.store.folder not in p.parents}
    judged = desk.only(SOURCE, DAY)
    assert (judged.state, judged.n_records, judged.n_rejected) == ("ok", 39, 1)
    after = {p for p in desk.store.folder.parent.parent.rglob("*") if desk.store.folder not in p.parents}
    assert after - before <= {desk.store.folder}


def repeated(day: date) -> Reply:
    """Return the first page of a day of 250 papers."""
    return answer(items(250, day)[:100])


@pytest.mark.parametrize("fault", [lambda _: answer([]), lambda _: Reply(b"", 500), repeated])
def test_a_second_page_that_fails_is_asked_again(
    desk, hf: HuggingFace, server: StandIn, fault: Callable[[date], Reply]
) -> None:
    """Page 2 of 3 that is empty, an error or page 1 again is retried; when it stays so, nothing of the day counts."""
    for day, n_faults, state in ((DAY, 1, "ok"), (DAY - timedelta(days=1), 9, "failed")):
        hf.days[day] = items(250, day)
        server.fault(f"date={day}&limit=100&p=1", *[fault(day)] * n_faults)
        judged = desk.only(SOURCE, day)
        assert (judged.state, judged.n_records) == (state, 250 if state == "ok" else 0)
        assert (day in desk.ledger().good(SOURCE, None)) == (state == "ok")
    assert "6 tries" in judged.reasons[0]


def test_endless_pages_have_an_end(desk, server: StandIn) -> None:
    """A next link that never stops is refused at the cap of pages."""
    object.__setattr__(desk.settings, "max_pages", 7)

    def page(request) -> Reply:
        n = int(request.query["p"])
        one = item(f"2603.{n + 1:05d}", f"Page {n}", DAY)
        link = {"Link": f'</api/daily_papers?date={DAY}&p={n + 1}>; rel="next"'}
        return Reply(json.dumps([one]).encode(), headers=JSON | link)

    server.routes.insert(0, page)
    judged = desk.only(SOURCE, DAY)
    assert (judged.state, judged.reasons) == ("refused", ("endless paging: more than 7 pages of one day",))
    assert len(server.requests) == 7


def test_the_next_page_is_not_on_another_host(desk, server: StandIn) -> None:
    """A next link to another host is refused, and that host is not asked."""
    link = {"Link": '<http://example.org/api/daily_papers?p=1>; rel="next"'}
    server.fault("p=0", Reply(json.dumps(items(3)).encode(), headers=JSON | link))
    judged = desk.only(SOURCE, DAY)
    assert judged.state == "refused"
    assert "another place: http://example.org" in judged.reasons[0]


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_day_that_fails_does_not_stop_the_others(desk, server: StandIn, status: int) -> None:
    """A definite refusal of one day is tried once, told with its status, and the other days go on."""
    days = [DAY - timedelta(days=n) for n in (2, 1, 0)]
    server.fault(f"date={days[1]}", *[Reply(b'{"error":"no"}', status, JSON)] * 9)
    report = desk.run(SOURCE, days[0], days[-1])
    assert [j.state for j in report.days] == ["ok", "failed", "ok"]
    assert report.bad[0].reasons == (f"the server answered {status}",)
    assert len(server.asked(f"date={days[1]}")) == 1


def test_a_source_that_is_down_is_left_alone(desk, server: StandIn) -> None:
    """After some days in a row that failed, the rest is not asked, not written down, and due in the next run."""
    server.routes.insert(0, lambda _: Reply(b"", 503))
    report = desk.run(SOURCE, DAY - timedelta(days=27), DAY)
    assert {j.state for j in report.days} == {"failed"}
    assert len(report.days) == 28
    asked = {r.query["date"] for r in server.requests}
    assert len(asked) < 15
    assert "run again later" in report.days[-1].reasons[0]
    assert len(list(desk.ledger().states())) == len(asked)
    server.routes.pop(0)
    assert {j.state for j in desk.run(SOURCE, DAY - timedelta(days=27), DAY).days} <= {
        "ok",
        "empty_confirmed",
        "open",
    }


def test_a_day_that_has_not_come_is_open(desk, hf: HuggingFace) -> None:
    """The server's own day can lag behind UTC: its 400 for a later day is no failure."""
    hf.today = date(2026, 3, 18)
    judged = desk.only(SOURCE, date(2026, 3, 19))
    assert (judged.state, judged.reasons) == ("open", ("the source says that this day has not come yet",))


def test_today_is_open_and_asked_again(desk, hf: HuggingFace) -> None:
    """What is listed of a day that has not ended is taken and said to be unfinished."""
    today = hf.today
    hf.days[today] = items(5, today)
    judged = desk.only(SOURCE, today)
    assert (judged.state, judged.reasons) == ("open", ("the day has not ended",))
    assert len(rows(desk, today)) == 5
    hf.days[today] = items(30, today)
    desk.clock.pass_(86400)
    hf.today = desk.clock.now().date()
    assert desk.only(SOURCE, today).state == "ok"
    assert len(rows(desk, today)) == 30


def test_an_empty_weekend_is_confirmed_by_a_second_look(desk) -> None:
    """A fresh empty weekend is open until a second reading, hours later, agrees; nothing is asked in between."""
    saturday = date(2026, 3, 14)
    assert desk.only(SOURCE, saturday).state == "open"
    assert desk.run(SOURCE, saturday).days == []
    desk.clock.pass_(6 * 3600)
    assert desk.only(SOURCE, saturday).state == "empty_confirmed"


def test_an_old_empty_weekend_needs_neighbours_only(desk) -> None:
    """A weekend long past is confirmed at once beside days that were answered, and not when nothing was."""
    saturday = date(2026, 1, 17)
    assert desk.only(SOURCE, saturday).state == "open"
    report = desk.run(SOURCE, saturday - timedelta(days=7), saturday - timedelta(days=1))
    assert report.days[0].state == "empty_confirmed"


def test_an_empty_weekday_is_refused_until_it_is_confirmed(desk, hf: HuggingFace) -> None:
    """No papers on a weekday is not believed at first; a second reading hours later makes it a holiday."""
    desk.run(SOURCE, OLD - timedelta(days=28), OLD - timedelta(days=1))
    hf.days[OLD] = []
    judged = desk.only(SOURCE, OLD)
    assert judged.state == "refused"
    assert judged.reasons[0].startswith("empty: no papers on a weekday, such a weekday has")
    assert desk.only(SOURCE, OLD).state == "refused"
    desk.clock.pass_(6 * 3600)
    assert desk.only(SOURCE, OLD).state == "empty_confirmed"


def test_a_small_old_weekday_is_refused_until_it_is_confirmed(desk, hf: HuggingFace) -> None:
    """Less than half of what the weekday had in four weeks is not believed before two readings agree."""
    desk.run(SOURCE, OLD - timedelta(days=28), OLD - timedelta(days=1))
    hf.days[OLD] = usual_day(OLD)[:9]
    judged = desk.only(SOURCE, OLD)
    assert judged.reasons[0].startswith("shrunken: 9 papers, such a weekday has")
    desk.clock.pass_(6 * 3600)
    assert desk.only(SOURCE, OLD).state == "ok"


def test_the_very_papers_of_another_day_are_refused(desk, hf: HuggingFace) -> None:
    """A server that ignores the date and gives one list for every day is found out at the second day."""
    hf.days[OLD - timedelta(days=1)] = hf.days[OLD] = items(30, OLD)
    states = [j.state for j in desk.run(SOURCE, OLD - timedelta(days=1), OLD).days]
    assert states == ["ok", "refused"]


def test_todays_papers_for_an_old_day_are_refused(desk, server: StandIn) -> None:
    """An answer full of papers that were put on the list now is not the list of a day long ago."""
    stamp = {"Date": "Fri, 20 Mar 2026 06:00:00 GMT"}
    server.fault(
        f"date={OLD}", Reply(json.dumps(items(30, date(2026, 3, 19))).encode(), headers=JSON | stamp)
    )
    judged = desk.only(SOURCE, OLD)
    assert judged.state == "refused"
    assert judged.reasons[0].startswith("mislabelled: 30 of 30 papers were put on the list around 2026-03-20")


def test_a_304_without_the_stored_body_is_asked_in_full(
    seen_once, desk, hf: HuggingFace, server: StandIn
) -> None:
    """When the stored answer was deleted or altered, the day is asked without validators and is never empty."""
    hf.etags = True
    first = seen_once()
    assert first.state == "unchanged"  # the first answer had no validators
    desk.clock.pass_(86400)
    good = desk.ledger().good(SOURCE, None)[DAY]
    captures = {c.capture_id: c for c in desk.store.captures()}
    path = desk.store.path_of(captures[good.captures[0]].capture_sha256)
    for damage in (path.unlink, lambda: path.write_bytes(b"not what was stored")):
        damage()
        server.requests.clear()
        judged = desk.only(SOURCE, DAY)
        assert "if-none-match" not in server.requests[0].headers
        assert (judged.state, judged.n_records) == ("unchanged", 40)
        assert len(rows(desk)) == 40
        desk.clock.pass_(86400)


def test_what_did_not_change_is_asked_with_validators(desk, hf: HuggingFace, server: StandIn) -> None:
    """A day that is read again is asked conditionally, and a 304 counts as the stored list."""
    hf.etags = True
    hf.days[DAY] = items(40)
    desk.clock.pass_(-6 * 86400)
    desk.run(SOURCE, DAY)
    desk.clock.pass_(86400)
    judged = desk.only(SOURCE, DAY)
    assert "if-none-match" in server.requests[-1].headers
    assert (judged.state, judged.n_records) == ("unchanged", 40)


@pytest.mark.parametrize(
    "title",
    [b'"A \\ud800 Module"', b'"A \xff Module"', '"Modulé"'.encode("latin-1"), b'"A\\u0000B"'],
    ids=["surrogate", "bad UTF-8", "Latin-1", "NUL"],
)
def test_odd_text_costs_nobody_else(desk, server: StandIn, title: bytes) -> None:
    """A lone surrogate, invalid UTF-8 or a wrong charset in one title leaves all other rows as they are."""
    listed = items(40)
    plain = json.dumps(listed).encode()
    body = plain.replace(b'"title": "Module 7"', b'"title": ' + title)
    assert body != plain
    server.fault("/api", Reply(body, headers={"Content-Type": "application/json; charset=ascii"}))
    judged = desk.only(SOURCE, DAY)
    assert judged.state == "ok"
    assert [r.title_raw for r in rows(desk) if r.position != 7] == [
        i["title"] for n, i in enumerate(listed, 1) if n != 7
    ]


def test_hostile_titles_are_kept_as_they_are(desk, hf: HuggingFace) -> None:
    """Markup, SQL, formulas and marks of direction in a title come back from the store character for character."""
    titles = [
        "<script>alert(1)</script>",
        "'); delete from papers; --",
        "=cmd()|' /C calc'!A0",
        "a\u202eb\u0000c | d",
    ]
    listed = copy.deepcopy(items(40))
    for one, title in zip(listed, titles, strict=False):
        one["title"] = one["paper"]["title"] = title
    hf.days[DAY] = listed
    desk.run(SOURCE, DAY)
    assert [r.title_raw for r in rows(desk)][:4] == titles

"""arXiv's daily changes over OAI-PMH, through the whole live path."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from standin.arxiv import Arxiv, ArxivPaper, changed_on
from standin.server import Reply, StandIn, standing_in

from pipelines.sources.live import read_capture
from pipelines.sources.record import Record

DAY = date(2026, 3, 12)


@pytest.fixture
def arxiv(clock) -> Arxiv:
    """Return arXiv with a usual day, an empty one after it, and its insistence on three seconds."""
    return Arxiv(clock, changed_on(DAY, 25), page_size=10, gap_s=3.0, today=clock.now().date())


@pytest.fixture
def server(clock, arxiv: Arxiv) -> Iterator[StandIn]:
    """Yield the running stand-in."""
    with standing_in(clock, arxiv) as running:
        yield running


@pytest.fixture
def one_set(desk):
    """Return a desk that follows cs.CL only."""
    object.__setattr__(desk.settings, "arxiv_sets", ("cs.CL",))
    return desk


def rows(desk, day: date, query: str = "cs.CL") -> list[Record]:
    """Return the records of a day's last taken reading, read from the store."""
    captures = {c.capture_id: c for c in desk.store.captures()}
    good = desk.ledger().good("arxiv", query)[day]
    return [r for c in good.captures for r in read_capture(desk.store, captures[c]).records]


def test_a_chain_of_three_pages_is_complete(one_set, arxiv: Arxiv, server: StandIn) -> None:
    """Records of all pages of a token chain come once, in order, and the date is the first version's."""
    judged = one_set.only("arxiv", DAY)
    assert (judged.state, judged.n_records, len(judged.captures)) == ("ok", 25, 3)
    assert [(r.position, r.arxiv_id, r.arxiv_version, r.published_date) for r in rows(one_set, DAY)] == [
        (n, p.arxiv_id, len(p.versions), p.versions[0].date()) for n, p in enumerate(arxiv.papers, 1)
    ]
    assert all(set(r.query) == {"verb", "resumptionToken"} for r in server.requests[1:])


def test_a_token_that_expired_starts_the_day_again(one_set, arxiv: Arxiv) -> None:
    """A day whose token expired on the way is read from its first page again and is complete."""
    expired = iter([None, arxiv.expired()])
    arxiv.on_token = lambda _: next(expired, None)
    judged = one_set.only("arxiv", DAY)
    assert (judged.state, judged.n_records) == ("ok", 25)
    assert [r.position for r in rows(one_set, DAY)] == list(range(1, 26))


def test_a_token_that_always_expires_is_a_failure(one_set, arxiv: Arxiv) -> None:
    """A source that loses its place again and again is given up, and nothing of the day counts."""
    arxiv.on_token = lambda _: arxiv.expired()
    judged = one_set.only("arxiv", DAY)
    assert (judged.state, judged.reasons) == ("failed", ("arXiv's resumption token expired, 3 times",))
    assert DAY not in one_set.ledger().good("arxiv", "cs.CL")


def test_nothing_matches_is_an_empty_day(one_set) -> None:
    """The error noRecordsMatch is arXiv's way of saying that a day is empty: no failure, no reason to ask again."""
    day = DAY + timedelta(days=1)
    assert one_set.only("arxiv", day).state == "empty_confirmed"


def test_an_empty_answer_does_not_replace_a_full_day(one_set, arxiv: Arxiv, clock) -> None:
    """A day that had records and is now said to match nothing is refused, and its records stay."""
    clock.pass_(-7 * 86400)  # the day after
    one_set.only("arxiv", DAY)
    arxiv.papers, arxiv._last_s = [], float("-inf")
    clock.pass_(86400)
    judged = one_set.only("arxiv", DAY)
    assert (judged.state, judged.reasons) == ("refused", ("empty: 25 -> 0 papers",))
    assert len(rows(one_set, DAY)) == 25


def test_a_deleted_record_is_kept_as_deleted(one_set, arxiv: Arxiv) -> None:
    """A record with the header status deleted comes as such, with its id and no text."""
    arxiv.papers.append(ArxivPaper("2603.07777", "", DAY, is_deleted=True))
    assert one_set.only("arxiv", DAY).state == "ok"
    assert [r.arxiv_id for r in rows(one_set, DAY) if r.is_deleted] == ["2603.07777"]


def test_a_503_with_retry_after_is_waited_for(one_set, server: StandIn, clock) -> None:
    """A 503 in the middle of the chain is waited out as long as it asks, and the day is complete."""
    server.fault("resumptionToken", Reply(b"", 503, {"Retry-After": "42"}))
    before = clock.stopwatch()
    assert one_set.only("arxiv", DAY).n_records == 25
    assert clock.stopwatch() - before >= 42


def test_requests_are_three_seconds_apart(desk, server: StandIn) -> None:
    """All sets together are asked one at a time, never less than three seconds apart: the server saw no sooner one."""
    report = desk.run("arxiv", DAY, DAY + timedelta(days=2))
    assert {j.state for j in report.days} == {"ok", "empty_confirmed"}
    times = [r.at_s for r in server.requests]
    assert len(times) == 14
    assert min(b - a for a, b in pairwise(times)) >= 3.0
    assert server.most_under_way == 1


def test_a_run_right_after_another_keeps_the_gap(one_set, server: StandIn) -> None:
    """The gap holds between two runs too, although each has a client of its own."""
    one_set.run("arxiv", DAY)
    one_set.run("arxiv", DAY + timedelta(days=1))
    assert server.requests[-1].at_s - server.requests[-2].at_s >= 3.0


def test_rate_exceeded_without_a_word_means_ten_minutes(one_set, server: StandIn) -> None:
    """A 429 of arXiv says nothing of how long; it is left alone for ten minutes."""
    server.fault("/oai", Reply(b"Rate exceeded.", 429, {"Content-Type": "text/plain"}))
    assert one_set.only("arxiv", DAY).state == "ok"
    assert server.requests[1].at_s - server.requests[0].at_s >= 600


def test_the_old_address_leads_to_the_new_one(one_set, server: StandIn) -> None:
    """The 301 of the old base is followed on the same host."""
    object.__setattr__(one_set.settings, "arxiv_oai_url", f"{server.url}/oai2")
    assert one_set.only("arxiv", DAY).n_records == 25


def test_records_of_another_day_are_refused(one_set, server: StandIn, arxiv: Arxiv) -> None:
    """An answer whose records changed on another day than was asked is mislabelled and not believed."""
    other = "".join(p.to_xml() for p in changed_on(DAY - timedelta(days=1), 3))
    server.fault("/oai", arxiv._page(f"<ListRecords>{other}</ListRecords>"))
    judged = one_set.only("arxiv", DAY)
    assert (judged.state, judged.reasons) == (
        "refused",
        (f"mislabelled: 3 of 3 records are of another day than {DAY}",),
    )


def test_a_window_that_lies_too_late_is_open(one_set, arxiv: Arxiv) -> None:
    """A day that arXiv's own clock has not reached is neither empty nor failed."""
    arxiv.today = DAY - timedelta(days=2)
    assert one_set.only("arxiv", DAY).state == "open"


def test_a_replaced_paper_keeps_its_first_date(one_set, arxiv: Arxiv) -> None:
    """The publication date is that of version 1 however late the record changed."""
    first = datetime(2023, 5, 1, 9, tzinfo=UTC)
    arxiv.papers = [
        ArxivPaper("2305.00042", "An Old Module", DAY, (first, datetime(2026, 3, 11, tzinfo=UTC)))
    ]
    one_set.run("arxiv", DAY)
    (row,) = rows(one_set, DAY)
    assert (row.published_date, row.arxiv_version) == (first.date(), 2)


def test_a_new_element_is_counted_as_drift(one_set, server: StandIn, arxiv: Arxiv) -> None:
    """An element that arXivRaw did not have before is counted and shown, and stops nothing."""
    body = arxiv._page("<ListRecords>" + "".join(p.to_xml() for p in arxiv.papers) + "</ListRecords>").body
    server.fault("/oai", Reply(body.replace(b"<license>", b"<funder>X</funder><license>")))
    report = one_set.run("arxiv", DAY)
    assert report.days[0].state == "ok"
    assert report.drift["new"] == {"funder": 25}

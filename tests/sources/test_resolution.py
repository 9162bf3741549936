"""Papers without an id, looked up by title: what counts as a match, what is doubtful, and that a replay agrees."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from standin.arxiv import Arxiv, ArxivPaper, feed
from standin.huggingface import HuggingFace, item
from standin.server import Reply, StandIn, standing_in

from pipelines import schema
from pipelines.papers.resolution import Resolution, Unresolved, look_up, resolutions_table, resolve
from pipelines.sources.session import Session

DAY = date(2026, 3, 13)
TITLE = "Sliding Modules: Choosing Ranks by Gradient"
ABSTRACT = (
    "We choose ranks of small modules from gradient spectra, compare them with hand chosen ranks on twelve tasks, "
    "and report training cost beside accuracy for every single choice."
)


@pytest.fixture
def arxiv(clock) -> Arxiv:
    """Return arXiv with one paper."""
    paper = ArxivPaper(
        "2603.00042",
        TITLE,
        DAY,
        (datetime(2026, 3, 11, tzinfo=UTC),),
        authors="Ada Beispiel and Li Demo",
        abstract=ABSTRACT,
    )
    return Arxiv(clock, [paper], gap_s=3.0)


@pytest.fixture
def server(clock, hf: HuggingFace, arxiv: Arxiv) -> Iterator[StandIn]:
    """Yield a stand-in that plays both."""
    with standing_in(clock, arxiv, hf) as running:
        yield running


@pytest.fixture
def resolved(desk):
    """Return a function that looks a paper up and returns its resolution from the store."""

    def resolved(
        title: str = TITLE, abstract: str | None = ABSTRACT, authors: tuple[str, ...] = ()
    ) -> Resolution:
        paper = Unresolved("title:1", title, abstract, authors)
        settings = replace(desk.settings, today=desk.clock.now().date())
        with Session(settings, desk.clock) as session:
            desk.report = look_up([paper], desk.store, session)
        (found,) = resolve([paper], desk.store) or [None]
        return found

    return resolved


def hit(
    arxiv_id: str = "2603.00042", title: str = TITLE, summary: str = ABSTRACT, author: str = "Ada Beispiel"
):
    """Return a hit of Hugging Face's search."""
    return item(arxiv_id, title, DAY, summary=summary, authors=[{"name": author, "hidden": False}])


def test_same_title_and_abstract_match(resolved, hf: HuggingFace, server: StandIn) -> None:
    """A paper whose title is spelled otherwise and whose abstract agrees gains its id and date; one search is enough."""
    spelled = "sliding modules -- choosing ranks\nby gradient"
    hf.hits[spelled] = [hit("2603.00007", "Another Paper", "Of other things."), hit()]
    found = resolved(spelled)
    assert (found.state, found.arxiv_id, found.published_date) == ("matched", "2603.00042", date(2026, 3, 11))
    assert found.evidence == "same title, 100% of the abstract's words the same"
    assert [r.path for r in server.requests] == ["/api/papers/search"]


def test_arxiv_is_asked_when_hugging_face_does_not_know(resolved, server: StandIn) -> None:
    """What the first search does not know is asked of arXiv, with the title's words only."""
    found = resolved(f'{TITLE} "OR all:x')
    assert found.state == "not_found"
    found = resolved()
    assert (found.state, found.arxiv_id, found.asked_of) == ("matched", "2603.00042", "arxiv_api")
    assert server.requests[1].query["search_query"].count('"') == 2


def test_an_author_in_common_matches(resolved, hf: HuggingFace) -> None:
    """Without an abstract to compare, one author in common is agreement, whatever the accents."""
    hf.hits[TITLE] = [hit(author="Ada Béispiel")]
    assert resolved(abstract=None, authors=("A. Beispiel",)).evidence == "same title, author beispiel agrees"


OTHER = "Weather forecasts over oceans need satellites, buoys, ships, models, grids, storms, winds, waves and tides."


@pytest.mark.parametrize(
    ("known", "evidence"),
    [
        ({"abstract": None}, "same title, but nothing to compare besides"),
        ({"abstract": None, "authors": ("Someone Else",)}, "same title, but no author agrees"),
        ({"abstract": OTHER}, "same title, but only 0% of the abstract's words the same"),
    ],
    ids=["nothing known", "other author", "other abstract"],
)
def test_a_title_alone_is_doubtful(resolved, hf: HuggingFace, arxiv: Arxiv, known, evidence: str) -> None:
    """The same title without agreement, or with contradiction, is recorded as doubtful and names the candidate."""
    arxiv.papers, hf.hits[TITLE] = [], [hit()]
    found = resolved(**known)
    assert (found.state, found.arxiv_id, found.evidence) == ("doubtful", "2603.00042", evidence)


def test_two_papers_that_both_agree_are_doubtful(resolved, hf: HuggingFace, arxiv: Arxiv) -> None:
    """When two ids fit equally well neither is taken."""
    arxiv.papers, hf.hits[TITLE] = [], [hit(), hit("2603.00043")]
    found = resolved()
    assert (found.state, found.evidence) == (
        "doubtful",
        "same title and agreement in several: 2603.00042, 2603.00043",
    )


def test_another_title_with_the_same_abstract_is_doubtful(resolved, hf: HuggingFace, arxiv: Arxiv) -> None:
    """A paper that was renamed between versions is shown as a candidate, not merged."""
    arxiv.papers, hf.hits[TITLE] = [], [hit(title="Gliding Modules")]
    found = resolved()
    assert (found.state, found.matched_title) == ("doubtful", "Gliding Modules")


def test_numbered_titles_are_different_papers(resolved, hf: HuggingFace, arxiv: Arxiv) -> None:
    """Part I and Part II are not one paper."""
    arxiv.papers, hf.hits["Metrics I"] = [], [hit(title="Metrics II", summary="Of other things.")]
    assert resolved("Metrics I").state == "not_found"


def test_nothing_is_asked_twice(resolved, hf: HuggingFace, server: StandIn, desk) -> None:
    """A match is final; what was not found is asked again after a month, not before."""
    hf.hits[TITLE] = [hit()]
    for title in (TITLE, "Unheard Of"):
        resolved(title)
        n_requests = len(server.requests)
        resolved(title)
        assert len(server.requests) == n_requests
    desk.clock.pass_(31 * 86400)
    resolved("Unheard Of")
    assert len(server.requests) == n_requests + 2


def test_an_empty_feed_that_announces_papers_is_asked_again(resolved, server: StandIn) -> None:
    """ArXiv's known fault, a feed without the entries it counts, is retried rather than taken for no result."""
    server.fault("/api/query", feed([], 3))
    assert resolved().state == "matched"


def test_a_search_that_fails_is_told_and_due_again(resolved, server: StandIn, desk) -> None:
    """A failed search is a line in the report; the paper has no resolution and is asked in the next run."""
    for path in ("/api/papers/search", "/api/query"):
        server.fault(path, Reply(b"{}", 404))
    assert resolved() is None
    assert [line.partition(":")[0] for line in desk.report.failed] == ["huggingface_search", "arxiv_api"]
    assert resolved().state == "matched"


def test_a_replay_decides_the_same(hf: HuggingFace, server: StandIn, desk) -> None:
    """Decisions come from stored answers alone: with the server gone the rows are equal to the byte."""
    hf.hits[TITLE] = [hit()]
    papers = [
        Unresolved("title:1", TITLE, ABSTRACT),
        Unresolved("title:2", "Unheard Of"),
        Unresolved("title:3", "New"),
    ]
    with Session(desk.settings, desk.clock) as session:
        look_up(papers[:2], desk.store, session)
    before = resolutions_table(resolve(papers, desk.store))
    server.stop()
    again = resolutions_table(resolve(papers, desk.store))
    server.stop = lambda: None
    assert again.equals(before)
    assert again.schema.equals(schema.RESOLUTIONS.arrow)
    assert again["state"].to_pylist() == ["matched", "not_found"]

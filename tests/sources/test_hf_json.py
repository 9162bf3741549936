"""Hugging Face's JSON answers and pages. Each test is a quirk of theirs."""

import json
from datetime import date
from pathlib import Path

import pytest
from listings import ABSTRACTS, TITLES, card, hf_item, page, read, records

from pipelines.sources.formats import hf_html, hf_json
from pipelines.sources.record import Record, Rejected, UnreadableListing


def dump(value: object) -> bytes:
    """Return JSON as the server writes it."""
    return json.dumps(value, ensure_ascii=False).encode()


def test_daily_list() -> None:
    """An item gives the paper's words, its votes, and the site's further words apart."""
    (found,) = hf_json.parse_daily(dump([hf_item()]))
    assert isinstance(found, Record)
    assert (found.arxiv_id, found.title_raw, found.abstract_raw) == ("2603.90001", TITLES[0], ABSTRACTS[0])
    assert (found.authors, found.upvotes) == (("Ana Example", "Jürgen Prüfung"), 73)
    assert found.url == "https://huggingface.co/papers/2603.90001"
    assert found.extra == {
        "ai_summary": "It picks ranks.",
        "ai_keywords": ["low-rank adapters"],
        "github_repo": "https://github.com/example-lab/sliderank",
        "github_stars": 128,
        "organization": "Example Lab",
        "submitter": "anaexample",
        "submitted_on_daily_at": "2026-03-13T01:22:45.318Z",
        "n_comments": 3,
    }


def test_shifted_published_at_of_the_wrapper_is_ignored() -> None:
    """The wrapper's publishedAt is New York time labelled UTC; the day is the paper's."""
    (found,) = records(dump([hf_item()]))
    assert (found.published_date, found.published_precision) == (date(2026, 3, 11), "day")


def test_upvotes_zero_is_zero() -> None:
    """No votes are a count and not an unknown; a truth value or a text is no count."""
    assert [r.upvotes for r in records(dump([hf_item(upvotes=0)]))] == [0]
    assert [r.upvotes for r in records(dump([hf_item(upvotes=True)]))] == [None]


def test_absent_and_null_fields() -> None:
    """Fields that are absent or null are nothing; a paper never on the daily feed has no submitter."""
    item = {
        "paper": {"id": "2210.01234", "title": "T of\nOld", "summary": None, "source": None, "authors": None}
    }
    (found,) = records(dump([item | {"numComments": None, "title": "T of\nOld"}]))
    assert (found.title_raw, found.abstract_raw, found.authors) == ("T of\nOld", None, ())
    assert found.extra == {}


def test_highlights_of_a_search_are_not_the_text() -> None:
    """A search answer's highlighted pieces do not replace title and summary."""
    item = hf_item() | {"highlightedTitle": [{"type": "highlight", "text": "Rank"}], "highlightedSummary": []}
    assert records(dump([item]))[0].title_raw == TITLES[0]


def test_repeated_item_counts_once() -> None:
    """Of a paper that votes moved onto the page twice, the first counts."""
    assert [r.position for r in records(dump([hf_item(), hf_item("2603.90017"), hf_item()]))] == [1, 2]


def test_id_that_lost_leading_zeros() -> None:
    """An id whose number lost its leading zeros is padded; one that is no arXiv id is rejected alone."""
    assert records(dump([hf_item("2406.105")]))[0].arxiv_id == "2406.00105"
    _, found = read(dump([hf_item("madeup"), hf_item()]))
    assert isinstance(found[0], Rejected)
    assert isinstance(found[1], Record)


def test_single_paper_with_linked_models() -> None:
    """The answer for one paper is a bare object; the sizes of linked models are kept."""
    paper = hf_item()["paper"] | {
        "linkedModels": [{"id": "lab/m-7b", "numParameters": 7241732096}],
        "numTotalModels": 1,
    }
    found = hf_json.parse_paper(dump(paper))
    assert found.extra["linked_models"] == [{"id": "lab/m-7b", "n_parameters": 7241732096}]
    assert records(dump(paper)) == [found]


def test_empty_day_is_an_empty_list() -> None:
    """A weekend's answer is an empty list, which is no error."""
    assert hf_json.parse_daily(b"[]") == []


def test_not_yet_date_is_an_error_object() -> None:
    """The answer for a day that is not yet is an object with the server's words."""
    body = dump({"error": '✖ "date" must be less than or equal to "2026-08-06"\n  → at date'})
    with pytest.raises(UnreadableListing, match=r'answered with an error.*"date" must be less'):
        hf_json.parse_daily(body)
    with pytest.raises(UnreadableListing, match="answered with an error"):
        read(body)


def test_page_embeds_its_json() -> None:
    """A saved page is read from its embedded JSON, whose attribute is unescaped once, after other such elements."""
    props = {
        "dailyPapers": [hf_item(title='A & B < "C"')],
        "periodType": "day",
        "dateString": "2026-03-13",
        "query": {},
    }
    listing, found = read(page(props, cards=card()))
    assert (listing.format, listing.listing_date, listing.query) == ("hf_html", date(2026, 3, 13), None)
    assert [r.title_raw for r in found if isinstance(r, Record)] == ['A & B < "C"']


def test_query_page_keeps_the_unfiltered_day_apart() -> None:
    """With a query the hits are in searchResults; dailyPapers stays the unfiltered day and is not read."""
    props = {"dailyPapers": [hf_item("2603.90099")], "searchResults": [hf_item()], "query": {"q": "adapter"}}
    listing, found = read(page(props | {"dateString": "2026-03-13"}))
    assert listing.query == "adapter"
    assert [r.arxiv_id for r in found if isinstance(r, Record)] == ["2603.90001"]


def test_query_page_that_shows_the_unfiltered_list_is_refused() -> None:
    """A page of a query none of whose papers has a word of it is the unfiltered list, and refused."""
    props = {"dailyPapers": [hf_item()], "query": {"q": "quantum"}}
    with pytest.raises(UnreadableListing, match="unfiltered list"):
        read(page(props, cards=card(abstract="Adapters are small.")))


def test_week_page_is_of_no_day() -> None:
    """A page of a week is of no single day; the week is the query."""
    listing, _ = read(page({"dailyPapers": [hf_item()], "periodType": "week", "dateString": "2026-W11"}))
    assert (listing.listing_date, listing.query) == (None, "week=2026-W11")


def test_paper_page() -> None:
    """The page of one paper is a listing of that paper."""
    assert (
        records(page({"paper": hf_item()["paper"], "comments": []}, target="PaperContent"))[0].title_raw
        == TITLES[0]
    )


@pytest.mark.parametrize("props", [None, {"dailyPapers": []}])
def test_cards_when_the_json_is_missing(props: dict[str, object] | None) -> None:
    """Without embedded JSON the cards are read: highlights joined without blanks, the vote box, no author count."""
    markup = page(
        props, cards=card(abstract='We <span class="highlight">adapt</span>ers. <b>Yes</b>', votes="7")
    )
    (found,) = records(markup)
    assert (found.title_raw, found.abstract_raw) == ("SlideRank & Co", "We adapters. Yes")
    assert (found.upvotes, found.authors, found.arxiv_id) == (7, ("Ana Example",), "2603.90001")


def test_daily_card_has_no_abstract_and_a_dash_is_no_vote() -> None:
    """A card of a day has no abstract; a dash in the vote box is unknown."""
    (found,) = records(page(cards=card(votes="-")))
    assert (found.abstract_raw, found.upvotes) == (None, None)


def test_trending_page_renders_papers_twice() -> None:
    """A paper that stands on the page twice is one paper."""
    assert len(records(page(cards=card() + card("2603.90017") + card()))) == 2


def test_broken_embedded_json_falls_back_to_cards() -> None:
    """Embedded JSON that cannot be read leaves the cards."""
    markup = page({"dailyPapers": []}, cards=card()).replace(
        "{&quot;dailyPapers", "{&quot;dailyPapers&quot;:[["
    )
    assert records(markup)[0].title_raw == "SlideRank & Co"


def test_cut_page_is_refused() -> None:
    """A page that breaks off is refused whole: half a list would look like a whole day."""
    with pytest.raises(UnreadableListing, match="breaks off before </html>"):
        read(page({"dailyPapers": [hf_item()]}, cards=card(), end=""))


@pytest.mark.parametrize(
    "title", ["503 Service Temporarily Unavailable", "Log in - Hugging Face", "Maintenance"]
)
def test_error_and_login_pages_are_refused(title: str) -> None:
    """A page without papers is refused with its title."""
    with pytest.raises(UnreadableListing, match=f"lists no papers \\(title: {title}\\)"):
        hf_html.parse(f"<html><head><title>{title}</title></head><body><p>Sorry</p></body></html>".encode())


@pytest.mark.parametrize(
    "name", ["hf_daily_papers.json", "hf_daily.html", "hf_search.json", "hf_search.html", "hf_paper.json"]
)
def test_true_shapes(shared: Path, name: str) -> None:
    """The recorded shapes of answers and pages give the same first paper."""
    first = records((shared / "sources-examples" / name).read_bytes())[0]
    assert (first.arxiv_id, first.upvotes, first.published_date) == ("2603.90001", 73, date(2026, 3, 11))
    assert first.authors == ("Ana Example", "Jürgen Prüfung", "Li Wei")
    assert (first.abstract_raw or "").startswith("Low-rank adapters are cheap")

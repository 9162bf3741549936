"""Saved HTML pages of Hugging Face papers: the JSON that the page embeds, else the cards that it shows.

With a query the embedded `dailyPapers` stay the unfiltered day; the hits are in `searchResults`. Cards of a day
have no abstract; cards of a search have.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.papers.dates import parse_iso
from pipelines.papers.ids import split_version
from pipelines.sources.formats.fields import BadJson, decode_json, list_of, object_of, one_line, text_of
from pipelines.sources.formats.hf_json import PAPER_URL, record_of, records_of
from pipelines.sources.formats.html_tree import parse_html
from pipelines.sources.formats.unpack import decode_text
from pipelines.sources.record import SAVED_PAGE, Listing, Record, Rejected, UnreadableListing

FORMAT = "hf_html"
_PAPER_HREF = re.compile(r"/papers/([^/?#]+)/?$")
_N_AUTHORS = re.compile(r"[·\s]*[0-9]+ authors?")
_COUNT = re.compile(r"[0-9]{1,7}")


def _props(tree: LexborHTMLParser, target: str) -> Mapping[str, Any]:
    """Return the embedded JSON object of the hydration element of `target`, empty when missing or broken."""
    for node in tree.css("[data-target]"):
        if node.attributes.get("data-target") == target:
            try:
                return object_of(decode_json(node.attributes.get("data-props") or ""))
            except BadJson:
                continue
    return {}


def _text(node: LexborNode | None) -> str:
    """Return a node's text nodes joined without adding blanks, or query words would split."""
    return node.text(deep=True, separator="", strip=False).strip() if node else ""


def _paper_id(node: LexborNode) -> tuple[str | None, int | None, str | None]:
    """Return canonical id, version and spelling of the paper that a card's title links to."""
    for link in node.css("h3 a[href]") or node.css("a[href]"):
        found = _PAPER_HREF.search(link.attributes.get("href") or "")
        if found:
            return *split_version(found[1], is_hugging_face=True), found[1]
    return None, None, None


def _card(article: LexborNode, position: int) -> Record | Rejected | None:
    title = _text(article.css_first("h3"))
    arxiv_id, version, spelling = _paper_id(article)
    if not title and spelling is None:
        return None  # an article that is no paper
    if not title or arxiv_id is None:
        return Rejected(
            position, "a card without a title" if not title else "a card that links to no arXiv id"
        )
    abstracts = [_text(p) for p in article.css("a[href] > p") if _text(p)]
    votes = [_text(n) for n in article.css('a[href*="/login"] div') if _COUNT.fullmatch(_text(n))]
    time = article.css_first("time[datetime]")
    published = parse_iso((time.attributes.get("datetime") or "") if time else "")
    names = [li.attributes.get("title") or "" for li in article.css("li[title]")]
    return Record(
        position=position,
        title_raw=title,
        abstract_raw=max(abstracts, key=len) if abstracts else None,
        arxiv_id=arxiv_id,
        arxiv_version=version,
        authors=tuple(n.strip() for n in names if n.strip() and not _N_AUTHORS.fullmatch(n)),
        published_date=published.date() if published else None,
        published_precision="day" if published else None,
        url=PAPER_URL + arxiv_id,
        upvotes=int(votes[0]) if votes else None,
    )


def _cards(tree: LexborHTMLParser) -> list[Record | Rejected]:
    """Return the papers that the page shows; each once, though a trending page renders it twice."""
    found: list[Record | Rejected] = []
    seen: set[str] = set()
    for article in tree.css("article"):
        card = _card(article, len(found) + 1)
        if isinstance(card, Record):
            if card.arxiv_id in seen:
                continue
            seen.add(card.arxiv_id or "")
        if card is not None:
            found.append(card)
    return found


def _mentions(query: str, record: Record | Rejected) -> bool:
    words = re.findall(r"\w{3,}", query.casefold())
    text = f"{record.title_raw} {record.abstract_raw}".casefold() if isinstance(record, Record) else ""
    return not words or any(word.removesuffix("s") in text for word in words)


def _shown_query(tree: LexborHTMLParser) -> str | None:
    """Return the words in the page's search box, for a page without embedded JSON."""
    for box in tree.css('input[name="q"], input[type="search"]'):
        if text_of(box.attributes.get("value")):
            return (box.attributes.get("value") or "").strip()
    return None


def _listing(records: Iterator[Record | Rejected], props: Mapping[str, Any], query: str | None) -> Listing:
    period = text_of(props.get("dateString")) or ""
    day = parse_iso(period) if len(period) == 10 else None
    is_day = props.get("periodType") in (None, "day")
    if not is_day and query is None:
        query = f"{props.get('periodType')}={one_line(period, 40)}"
    listing_date: date | None = day.date() if day and is_day else None
    return Listing(FORMAT, SAVED_PAGE, records, query=query, listing_date=listing_date)


def parse(data: bytes) -> Listing:
    """Return the listing of a saved page of Hugging Face: a day, week, month, trending, a search, or one paper.

    Raises UnreadableListing for a page that is cut short, lists no papers (an error, maintenance or login page)
    or answers another question than the one it was asked.
    """
    text = decode_text(data)
    tree = parse_html(text)
    heading = one_line(_text(tree.css_first("title")) or _text(tree.css_first("h1")), 80)
    paper = _props(tree, "PaperContent").get("paper")
    props = _props(tree, "DailyPapers")
    if not re.search(r"</html\s*>\s*(?:<!--.*-->\s*)*$", text[-4000:], re.IGNORECASE | re.DOTALL):
        raise UnreadableListing(
            f"the HTML page breaks off before </html> (title: {heading or 'none'}), so nothing of it is kept: "
            "save the page again"
        )
    if paper is not None:
        return _listing(iter([record_of(paper, 1)]), {}, None)
    query = text_of(object_of(props.get("query")).get("q"))
    hits = props.get("searchResults")
    if query is not None and isinstance(hits, list):
        return _listing(records_of(hits), props, query.strip())
    items = list_of(props.get("dailyPapers"))
    if query is None and items:
        return _listing(records_of(items), props, None)
    cards = _cards(tree)
    query = query or _shown_query(tree)
    if not cards:
        if "dailyPapers" in props:
            return _listing(iter([]), props, query)
        raise UnreadableListing(f"an HTML page that lists no papers (title: {heading or 'none'})")
    if query and not any(_mentions(query, card) for card in cards):
        raise UnreadableListing(
            f"a page of the query {one_line(query, 60)!r}, none of whose papers has a word of it: the unfiltered list"
        )
    return _listing(iter(cards), props, query)

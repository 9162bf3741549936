"""Saved listing pages of arXiv (/list/cs.CL/new and its like): several sections of dt and dd pairs.

Abstracts stand there only on the page of new papers, where URLs have become links with a text of their own.
"""

import re
from collections.abc import Iterator
from datetime import date

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.papers.dates import parse_month_day
from pipelines.papers.ids import split_version
from pipelines.sources.formats.fields import one_line
from pipelines.sources.formats.html_tree import parse_html
from pipelines.sources.record import SAVED_PAGE, Listing, Record, Rejected, UnreadableListing

FORMAT = "arxiv_html"
_SUBJECT = re.compile(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)")
_TOTAL = re.compile(r"Total of ([0-9]{1,6}) entries")
_DAY = re.compile(r"[A-Z][a-z]+day, ([0-9]{1,2} [A-Z][a-z]+ [0-9]{4})")


def is_listing_page(text: str) -> bool:
    """Say whether HTML is a listing page of arXiv."""
    return "dlpage" in text and ("list-title" in text or "No updates today" in text)


def _words(node: LexborNode | None) -> str:
    return " ".join(node.text(deep=True).split()) if node else ""


def _field(dd: LexborNode, name: str) -> str:
    """Return a field's text without the descriptor before it ("Title:")."""
    node = dd.css_first(f".{name}")
    if node is None:
        return ""
    descriptor = _words(node.css_first(".descriptor"))
    return _words(node).removeprefix(descriptor).strip()


def _abstract(dd: LexborNode) -> str | None:
    paragraph = dd.css_first("p.mathjax")
    if paragraph is None:
        return None
    for link in paragraph.css("a[href]"):
        if link.text().strip() in ("this https URL", "this http URL"):
            link.replace_with(link.attributes.get("href") or "")
    return paragraph.text(deep=True).strip() or None


def _record(dt: LexborNode, dd: LexborNode, position: int) -> Record | Rejected:
    link = dt.css_first('a[title="Abstract"]') or dt.css_first('a[href*="/abs/"]')
    arxiv_id, version = split_version(_words(link))
    title = _field(dd, "list-title")
    if arxiv_id is None or not title:
        return Rejected(
            position, "an entry without an arXiv id" if arxiv_id is None else "an entry without a title"
        )
    subjects = _SUBJECT.findall(_field(dd, "list-subjects"))
    comments = _field(dd, "list-comments")
    kind = "replaced" if "(replaced" in _words(dt) else "cross-list" if "cross-list" in _words(dt) else "new"
    return Record(
        position=position,
        title_raw=title,
        abstract_raw=_abstract(dd),
        arxiv_id=arxiv_id,
        arxiv_version=version,
        authors=tuple(_words(a) for a in dd.css(".list-authors a")),
        categories=tuple(dict.fromkeys(subjects)),
        url=f"https://arxiv.org/abs/{arxiv_id}",
        extra={"announced_as": kind} | ({"comments": comments} if comments else {}),
    )


def _records(tree: LexborHTMLParser) -> Iterator[Record | Rejected]:
    position = 0
    for section in tree.css("dl"):
        for dt, dd in zip(section.css("dt"), section.css("dd"), strict=False):
            position += 1
            yield _record(dt, dd, position)


def parse(text: str) -> Listing:
    """Return the listing of a saved arXiv listing page; raise UnreadableListing when the page is cut short."""
    tree = parse_html(text)
    heading = _words(tree.css_first("title")) or _words(tree.css_first("h1"))
    if not re.search(r"</html\s*>\s*(?:<!--.*-->\s*)*$", text[-4000:], re.IGNORECASE | re.DOTALL):
        raise UnreadableListing(
            f"the HTML page breaks off before </html> (title: {one_line(heading, 80) or 'none'}), so nothing of it "
            "is kept: save the page again"
        )
    day, total = _DAY.search(text), _TOTAL.search(text)
    parts = parse_month_day(day[1]) if day else None
    return Listing(
        FORMAT,
        SAVED_PAGE,
        iter(list(_records(tree))),
        query=one_line(_words(tree.css_first("h1")), 80) or None,
        listing_date=None if parts is None or parts[0] is None else date(parts[0], parts[1], parts[2]),
        n_announced=int(total[1]) if total else None,
    )

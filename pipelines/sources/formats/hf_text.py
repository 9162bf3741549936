"""Text that a person copied from a Hugging Face papers page: a banner, a date, then title, abstract, title, ...

There are no marks that say which is which. Lines become blocks (`blocks_of`), blocks are judged by how they look
(`looks_like_abstract`), and the pairs are read off in order. What cannot be paired is reported, never guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from pipelines.papers.dates import parse_month_day
from pipelines.papers.ids import split_version
from pipelines.sources.formats.copied_blocks import (
    blocks_of,
    is_statement,
    looks_like_abstract,
    looks_like_title,
)
from pipelines.sources.record import SAVED_PAGE, Listing, Record, Rejected, UnreadableListing

FORMAT = "hf_text"

_BANNER = re.compile(
    r"get trending papers in your email inbox.*|by\s*ak\s*and the research community|daily papers"
    r"|hugging ?face.*|trending papers|your daily dose of ai research.*",
    re.IGNORECASE,
)
#: Words that stand alone on a line of the page and belong to no paper: chips, buttons, navigation, footer.
_CHROME = re.compile(
    r"new|subscribe|daily|weekly|monthly|previous|next|search|models|datasets|spaces|buckets|community|docs|enterprise"
    r"|pricing|log ?in|sign ?up|papers|company|tos|terms of service|privacy|about|careers|jobs|website|blog|forum"
    r"|system theme|inference providers|posts|solutions|submitted by.*|published on .*|view all|load more|show more"
    r"|upvotes?|authors?|(?:[·•]\s*)?[0-9][0-9,]*\s+(?:authors?|upvotes?|comments?|papers?)"
    r"|(?:upvotes?|comments?|[·•▲△↑+-])\s*[0-9.,]*k?(?:\s*\+[0-9]+)?|\+?[0-9][0-9.,]*k?|[·•—–|-]+|©.*|https?://huggingface\.co/?"
    r"|(?:view )?(?:arxiv page|pdf|github|project page|code)|search (?:models|papers).*",
    re.IGNORECASE,
)
_ID_LINE = re.compile(r"(?:arxiv:\s*|https?://\S*/(?:abs|pdf|papers)/)\S+", re.IGNORECASE)
#: An abstract that has no title is taken as the last one's next paragraph only when it is this short.
_MAX_SECOND_PARAGRAPH = 400
_MIN_PAPERS_WITHOUT_BANNER = 2


@dataclass(slots=True)
class _Draft:
    """A paper while its blocks are gathered."""

    title: str
    abstract: list[str] = field(default_factory=list)
    upvotes: int | None = None
    arxiv_id: str | None = None
    arxiv_version: int | None = None
    published_date: date | None = None


def _is_mark(line: str) -> bool:
    return len(line) < 100 and any(
        (
            _BANNER.fullmatch(line),
            _CHROME.fullmatch(line),
            parse_month_day(line),
            _ID_LINE.fullmatch(line) and split_version(line)[0],
        )
    )


class _Reader:
    """Walks the blocks of a copied page and gathers drafts, in order, with what could not be placed."""

    def __init__(self) -> None:
        self.found: list[_Draft | str] = []
        self.dates: list[tuple[int | None, int, int]] = []
        self.n_banners = 0

    def _last(self) -> _Draft | None:
        last = self.found[-1] if self.found else None
        return last if isinstance(last, _Draft) else None

    def _take_mark(self, block: str) -> bool:
        """Take a block that is no text of a paper; say whether it was one."""
        draft = self._last()
        if _BANNER.fullmatch(block):
            self.n_banners += 1
            return True
        day = parse_month_day(block)
        if day:
            if draft is None:
                self.dates.append(day)
            elif day[0] is not None:
                draft.published_date = date(day[0], day[1], day[2])
            return True
        if _ID_LINE.fullmatch(block):
            arxiv_id, version = split_version(block)
            if draft and arxiv_id:
                draft.arxiv_id, draft.arxiv_version = arxiv_id, version
            if arxiv_id:
                return True
        votes = re.fullmatch(r"upvotes?\s*([0-9]{1,6})", block, re.IGNORECASE)
        if votes and draft:
            draft.upvotes = int(votes[1])
        return _CHROME.fullmatch(block) is not None

    def take(self, block: str) -> None:
        """Take the next block."""
        if self._take_mark(block):
            return
        draft = self._last()
        awaits_abstract = draft is not None and not draft.abstract
        if looks_like_abstract(block, after_title=awaits_abstract):
            if draft is None:
                self.found.append("an abstract without a title")
            elif awaits_abstract or self._continues(draft.abstract[-1], block):
                draft.abstract.append(block)
            else:
                self.found.append("an abstract without a title")
        elif draft and draft.abstract and is_statement(block):
            draft.abstract.append(block)
        elif looks_like_title(block):
            self.found.append(_Draft(block))
        elif draft and draft.abstract and self._continues(draft.abstract[-1], block):
            draft.abstract.append(block)
        elif len(block.split()) > 3:
            self.found.append("a line that is neither a title nor an abstract")

    @staticmethod
    def _continues(before: str, block: str) -> bool:
        """Say whether `block` reads on from the paragraph `before` it."""
        breaks_off = before.rstrip()[-1:] not in ".!?”\"')]" and not re.search(r"https?://\S+$", before)
        starts_inside = block[:1].islower() or bool(
            re.match(
                r"(?:code|our code|the code|project page|website|demo|data|models?)\b.*(?:available|http|:)",
                block,
                re.IGNORECASE,
            )
        )
        return breaks_off or starts_inside or len(block) <= _MAX_SECOND_PARAGRAPH


def _records(found: list[_Draft | str]) -> Iterator[Record | Rejected]:
    with_abstract = [i for i, d in enumerate(found) if isinstance(d, _Draft) and d.abstract]
    last_paired = with_abstract[-1] if with_abstract else -1
    position = 0
    for i, draft in enumerate(found):
        if isinstance(draft, str):
            position += 1
            yield Rejected(position, draft)
            continue
        if not draft.abstract and with_abstract and i > last_paired and len(draft.title.split()) < 4:
            continue  # words of a footer
        position += 1
        if not draft.abstract and i == len(found) - 1 and with_abstract:
            yield Rejected(position, "a title at the end without an abstract: the copy breaks off there")
            continue
        yield Record(
            position=position,
            title_raw=draft.title,
            abstract_raw="\n\n".join(draft.abstract) or None,
            arxiv_id=draft.arxiv_id,
            arxiv_version=draft.arxiv_version,
            published_date=draft.published_date,
            published_precision="day" if draft.published_date else None,
            url=f"https://arxiv.org/abs/{draft.arxiv_id}" if draft.arxiv_id else None,
            upvotes=draft.upvotes,
        )


def parse(text: str) -> Listing:
    """Return the listing of a copied page.

    Raises UnreadableListing for text that shows no sign of one: neither the page's banner nor titles and abstracts
    in turn.
    """
    reader = _Reader()
    for block in blocks_of(text, _is_mark):
        reader.take(block)
    drafts = [d for d in reader.found if isinstance(d, _Draft)]
    n_pairs = sum(1 for d in drafts if d.abstract)
    n_lost = len(reader.found) - n_pairs
    if not drafts or (reader.n_banners == 0 and (n_pairs < _MIN_PAPERS_WITHOUT_BANNER or n_lost > n_pairs)):
        raise UnreadableListing(
            "plain text in which no papers were recognised: neither the banner of a Hugging Face papers page nor "
            "titles and abstracts in turn"
        )
    year, month, day = reader.dates[0] if reader.dates else (None, None, None)
    is_dated = month is not None and day is not None
    return Listing(
        FORMAT,
        SAVED_PAGE,
        _records(reader.found),
        listing_date=date(year, month, day) if year and month and day else None,
        month_day=(month, day) if is_dated and month and day and not year else None,
    )

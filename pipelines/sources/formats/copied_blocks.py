"""Lines of copied text into blocks, and what a block looks like: a title or an abstract.

Blank lines may be lost, doubled or kept; a paragraph may be one line or broken at some width. The judgement uses
length, final punctuation, sentences and capitals, and knows nothing of what papers are about.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff\u00ad"))
#: A line longer than this was not broken by hand: the copy has one line a paragraph.
_UNBROKEN_LINE = 240
_MAX_TITLE = 300
_SURELY_ABSTRACT = 330
_MIN_ABSTRACT = 100
_SENTENCE_BREAK = re.compile(r"[a-z0-9)%\]][.!?][\"”')]?\s+[A-Z(\"“]")
_SENTENCE_END = re.compile(r"(?:[.!?…][\"”')\]]*|https?://\S+|[.!?]\s*\(\S+\))$")
_SMALL_WORDS = re.compile(
    r"an?|and|as|at|but|by|for|from|in|into|is|it|of|on|or|over|the|to|under|up|via|vs|with", re.IGNORECASE
)
_SAYS = re.compile(
    r"\b(?:we|our)\b.*\b(?:propose|present|introduce|show|study|find|evaluate|release|describe|explore|investigate)"
    r"|\bthis (?:paper|work|report|survey|study)\b|\bin this\b",
    re.IGNORECASE,
)


def share_capitalised(text: str) -> float:
    """Return the share of the longer words that start with a capital: near 1 in a title, near 0 in prose."""
    words = [w for w in re.findall(r"[^\W\d_][\w'-]*", text) if not _SMALL_WORDS.fullmatch(w)]
    return sum(1 for w in words if not w[0].islower()) / len(words) if words else 0.0


def looks_like_abstract(block: str, *, after_title: bool) -> bool:
    """Say whether a block is an abstract; `after_title`: a title stands right before it."""
    if len(block) >= _SURELY_ABSTRACT:
        return True
    n_breaks = len(_SENTENCE_BREAK.findall(block))
    is_ended = _SENTENCE_END.search(block) is not None
    if n_breaks and is_ended and len(block) >= _MIN_ABSTRACT:
        return True
    is_prose = share_capitalised(block) < 0.5
    if len(block) >= _MIN_ABSTRACT and is_prose and (is_ended or len(block) > 200):
        return True
    if not after_title:
        return False
    return is_prose and (
        (is_ended and not block.endswith(("?", "!")) and len(block.split()) > 4)
        or (_SAYS.search(block) is not None and len(block) >= 60)
    )


def is_statement(block: str) -> bool:
    """Say whether a short block is a finished sentence in prose, such as where the code is, and so no title."""
    is_ended = block.endswith(".") or re.search(r"https?://\S+$", block) is not None
    return is_ended and len(block.split()) > 3 and share_capitalised(re.sub(r"https?://\S+", "", block)) < 0.5


def looks_like_title(block: str) -> bool:
    """Say whether a block may be a title: short, of at least one word, and not several sentences."""
    return (
        len(block) <= _MAX_TITLE
        and re.search(r"[^\W\d_]{2}", block) is not None
        and len(_SENTENCE_BREAK.findall(block)) < 2
    )


def _has_room(line: str, following: str, width: int) -> bool:
    """Say whether the first word of the next line would have fitted on this one: so the line end was meant."""
    return bool(following) and len(line) + 1 + len(following.split(" ", 1)[0]) <= width


def _split_wrapped(lines: list[str], *, starts_paper: bool) -> Iterator[list[str]]:
    """Yield the paragraphs of a block of broken lines that has lost blank lines.

    Where text was filled to a width, a line with room left is the last of its paragraph. Otherwise a title begins
    after a finished sentence where capitals prevail, and prose begins where they end.
    """
    width = max(len(line) for line in lines)
    followings = [*lines[1:], ""]
    n_short = sum(
        _has_room(line, following, width) for line, following in zip(lines, followings, strict=True)
    )
    is_filled = n_short <= 0.4 * len(lines)
    part: list[str] = []
    is_title = starts_paper and (
        share_capitalised(lines[0]) >= 0.6 or (is_filled and _ends_early(lines, width))
    )
    for i, line in enumerate(lines):
        if part:
            capitals = share_capitalised(line)
            is_end = is_filled and _has_room(part[-1], line, width)
            if is_title:
                starts = is_end or capitals < 0.6 <= share_capitalised(part[0])
            elif _SENTENCE_END.search(part[-1]):
                is_heading = capitals >= 0.6 and not line.endswith(".") and len(line.split()) > 1
                starts = is_end or (is_heading and followings[i] != "")
            else:
                starts = False
            if starts:
                yield part
                part, is_title = (
                    [],
                    not is_title and not _is_prose_start(lines[i:], width, is_filled=is_filled),
                )
        part.append(line)
    if part:
        yield part


def _ends_early(lines: list[str], width: int) -> bool:
    """Say whether the first paragraph of filled lines ends within the three lines that a title may take."""
    ends = [n for n, (a, b) in enumerate(pairwise(lines)) if _has_room(a, b, width)]
    return bool(ends) and ends[0] < 3 and not _SENTENCE_END.search(lines[ends[0]].removesuffix("?"))


def _is_prose_start(lines: list[str], width: int, *, is_filled: bool) -> bool:
    """Say whether a further paragraph of prose begins with these lines, rather than a title."""
    if share_capitalised(lines[0]) >= 0.6:
        return False
    return not (is_filled and _ends_early(lines, width))


def _alternates(lines: list[str]) -> bool:
    """Say whether the lines are titles and abstracts in turn, one line each."""
    titles, abstracts = lines[::2], lines[1::2]
    return len(titles) == len(abstracts) and all(
        looks_like_title(title)
        and not looks_like_abstract(title, after_title=False)
        and looks_like_abstract(abstract, after_title=True)
        and not abstract[0].islower()
        for title, abstract in zip(titles, abstracts, strict=True)
    )


def _groups(text: str, is_mark: Callable[[str], bool]) -> Iterator[list[str]]:
    """Yield runs of lines between blank lines; a line that is a mark of the page stands alone."""
    group: list[str] = []
    for raw in text.split("\n"):
        line = " ".join(raw.translate(_INVISIBLE).split())
        # The last line of a broken title may read like a button ("Models").
        is_inside = bool(group) and len(group[-1]) <= _UNBROKEN_LINE and not _SENTENCE_END.search(group[-1])
        if line and (is_inside or not is_mark(line)):
            group.append(line)
            continue
        if group:
            yield group
            group = []
        if line:
            yield [line]
    if group:
        yield group


def blocks_of(text: str, is_mark: Callable[[str], bool]) -> Iterator[str]:
    """Yield the paragraphs of a copied text, in order, whether blank lines or line breaks part them.

    Lines for which `is_mark` holds belong to the page, not to a paper, and are blocks of their own.
    """
    awaits_abstract = False
    for group in _groups(text, is_mark):
        if len(group) == 1 or any(len(line) > _UNBROKEN_LINE for line in group) or _alternates(group):
            parts = [[line] for line in group]
        else:
            parts = list(_split_wrapped(group, starts_paper=not awaits_abstract))
        for part in parts:
            block = "\n".join(part)
            if not (len(part) == 1 and is_mark(block)):
                awaits_abstract = not looks_like_abstract(block, after_title=awaits_abstract)
            yield block

"""Short forms and what a text spells them out as: "Knowledge-aware Widget Tuning (KaWT)" and its relatives.

Only pairs that the text itself prints are found; nothing is known of PEFT here.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from pipelines.mentions.occurrences import places
from pipelines.mentions.view import View

_SHORT = r"[A-Za-z0-9(][A-Za-z0-9()+*&'\-]{0,18}[A-Za-z0-9)+*]"
_BRACKETS = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)?)\)")
_SHORT_INSIDE = re.compile(
    rf"(?:or |i\.e\.,? |called |termed |dubbed )?\"?({_SHORT})\"?(?:[,;:] [^()]{{0,60}})?"
)
_SHORT_BEFORE = re.compile(rf"(?<![\w\-])({_SHORT}) ?$")
_TITLE_HEAD = re.compile(rf"^\W*({_SHORT}(?: {_SHORT}){{0,2}}) ?: (.+)$")
_MAX_WORDS = 10
_SMALL_WORDS = frozenset(
    ("of", "for", "and", "the", "with", "in", "on", "to", "a", "an", "via", "by", "from")
)
_WORD = re.compile(r"[A-Za-z0-9]+")


class Expansion(NamedTuple):
    """A short form and its long form, as positions in the plain text of one view."""

    short: str
    long: str
    short_start: int
    short_end: int
    long_start: int
    long_end: int


@lru_cache(maxsize=65536)
def letters(text: str) -> str:
    """Return the letters, digits and plus signs of `text` in lower case: what names are compared as."""
    return re.sub(r"[^a-z0-9+]", "", text.lower())


def _aligned_start(short: str, long: str) -> int | None:
    """Return where in `long` the words that `short` abbreviates begin, or None.

    Read from the right, every letter of the short form must stand in the long form in order, and its first letter
    must open a word. Letters of the short form may come from inside words, as in most coined names.
    """
    wanted = letters(short).rstrip("+")
    lower = long.lower()
    if not wanted or len(lower) != len(long):
        return None  # no letters, or one that grows when lowered and shifts those behind it
    position = len(lower)
    for letter in wanted[:0:-1]:
        position = lower.rfind(letter, 0, position)
        if position < 0:
            return None
    position = lower.rfind(wanted[0], 0, position)
    while position > 0 and lower[position - 1].isalnum():
        position = lower.rfind(wanted[0], 0, position)
    return position if position >= 0 else None


def _spelled_by_initials(short: str, words: list[str]) -> int | None:
    """Return the index of the first of the last words whose initials are `short`, small words left out, or None."""
    wanted = letters(short).rstrip("+")
    initials = "".join([w[0] for w in words]).lower()
    if initials.endswith(wanted):
        return len(words) - len(wanted)
    telling = [i for i, w in enumerate(words) if w.lower() not in _SMALL_WORDS]
    if "".join([initials[i] for i in telling]).endswith(wanted):
        return telling[-len(wanted)]
    return None


def _is_short(text: str) -> bool:
    return 2 <= len(letters(text)) <= 16 and text != text.lower()


def find_expansions(view: View) -> list[Expansion]:
    """Return every (short, long) pair that the view prints, in reading order."""
    found: list[Expansion] = []
    for match in _BRACKETS.finditer(view.plain):
        behind = view.plain[match.end() : match.end() + 1]
        if behind.isalnum() or behind in ("^", "$"):
            continue  # "(IA)3"
        inside = _SHORT_INSIDE.fullmatch(match[1])
        pair = (
            _long_short(view.plain, match.start(), inside[1], match.start(1) + inside.start(1))
            if inside
            else None
        )
        pair = pair or _short_long(view.plain, match)
        if pair is not None:
            found.append(pair)
    if view.field == "title" and (head := _TITLE_HEAD.match(view.plain)) is not None and _is_short(head[1]):
        words = list(_WORD.finditer(view.plain, head.start(2)))[:_MAX_WORDS]
        end = _prefix_spelling(head[1], words)
        if end is not None:
            long = view.plain[head.start(2) : end]
            found.append(Expansion(head[1], long, head.start(1), head.end(1), head.start(2), end))
    found.sort(key=lambda e: (e.short_start, e.long_start))
    return found


def _long_short(plain: str, bracket: int, short: str, short_start: int) -> Expansion | None:
    """Return the pair of a short form in brackets and the words before them that it abbreviates, or None."""
    if not _is_short(short):
        return None
    single = short
    if short.endswith("s") and not short[:-1].islower() and _stands_in(plain, short[:-1]):
        single = short[:-1]  # a plural, unless the text has no singular
    # the long form may not reach back over a clause
    left = max(0, bracket - 160)
    for stop in ".;:()!?":
        left = max(left, plain.rfind(stop, left, bracket) + 1)
    # no more words than these are asked, and most of a sentence is before them
    at = bracket
    for _ in range(_MAX_WORDS + 1):
        at = plain.rfind(" ", left, at)
        if at < 0:
            break
    words = list(_WORD.finditer(plain, max(at, left), bracket))[-_MAX_WORDS:]
    if not words:
        return None
    first = _spelled_by_initials(single, [w[0] for w in words])
    if first is not None:
        start = words[first].start()
    else:
        left = words[0].start()
        aligned = _aligned_start(single, plain[left:bracket])
        if aligned is None:
            return None
        start = left + aligned
    if bracket - start <= len(letters(single)):
        return None
    return Expansion(single, plain[start:bracket], short_start, short_start + len(short), start, bracket)


def _stands_in(plain: str, word: str) -> bool:
    """Tell whether `word` stands in a text and no letter or digit goes on behind it."""
    return any(not plain[at + len(word) : at + len(word) + 1].isalnum() for at in places(plain, word))


def _short_long(plain: str, brackets: re.Match[str]) -> Expansion | None:
    """Return the pair of a long form in brackets and the word before them that abbreviates it, or None."""
    long = brackets[1]
    if " " not in long or not 8 <= len(long) <= 110 or len(long.split()) > _MAX_WORDS:
        return None
    left = max(0, brackets.start() - 24)
    short = _SHORT_BEFORE.search(plain[left : brackets.start()])
    if short is None or not _is_short(short[1]) or _aligned_start(short[1], long) is None:
        return None
    if letters(short[1]) in letters(long):
        return None  # "Prompt Tuning (P-Tuning v2)": a word of both, no abbreviation
    return Expansion(
        short[1], long, left + short.start(1), left + short.end(1), brackets.start(1), brackets.end(1)
    )


def _prefix_spelling(short: str, words: list[re.Match[str]]) -> int | None:
    """Return the end of the run of `words`, from the first, that spells `short` with the most initials, or None.

    The first letter must open the first word, and half of the letters must open words.
    """
    wanted = letters(short).rstrip("+")
    if not words or not wanted or words[0][0][0].lower() != wanted[0]:
        return None
    n_needed, initials = max(2, (len(wanted) + 1) // 2), [w[0][0].lower() for w in words]
    if sum(min(wanted.count(i), initials.count(i)) for i in set(initials)) < n_needed:
        return None
    text = "".join(w[0].lower() for w in words)
    ends: list[int] = []
    opens: set[int] = set()
    for word in words:
        opens.add(ends[-1] if ends else 0)
        ends.append((ends[-1] if ends else 0) + len(word[0]))
    # best[j]: most initials used when all letters so far stand before position j of the text; -1 when they cannot
    best = [0] * (len(text) + 1)
    for letter in wanted:
        following = [-1] * (len(text) + 1)
        for j, char in enumerate(text):
            taken = best[j] + (j in opens) if char == letter and best[j] >= 0 else -1
            following[j + 1] = max(following[j], taken)
        best = following
    used, end = max((best[e], -i) for i, e in enumerate(ends))
    return words[-end].end() if used >= n_needed and end else None

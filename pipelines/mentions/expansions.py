"""Short forms and what a text spells them out as: "Knowledge-aware Widget Tuning (KaWT)" and its relatives.

Only pairs that the text itself prints are found; nothing is known of PEFT here.
"""

import re
from dataclasses import dataclass

from pipelines.mentions.view import View

_SHORT = r"[A-Za-z0-9(][A-Za-z0-9()+*&\-]{0,18}[A-Za-z0-9)+*]"
_LONG_SHORT = re.compile(rf"(?<=[\w\")]) ?\((?:or |i\.e\.,? |called |termed |dubbed )?\"?({_SHORT})\"?(?:[,;:] [^()]{{0,60}})?\)")
_SHORT_LONG = re.compile(rf"(?<![\w\-])({_SHORT}) ?\(([A-Za-z][^()]{{7,110}})\)")
_TITLE_HEAD = re.compile(rf"^\W*({_SHORT}(?: {_SHORT}){{0,2}}) ?: (.+)$")
_MAX_WORDS = 10
_WORD = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Expansion:
    """A short form and its long form, as positions in the plain text of one view."""

    short: str
    long: str
    short_start: int
    short_end: int
    long_start: int
    long_end: int


def letters(text: str) -> str:
    """Return the letters and digits of `text` in lower case."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _aligned_start(short: str, long: str) -> int | None:
    """Return where in `long` the words that `short` abbreviates begin, or None.

    Read from the right, every letter of the short form must stand in the long form in order, and its first letter
    must open a word. Letters of the short form may come from inside words, as in most coined names.
    """
    wanted = letters(short)
    position = len(long) - 1
    for index in range(len(wanted) - 1, -1, -1):
        while position >= 0 and (
            long[position].lower() != wanted[index]
            or (index == 0 and position > 0 and long[position - 1].isalnum())
        ):
            position -= 1
        if position < 0:
            return None
        position -= 1
    return position + 1


def _is_short(text: str) -> bool:
    return 2 <= len(letters(text)) <= 16 and any(c.isupper() for c in text)


def find_expansions(view: View) -> list[Expansion]:
    """Return every (short, long) pair that the view prints, in reading order."""
    plain = view.plain
    found: list[Expansion] = []
    for match in _LONG_SHORT.finditer(plain):
        short = match[1]
        if not _is_short(short):
            continue
        single = short[:-1] if short.endswith("s") and not short[:-1].islower() else short
        words = list(_WORD.finditer(plain, max(0, match.start() - 160), match.start()))[-_MAX_WORDS:]
        if not words:
            continue
        left = words[0].start()
        # The long form may not reach back over a clause.
        clause = max(plain.rfind(c, left, match.start()) for c in ".;:()!?")
        left = max(left, clause + 1)
        start = _aligned_start(single, plain[left : match.start()])
        if start is not None and match.start() - left - start > len(letters(single)):
            found.append(
                Expansion(single, plain[left + start : match.start()], match.start(1), match.end(1), left + start, match.start())
            )
    for match in _SHORT_LONG.finditer(plain):
        short, long = match[1], match[2]
        if _is_short(short) and " " in long and len(long.split()) <= _MAX_WORDS and _aligned_start(short, long) is not None:
            found.append(Expansion(short, long, match.start(1), match.end(1), match.start(2), match.end(2)))
    if view.field == "title" and (head := _TITLE_HEAD.match(plain)) is not None and _is_short(head[1]):
        words = list(_WORD.finditer(plain, head.start(2)))[:_MAX_WORDS]
        long = _prefix_spelling(head[1], plain, words)
        if long is not None:
            found.append(Expansion(head[1], plain[head.start(2) : long], head.start(1), head.end(1), head.start(2), long))
    found.sort(key=lambda e: (e.short_start, e.long_start))
    return found


def _prefix_spelling(short: str, plain: str, words: list[re.Match[str]]) -> int | None:
    """Return the end of the run of `words`, from the first, that spells `short` with the most initials, or None.

    The first letter must open the first word, and half of the letters must open words.
    """
    wanted = letters(short)
    if not words or words[0][0][0].lower() != wanted[0]:
        return None
    best: tuple[int, int] | None = None
    for count in range(2, len(words) + 1):
        used = _initials_used(wanted, tuple(w[0].lower() for w in words[:count]))
        if used is not None and used >= max(2, (len(wanted) + 1) // 2) and (best is None or used > best[0]):
            best = (used, words[count - 1].end())
    return best[1] if best else None


def _initials_used(wanted: str, words: tuple[str, ...]) -> int | None:
    """Return how many words give their first letter in the best spelling of `wanted` by letters of `words` in order."""
    text = "".join(words)
    opens = {sum(map(len, words[:i])) for i in range(len(words))}
    # best[j]: most initials used when the letters so far end before position j of the text
    best: list[int | None] = [0] * (len(text) + 1)
    for letter in wanted:
        following: list[int | None] = [None] * (len(text) + 1)
        for j, char in enumerate(text):
            kept, so_far = following[j], best[j]
            taken = so_far + (j in opens) if char == letter and so_far is not None else None
            following[j + 1] = max((v for v in (kept, taken) if v is not None), default=None)
        best = following
    return best[-1]

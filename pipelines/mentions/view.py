"""A text as the rules read it, and the way back: TeX stripped, blanks collapsed, every position mapped.

Rules match on `View.plain` (printed case) or `View.key` (lower case, hyphens as blanks, same length) and never on
the raw text, so one pattern covers TeX, Unicode superscripts and line breaks. What the text means is not for here.
"""

import re
from bisect import bisect_right

from pipelines.mentions.lazy import Lazy
from pipelines.mentions.spans import Field, Span

_FOLD = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"),
    **dict.fromkeys("\u2014\u2015", ","),
    **dict.fromkeys("\u2018\u2019\u02bc\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u2033", '"'),
    **dict.fromkeys("\u00a0\u2002\u2003\u2009\u200a\u202f\u3000\t\n\r\f\v~", " "),
    **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789", strict=True)),
}
_DROPPED = frozenset("$^{}\u200b\u200c\u200d\ufeff\u00ad")
_TEX_MACRO = (
    r"\\(?:(?:text(?:bf|it|sc|tt|rm|sf|sl|up|normal|superscript|subscript)?|emph|underline|uline"
    r"|math(?:bf|rm|it|cal|sf|tt|bb)|boldsymbol|bm|bf|it|em|sc|tt|rm|xspace|ensuremath|mbox)(?![A-Za-z]) ?"
    r"|cite[a-z]*\*?(?:\[[^\]]*\])*\{[^{}]*\}|[()\[\],;!])"
)
_ODD_PIECE = re.compile(_TEX_MACRO + r"|\\|[^\x20-\x7e]|[$^{}~]|(?<= ) +| +(?=[~\s])")
_ODD_MARKS = ("$", "^", "{", "}", "~", "\\", "  ")
#: It begins with one set, not with alternatives, which `re` looks for several times as fast.
_SENTENCE_END = re.compile(r"[.!?](?:[\"')\]]*(?=\s+[\"'(\[]?[A-Z0-9(])|[\"')\]]*(?=[A-Z][a-z]+ ))")
#: Everything of ASCII but small letters as a blank, so that splitting at blanks leaves the words.
ONLY_WORDS = {code: " " for code in range(128) if not chr(code).islower()}
_NOT_AN_END = re.compile(r"(?:\b(?:e\.g|i\.e|et al|vs|cf|Fig|Eq|Sec|resp|approx|etc)|\b[A-Z])\.$")


class View:
    """One field of a paper as the rules read it."""

    def __init__(self, text: str, field: Field) -> None:
        self.text = text
        self.field: Field = field
        self._origin: list[int] | None = None
        self.plain = text
        if not text.isascii() or not text.isprintable() or any(map(text.__contains__, _ODD_MARKS)):
            self.plain, self._origin = _fold(text)
        lower = self.plain.lower()
        if len(lower) != len(self.plain):
            lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in self.plain)
        #: The plain text in lower case with hyphens as blanks; its positions are those of `plain`.
        self.key = lower.replace("-", " ")

    def span(self, start: int, end: int) -> Span:
        """Return the span of the raw text that `plain[start:end]` was read from, with TeX that it opened closed."""
        if self._origin is not None:
            start, end = self._origin[start], self._origin[end - 1] + 1
            end = _close_tex(self.text, start, end)
        return Span(self.field, start, end, self.text[start:end])

    @Lazy
    def sentences(self) -> list[tuple[int, int]]:
        """The sentences as (start, end) in `plain`; together they cover it."""
        plain = self.plain
        bounds: list[tuple[int, int]] = []
        start = 0
        for match in _SENTENCE_END.finditer(plain):
            end = match.end()
            if end < len(plain) and not _NOT_AN_END.search(plain, max(start, end - 8), end):
                bounds.append((start, end))
                start = end
        if start < len(plain):
            bounds.append((start, len(plain)))
        return bounds or [(0, 0)]

    @Lazy
    def _later_starts(self) -> list[int]:
        return [start for start, _ in self.sentences[1:]]

    @Lazy
    def sentence_words(self) -> list[frozenset[str]]:
        """The words of each sentence in lower case: a set is asked many times as fast as a pattern."""
        words = self.key.translate(ONLY_WORDS)
        return [frozenset(words[start:end].split()) for start, end in self.sentences]

    def sentence_at(self, position: int) -> int:
        """Return the index of the sentence that holds `position`."""
        return bisect_right(self._later_starts, position)

    def sentence_around(self, position: int) -> tuple[int, int]:
        """Return the bounds of the sentence that holds `position`."""
        return self.sentences[self.sentence_at(position)]


def _fold(text: str) -> tuple[str, list[int]]:
    """Return the plain text and, for each of its characters, the position it came from."""
    pieces: list[str] = []
    origin: list[int] = []
    position = 0
    is_after_blank = True
    for match in _ODD_PIECE.finditer(text):
        start, end = match.span()
        if start > position:
            pieces.append(text[position:start])
            origin.extend(range(position, start))
            is_after_blank = text[start - 1] == " "
        position = end
        char = match[0][0]
        folded = "" if char == "\\" or char in _DROPPED else _FOLD.get(char, char)
        is_broken_word = char == "\n" and bool(pieces) and pieces[-1].endswith("-")
        if folded and not (folded == " " and (is_after_blank or is_broken_word)):
            pieces.append(folded)
            origin.append(start)
            is_after_blank = folded == " "
    pieces.append(text[position:])
    origin.extend(range(position, len(text)))
    return "".join(pieces), origin


def _close_tex(text: str, start: int, end: int) -> int:
    """Return `end` moved over the braces and dollar signs that `text[start:end]` leaves open."""
    inside = text[start:end]
    open_braces = inside.count("{") - inside.count("}")
    is_math = inside.count("$") % 2 == 1
    while end < len(text) and ((text[end] == "}" and open_braces > 0) or (text[end] == "$" and is_math)):
        if text[end] == "}":
            open_braces -= 1
        else:
            is_math = False
        end += 1
    return end

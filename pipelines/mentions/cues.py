r"""Patterns found by their literal beginnings: does a text have one of these words and phrases?

`re` tries a pattern like `\b(?:frozen|fr[eo]ez)` at every character; `str.find` for "froz" and one try there take a
tenth of the time. What a cue means is not for here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import ahocorasick_rs

#: A literal, and the pattern of what begins with it.
Lead = tuple[str, re.Pattern[str]]

_QUANTIFIERS = "?*+{"
_LEADING = re.compile(r"(?:\\b)?")
_LITERAL = re.compile(r"(?:[A-Za-z0-9 ',%<>=:;#&@!\"/-](?![?*+{])|\\[.\-&](?![?*+{]))+")
#: A pattern that unfolds into more alternatives than this is left to `re`.
_MOST_ALTERNATIVES = 250
_SHORT = 4


class Cues:
    """A pattern without flags or captured groups, taken apart into alternatives that begin with a literal."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._whole = re.compile(pattern)
        by_literal: dict[str, list[str]] = {}
        others: list[str] = []
        for alternative in _split(pattern):
            unfolded = list(_unfold(alternative))
            literals = [_literal(u) for u in unfolded]
            if all(literals) and len(unfolded) + len(by_literal) <= _MOST_ALTERNATIVES:
                for literal, regex in zip(literals, unfolded, strict=True):
                    by_literal.setdefault(literal, []).append(regex)
            else:
                others.append(alternative)
        self.by_literal = [(literal, re.compile("|".join(found))) for literal, found in by_literal.items()]
        self.others = re.compile("|".join(others)) if others else None

    def search(self, text: str) -> re.Match[str] | None:
        """Return a match in `text`, not always the leftmost, or None."""
        return self.search_by(self.by_literal, text)

    def search_by(self, literals: Iterable[Lead], text: str) -> re.Match[str] | None:
        """Return a match in `text` that begins with one of `literals` or with none, not always the leftmost, or None."""
        for literal, regex in literals:
            at = (
                text.find(literal) if literal in text else -1
            )  # `in` is the quicker of the two, and mostly false
            while at >= 0:
                if (match := regex.match(text, at)) is not None:
                    return match
                at = text.find(literal, at + 1)
        return self.others.search(text) if self.others is not None else None

    def leftmost(self, text: str) -> re.Match[str] | None:
        """Return the leftmost match in `text`, the one that `re` finds, or None."""
        return self._whole.search(text) if self.search(text) is not None else None

    def find_all(self, text: str) -> list[re.Match[str]]:
        """Return every match in `text` from left to right, of a pattern whose alternatives do not overlap."""
        found: list[re.Match[str]] = []
        for literal, regex in self.by_literal:
            at = text.find(literal) if literal in text else -1
            while at >= 0:
                if (match := regex.match(text, at)) is not None:
                    found.append(match)
                at = text.find(literal, at + 1)
        if self.others is not None:
            found += self.others.finditer(text)
        if len(found) > 1:
            found.sort(key=re.Match.start)
        return found


class CueIndex:
    """Many cues of which pieces of one long text are asked: all their literals are looked for in it in one pass."""

    def __init__(self, cues: Sequence[Cues]) -> None:
        uses: dict[str, list[tuple[int, Lead]]] = {}
        #: Literals so short that most texts have them are not looked for, but taken to be there.
        self._short = [[lead for lead in cue.by_literal if len(lead[0]) < _SHORT] for cue in cues]
        for number, cue in enumerate(cues):
            for lead in cue.by_literal:
                if len(lead[0]) >= _SHORT:
                    uses.setdefault(lead[0], []).append((number, lead))
        self._uses = list(uses.values())
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(uses), implementation=ahocorasick_rs.Implementation.DFA
        )

    def leads(self, text: str) -> list[list[Lead]]:
        """Return for each cue the literals that `text` may have: no piece of it has any other."""
        found = [[*short] for short in self._short]
        for index in {i for i, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)}:
            for number, lead in self._uses[index]:
                found[number].append(lead)
        return found


def _marks(pattern: str, start: int = 0) -> Iterator[tuple[int, str, int]]:
    """Yield where a `(`, `)` or `|` of `pattern` stands from `start` on, which it is, and the groups open after it."""
    depth, at = 0, start
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 1
        elif char == "[":
            at = _set_end(pattern, at)
        elif char in "()|":
            depth += {"(": 1, ")": -1, "|": 0}[char]
            yield at, char, depth
        at += 1


def _split(pattern: str) -> list[str]:
    """Return the alternatives of a pattern, those inside groups and sets left alone."""
    ends = [at for at, char, depth in _marks(pattern) if char == "|" and depth == 0]
    return [pattern[start + 1 : end] for start, end in pairwise([-1, *ends, len(pattern)])]


def _set_end(pattern: str, at: int) -> int:
    """Return where the set that opens at `at` closes."""
    at += 2 if pattern[at + 1] in "^]" else 1
    while pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at


def _group_end(pattern: str, start: int) -> int:
    """Return where the group that opens at `start` closes."""
    return next(at for at, char, depth in _marks(pattern, start) if char == ")" and depth == 0)


def _unfold(alternative: str) -> Iterator[str]:
    """Yield the alternatives that a group at the beginning stands for: `(?:a|b)c` is `ac` and `bc`."""
    start = _LEADING.match(alternative).end()  # type: ignore[union-attr]  # it may match nothing, but it matches
    if not alternative.startswith("(?:", start):
        yield alternative
        return
    end = _group_end(alternative, start)
    rest = alternative[end + 1 :]
    if rest[:1] and rest[0] in _QUANTIFIERS:
        yield alternative
        return
    for option in _split(alternative[start + 3 : end]):
        yield from _unfold(alternative[:start] + option + rest)


def _literal(alternative: str) -> str:
    """Return the literal that every match begins with; empty when there is none of two letters or more."""
    start = _LEADING.match(alternative).end()  # type: ignore[union-attr]  # as above
    match = _LITERAL.match(alternative, start)
    literal = match[0].replace("\\", "") if match else ""
    return literal if len(literal) >= 2 else ""

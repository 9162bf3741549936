"""A number in its surroundings, and what the rules say of it.

What belongs here: the two records that every rule of `sizes`, `tokens`, `shares` and `bits` speaks in, and where
sentences end. No rule lives here.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from pipelines.mentions.counted import NO_NOUN, Counted
from pipelines.mentions.numerals import Numeral
from pipelines.mentions.spans import Kind

# What follows the mark that ends a sentence; the lookbehinds refuse abbreviations.
_AFTER_STOP = (
    r"(?<!e\.g\.|i\.e\.|Fig\.|etc\.)(?<!vs\.|al\.|cf\.)(?<!resp\.)(?<!approx\.)"
    r"['\")\]]*\s+(?=[A-Z0-9$\\(\"'`])"
)
_ANY_STOP = re.compile(rf"[.!?]{_AFTER_STOP}")
# `re` finds a literal first character far sooner than one of a set, and few abstracts ask or exclaim.
_FULL_STOP = re.compile(rf"\.{_AFTER_STOP}")
# A longer sentence is a list of points or lacks a stop: it is read together with the next, which tells what it is of.
_LONGEST = 500


@dataclass(slots=True)
class Claim:
    """A run of numerals of one class with the noun it counts, its sentence, and the sentence before it."""

    text: str
    run: list[Numeral]
    left: str
    sentence: str
    head: Counted = field(default_factory=lambda: NO_NOUN)

    @property
    def first(self) -> Numeral:
        """The first numeral of the run."""
        return self.run[0]

    @property
    def last(self) -> Numeral:
        """The last numeral of the run, whose unit and noun the others share."""
        return self.run[-1]

    def after(self, length: int) -> str:
        """Return at most `length` characters after the run."""
        end = self.run[-1].end
        return self.text[end : end + length]


@dataclass(slots=True, frozen=True)
class Verdict:
    """What a claim was taken for: a kind with the rule that says so, or a refusal with its reason."""

    kind: Kind
    rule: str
    is_refused: bool = False


def refuse(kind: Kind, reason: str) -> Verdict:
    """Return the refusal of something that looked like `kind`."""
    return Verdict(kind, reason, is_refused=True)


def sentence_breaks(text: str) -> list[tuple[int, int]]:
    """Return where sentences of `text` end in a full stop or the like, each with where the next begins."""
    breaks: list[tuple[int, int]] = []
    begin = 0
    for match in (_ANY_STOP if "!" in text or "?" in text else _FULL_STOP).finditer(text):
        end, following = match.span()
        if end - begin <= _LONGEST:
            breaks.append((end, following))
        begin = following
    return breaks


def sentence_bounds(text: str, breaks: list[tuple[int, int]], at: int) -> tuple[int, int]:
    """Return the start and end of the sentence around `at`, given the `sentence_breaks` of `text`."""
    index = bisect_left(breaks, (at, at))
    start = breaks[index - 1][1] if index else 0
    end = breaks[index][0] + 1 if index < len(breaks) else len(text)
    return start, end

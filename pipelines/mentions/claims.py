"""A number in its surroundings, and what the rules say of it.

What belongs here: the two records that every rule of `sizes`, `tokens`, `shares` and `bits` speaks in, and where
sentences end. No rule lives here.
"""

import re
from dataclasses import dataclass, field

from pipelines.mentions.counted import Counted
from pipelines.mentions.numerals import Numeral
from pipelines.mentions.spans import Kind

_SENTENCE_END = re.compile(r"[.!?]['\")\]]*\s+(?=[A-Z0-9$\\(\"'`])")
_ABBREVIATED = ("e.g.", "i.e.", "vs.", "al.", "Fig.", "approx.", "cf.", "etc.", "resp.")


@dataclass(slots=True)
class Claim:
    """A run of numerals of one class with the noun it counts, its sentence, and the sentence before it."""

    text: str
    run: list[Numeral]
    left: str
    sentence: str
    head: Counted = field(default_factory=Counted)

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
        return self.text[self.last.end : self.last.end + length]


@dataclass(slots=True, frozen=True)
class Verdict:
    """What a claim was taken for: a kind with the rule that says so, or a refusal with its reason."""

    kind: Kind
    rule: str
    is_refused: bool = False


def refuse(kind: Kind, reason: str) -> Verdict:
    """Return the refusal of something that looked like `kind`."""
    return Verdict(kind, reason, is_refused=True)


def sentence_bounds(text: str, at: int) -> tuple[int, int]:
    """Return the start and end of the sentence around `at`."""
    start = 0
    end = len(text)
    for match in _SENTENCE_END.finditer(text, max(0, at - 600), min(len(text), at + 500)):
        if text.endswith(_ABBREVIATED, 0, match.start() + 1):
            continue
        if match.start() < at:
            start = match.end()
        else:
            end = match.start() + 1
            break
    return start, end

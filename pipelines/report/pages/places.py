"""Where things stand in the report: file names, anchors and the links to them, relative to the report's folder.

Names of methods come from a catalogue that users extend, and candidates from scraped text: neither becomes a file
name or an anchor as it is.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pipelines.report.pages.passages import Month

#: A method's sentences stand on its own page up to this many; beyond, each month has a page.
MAX_SENTENCES = 300
SLUG_CHARS = 48
UNDATED = "undated"
_SAID = (("+", "-plus"), ("*", "-star"), ("²", "2"), ("³", "3"), ("^", ""))


def slugs(names: Iterable[str]) -> dict[str, str]:
    """Return for each name a word of a-z, 0-9 and hyphens, no two alike."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(set(names)):
        word = name.lower()
        for sign, said in _SAID:
            word = word.replace(sign, said)
        word = re.sub(r"[^a-z0-9]+", "-", word)[:SLUG_CHARS].strip("-")
        if not word or word in taken:
            word = f"{word}-{hashlib.sha256(name.encode()).hexdigest()[:8]}".strip("-")
        taken.add(word)
        found[name] = word
    return found


def month_key(month: date | None) -> str:
    """Return the month as its anchor and file name: 2024-03, or undated."""
    return UNDATED if month is None else f"{month:%Y-%m}"


@dataclass(frozen=True)
class Subject:
    """What a page is about: a method, or the model sizes; `path` is its page without `.html`."""

    path: str
    months: Sequence[Month]

    @property
    def page(self) -> str:
        """Return the file of its page."""
        return f"{self.path}.html"

    @cached_property
    def is_split(self) -> bool:
        """Say whether its months have pages of their own."""
        return sum(m.n_sentences for m in self.months) > MAX_SENTENCES

    def month_page(self, month: date | None) -> str:
        """Return the file of a month's own page."""
        return f"{self.path}/{month_key(month)}.html"

    def place(self, month: date | None, role: str | None = None) -> str:
        """Return the link to the sentences of a month, or to those of the papers with one role in it."""
        page = self.month_page(month) if self.is_split else self.page
        return f"{page}#{month_key(month)}" + (f"-{role}" if role else "")

    def places(self) -> dict[date, str]:
        """Return the link to each month that has a date."""
        return {m.month: self.place(m.month) for m in self.months if m.month is not None}

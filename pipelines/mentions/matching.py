"""Where a paper's text names methods: spans with the method they may stand for, before context has its say.

Names come from the catalogue (one Aho-Corasick pass), phrases from `lexicon/patterns.toml`, coined compounds such
as "FooLoRA" from their shape. Whether a find counts is decided in `contexts`; roles are not for here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import ahocorasick_rs

from pipelines.mentions.catalogue import Catalogue, Method, lexicon
from pipelines.mentions.expansions import Expansion, find_expansions
from pipelines.mentions.lazy import Lazy
from pipelines.mentions.occurrences import places
from pipelines.mentions.view import View

#: No abstract is longer; of a text that is, only so much is read, for the rules compare finds with each other.
MAX_CHARS = 12_000
#: No phrase goes on for longer behind the word that it is looked for by.
_PHRASE_CHARS = 160

_URL = re.compile(r"https?://|www\.|\.(?:com|org|io|ai|ml|net|edu|cn|cc)/|\S@\S")
_DISTINCT = re.compile(r"lora|adapter|prompt|peft|tuning|tune|petl")
#: Parts of a hyphenated LoRA word that say how LoRA is used, so that no new method is named by them.
_GENERIC_PARTS = frozenset(lexicon("patterns")["generic_lora_parts"].split())
#: The letters of LoRA in a text of small letters, but for "exploration", "explorable", "Colorado" and "floral".
LORA = r"lora(?!t(?:ion|or)|b(?:le|il)|do|l)"
_PARTICIPLE = re.compile(r"(?:ed|ing)$|^(?:as|to|vs|in|on)$", re.IGNORECASE)
_COMPOUND = re.compile(
    r"(?<![\w\-/.])(?:[A-Za-z0-9]+-)*[A-Za-z0-9]*?(?:LoRA|LORA|LoRa(?!WAN))"
    r"(?:-[A-Za-z0-9]+|\+{1,2}|\*|[A-Z0-9][A-Za-z0-9]*)*(?:s(?![a-z]))?(?!\w)"
)


class Hit(NamedTuple):
    """A span of one view (positions in its plain text) that may name `method`.

    `alias` is what was matched; `decide` names the decision in `contexts` that it must pass.
    """

    view: View
    start: int
    end: int
    method: str
    is_known: bool
    alias: str
    rule: str
    decide: str | None

    @property
    def surface(self) -> str:
        """The words as `plain` has them."""
        return self.view.plain[self.start : self.end]

    @property
    def sentence(self) -> str:
        """The key of the sentence that the span begins in."""
        start, end = self.view.sentence_around(self.start)
        return self.view.key[start:end]

    def before(self, width: int = 40) -> str:
        """Return the key of up to `width` characters before the span."""
        return self.view.key[max(0, self.start - width) : self.start]

    def after(self, width: int = 40) -> str:
        """Return the key of up to `width` characters behind the span."""
        return self.view.key[self.end : self.end + width]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """One pattern of `lexicon/patterns.toml`, whose head says what the fields mean."""

    contains: str
    reach: int
    regex: re.Pattern[str]
    method: str
    rule: str
    decide: str | None


class PaperText:
    """A paper's two fields as the rules read them."""

    def __init__(self, title: str, abstract: str | None, paper_id: str = "") -> None:
        self.paper_id = paper_id
        self.title = View(title[:MAX_CHARS], "title")
        self.abstract = View((abstract or "")[:MAX_CHARS], "abstract")
        self.views = (self.title, self.abstract)

    @Lazy
    def key(self) -> str:
        """Both keys in one string, for questions about the whole paper."""
        return f"{self.title.key} . {self.abstract.key}"

    @Lazy
    def expansions(self) -> list[tuple[View, Expansion]]:
        """Every short form that the paper spells out, with the view it stands in."""
        return [(view, e) for view in self.views for e in find_expansions(view)]


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """Return a name as `View.key` would show it."""
    return View(name, "title").key


def _spellings(name: str) -> Iterable[str]:
    key = fold(name)
    yield key
    if "-" in name and " " not in name.strip():
        yield key.replace(" ", "")
    if "fine tun" in key:
        yield key.replace("fine tun", "finetun")
    if "finetun" in key:
        yield key.replace("finetun", "fine tun")


class _Name:
    """One spelling of a method's name, with what is asked at every find of it worked out before."""

    __slots__ = ("_close", "_plain", "decide", "is_free", "method", "name", "rule")

    def __init__(self, method: Method, name: str) -> None:
        self.name, self.method, self.rule = name, method.name, f"name:{method.name}"
        self.decide = _decision(method, name)
        self._plain, self._close = View(name, "title").plain, name.replace("-", "")
        #: Phrases and long coined names are found in any case of letters.
        self.is_free = (
            " " in name or "-" in name or len(name) >= 8 or _DISTINCT.search(name.lower()) is not None
        )

    def fits(self, printed: str, field: str) -> bool:
        """Tell whether `printed` may stand for the name: in any case of letters where that is free, else in its own."""
        name = self.name
        if self.is_free or printed in {name, self._plain} or " " in printed:
            return True
        if printed.replace("-", "") == self._close:
            return True
        if len(name) >= 6:
            return printed[0].isupper()
        return printed.isupper() or (field == "title" and printed == name.capitalize() and len(name) >= 4)


class Matcher:
    """Finds the names and phrases of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._entries: list[list[_Name]] = []
        index: dict[str, int] = {}
        for method in catalogue.methods:
            for name in method.names:
                for key in _spellings(name):
                    if key not in index:
                        index[key] = len(self._entries)
                        self._entries.append([])
                    entries = self._entries[index[key]]
                    if all(e.method != method.name for e in entries):
                        entries.append(_Name(method, name))
        self.literals = list(index)
        # one table of states costs some memory and takes half as long as the default
        self._names = ahocorasick_rs.AhoCorasick(
            self.literals, implementation=ahocorasick_rs.Implementation.DFA
        )
        self._phrases = [
            _Phrase(
                p["contains"],
                p.get("reach", 0),
                re.compile(p["regex"]),
                p["method"],
                p["rule"],
                p.get("decide"),
            )
            for p in lexicon("patterns")["pattern"]
        ]

    def find(self, paper: PaperText) -> list[tuple[Hit, ...]]:
        """Return every find as the tuple of the methods that it may stand for, unresolved and overlapping."""
        found: list[tuple[Hit, ...]] = []
        for view in paper.views:
            groups = [*self._named(view), *self._phrased(view), *_compounds(view)]
            if "/" in view.plain or "@" in view.plain or "www." in view.plain:
                groups = [g for g in groups if not _is_in_url(view.plain, g[0].start)]
            found += groups
        return found

    def _named(self, view: View) -> Iterable[tuple[Hit, ...]]:
        key, plain, field = view.key, view.plain, view.field
        for index, start, end in self._names.find_matches_as_indexes(key, overlapping=True):
            stop = end
            if key[end : end + 1].isalnum() or key[end : end + 1] == "+":
                if not _is_plural(key, end):
                    continue
                stop = end + 1
            if start > 0 and key[start - 1].isalnum() and key[start].isalnum():
                continue
            hits = [
                Hit(view, start, stop, e.method, True, e.name, e.rule, e.decide)
                for e in self._entries[index]
                if e.is_free or e.fits(plain[start:end], field)
            ]
            if hits:
                yield tuple(hits)

    def _phrased(self, view: View) -> Iterable[tuple[Hit, ...]]:
        key = view.key
        first: dict[str, int] = {}
        for phrase in self._phrases:
            reached = 0
            at = first.get(phrase.contains, -2)
            if at == -2:
                at = first[phrase.contains] = key.find(phrase.contains)
            while at >= 0:
                # the pattern is tried around its rarest word only, not at every character
                match = (
                    phrase.regex.search(key, max(reached, at - phrase.reach), at + _PHRASE_CHARS)
                    if phrase.reach
                    else phrase.regex.match(key, at, at + _PHRASE_CHARS)
                )
                if match is not None and match.start() <= at:
                    yield (
                        Hit(view, *match.span(), phrase.method, True, match[0], phrase.rule, phrase.decide),
                    )
                    reached = at = match.end()
                at = key.find(phrase.contains, max(at + 1, reached))


def _is_in_url(plain: str, at: int) -> bool:
    """Tell whether the word around `at` is a URL or an e-mail address."""
    start = plain.rfind(" ", 0, at) + 1
    end = plain.find(" ", at)
    return _URL.search(plain, start, end if end >= 0 else len(plain)) is not None


def _decision(method: Method, name: str) -> str:
    """Return which decision a catalogued name must pass: its own, where the bare words are ordinary ones."""
    if method.name == "LoRA":
        return "lora"
    if fold(name) in {"adapter", "adaptor"}:
        return "adapter"
    if fold(name) == "prompt tuning":
        return "prompt tuning"
    return "catalogue"


def _is_plural(key: str, end: int) -> bool:
    """Tell whether the word that goes on behind a name, which ends at `end`, does so by a plural s only."""
    return key[end] == "s" and not key[end + 1 : end + 2].isalnum() and key[end - 1] != "s"


def coined_parts(name: str) -> list[str]:
    """Return the hyphenated parts of a LoRA word that are neither LoRA nor a word on how it is used."""
    first, *others = name.split("-")
    if first.lower() == "lora" and others and _PARTICIPLE.search(others[0]):
        return []  # "LoRA-guided", "LoRA-as-Tools"
    parts = [p for p in (first, *others) if p and not p.islower() and not p.isdigit()]
    return [
        p for p in parts if p.lower() not in _GENERIC_PARTS and p.lower().rstrip("s") not in {"lora", "qlora"}
    ]


def _compounds(view: View) -> Iterable[tuple[Hit, ...]]:
    """Yield words with LoRA in them: coined ones as unknown methods, the others as LoRA."""
    reached = 0
    for at in places(view.key, "lora"):
        if at < reached:
            continue
        start = max(view.plain.rfind(blank, reached, at) for blank in " (/") + 1
        match = _COMPOUND.search(view.plain, max(start, reached))
        if match is not None and match.start() <= at < match.end():
            reached = match.end()
            name = match[0].removesuffix("s") if match[0].lower().endswith("loras") else match[0]
            if name.lower() != "lora" and coined_parts(name):
                yield (
                    Hit(view, match.start(), reached, name, False, name, "shape:LoRA compound", "compound"),
                )

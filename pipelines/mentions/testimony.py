"""What a paper says of one name that it introduces: the texts that the rules of `lexicon/discovery.toml` look at.

Each text is put together when a rule first asks for it, for most names are settled before all have been. What the
texts are is told at the head of that file, by the names that they have here; what they weigh is in `discovery`.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from pipelines.mentions.catalogue import GENERIC
from pipelines.mentions.coined import is_coined
from pipelines.mentions.contexts import PaperContext
from pipelines.mentions.expansions import letters
from pipelines.mentions.introductions import Introduction
from pipelines.mentions.lazy import Lazy
from pipelines.mentions.matching import Hit, PaperText, fold
from pipelines.mentions.occurrences import places
from pipelines.mentions.view import ONLY_WORDS, View

#: Words of sentences that go on about what the paper introduces.
_TELLS = frozenset(("we", "our", "it", "method", "approach", "framework", "this", "these", "each"))
_SELVES = frozenset(("we", "our", "this", "paper", "work", "study"))
_PROPOSE = frozenset(
    (
        "propose", "proposes", "introduce", "introduces", "present", "presents", "develop", "develops", "design",
        "approach", "method",
    )
)  # fmt: skip
_GOES_ON = re.compile(r"\W*(?:it|they|we compare it|this (?:method|design|approach|strategy)|the method)\b")


class Names:
    """The names that a paper introduces, as letters: which are told in the title, and in how many places each stands."""

    def __init__(self, introduced: Sequence[Introduction], paper: PaperText) -> None:
        self._introduced, self._paper = introduced, paper

    @Lazy
    def in_title(self) -> frozenset[str]:
        """Those that are introduced in the title."""
        return frozenset(letters(i.name) for i in self._introduced if i.view is self._paper.title)

    @Lazy
    def coined(self) -> frozenset[str]:
        """Those that are one coined word."""
        return frozenset(letters(i.name) for i in self._introduced if is_coined(i.name))

    @Lazy
    def n_places(self) -> dict[str, int]:
        """The number of places in the abstract, of the spelling that has the most; phrases in small letters have none."""
        n_places: dict[str, int] = {}
        for name in {i.name for i in self._introduced if not i.name.islower()}:
            key, count = letters(name), len(_occurrences(name, self._paper.abstract))
            n_places[key] = max(count, n_places.get(key, 0))
        return n_places


class Testimony:
    """The texts on one name, whose introductions may spell it differently ("FooX", "Foo-X").

    Those in `OF_THE_PAPER` are pieces of the paper's key, joined by bars; they are empty where there is nothing.
    """

    OF_THE_PAPER = frozenset(
        (
            "long", "head", "title", "topic", "opening", "paper", "sentence", "near", "told", "compared",
            "compared_many", "before", "subject",
        )
    )  # fmt: skip

    def __init__(
        self,
        introductions: list[Introduction],
        context: PaperContext,
        hits: list[Hit],
        names: Names,
    ) -> None:
        """Read of one name; `names` are all that the paper introduces."""
        self.introductions = introductions
        self._names = names
        self._context, self._hits = context, hits
        self._title, self._abstract = context.paper.views
        self._body = [i for i in introductions if i.view is self._abstract]
        #: The one that the name is taken from: the first in the abstract, or the title's where only that is one word.
        self.introduction = (self._body or introductions)[0]
        if " " in self.introduction.name:
            self.introduction = next((i for i in introductions if " " not in i.name), self.introduction)
        self.name = self.introduction.name
        self.evidence = {i.evidence for i in introductions}
        self.is_phrase = any(kind.endswith("phrase") for kind in self.evidence)

    @Lazy
    def _places(self) -> list[int]:
        return _occurrences(self.name, self._abstract)

    @Lazy
    def _n_places(self) -> int:
        return len(self._places) + len(_occurrences(self.name, self._title))

    @Lazy
    def _said(self) -> list[int]:
        """The sentences of the abstract with the name."""
        starts = (*self._places, *(i.start for i in self._body))
        return sorted({self._abstract.sentence_at(start) for start in starts})

    @Lazy
    def _unnamed(self) -> list[int]:
        """The first sentence that proposes something, for a name that stands in the title only."""
        if self._said:
            return []
        words = self._abstract.sentence_words
        proposing = (n for n, w in enumerate(words) if not (_PROPOSE.isdisjoint(w) or _SELVES.isdisjoint(w)))
        return [*islice(proposing, 1)]

    @Lazy
    def _methods_at(self) -> dict[int, set[str]]:
        """The methods, the generic term left out, that were found in each sentence of the abstract."""
        methods: dict[int, set[str]] = {}
        for hit in self._hits:
            if hit.method != GENERIC and hit.view is self._abstract:
                methods.setdefault(self._abstract.sentence_at(hit.start), set()).add(hit.method)
        return methods

    def _keys(self, sentences: Iterable[int]) -> list[str]:
        key, bounds = self._abstract.key, self._abstract.sentences
        return [key[slice(*bounds[index])] for index in sentences]

    @Lazy
    def words(self) -> dict[str, frozenset[str]]:
        """The words of some of the texts below, those of the name left out where it stands in one piece."""
        name = fold(self.name)
        words = {
            where: frozenset(getattr(self, where).replace(name, " ").translate(ONLY_WORDS).split())
            for where in ("head", "sentence", "topic")
        }
        sentence_words = self._abstract.sentence_words
        words["told"] = frozenset().union(*(sentence_words[index] for index in self._told_at))
        return words

    @Lazy
    def kinds(self) -> str:
        """How the name is introduced, and where it stands among others: what a title names is what a paper is about."""
        kinds, own = sorted(self.evidence), letters(self.name)
        in_title = self._names.in_title
        if in_title and own not in in_title:
            kinds.append("beside a title's name")
        if any(n > len(self._places) for name, n in self._names.n_places.items() if name != own):
            kinds.append("beside a name told of more")
        if not self._names.coined - {own}:
            kinds.append("the only name")
        if self._body and any(place < self._body[0].start for place in self._places):
            kinds.append("named before")
        return f", {', '.join(kinds)},"

    @Lazy
    def places(self) -> str:
        """In how many places the name stands."""
        return ("none", "once", "twice")[self._n_places] if self._n_places < 3 else "often"

    @Lazy
    def long(self) -> str:
        """What the name is spelled out as."""
        spelled = self._context.spelled_out(self.name)
        return fold(spelled or max((i.long for i in self.introductions), key=len, default="")).strip()

    @Lazy
    def head(self) -> str:
        """The words that introduce the name, without what it is spelled out as."""
        telling = [i for i in self._body if i.evidence not in {"ours", "proposed", "by type"}]
        head = " | ".join([i.head for i in telling or self._body] or self._keys(self._unnamed))
        return head.replace(self.long, " ") if self.long else head

    @Lazy
    def title(self) -> str:
        """The title, if the name stands in it."""
        is_in_title = self._n_places > len(self._places) or len(self._body) < len(self.introductions)
        return self._title.key if is_in_title else ""

    @Lazy
    def topic(self) -> str:
        """The title in any case."""
        return self._title.key

    @Lazy
    def opening(self) -> str:
        """The first two sentences."""
        sentences = self._abstract.sentences
        return self._abstract.key[: sentences[min(1, len(sentences) - 1)][1]]

    @Lazy
    def paper(self) -> str:
        """Title and abstract."""
        return self._context.paper.key

    @Lazy
    def methods(self) -> str:
        """The methods found in the paper."""
        return " | ".join(sorted({h.method for h in self._hits}))

    @Lazy
    def base(self) -> str:
        """The catalogued methods that the name ends with."""
        name = letters(self.name)
        known = {h.method for h in self._hits if h.is_known and h.method != GENERIC}
        return " | ".join(sorted([m for m in known if name.endswith(letters(m))]))

    @Lazy
    def sentence(self) -> str:
        """The introducing sentences."""
        introducing = [self._abstract.sentence_at(i.start) for i in self._body]
        return " | ".join(self._keys(introducing or self._said[:1] or self._unnamed))

    @Lazy
    def near(self) -> str:
        """All sentences with the name."""
        return " | ".join(self._keys(self._said))

    @Lazy
    def _told_at(self) -> list[int]:
        """The sentences that go on about the paper's own work."""
        first = min([self._abstract.sentence_at(i.start) for i in self._body], default=0)
        name, words = fold(self.name), self._abstract.sentence_words
        return [
            index
            for index, key in enumerate(self._keys(range(first, len(words))), first)
            if not _TELLS.isdisjoint(words[index]) or name in key
        ]

    @Lazy
    def told(self) -> str:
        """All sentences that go on about the paper's own work."""
        return " | ".join(self._keys(self._told_at))

    @Lazy
    def compared(self) -> str:
        """The sentences with the name and another method, and those behind it that go on by a pronoun to one."""
        methods = self._methods_at
        behind = [i + 1 for i in self._said if i + 1 in methods]
        return " | ".join(
            [
                *self._keys(i for i in self._said if i in methods),
                *(key for key in self._keys(behind) if _GOES_ON.match(key) is not None),
            ]
        )

    @Lazy
    def compared_many(self) -> str:
        """The sentences with the name and several methods."""
        methods = self._methods_at
        return " | ".join(self._keys(i for i in self._said if len(methods.get(i, ())) >= 2))

    @Lazy
    def before(self) -> str:
        """The 70 characters before each introduction."""
        return " | ".join([self._abstract.key[max(0, i.start - 70) : i.start] for i in self._body])

    @Lazy
    def phrase(self) -> str:
        """The name, where it is a phrase of ordinary words."""
        return self.name.lower() if self.is_phrase else ""

    @Lazy
    def subject(self) -> str:
        """The sentences with the name, from it on."""
        name = fold(self.name)
        return " | ".join([key[key.find(name) :] for key in self._keys(self._said) if name in key])


def _occurrences(name: str, view: View) -> list[int]:
    """Return where `name` stands in the view as a word of its own; one of several words in any case of letters."""
    plain, name = (view.key, fold(name)) if " " in name else (view.plain, name)
    found: list[int] = []
    for start in places(plain, name):
        end = start + len(name)
        before, after = plain[start - 1 : start], plain[end : end + 1]
        if not (before.isalnum() or before in {"-", "_"}) and not (after.isalnum() or after == "_"):
            found.append(start)
    return found

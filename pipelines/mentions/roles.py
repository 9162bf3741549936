"""What a span says of a method: proposed here, used here, or only mentioned, and the cue that decided.

The cues are data in `lexicon/cues.toml`. A sentence is on the paper's own work or on the work of others; from that,
and the words around the span, the role follows. Which spans name a method is decided before, in `contexts`.
"""

import re
from collections.abc import Iterable
from functools import cache

from pipelines.mentions.catalogue import GENERIC, lexicon
from pipelines.mentions.coined import is_coined
from pipelines.mentions.contexts import PaperContext
from pipelines.mentions.cues import Cues
from pipelines.mentions.introductions import BY_SHAPE, Introduction
from pipelines.mentions.lazy import Lazy
from pipelines.mentions.matching import Hit
from pipelines.mentions.phrases import is_described
from pipelines.mentions.spans import Role

_SAYS_OWN = re.compile(r"\b(?:we|our|this|paper|work|here|study)\b")
#: "a novel context optimization (CoOp)-based framework": what is proposed is built on the name.
_IS_BASE = re.compile(
    r"(?: \([^)]*\))?[\"')]* (?:based|(?:fine ?)?tuned|adapted|enhanced|augmented|equipped|driven|inspired|guided|style|like)\b"
)
_CALLS = re.compile(r"term|dub|call|name|coin")
#: Introductions of a name that a catalogued method may have for a reason other than being proposed: it is spelled out
#: where the paper first uses it ("fine-tuned with ... (rsLoRA)"), "was developed for" something, or is the topic.
_LOOSE = frozenset(("expansion", "passive", "title phrase"))


@cache
def _cues() -> dict[str, Cues]:
    data = lexicon("cues")
    names = ("own", "background", "aside", "use", "proposes_before", "proposes_after")
    return {n: Cues("|".join(data[n]) if isinstance(data[n], list) else data[n]) for n in names}


@cache
def _well_known() -> frozenset[str]:
    return frozenset(lexicon("cues")["well_known"])


@cache
def _own_words() -> frozenset[str]:
    return frozenset(lexicon("cues")["own_words"].split())


def _verb_of_proposing(before: str) -> re.Match[str] | None:
    """Return the verb whose object follows on `before`, where a sentence says that the paper itself proposes it, or None."""
    verb = _cues()["proposes_before"].search(before)
    return verb if verb is not None and _SAYS_OWN.search(before) is not None else None


class Roles:
    """Decides the roles in one paper."""

    def __init__(
        self, context: PaperContext, introduced: Iterable[Introduction], own_names: Iterable[str]
    ) -> None:
        self._context = context
        self._introduced = [i for i in introduced if i.name and i.evidence not in BY_SHAPE]
        #: What the paper is about is named at the head of its title, be it a PEFT method or not.
        named = (i.name for i in self._introduced if i.evidence in {"title head", "title expansion"})
        self._own_names = {n.lower().replace("-", " ") for n in (*own_names, *filter(is_coined, named))}
        self._abstract = context.paper.abstract
        self._says_ours: dict[int, bool] = {}

    def role(self, hit: Hit) -> tuple[Role, str]:
        """Return the role of one find and the cue for it."""
        proposal = self._proposal(hit)
        if proposal is not None:
            return "proposes", proposal
        if hit.view.field == "title":
            return "uses", "in the title"
        before, _ = self._around(hit)
        index = hit.view.sentence_at(hit.start)
        if (cue := _cues()["aside"].leftmost(before)) is not None:
            return "mentions", f"aside: {cue[0].strip()[:40]}"
        if self._is_own(index, before):
            return "uses", "sentence on the paper's own work"
        if (
            (cue := _cues()["use"].leftmost(before)) is not None
            and index > 0
            and any(map(self._is_own, range(index)))
        ):
            return "uses", f"compared: {cue[0].strip()[:40]}"
        return "mentions", "background sentence"

    def _around(self, hit: Hit) -> tuple[str, str]:
        start, end = hit.view.sentence_around(hit.start)
        return hit.view.key[start : hit.start], hit.view.key[hit.end : end]

    def _proposal(self, hit: Hit) -> str | None:
        if hit.method == GENERIC or is_described(hit.rule):
            return None  # a kind, or vectors: neither is introduced by name
        method = self._context.catalogue.by_name(hit.method)
        if method is not None and self._context.is_own(method):
            return "own paper of the method"
        is_well_known = hit.method in _well_known()
        before, after = self._around(hit)
        if is_well_known and _cues()["proposes_after"].search(after) is None:
            return None
        if hit.is_known and _IS_BASE.match(after) is not None:
            return None
        verb = _verb_of_proposing(before) if hit.view.field == "abstract" else None
        # "a technique called LoRA" names what everybody knows; it proposes nothing
        is_only_called = verb is not None and is_well_known and _CALLS.match(verb[0]) is not None
        if verb is not None and not is_only_called:
            return "object of a verb of proposing"
        for intro in self._introduced:
            if (
                intro.view is hit.view
                and hit.start - intro.start <= 1
                and intro.start < hit.end
                and hit.start < intro.end + 2
                and intro.end <= hit.end + 1
            ):
                if hit.is_known and intro.evidence in _LOOSE and not self._proposes_long_form(hit):
                    continue
                if (
                    intro.evidence.startswith("title")
                    and is_well_known
                    and not self._is_proposed_in_abstract(hit)
                ):
                    continue
                if is_well_known and intro.evidence not in {
                    "direct",
                    "expansion",
                    "title head",
                    "title expansion",
                }:
                    continue
                return f"introduced: {intro.evidence}"
        return None

    def _proposes_long_form(self, hit: Hit) -> bool:
        """Tell whether what a short form stands for is the object of proposing ("we propose a Scaled Foo Tuning (SFT)")."""
        for view, e in self._context.paper.expansions:
            if view is hit.view and e.short_start < hit.end and hit.start < e.short_end:
                left, _ = view.sentence_around(e.long_start)
                return _verb_of_proposing(view.key[left : e.long_start]) is not None
        return False

    def _is_proposed_in_abstract(self, hit: Hit) -> bool:
        pattern = re.compile(
            rf"\b(?:we|paper|work) (?:propose|introduce|present)s? (?:an? |the )?[\"']?{re.escape(hit.view.key[hit.start : hit.end])}"
        )
        return pattern.search(self._context.paper.abstract.key) is not None

    def _is_own(self, index: int, before: str | None = None) -> bool:
        """Tell whether a sentence of the abstract is on the paper's own work.

        One that says so is, and so are those behind it that do not speak of others, `before` a find where one is
        given; where none says so, all of those are. Only sentences that a role turns on are asked.
        """
        if self._is_said_own(index):
            return True
        first = self._first_own
        if first is None:
            return _cues()["background"].search(self._sentence(index)) is None
        text = self._sentence(index) if before is None else before
        return index > first and _cues()["background"].search(text) is None

    def _is_said_own(self, index: int) -> bool:
        """Tell whether a sentence says itself that it is on the paper's own work."""
        said = self._says_ours.get(index)
        if said is None:
            said = not self._abstract.sentence_words[index].isdisjoint(_own_words())
            if not said:
                text = self._sentence(index)
                said = _cues()["own"].search(text) is not None or any(n in text for n in self._own_names)
            self._says_ours[index] = said
        return said

    @Lazy
    def _first_own(self) -> int | None:
        """The first sentence that says that it is on the paper's own work, or None."""
        return next((i for i in range(len(self._abstract.sentences)) if self._is_said_own(i)), None)

    def _sentence(self, index: int) -> str:
        start, end = self._abstract.sentences[index]
        return self._abstract.key[start:end]

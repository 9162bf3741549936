"""Which introduced names are PEFT methods that the catalogue lacks: evidence is weighed, by rules and by words.

The rules and their weights are in `lexicon/discovery.toml`, the words' in `lexicon/discovery_words.toml`.

A false candidate is worse than a missed one: a name needs talk of PEFT in the paper and weight from its own words.
"""

import heapq
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import fsum

from pipelines.mentions.catalogue import lexicon
from pipelines.mentions.coined import is_coined
from pipelines.mentions.contexts import PaperContext
from pipelines.mentions.cues import CueIndex, Cues, Lead
from pipelines.mentions.expansions import letters
from pipelines.mentions.introductions import Introduction
from pipelines.mentions.matching import Hit
from pipelines.mentions.testimony import Names, Testimony

_FAMILIES = (
    (
        "reparameterized",
        re.compile(
            r"lora|low rank|singular|decompos|kronecker|orthogonal|hadamard|\bsvd\b|spectral|subspace|reparameteri"
        ),
    ),
    ("soft-prompt", re.compile(r"prompt|prefix")),
    ("additive-adapter", re.compile(r"adapter")),
    ("selective", re.compile(r"spars|mask|select|subset|bias only|half")),
    ("rescaling", re.compile(r"rescal|scaling vector")),
)

#: A name none of whose words and sentences has any of these is no PEFT method.
_TOPIC = Cues(
    r"lora|adapt|peft|petl|prompt|prefix|low rank|tun(?:e|ing)|param|fro[sz]en|freez|weight|rank|ft$|fit$|co ?op\b|context optimi"
    r"|\bpt\b|sparse"
)


#: "ABBA-Adapters" are ABBA.
_KIND_AT_END = re.compile(r"(?<=.)adapters?$")
#: Weight beyond the threshold with which a second name counts for its own sake.
_SURE = 1.3
#: So many of the words that spoke for a name are told.
_N_TELLING = 3


@dataclass(frozen=True, slots=True)
class _Evidence:
    kind: str
    where: str
    regex: Cues
    weight: float


class _Rules:
    """The rules in the order that they are asked in, and what a name needs."""

    def __init__(self) -> None:
        data = lexicon("discovery")
        rules = [_Evidence(e["kind"], e["where"], Cues(e["regex"]), e["weight"]) for e in data["evidence"]]
        self.threshold = float(data["threshold"])
        weights: dict[str, dict[str, float]] = lexicon("discovery_words")
        self._words = [(where, frozenset(words), words) for where, words in weights.items()]
        # what speaks for a name first: without it most names are settled early
        self._rules = sorted(rules, key=lambda r: (r.weight < 0, -abs(r.weight)))
        self._of_the_paper = CueIndex(
            [r.regex if r.where in Testimony.OF_THE_PAPER else Cues("$x") for r in self._rules]
        )

    def weigh_words(self, texts: Testimony) -> float:
        """Return what the words of a name's texts weigh together."""
        words = texts.words
        found = [weights[word] for where, known, weights in self._words for word in words[where] & known]
        return fsum(found)  # exact, whatever order a set has

    def telling_words(self, texts: Testimony) -> list[str]:
        """Return the weightiest of the words that speak for a name."""
        found = {
            (weights[word], word)
            for where, known, weights in self._words
            for word in texts.words[where] & known
        }
        return sorted({word for weight, word in heapq.nlargest(_N_TELLING, found) if weight > 0})

    def that_may_match(self, key: str) -> list[tuple[_Evidence, Sequence[Lead]]]:
        """Return the rules that may match in a paper of this key, each with the literals that it may begin with there."""
        due: list[tuple[_Evidence, Sequence[Lead]]] = []
        for rule, leads in zip(self._rules, self._of_the_paper.leads(key), strict=True):
            if rule.where not in Testimony.OF_THE_PAPER:
                due.append((rule, rule.regex.by_literal))
            elif leads or rule.regex.others is not None:
                due.append((rule, leads))
        return due


@cache
def _rules() -> _Rules:
    return _Rules()


@dataclass(frozen=True, slots=True)
class Discovery:
    """A name that is taken for a new PEFT method, what spoke for it, and where it is introduced."""

    name: str
    evidence: str
    family: str | None
    introduction: Introduction
    weight: float


def discover(
    introduced: list[Introduction], context: PaperContext, known: frozenset[str], hits: list[Hit]
) -> list[Discovery]:
    """Return the PEFT methods among the introduced names, best evidence first.

    `known` are the letters of names to pass by, `hits` the methods that were found in the paper.
    """
    if not introduced:
        return []
    spelled_out = "|".join(
        letters(long)
        for long in (*(e.long for _, e in context.paper.expansions), *(i.long for i in introduced))
    )
    short_forms = {letters(e.short) for _, e in context.paper.expansions}
    by_name: dict[str, list[Introduction]] = {}
    for intro in introduced:
        name = letters(intro.name)
        is_long_form = (
            name.removesuffix("s") in spelled_out
            and name not in short_forms
            and not (intro.evidence == "title head" and is_coined(intro.name))
        )
        bare = _KIND_AT_END.sub("", name)
        is_known = name in known or (bare in known and bare != "lora")
        if not is_known and not is_long_form and not _is_inside_known(intro, hits):
            by_name.setdefault(name, []).append(intro)
    names = Names(introduced, context.paper)
    texts = [t for intros in by_name.values() if _may_count(t := Testimony(intros, context, hits, names))]
    rules = _rules().that_may_match(context.paper.key) if texts else []
    # a phrase never counts beside a name of one word: where there is such a name, none is judged
    for is_phrase in (False, True):
        found = [d for t in texts if (" " in t.name) is is_phrase and (d := _judge(t, rules)) is not None]
        if found:
            found.sort(key=lambda d: (-d.weight, d.name))
            return [d for i, d in enumerate(found) if i == 0 or _is_beside(d, found[0])]
    return []


def _is_inside_known(intro: Introduction, hits: list[Hit]) -> bool:
    """Tell whether an introduced name is a piece of a catalogued one, or a phrase that ends in one."""
    return any(
        h.view is intro.view
        and h.is_known
        and h.decide == "catalogue"
        and (
            h.start <= intro.start <= intro.end <= h.end
            or (intro.evidence.endswith("phrase") and intro.start < h.start and h.end >= intro.end)
        )
        for h in hits
    )


def _is_beside(other: Discovery, best: Discovery) -> bool:
    """Tell whether a second name counts: on much evidence, with LoRA in it, or introduced in one breath with the best."""
    if _shortens(other.name, best.name):
        return False
    if " " not in other.name and other.weight >= _rules().threshold + _SURE:
        return True
    if letters(other.name) in letters(best.name) or letters(best.name) in letters(other.name):
        return False
    same_sentence = (
        other.introduction.view is best.introduction.view
        and abs(other.introduction.start - best.introduction.end) < 40
        and other.introduction.evidence == "second"
    )
    return same_sentence or re.search("LoRA|Adapter", other.name) is not None


def _shortens(name: str, other: str) -> bool:
    """Tell whether two names are one, its first part cut: "Kron-LoRA" and "Kronecker-LoRA"."""
    (short, *rest), (long, *others) = sorted((name.lower().split("-"), other.lower().split("-")))
    return (
        bool(rest)
        and rest == others
        and len(short) > 3
        and len(long) > len(short) + 2
        and long.startswith(short)
    )


def _stands_alone(intro: Introduction) -> bool:
    """Tell whether a plain capitalised word is introduced as a name of its own and not as the first of several words."""
    if " " in intro.name or not all(part[:1].isupper() for part in intro.name.split("-")):
        return False
    after = intro.view.plain[intro.end : intro.end + 12]
    return re.match(r"[\"')]*(?:[,.;:)]| \(| that| which| in which| is | -|$| to | for )", after) is not None


def _judge(texts: Testimony, rules: Sequence[tuple[_Evidence, Sequence[Lead]]]) -> Discovery | None:
    """Weigh what speaks for one name by the rules that may match in its paper."""
    threshold = _rules().threshold
    weight, matched = _rules().weigh_words(texts), []
    reach = sum([r.weight for r, _ in rules if r.weight > 0])  # what the rules that are left can add at most
    for rule, leads in rules:
        if weight + reach < threshold:
            return None
        if rule.weight > 0:
            reach -= rule.weight
        text = getattr(texts, rule.where)
        if text and rule.regex.search_by(leads, text) is not None:
            weight += rule.weight
            matched.append(rule)
    if weight < threshold:
        return None
    name = texts.name
    text = " ".join((name.lower(), texts.long, texts.head, texts.title))
    family = next((f for f, regex in _FAMILIES if regex.search(text)), None)
    evidence = ", ".join([*sorted(texts.evidence), *(r.kind for r in matched if r.weight > 0)])
    if telling := _rules().telling_words(texts):
        evidence += f", words: {' '.join(telling)}"
    return Discovery(
        _titled(name) if texts.is_phrase and not is_coined(name) else name,
        evidence,
        family,
        texts.introduction,
        weight,
    )


def _may_count(texts: Testimony) -> bool:
    """Tell whether a name looks like one, and its words or the sentences around it speak of what PEFT is about."""
    name, search = texts.name, _TOPIC.search
    is_typed = " " in name and "by type" in texts.evidence
    if not (is_coined(name) or texts.is_phrase or is_typed or any(map(_stands_alone, texts.introductions))):
        return False
    return bool(
        search(name.lower())
        or search(texts.long)
        or search(texts.head)
        or search(texts.title)
        or search(texts.near)
        or search(texts.compared)
    )


def _titled(phrase: str) -> str:
    """Return a phrase that names a method in the spelling of names: "ladder tuning" as "Ladder Tuning"."""
    return " ".join("-".join(p[:1].upper() + p[1:] for p in word.split("-")) for word in phrase.split())

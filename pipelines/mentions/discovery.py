"""Which introduced names are PEFT methods that the catalogue lacks: evidence is weighed by `lexicon/discovery.toml`.

A false candidate is worse than a missed one: a name needs talk of PEFT in the paper and weight from its own words.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from pipelines.mentions.catalogue import GENERIC, LEXICON_DIR
from pipelines.mentions.contexts import PaperContext
from pipelines.mentions.cues import Cues
from pipelines.mentions.expansions import letters
from pipelines.mentions.introductions import Introduction, is_coined
from pipelines.mentions.matching import Hit, fold
from pipelines.mentions.view import View

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
    r"lora|adapt|peft|petl|prompt|prefix|low rank|tun(?:e|ing)|param|fro[sz]en|freez|weight|rank|ft$|fit$"
)


#: Weight beyond the threshold with which a second name counts for its own sake.
_SURE = 1.3
#: Words of sentences that go on about what the paper introduces.
_TELLS = frozenset(("we", "our", "it", "method", "approach", "framework", "this", "these", "each"))


@dataclass(frozen=True, slots=True)
class _Evidence:
    kind: str
    where: str
    regex: Cues
    weight: float


@cache
def _rules() -> tuple[float, tuple[_Evidence, ...]]:
    """Return what a name needs and the rules, the weightiest first, so that most names are settled early."""
    data = tomllib.loads((LEXICON_DIR / "discovery.toml").read_text(encoding="utf-8"))
    rules = [_Evidence(e["kind"], e["where"], Cues(e["regex"]), e["weight"]) for e in data["evidence"]]
    return float(data["threshold"]), tuple(sorted(rules, key=lambda r: -abs(r.weight)))


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
    spelled_out = "|".join(
        letters(long)
        for long in (*(e.long for _, e in context.paper.expansions), *(i.long for i in introduced))
    )
    short_forms = {letters(e.short) for _, e in context.paper.expansions}
    by_name: dict[str, list[Introduction]] = {}
    for intro in introduced:
        is_long_form = letters(intro.name) in spelled_out and letters(intro.name) not in short_forms
        is_known_inside = any(
            h.view is intro.view
            and h.is_known
            and h.decide == "catalogue"
            and (
                h.start <= intro.start <= intro.end <= h.end
                or (intro.evidence.endswith("phrase") and intro.start < h.start and h.end >= intro.end)
            )
            for h in hits
        )
        if letters(intro.name) not in known and not is_long_form and not is_known_inside:
            by_name.setdefault(letters(intro.name), []).append(intro)
    found = [d for intros in by_name.values() if (d := _judge(intros, context, hits)) is not None]
    found.sort(key=lambda d: (" " in d.name, -d.weight, d.name))
    return [d for i, d in enumerate(found) if i == 0 or _is_beside(d, found[0])]


def _is_beside(other: Discovery, best: Discovery) -> bool:
    """Tell whether a second name counts: on much evidence, with LoRA in it, or introduced in one breath with the best."""
    if " " not in other.name and other.weight >= _rules()[0] + _SURE:
        return True
    if letters(other.name) in letters(best.name) or letters(best.name) in letters(other.name):
        return False
    same_sentence = (
        other.introduction.view is best.introduction.view
        and abs(other.introduction.start - best.introduction.end) < 40
        and other.introduction.evidence == "second"
    )
    is_of_a_kind = " " not in other.name or " " in best.name
    return same_sentence or (is_of_a_kind and re.search("LoRA|Adapter", other.name) is not None)


def _stands_alone(intro: Introduction) -> bool:
    """Tell whether a plain capitalised word is introduced as a name of its own and not as the first of several words."""
    if " " in intro.name or not all(part[:1].isupper() for part in intro.name.split("-")):
        return False
    after = intro.view.plain[intro.end : intro.end + 12]
    return re.match(r"[\"')]*(?:[,.;:)]| \(| that| which| in which| is | -|$| to | for )", after) is not None


def _next_on_it(view: View, sentence: int) -> str | None:
    """Return the key of the sentence behind `sentence` where that goes on about the same thing by a pronoun."""
    if sentence + 1 >= len(view.sentences):
        return None
    key = view.key[slice(*view.sentences[sentence + 1])]
    return (
        key
        if re.match(
            r"\W*(?:it|they|we compare it|this (?:method|design|approach|strategy)|the method)\b", key
        )
        else None
    )


def _methods_in(hits: list[Hit], view: View, sentence: int) -> set[str]:
    return {h.method for h in hits if h.view is view and view.sentence_at(h.start) == sentence}


def _occurrences(name: str, view: View) -> list[int]:
    """Return where `name` stands in the view as a word of its own; one of several words in any case of letters."""
    plain, name = (view.key, fold(name)) if " " in name else (view.plain, name)
    found, start = [], plain.find(name)
    while start >= 0:
        end = start + len(name)
        before, after = plain[start - 1 : start], plain[end : end + 1]
        if not (before.isalnum() or before in {"-", "_"}) and not (after.isalnum() or after == "_"):
            found.append(start)
        start = plain.find(name, start + 1)
    return found


def _judge(intros: list[Introduction], context: PaperContext, hits: list[Hit]) -> Discovery | None:
    """Weigh what speaks for one name; its introductions may spell it differently ("FooX", "Foo-X")."""
    name = next((i.name for i in intros if i.view.field == "abstract"), intros[0].name)
    is_phrase = any(i.evidence.endswith("phrase") for i in intros)
    is_typed = " " in name and any(i.evidence == "by type" for i in intros)
    if not (is_coined(name) or is_phrase or is_typed or any(map(_stands_alone, intros))):
        return None
    texts = _texts(name, intros, context, hits)
    about = ("long", "head", "title", "near", "compared")
    if not any(map(_TOPIC.search, (name.lower(), *(texts[where] for where in about)))):
        return None
    threshold, rules = _rules()
    due = [r for r in rules if texts[r.where]]
    weight, matched = 0.0, []
    reach = sum(r.weight for r in due if r.weight > 0)  # what the rules that are left can add at most
    for rule in due:
        if weight + reach < threshold:
            return None
        reach -= max(0.0, rule.weight)
        if rule.regex.search(texts[rule.where]):
            weight += rule.weight
            matched.append(rule)
    if weight < threshold:
        return None
    text = " ".join((name.lower(), texts["long"], texts["head"], texts["title"]))
    family = next((f for f, regex in _FAMILIES if regex.search(text)), None)
    best = next((i for i in intros if i.view.field == "abstract"), intros[0])
    evidence = ", ".join([*sorted({i.evidence for i in intros}), *(r.kind for r in matched if r.weight > 0)])
    return Discovery(
        _titled(name) if is_phrase and not is_coined(name) else name, evidence, family, best, weight
    )


def _texts(name: str, intros: list[Introduction], context: PaperContext, hits: list[Hit]) -> dict[str, str]:
    """Return the texts that rules look at, by the names that `lexicon/discovery.toml` explains."""
    title, abstract = context.paper.views
    specific = [h for h in hits if h.method != GENERIC]
    is_phrase = any(i.evidence.endswith("phrase") for i in intros)
    places = _occurrences(name, abstract)
    first = min((abstract.sentence_at(i.start) for i in intros if i.view is abstract), default=0)
    told = [
        abstract.key[start:end]
        for at, (start, end) in enumerate(abstract.sentences)
        if at >= first
        and (not _TELLS.isdisjoint(abstract.sentence_words[at]) or fold(name) in abstract.key[start:end])
    ]
    n_places = len(places) + len(_occurrences(name, title))
    body = [i for i in intros if i.view.field == "abstract"]
    said = sorted({abstract.sentence_at(p) for p in places} | {abstract.sentence_at(i.start) for i in body})
    sentences = [abstract.key[slice(*abstract.sentences[i])] for i in said]
    own_sentences = [abstract.key[slice(*abstract.sentences[abstract.sentence_at(i.start)])] for i in body]
    long = fold(context.spelled_out(name) or max((i.long for i in intros), key=len, default="")).strip()
    telling = [i for i in body if i.evidence not in {"ours", "proposed", "by type"}] or body
    head = fold(" | ".join(i.head for i in telling))
    compared = [t for i, t in zip(said, sentences, strict=True) if _methods_in(specific, abstract, i)]
    compared += [
        t for i in said if (t := _next_on_it(abstract, i)) and _methods_in(specific, abstract, i + 1)
    ]
    is_in_title = n_places > len(places) or any(i.view.field == "title" for i in intros)
    key = fold(name)
    return {
        "name": name,
        "kinds": f", {', '.join(sorted({i.evidence for i in intros}))},",
        "places": ("none", "once", "twice")[n_places] if n_places < 3 else "often",
        "long": long,
        "head": head.replace(long, " ") if long else head,
        "title": title.key if is_in_title else "",
        "topic": title.key,
        "opening": abstract.key[: abstract.sentences[min(1, len(abstract.sentences) - 1)][1]],
        "paper": context.paper.key,
        "methods": " | ".join(sorted({h.method for h in hits})),
        "base": " | ".join(
            sorted({h.method for h in specific if h.is_known and letters(name).endswith(letters(h.method))})
        ),
        "sentence": " | ".join(own_sentences or sentences[:1]),
        "near": " | ".join(sentences),
        "told": " | ".join(told),
        "later": " | ".join(told[1:]),
        "compared": " | ".join(compared),
        "compared_many": " | ".join(
            t for i, t in zip(said, sentences, strict=True) if len(_methods_in(specific, abstract, i)) >= 2
        ),
        "before": " | ".join(i.view.key[max(0, i.start - 70) : i.start] for i in body),
        "phrase": name.lower() if is_phrase else "",
        "subject": " | ".join(t[t.find(key) :] for t in sentences if key in t),
    }


def _titled(phrase: str) -> str:
    """Return a phrase that names a method in the spelling of names: "ladder tuning" as "Ladder Tuning"."""
    return " ".join("-".join(p[:1].upper() + p[1:] for p in word.split("-")) for word in phrase.split())

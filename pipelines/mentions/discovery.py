"""Which introduced names are PEFT methods that the catalogue lacks: evidence is weighed by `lexicon/discovery.toml`.

A false candidate is worse than a missed one: a name needs talk of PEFT in the paper and weight from its own words.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from pipelines.mentions.catalogue import LEXICON_DIR
from pipelines.mentions.contexts import PaperContext
from pipelines.mentions.expansions import letters
from pipelines.mentions.introductions import Introduction, is_coined
from pipelines.mentions.matching import fold

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


@dataclass(frozen=True, slots=True)
class _Evidence:
    kind: str
    where: str
    regex: re.Pattern[str]
    weight: float


@cache
def _rules() -> tuple[float, tuple[_Evidence, ...]]:
    data = tomllib.loads((LEXICON_DIR / "discovery.toml").read_text(encoding="utf-8"))
    rules = tuple(
        _Evidence(e["kind"], e["where"], re.compile(e["regex"]), e["weight"]) for e in data["evidence"]
    )
    return float(data["threshold"]), rules


@dataclass(frozen=True, slots=True)
class Discovery:
    """A name that is taken for a new PEFT method, what spoke for it, and where it is introduced."""

    name: str
    evidence: str
    family: str | None
    introduction: Introduction
    weight: float


def discover(introduced: list[Introduction], context: PaperContext, known: frozenset[str]) -> list[Discovery]:
    """Return the PEFT methods among the introduced names, best evidence first; `known` are letters of names to pass by."""
    if not context.is_peft and not re.search(r"adapter|prompt|fine ?tun|adaptation", context.paper.key):
        return []
    by_name: dict[str, list[Introduction]] = {}
    for intro in introduced:
        if letters(intro.name) not in known:
            by_name.setdefault(intro.name, []).append(intro)
    found = [d for name, intros in by_name.items() if (d := _judge(name, intros, context)) is not None]
    return sorted(found, key=lambda d: (-d.weight, d.name))


def _judge(name: str, intros: list[Introduction], context: PaperContext) -> Discovery | None:
    is_title_head = any(i.evidence.startswith("title") for i in intros)
    occurrences = len(
        re.findall(
            rf"(?<![\w\-]){re.escape(name)}(?![\w])",
            f"{context.paper.title.plain} . {context.paper.abstract.plain}",
        )
    )
    if not is_coined(name) and not (
        is_title_head and occurrences >= 2 and " " not in name and name[0].isupper()
    ):
        return None
    if not context.is_peft and not (context.is_frozen and context.is_model):
        return None
    threshold, rules = _rules()
    long = fold(context.spelled_out(name) or max((i.long for i in intros), key=len, default=""))
    body = [i for i in intros if i.view.field == "abstract"]
    sentences = [i.view.sentences[i.view.sentence_at(i.start)] for i in body]
    texts = {
        "name": name,
        "long": long,
        "head": fold(" | ".join(i.head for i in body)),
        "title": context.paper.title.key if is_title_head or name in context.paper.title.plain else "",
        "sentence": " | ".join(i.view.key[s:e] for i, (s, e) in zip(body, sentences, strict=True)),
    }
    matched = [r for r in rules if texts[r.where] and r.regex.search(texts[r.where])]
    weight = sum(r.weight for r in matched)
    if weight < threshold or (not body and not (is_title_head and occurrences >= 2)):
        return None
    text = " ".join((name.lower(), long, texts["head"], texts["title"]))
    family = next((f for f, regex in _FAMILIES if regex.search(text)), None)
    best = body[0] if body else intros[0]
    kinds = sorted({i.evidence for i in intros})
    evidence = ", ".join([*kinds, *(r.kind for r in matched if r.weight > 0)])
    return Discovery(name, evidence, family, best, weight)

"""The names that a paper introduces: "we propose X", "a method called X", "Long Form (X)", the head of the title.

Finds names of anything; whether one names a PEFT method is judged in `discovery`, and catalogued names go to `roles`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.mentions.matching import PaperText
from pipelines.mentions.view import View

NAME = r"(?:\(?[A-Z][\w()+*]*|[a-z]{1,4}[A-Z][\w+*]*)(?:[\-/&.][A-Za-z0-9+*]+)*(?: [vV]\d\b)?"
_VERB = (
    r"\b(?:propos(?:e|es|ed|ing)|present(?:s|ed|ing)?|introduc(?:e|es|ed|ing)|develop(?:s|ed|ing)?|design(?:s|ed|ing)?"
    r"|devis(?:e|es|ed|ing)|describ(?:e|es)|contribut(?:e|es)|creat(?:e|es|ed|ing)|build(?:s)?|formulat(?:e|es)|put(?:s)? forward|offer(?:s)?|pioneer(?:s)?|establish(?:es)?|unveil(?:s)?)"
)
_SMALL = r"(?:(?:the|a|an|our|novel|new|simple|simpler|effective|efficient|yet|and|first|called|lightweight|two|three|so called|method|framework|approach|following|innovative|general|unified|improved|quantized|sparse|dynamic|adaptive|i\.e\.|namely)[ ,:]+){0,6}"
_CALLED = r"(?:called|named|termed(?: as)?|dubbed(?: as)?|coined(?: as)?|denoted (?:as|by)|referred to as|which we (?:call|name|term|dub|refer to as)|abbreviated as|i\.e\.,|namely,?|titled|entitled|we call)"
_QUOTE = r"[\"'(]{0,2}"

_DIRECT = re.compile(rf"{_VERB} {_SMALL}{_QUOTE}(?P<name>{NAME})")
_NAMED = re.compile(rf"{_CALLED} (?:the )?{_QUOTE}(?P<name>{NAME})")
_APPOSED = re.compile(
    rf"{_VERB} (?P<np>[^.;:]{{4,140}}?)(?:,|:|;| -| --+) ?(?:called |namely |named |termed |dubbed |i\.e\.,? )?{_QUOTE}(?P<name>{NAME})(?=[\"')]*(?:,|:|\.| \(| -| that\b| which\b| to\b| for\b|$| with\b))"
)
_WE_CALL = re.compile(
    rf"\b(?:call|name|term|dub|refer to|denote)(?:s|ed)? (?:it|this|our|the|these|them|such)\b[^.;]{{0,80}}?(?:as )?{_QUOTE}(?P<name>{NAME})(?=[\"')]*(?:[.,;:]|$| \())"
)
_OURS = re.compile(
    rf"\b(?:[Oo]ur|[Tt]he|[Tt]his)(?: new| novel| proposed| final)*(?: \w+){{0,2}}? (?:method|approach|framework|technique|algorithm|strategy|model|architecture|variant|solution|proposed|system),? {_QUOTE}(?P<name>{NAME})"
)
_ADVANCED = re.compile(rf"\b(?:[Oo]ur|[Tt]he) (?:newly )?proposed (?:[\w\-]+ ){{0,6}}?\(?(?P<name>{NAME})")
_TITLE_HEAD = re.compile(rf"^\W{{0,3}}(?P<name>{NAME}(?: [A-Z][\w\-+]*){{0,2}}) ?(?::|,? - | -- ?)")
_BREAK = re.compile(
    r"\b(?:with|using|via|on|based|by|through|from|of|for|that|which|in|into|leveraging|combining|integrat\w*|employ\w*|to|such as"
    r"|like|including|compared|than|over|between|under|without|where|inspired|upon|atop|and|utiliz\w*|called|within|towards?)\b"
)
_NOT_OURS = re.compile(
    r"\b(?:recent(?:ly)?|existing|previous(?:ly)?|prior|popular|well known|state of the art|widely|commonly|conventional|standard|often|has been|have been|was)\b"
)
_OWN = re.compile(
    r"\b(?:we|our|us|this (?:paper|work|study|article|letter|thesis|report|research)|here|in this|herein|authors?|the paper|i)\b",
    re.IGNORECASE,
)
_COMMON = frozenset(
    [
        "A",
        "An",
        "The",
        "We",
        "Our",
        "This",
        "These",
        "In",
        "On",
        "For",
        "To",
        "With",
        "By",
        "As",
        "From",
        "It",
        "Its",
        "Recent",
        "Large",
        "Language",
        "Models",
        "Model",
        "Vision",
        "Deep",
        "Neural",
        "Low-Rank",
        "Parameter-Efficient",
        "Fine-Tuning",
        "LLM",
        "LLMs",
        "VLM",
        "VLMs",
        "AI",
        "RL",
        "MoE",
        "CLIP",
        "BERT",
        "GPT",
        "NLP",
        "PEFT",
        "SVD",
        "GPU",
        "Transformer",
        "Transformers",
        "Bayesian",
        "Position",
        "Towards",
        "Toward",
        "On",
        "I",
        "SAM",
        "ViT",
        "NAS",
        "PLM",
        "PLMs",
        "MLLM",
        "MLLMs",
        "LVLM",
        "CNN",
        "RNN",
        "FL",
        "MLP",
        "SFT",
        "RLHF",
        "DPO",
        "LoRA",
        "Adapter",
        "Adapters",
        "Mixture-of-Experts",
        "Chain-of-Thought",
    ]
)


@dataclass(frozen=True, slots=True)
class Introduction:
    """A name that the paper introduces at `start`..`end` of `view.plain`; `head` is the words that say what it is."""

    view: View
    start: int
    end: int
    name: str
    evidence: str
    head: str
    long: str


def is_coined(name: str) -> bool:
    """Tell whether a word looks coined: capitals beyond the first, a digit, or a hyphen before a capital."""
    if name in _COMMON or len(name) < 3 or len(name) > 40:
        return False
    return sum(c.isupper() for c in name) >= 2 or any(c.isdigit() for c in name) or name.endswith(("+", "*"))


def _trim(name: str) -> str:
    return (
        name.rstrip(".,;:*").removesuffix("'s").strip("()")
        if name.count("(") != name.count(")")
        else name.rstrip(".,;:")
    )


def _head(plain: str, start: int, end: int, limit: int) -> str:
    """Return the words around a name that say what it is: after the verb, and up to the first clause end behind it."""
    after = plain[end:limit]
    stop = re.search(r"\b(?:that|which|to|by|where|whose|enabling|allowing|, (?:we|and we|it))\b|[.;]", after)
    return plain[start:end] + (after[: stop.start()] if stop else after)


def introductions(paper: PaperText) -> list[Introduction]:
    """Return every introduced name, in reading order; one name may be introduced more than once."""
    found: dict[tuple[str, int, int], Introduction] = {}
    for intro in (*_from_title(paper), *_from_abstract(paper), *_from_expansions(paper)):
        key = (intro.view.field, intro.start, intro.end)
        if key not in found or len(intro.long) > len(found[key].long):
            found[key] = intro
    return sorted(found.values(), key=lambda i: (i.view.field != "title", i.start, i.end))


def _from_title(paper: PaperText) -> Iterator[Introduction]:
    match = _TITLE_HEAD.match(paper.title.plain)
    if match is not None and match["name"] not in _COMMON:
        yield Introduction(
            paper.title,
            match.start("name"),
            match.end("name"),
            match["name"],
            "title head",
            paper.title.plain[match.end() :],
            "",
        )


def _from_abstract(paper: PaperText) -> Iterator[Introduction]:
    view = paper.abstract
    for index, (left, right) in enumerate(view.sentences):
        sentence = view.plain[left:right]
        is_own = _OWN.search(sentence) is not None
        for kind, pattern in (
            ("direct", _DIRECT),
            ("named", _NAMED),
            ("apposed", _APPOSED),
            ("called", _WE_CALL),
            ("ours", _OURS),
            ("proposed", _ADVANCED),
        ):
            for match in pattern.finditer(sentence):
                name = _trim(match["name"])
                if (
                    kind in {"direct", "named", "apposed"}
                    and not is_own
                    and not (index > 0 and kind == "named" and "novel" in sentence)
                ):
                    continue
                if (
                    kind in {"named", "direct"}
                    and _NOT_OURS.search(
                        sentence[max(0, match.start() - 70) : match.start()].lower().replace("-", " ")
                    )
                    and not re.search(
                        r"\b[Ww]e |[Tt]his (?:paper|work)",
                        sentence[max(0, match.start() - 70) : match.start()],
                    )
                ):
                    continue
                if kind == "apposed" and re.search(
                    r"\b(?:such as|including|like|compared|e\.g|on|datasets?|benchmarks?)\b",
                    match["np"][-40:],
                ):
                    continue
                start = left + match.start("name")
                head_from = left + max(sentence.rfind(";", 0, match.start()), match.start())
                if kind == "named":
                    head_from = left + _clause_start(sentence, match.start())
                yield Introduction(
                    view,
                    start,
                    start + len(name),
                    name,
                    kind,
                    _head(view.plain, head_from, start + len(name), right),
                    "",
                )


def _clause_start(sentence: str, position: int) -> int:
    verbs = [m.end() for m in re.finditer(_VERB, sentence[:position])]
    return verbs[-1] if verbs else max(0, position - 80)


def _from_expansions(paper: PaperText) -> Iterator[Introduction]:
    for view, e in paper.expansions:
        if view.field == "title":
            yield Introduction(
                view,
                e.short_start,
                e.short_end,
                e.short,
                "title expansion",
                view.plain[e.long_start : e.long_end],
                e.long,
            )
            continue
        left, right = view.sentences[view.sentence_at(e.short_start)]
        first = min(e.short_start, e.long_start)
        before = view.plain[left:first]
        verbs = list(re.finditer(_VERB, before))
        if not verbs or not _OWN.search(before):
            own = re.search(
                r"\b[Oo]ur (?:\w+[ \-]){0,3}$|\b(?:[Tt]he|[Oo]ur) (?:newly )?proposed (?:\w+ ){0,3}$", before
            )
            if own is None:
                continue
            gap_from = own.start()
        else:
            gap_from = verbs[-1].end()
            gap = view.plain[left + gap_from : first]
            if _BREAK.search(gap.lower().replace(",", " ")) and not re.search(
                rf"{_CALLED} (?:the )?\W*$", gap
            ):
                continue
        yield Introduction(
            view,
            e.short_start,
            e.short_end,
            e.short,
            "expansion",
            _head(view.plain, left + gap_from, max(e.short_end, e.long_end), right),
            e.long,
        )

"""Does a find count? Colliding names and loose phrases are decided here, each by a rule that is recorded.

Every decision looks at one paper only. Spans come from `matching`; what a span says of the method is for `roles`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

from pipelines.mentions.catalogue import GENERIC, Catalogue, Method
from pipelines.mentions.expansions import letters
from pipelines.mentions.matching import Hit, PaperText, fold
from pipelines.mentions.spans import Refusal

Verdict = tuple[bool, str]
"""Whether the find counts, and the rule or the reason."""

_PEFT = re.compile(
    r"parameter (?:and \w+ )?efficien|\bpefts?\b|\bpetl\b|\bq?loras?\b|low rank (?:\w+ )?adapt|soft ?prompt|prompt tun|prefix tun"
    r"|delta tuning|adapter (?:tun|modul|layer|based)|(?:trainable|tunable|learnable|tuned|tun\w+|updat\w+|train\w*) (?:\w+ ){0,6}parameters"
)
_FROZEN = re.compile(r"\bfr[eo]ez|\bfrozen\b|\bkept fixed|\bfixed (?:pre ?trained|backbone|language model)")
_MODEL = re.compile(
    r"fine ?tun|pre ?train|language model|\bllms?\b|foundation model|transformer|diffusion|backbone|\bclip\b|\bsam\b"
    r"|vision language|bert(?:a|\b)|\bvlms?\b|\bgpt|adaptation|transfer learning|text to image|\bllama|\bt5\b|\bvit\b|neural network|mistral|qwen"
)
_NEAR = re.compile(r"adapter|\btun(?:e|es|ed|ing)\b|low rank|singular|rescal|adapt")
_RADIO = re.compile(
    r"lorawan|lpwan|spreading factor|gateway|\bchirp|\biot\b|\bradio\b|\brf\b|long range|low power|sub ghz|\bmesh\b|wireless"
    r"|end devices?|\bcss\b|uplink|\bphy\b|transceiver|telemetry|packet|bluetooth|antenna"
)
_LOW_RANK = re.compile(
    r"low rank|fine ?tun|\bpeft|parameter efficien|language model|\bllms?\b|diffusion|foundation model|pre ?trained|vision language|\bvlm"
    r"|quantiz|instruct|adapter|stable|\bllama|\bgpt|\bqwen|\bbert|\bsam\b|\bvit\b|transformer|generat"
)
_RADIO_SURE = re.compile(r"lorawan|lpwan|spreading factor|\bchirp|long range|gateway|\biot\b")
_SOFT = re.compile(
    r"(?:soft|continuous|learnable|trainable|learned|tunable) (?:\w+ ){0,2}?(?:prompt|context|vector|token|embedding)|prompt (?:vector|embedding|token|pool)"
    r"|virtual token|context optimi[sz]ation|\bcoop\b"
)
_CLIP = re.compile(r"\bclip\b|vision language|visual language|\bvlms?\b|foundation model|frozen|pre ?trained")

#: Words before "prompt tuning" that make it a search for words, not for vectors.
_HARD_PROMPT = re.compile(
    r"\b(?:hard|discrete|automated|automatic|manual|hand crafted|natural language|iterative) $"
)
_NOT_ADAPTER = re.compile(
    r"\b(?:linear|mlp|power|network|software|protocol|usb|interface|database|wireless|sequencing|vocabulary|format|schema"
    r"|robotic|policy|ac|dc|charger|ethernet|host|tool|api|agent|environment|data|mcp|bus|graphics|language server|hardware"
    r"|viral|clathrin|molecular|library|illumina|primer|sketch|control|domain name|middleware|feature alignment|distillation"
    r"|projection|modality|speech|audio|id|identity|style propagation|vision language|cross modal|connector|audio visual) $"
)
_ADAPTER_AFTER = re.compile(
    r" (?:based|tun|modul|layer|fusion|parameter|weight|training|merg|architecture|method|approach|fine|peft|routing|composition|librar|config|block|structure|placement|bank|set|technique|design|variant|insert|learning)"
)
_ADAPTER_BEFORE = re.compile(
    r"\b(?:bottleneck|task|language|domain|parallel|serial|residual|lightweight|light weight|trainable|learnable|invertible|multilingual|sparse"
    r"|neural|feature|modular|plug in|small|tiny|specific|multiple|dedicated|debiasing|separate|stacked|efficient|trained|inserting|insert|visual|text"
    r"|knowledge|temporal|spatial|spatio temporal|shared|individual|unlike|such as|mixture of|new|via|using|with|of|adding|adds|add|per) $"
)
_ADAPTER_OWN = re.compile(
    r"bottleneck adapter|adapter (?:tun|based|fusion)|houlsby|pfeiffer|(?:language|task|domain) adapter|unlike adapters?"
)
_LORA_NAMED = r"lora|low rank (?:\w+ )?adapt"
_ML = re.compile(r"\btrain|parameters|\bmodels?\b|\blayers?\b|\bweights\b|encoder")
_LIST_NEAR = re.compile(r"[,/(]|\band\b|\bor\b")


class PaperContext:
    """What the decisions ask about a paper, answered once."""

    def __init__(self, paper: PaperText, catalogue: Catalogue) -> None:
        self.paper = paper
        self.catalogue = catalogue
        #: Another method has been found for certain; set while the finds are decided.
        self.has_specific = False
        self._spelled: dict[str, str] = {}
        for _, e in paper.expansions:
            self._spelled.setdefault(letters(e.short), e.long)

    @cached_property
    def is_peft(self) -> bool:
        """The paper speaks of parameter-efficient tuning."""
        return _PEFT.search(self.paper.key) is not None

    @cached_property
    def is_model(self) -> bool:
        """The paper speaks of pretrained models or of tuning them."""
        return _MODEL.search(self.paper.key) is not None

    @cached_property
    def is_frozen(self) -> bool:
        """Something is kept frozen in the paper."""
        return _FROZEN.search(self.paper.key) is not None

    @cached_property
    def is_near(self) -> bool:
        """The paper speaks of tuning, however loosely."""
        return self.is_any or _NEAR.search(self.paper.key) is not None

    @property
    def is_any(self) -> bool:
        """The paper speaks of models, of tuning them, or of keeping them frozen."""
        return self.is_model or self.is_peft or self.is_frozen

    def spelled_out(self, name: str) -> str | None:
        """Return what the paper spells the short form `name` out as, or None."""
        return self._spelled.get(letters(name))

    def is_own(self, method: Method) -> bool:
        """Tell whether the paper is, by its arXiv id, the one that proposed `method`."""
        return method.arxiv_id is not None and self.paper.paper_id.removeprefix("arxiv:") == method.arxiv_id


def _sentence(hit: Hit) -> str:
    start, end = hit.view.sentences[hit.view.sentence_at(hit.start)]
    return hit.view.key[start:end]


def _before(hit: Hit, width: int = 40) -> str:
    return hit.view.key[max(0, hit.start - width) : hit.start]


def _after(hit: Hit, width: int = 40) -> str:
    return hit.view.key[hit.end : hit.end + width]


def _lora(hit: Hit, context: PaperContext) -> Verdict:
    key = context.paper.key
    if hit.rule.startswith("expansion"):
        return (
            (True, hit.rule)
            if context.is_model or context.is_peft
            else (False, "low-rank adaptation of no model")
        )
    printed = hit.view.plain[hit.start : hit.end].rstrip("s")
    has_low_rank = "low rank" in key
    if _RADIO_SURE.search(key) and not has_low_rank and (printed == "LoRa" or not _LOW_RANK.search(key)):
        return False, "LoRa the radio technology"
    if printed == "LoRa" and _RADIO.search(key) and not has_low_rank:
        return False, "LoRa the radio technology"
    if printed in {"LoRA", "LORA"} or has_low_rank or _LOW_RANK.search(key):
        return True, hit.rule
    return False, "lora with no talk of models or of tuning"


def _adapter(hit: Hit, context: PaperContext) -> Verdict:
    before, after, sentence = _before(hit), _after(hit), _sentence(hit)
    if _NOT_ADAPTER.search(before):
        return False, f"adapter of another kind: {before.split()[-1]}"
    if re.search(r"(?:^|\W)(?:[a-z]*lora|low rank|ranks? ?\d+|llm) $", before):
        return False, "LoRA's own adapters"
    if re.match(r"s? ?\(loras?\)|s? pattern\b", after):
        return False, "another name follows"
    printed = hit.surface
    if (
        hit.view.field == "abstract"
        and printed[0].isupper()
        and re.search(r"(?:^|[\s(])[A-Z][\w\-]*[ \-]$", hit.view.plain[: hit.start])
    ):
        return False, "part of a longer name"
    if hit.view.field == "abstract" and hit.view.plain[max(0, hit.start - 1) : hit.start] == "-":
        return False, "part of a longer name"
    listed = re.search(
        r"adapters?(?: \w+)?(?:,| and| or|, and|/) ?(?:\w+ ){0,2}(?:\w*lora|prompt|prefix|low rank|bitfit|\(?ia\)?3|ssf\b|vpt\b)", sentence
    ) or re.search(
        r"(?:\w*lora|prompt(?: tuning)?s?|prefix tuning|bitfit|low rank adaptation(?: \(\w+\))?|prompts)(?:,|,? and|,? or|/) (?:\w+ )?adapters?\b",
        sentence,
    )
    is_distinct = listed or re.search(
        r"unlike adapters?|adapter (?:tuning|based)|bottleneck adapter|(?:language|task) adapters?", sentence
    )
    if _is_after_lora(hit, context) and not is_distinct and not _ADAPTER_OWN.search(context.paper.key):
        return False, "adapters here are LoRA's"
    if context.has_specific or (context.is_peft and (context.is_model or context.is_frozen)):
        return True, hit.rule + ", talk of PEFT"
    if hit.surface.lower() == "adapters" and _ML.search(context.paper.key):
        return True, hit.rule + ", plural in a text on models"
    if context.is_frozen and (
        _ADAPTER_BEFORE.search(before) or _ADAPTER_AFTER.match(after) or context.is_model
    ):
        return True, hit.rule + ", frozen model"
    if context.is_model and (
        _ADAPTER_AFTER.match(after)
        or re.search(
            r"\b(?:lightweight|light weight|task|bottleneck|language|residual|domain|trained|multilingual|specific) $",
            before,
        )
    ):
        return True, hit.rule + ", tuned model"
    return False, "adapter with no talk of tuning a frozen model"


def _is_after_lora(hit: Hit, context: PaperContext) -> bool:
    """Tell whether LoRA was named before the sentence of `hit` ends, so that "adapters" may be short for LoRA's."""
    if hit.view.field == "title":
        return re.search(_LORA_NAMED, context.paper.key) is not None
    _, end = hit.view.sentences[hit.view.sentence_at(hit.start)]
    return re.search(_LORA_NAMED, f"{context.paper.title.key} . {hit.view.key[:end]}") is not None


def _soft_prompt(hit: Hit, context: PaperContext) -> Verdict:
    if not (context.is_model or context.is_peft or context.is_frozen):
        return False, "prompt of no pretrained model"
    if re.match(r"'? ?(?:attack|injection|engineering|template)", _after(hit)):
        return False, "attack or template, not tuning"
    return True, hit.rule


def _prompt_tuning(hit: Hit, context: PaperContext) -> Verdict:
    if _HARD_PROMPT.search(_before(hit)):
        return False, "prompt tuning of words, not of vectors"
    return _soft_prompt(hit, context)


def _prompt_learning(hit: Hit, context: PaperContext) -> Verdict:
    if re.search(r"\b(?:discrete|hard|automatic|in context) $", _before(hit)):
        return False, "prompt learning of words, not of vectors"
    if _SOFT.search(context.paper.key) or (_CLIP.search(context.paper.key) and context.is_frozen):
        return True, hit.rule + ", learned vectors"
    return False, "prompt learning with no learned vectors"


def _generic(hit: Hit, context: PaperContext) -> Verdict:
    if re.search(
        r"fine ?tun|adapt|transfer|lora|frozen|pre ?train|few parameters|tuning|foundation model",
        context.paper.key,
    ):
        return True, hit.rule
    return False, "parameter-efficient, but nothing is tuned"


def _compound(hit: Hit, context: PaperContext) -> Verdict:
    near = _before(hit, 80) + _after(hit, 120)
    if re.search(
        r"\b(?:serving|inference (?:system|engine|framework)|scheduler|attack|backdoor|dataset|benchmark|lorawan|fingerprint)",
        near,
    ):
        return False, "a system, attack or data set around LoRA"
    if not (context.is_model or context.is_peft):
        return False, "no talk of models or of tuning"
    return True, hit.rule


def _catalogued(hit: Hit, context: PaperContext) -> Verdict:
    method = context.catalogue.by_name(hit.method)
    if method is None or context.is_own(method):
        return True, f"{hit.rule}, own paper"
    key = context.paper.key
    if method.veto is not None and re.search(method.veto, key):
        return False, f"{method.name}: vetoed by context"
    if method.context is not None and not re.search(method.context, key):
        return False, f"{method.name}: the context that it needs is absent"
    if method.needs == "nothing":
        return True, hit.rule
    if " " in hit.alias.strip() and hit.alias != method.printed:
        return (True, hit.rule + ", spelled out") if context.is_any else (False, "no talk of models")
    spelled = context.spelled_out(hit.alias)
    if spelled is not None and " " in spelled.strip():
        if _same_expansion(spelled, method):
            return True, f"{hit.rule}, spelled out"
        return False, f"{method.printed} is short for something else: {spelled.strip()}"
    if any(" " in a and fold(a) in key for a in method.aliases):
        return True, f"{hit.rule}, expansion in text"
    is_odd_case = re.search(r"[a-z][A-Z]", hit.surface) is not None and hit.surface == hit.alias
    if method.needs == "peft" and (context.is_peft or (is_odd_case and context.is_near)):
        return True, f"{hit.rule}, talk of PEFT"
    return False, f"{method.printed} is not spelled out" if method.needs == "expansion" else f"{method.printed} with no talk of PEFT"


def _same_expansion(spelled: str, method: Method) -> bool:
    """Tell whether what a paper spells a name out as is what the catalogue does: half of the words are shared."""
    mine = [set(fold(a).split()) for a in method.aliases if " " in a or "-" in a]
    theirs = set(fold(spelled).split())
    return not mine or any(2 * len(words & theirs) >= min(len(words), len(theirs)) for words in mine)


_DECISIONS: dict[str, Callable[[Hit, PaperContext], Verdict]] = {
    "lora": _lora,
    "adapter": _adapter,
    "soft prompt": _soft_prompt,
    "prompt tuning": _prompt_tuning,
    "prompt learning": _prompt_learning,
    "generic": _generic,
    "compound": _compound,
    "catalogue": _catalogued,
}


def decide(groups: Sequence[tuple[Hit, ...]], context: PaperContext) -> tuple[list[Hit], list[Refusal]]:
    """Return the finds that count, one method each and none inside another, and the refusals."""
    accepted: list[Hit] = []
    refused: list[tuple[Hit, str]] = []
    for group in sorted(groups, key=lambda g: g[0].decide == "adapter"):
        context.has_specific = any(a.method != GENERIC for a in accepted)
        kept: list[Hit] = []
        for hit in group:
            counts, why = _DECISIONS[hit.decide](hit, context) if hit.decide else (True, hit.rule)
            if counts:
                kept.append(replace(hit, rule=why))
            else:
                refused.append((hit, why))
        if kept:
            accepted.append(_one_sense(kept, context))
    accepted = _outermost(accepted)
    rescued = [(h, why) for h, why in refused if _is_listed(h, why, accepted)]
    accepted = _outermost(
        [*accepted, *(replace(h, rule=f"{h.rule}, in a list of methods") for h, _ in rescued)]
    )
    kept_spans = {(h.view.field, h.start, h.end) for h in accepted}
    refusals = {
        (h.view.field, h.start, h.end): Refusal(h.view.span(h.start, h.end), "method", why)
        for h, why in refused
        if not any(f == h.view.field and s <= h.start and h.end <= e for f, s, e in kept_spans)
    }
    return accepted, list(refusals.values())


def _one_sense(hits: list[Hit], context: PaperContext) -> Hit:
    """Return the method that one span stands for: by arXiv id, by expansion, else the first, the doubt recorded."""
    if len(hits) == 1:
        return hits[0]
    methods = {h.method: context.catalogue.by_name(h.method) for h in hits}
    for hit in hits:
        method = methods[hit.method]
        if method is not None and context.is_own(method):
            return replace(hit, rule=f"{hit.rule}, by arXiv id")
    spelled = [h for h in hits if "spelled out" in h.rule or "expansion in text" in h.rule]
    if len(spelled) == 1:
        return spelled[0]
    return replace(hits[0], rule=f"{hits[0].rule}, ambiguous: {' | '.join(h.method for h in hits)}")


def _outermost(hits: list[Hit]) -> list[Hit]:
    """Return `hits` without those inside or across a longer one; the generic term competes only with itself."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start, not h.is_known, h.method)):
        is_generic = hit.method == GENERIC
        if not any(
            k.view is hit.view
            and k.start < hit.end
            and hit.start < k.end
            and (k.method == GENERIC) == is_generic
            for k in kept
        ):
            kept.append(hit)
    return sorted(kept, key=lambda h: (h.view.field != "title", h.start, h.method))


def _is_listed(hit: Hit, why: str, accepted: list[Hit]) -> bool:
    """Tell whether a short name that was not spelled out stands in a list of methods that are certain."""
    if hit.decide != "catalogue" or hit.surface != hit.alias or "vetoed" in why or "short for" in why:
        return False
    if re.search(r"[a-z][A-Z]", hit.surface) and any(a.decide == "catalogue" and a.view is hit.view and a.view.sentence_at(a.start) == a.view.sentence_at(hit.start) for a in accepted):
        return True
    return any(
        a.view is hit.view
        and a.method != GENERIC
        and a.decide in {"lora", "catalogue", "adapter"}
        and 0 < (gap := max(a.start - hit.end, hit.start - a.end)) <= 25
        and _LIST_NEAR.search(hit.view.plain[min(a.end, hit.end) : max(a.start, hit.start)])
        and gap
        and hit.view.sentence_at(a.start) == hit.view.sentence_at(hit.start)
        for a in accepted
    )

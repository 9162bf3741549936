"""Does a name count? LoRA, its compounds and catalogued names, and which decision each find must pass.

Every decision looks at one paper only and says why. Ordinary phrases are decided in `phrases`.
"""

import re
from collections.abc import Callable

from pipelines.mentions import phrases
from pipelines.mentions.catalogue import Method
from pipelines.mentions.contexts import PaperContext
from pipelines.mentions.cues import Cues
from pipelines.mentions.matching import Hit, fold
from pipelines.mentions.phrases import Verdict

_RADIO = Cues(
    r"lorawan|lpwan|spreading factor|gateway|\bchirp|\biot\b|\bradio\b|\brf\b|long range|low power|sub ghz|\bmesh\b|wireless"
    r"|end devices?|\bcss\b|uplink|\bphy\b|transceiver|telemetry|packet|bluetooth|antenna"
)
_LOW_RANK = Cues(
    r"low rank|fine ?tun|\bpeft|parameter efficien|language model|\bllms?\b|diffusion|foundation model|pre ?trained|vision language|\bvlm"
    r"|quantiz|instruct|adapter|stable|\bllama|\bgpt|\bqwen|\bbert|\bsam\b|\bvit\b|transformer|generat"
)
_RADIO_SURE = Cues(r"lorawan|lpwan|spreading factor|\bchirp|long range|gateway|\biot\b")

#: Words that make an expansion speak of PEFT by itself.
_PEFT_PHRASE = re.compile(
    r"lora|low rank|prompt|prefix|adapter|tuning|fine tun|finetun|parameter|textual inversion"
)


#: Words that say of what kind a method is, not which one it is.
_KIND_WORDS = frozenset(
    (
        "prompt", "prompts", "prompting", "tuning", "tuned", "adapter", "adapters", "adaptation", "adapting", "rank", "fine",
        "finetuning", "parameter", "parameters", "lora", "prefix", "peft",
    )
)  # fmt: skip
_SMALL_WORDS = frozenset(
    ("of", "for", "and", "the", "with", "a", "an", "in", "on", "to", "low", "efficient", "learning", "method")
)


def is_of_radio(name: str, context: PaperContext) -> bool:
    """Tell whether a name with LoRa in it is of the radio technology: "LoRaCompass" in a paper on LoRa tags."""
    return "LoRa" in name and "low rank" not in context.paper.key and context.matches(_RADIO)


def _lora(hit: Hit, context: PaperContext) -> Verdict:
    key = context.paper.key
    if hit.rule.startswith("expansion"):
        return (
            (True, hit.rule)
            if context.is_model or context.is_peft
            else (False, "low-rank adaptation of no model")
        )
    printed = hit.surface.rstrip("s")
    if "low rank" in key or (printed in {"LoRA", "LORA"} and not context.matches(_RADIO_SURE)):
        return True, hit.rule
    if printed == "LoRa" and is_of_radio(printed, context):
        return False, "LoRa the radio technology"
    if context.matches(_LOW_RANK):
        return True, hit.rule
    if context.matches(_RADIO_SURE):
        return False, "LoRa the radio technology"
    return False, "lora with no talk of models or of tuning"


#: What follows a name that is not a method's: "S-LoRA, a scalable serving system".
_AROUND_LORA = re.compile(
    r"^,? ?(?:is |as )?(?:an? |the )?(?:[\w]+ ){0,4}(?:serving|inference (?:system|engine|framework)|scheduler|attacks?|backdoor|datasets?(?! agnostic| free)|benchmarks?"
    r"|fingerprint\w*|toolkit|library)\b"
)


def _compound(hit: Hit, context: PaperContext) -> Verdict:
    if is_of_radio(hit.surface, context):
        return False, "LoRa the radio technology"
    if _AROUND_LORA.search(hit.after(70)) or "lorawan" in hit.before(80) + hit.after(80):
        return False, "a system, attack or data set around LoRA"
    if not (context.is_model or context.is_peft):
        return False, "no talk of models or of tuning"
    return True, hit.rule


def _catalogued(hit: Hit, context: PaperContext) -> Verdict:
    method = context.catalogue.by_name(hit.method)
    if method is None or context.is_own(method):
        return True, f"{hit.rule}, own paper"
    if " " in hit.surface and hit.view.plain[hit.start - 1 : hit.start] == "/":
        return False, "the end of a list and the word behind it"  # "q/k/v/o LoRA"
    if " " in hit.alias and _is_part_of_longer(hit):
        return False, "part of a longer name"
    key = context.paper.key
    if method.veto is not None and re.search(method.veto, key):
        return False, f"{method.name}: vetoed by context"
    spelled = context.spelled_out(hit.alias)
    if spelled is not None and " " in fold(spelled).strip() and method.needs != "nothing":
        if _same_expansion(spelled, method):
            return True, f"{hit.rule}, spelled out"
        return False, f"{method.printed} is short for something else: {spelled.strip()}"
    if method.context is not None and not re.search(method.context, key):
        return False, f"{method.name}: the context that it needs is absent"
    if method.needs == "nothing":
        return True, hit.rule
    if " " in hit.alias.strip() and hit.alias != method.printed:
        return _spelled_phrase(hit, method, context)
    if any(" " in a and fold(a) in key for a in method.aliases):
        return True, f"{hit.rule}, expansion in text"
    is_odd_case = re.search(r"[a-z][A-Z]", hit.surface) is not None and hit.surface == hit.alias
    if method.needs == "peft" and (context.is_peft or (is_odd_case and context.is_near)):
        return True, f"{hit.rule}, talk of PEFT"
    return (
        False,
        f"{method.printed} is not spelled out"
        if method.needs == "expansion"
        else f"{method.printed} with no talk of PEFT",
    )


def _is_part_of_longer(hit: Hit) -> bool:
    """Tell whether words go on to the left: "multi-spectral adapter", "Label-Specific CLIP Adapter" in running text."""
    plain, start = hit.view.plain, hit.start
    if plain[start - 1 : start] == "-" and start:
        return True
    return (
        hit.surface[:1].isupper()
        and hit.surface.count(" ") + hit.surface.count("-") < 3
        and re.search(r"(?<![.:?!,;] )(?<!^)\b[A-Z][a-z]+-[A-Z][a-z]+ $", plain[max(0, start - 40) : start])
        is not None
    )


def _spelled_phrase(hit: Hit, method: Method, context: PaperContext) -> Verdict:
    """Decide on an expansion: one of ordinary words counts beside its short form or in talk of PEFT only."""
    if not context.is_any:
        return False, "no talk of models"
    if _PEFT_PHRASE.search(fold(hit.alias)) or context.is_peft or context.has_name(method.printed):
        return True, f"{hit.rule}, spelled out"
    return False, f"the words of {method.printed}, with no talk of PEFT"


def _same_expansion(spelled: str, method: Method) -> bool:
    """Tell whether what a paper spells a name out as is what the catalogue does.

    It must be of the same kind ("mixture of prompts", not "of projectors") and share half of the telling words.
    """
    theirs = set(fold(spelled).split())
    mine = [set(fold(a).split()) for a in method.aliases if " " in a or "-" in a]
    if not mine:
        return not theirs.isdisjoint(_KIND_WORDS)
    return any(
        (words.isdisjoint(_KIND_WORDS) or not theirs.isdisjoint(_KIND_WORDS))
        and _share_half(words - _SMALL_WORDS, theirs - _SMALL_WORDS)
        for words in mine
    )


def _share_half(mine: set[str], theirs: set[str]) -> bool:
    """Tell whether two sets of words share half of the shorter one, of the words that tell methods of a kind apart."""
    if mine - _KIND_WORDS and theirs - _KIND_WORDS:
        mine, theirs = mine - _KIND_WORDS, theirs - _KIND_WORDS
    return 2 * len(mine & theirs) >= min(len(mine), len(theirs))


_DECISIONS: dict[str, Callable[[Hit, PaperContext], Verdict]] = {
    "lora": _lora,
    "compound": _compound,
    "catalogue": _catalogued,
    "adapter": phrases.adapter,
    "soft prompt": phrases.soft_prompt,
    "prompt tuning": phrases.prompt_tuning,
    "prompt learning": phrases.prompt_learning,
    "generic": phrases.generic,
    "training": phrases.training,
}


def verdict(hit: Hit, context: PaperContext) -> Verdict:
    """Return whether a find counts, with the rule that took it or the reason against it."""
    return _DECISIONS[hit.decide](hit, context) if hit.decide else (True, hit.rule)

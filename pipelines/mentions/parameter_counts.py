"""Numbers that are printed as counts of parameters: the size of a model, or how many of them are trained.

What belongs here: the rules for a number whose noun is parameters or weights.
"""

import re

from pipelines.mentions.claims import Claim, Verdict, refuse
from pipelines.mentions.counted import ACTIVE, FEWER, TOTAL, TRAINABLE

FEWER_AFTER = re.compile(r"\A\s?(?:fewer|less|lower|smaller)\b")
TRAINABLE_BEFORE = re.compile(
    r"\b(?:trainable|tunable|learnable|tuned|additional|extra|added|updated|fine-?tuned)\s(?:model\s)?(?:param\w*|weights)"
    r"(?: count| size| number| budget)?s?\b[^.;]{0,40}$",
    re.IGNORECASE,
)
# Of text in small letters, which `re` searches far sooner than it ignores case.
_TRAINS = re.compile(
    r"(?:\b(?:train(?:s|ed|ing)?|tun(?:e|es|ed|ing)|fine-?tun(?:e|es|ed|ing)|updat(?:e|es|ed|ing)|add(?:s|ed|ing)?|introduc(?:e|es|ed|ing)"
    r"|optimiz(?:e|es|ed|ing)|insert(?:s|ed|ing)?|learn(?:s|ed|ing)?|inject(?:s|ed|ing)?|adapt(?:s|ed|ing)?|modif(?:y|ies|ied|ying))"
    r"|additional|extra)\b"
    r"(?:[ ~](?:only|just|merely|about|approximately|roughly|around|an?|additional|extra|fewer|less|than|up|to|as|few|little|under|at|most|over"
    r"|nearly|almost|mere|the|total|of))*[ ~<$\\(]*(?:\\?sim|\\approx)?[ ~$]*$"
)
_ONLY = re.compile(r"\b(?:only|just|merely|mere|additional|extra)\b")
_MODEL_AFTER = re.compile(
    r"[-\s](?:\w+[- ])?(?:models?|LLMs?|VLMs?|transformers?|networks?|language|LMs?|MoE|variants?|version)\b"
)
#: Adjectives that may stand between a plain number and "parameters" of a model.
_PLAIN_ADJECTIVES = frozenset(
    (
        "model", "total", "network", "active", "free", "neural", "layer", "floating", "point", "real", "weight",
        "randomly", "projected",
    )
)  # fmt: skip


IS_TRAINED = re.compile(
    r"(?: (?:in total|between|of|per|in|for)\b[^.;,]{0,25})? (?:(?:is|are|being|to be|get) )?(?:only )?(?:trained|tuned|updated|learned|fine-?tuned|trainable|tunable)\b(?! (?:on|from|with|for|to|using|by)\b)"
)
_PER_USER = re.compile(
    r" (?:per|for each|for every) (?:user|task|language|client|domain|adapter|customer|tenant|layer|speaker|skill|expert)\b"
)
_METHOD_NEEDS = re.compile(
    r"\b(?:\w*LoRA|[Aa]dapters?|[Pp]rompts?|[Pp]rompt[- ][Tt]uning|[Pp]refix(?:es|[- ][Tt]uning)?|PEFT|[A-Z]\w*RA|\w*OFT|IA3|BitFit|[Mm]odules?)\b[^.;,]{0,30}"
    r"\b(?:needs?|uses?|using|stores?|requires?|requiring|costs?|takes?|has|have|adds?|with|of)(?: only| just| about| merely| roughly)*[ ~$]*$"
)
#: "gated adapters (40M parameters)", "a LoRA on the query weights (7M parameters)"
_METHOD_BRACKETED = re.compile(
    r"\b(?:\w*LoRA|[Aa]dapters?|[Pp]rompts|[Pp]refixes|[Mm]odules?|[Cc]onnectors?|[Pp]rojectors?)\b(?: [\w/&-]+){0,5} \([~<≈$]*$"
)
#: "trains only a 16M-parameter connector": a part beside what is kept.
_PART_AFTER = re.compile(
    r"[- ](?:\w+ )?(?:adapter|connector|projector|projection|module|head|router|gate|probe|layer|prefix|prompt)\b"
)
#: "only a 1.7M-parameter projection module is trained"
_PART_IS_TRAINED = re.compile(
    rf"{_PART_AFTER.pattern} (?:is|are) (?:the only \w+ )?(?:trained|tuned|updated|learned|optimized|fine-?tuned)\b"
)
_MODEL_AFTER_BRACKET = re.compile(
    r"\)\s(?:[\w-]+\s){0,4}(?:models?|transformers?|encoders?|networks?|backbones?|LLMs?|VLMs?)\b"
)
_PEFT = re.compile(
    r"LoRA\b|[Aa]dapters?\b|PEFT|[Pp]rompt[- ][Tt]uning|[Pp]refix[- ][Tt]uning|[Ff]ine-?[Tt]un|[Ll]ow-[Rr]ank [Aa]dapt"
)
# What is trained beside a frozen model; the rest of a text on tuning may count a small network as well.
_PART = re.compile(
    rf"{_PEFT.pattern}|\b(?:[Pp]rob|[Mm]odule|[Rr]outer|[Hh]ead|[Ll]ayer|[Vv]ector|[Pp]rompt|[Pp]refix)"
)
_NETWORK_WITH = re.compile(
    r"\b(?:network|model|CNN|RNN|LSTM|transformer|MLP|classifier)\s(?:with|has|of|using)(?: only| just)?\s$"
)
_FROM_SCRATCH = re.compile(r"[Ff]rom scratch")
_OTHER_NOUN = re.compile(
    r"[- ](?:config|setting|combination|set\b|sets\b|value|group|type|choice|file|class|estimat|regime|space|point|sweep|variation)"
)
_REMOVES = re.compile(
    r"\b(?:remov|prun|eliminat|discard|sav)(?:e|es|ed|ing)?(?: up to| about| over| nearly)? [~$]*$"
)
_OTHER_WEIGHTS = frozenset(("open", "attention", "class", "loss"))


def judge_parameters(claim: Claim) -> Verdict:
    """Judge a run whose noun is parameters: a size, a count of trained parameters, or a look-alike."""
    text, head, left, last = claim.text, claim.head, claim.left, claim.last
    words = frozenset(head.between)
    if words & FEWER or FEWER_AFTER.match(claim.after(30)) or _REMOVES.search(left[-40:]):
        return refuse("model_size", "difference")
    if "compute" in words or "hyper" in words:
        return refuse("model_size", "hyperparameters")
    if head.noun == "weights" and words & _OTHER_WEIGHTS:
        return refuse("model_size", "other-weights")
    if not last.unit:
        is_fraction = "/" in text[max(claim.first.start - 1, 0) : last.end] or claim.after(1) in (")", "}")
        is_other = head.noun == "parameter" and _OTHER_NOUN.match(text, head.end)
        if is_fraction or is_other or words - _PLAIN_ADJECTIVES - TRAINABLE:
            return refuse("model_size", "few-parameters")
    if words & (ACTIVE | TOTAL) and not words & TRAINABLE:
        return Verdict("model_size", "parameters")
    if words & TRAINABLE and "training" not in words and not {"pre", "trained"} <= words:
        return Verdict("trainable_params", "trainable-parameters")
    if _are_trained(claim) or (last.value <= 1e8 and _PART_IS_TRAINED.match(text, head.end)):
        return Verdict("trainable_params", "trains-parameters")
    if last.value <= 1e9 and head.noun.endswith("s") and IS_TRAINED.match(text, head.end):
        return Verdict("trainable_params", "parameters-are-trained")
    if _MODEL_AFTER_BRACKET.match(text, head.end):
        return Verdict("model_size", "parameters")
    if last.value <= 1e8 and head.noun.endswith("s"):
        is_of_method = _PER_USER.match(text, head.end) or _METHOD_NEEDS.search(left[-90:])
        if is_of_method or _METHOD_BRACKETED.search(left[-90:]):
            return Verdict("trainable_params", "parameters-of-a-method")
    if last.value <= 2e6 and _PEFT.search(text):
        is_part = last.value < 1000 or _PART.search(claim.sentence)
        if is_part and not (_FROM_SCRATCH.search(text) or _NETWORK_WITH.search(left[-40:])):
            return Verdict("trainable_params", "few-parameters-in-tuning")
    if not last.unit and last.number < 100 and not TRAINABLE_BEFORE.search(left[-110:]):
        return refuse("model_size", "few-parameters")
    return Verdict("model_size", "parameters")


def _are_trained(claim: Claim) -> bool:
    """Say whether the words before the number train, add or update it ("training only 14M parameters")."""
    match = _TRAINS.search(claim.left[-90:].lower())
    if match is None:
        return False
    if not claim.head.noun.endswith("s"):
        return (
            _ONLY.search(match.group()) is not None
            and _PART_AFTER.match(claim.text, claim.head.end) is not None
        )
    if _MODEL_AFTER.match(claim.text, claim.head.end):
        return False
    is_participle = match.group().startswith(("fine-tuned ", "tuned "))
    return (claim.last.value < 1e9 and not is_participle) or _ONLY.search(match.group()) is not None

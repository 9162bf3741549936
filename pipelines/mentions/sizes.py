"""Is a number with a scale (7B, 345M, 175 billion, 840 parameters) a model size, a count of trained parameters, or neither?

What belongs here: the rules for parameter counts. Numbers are read by `numerals`, nouns found by `counted`.
"""

import re
from dataclasses import dataclass

from pipelines.mentions.counted import ACTIVE, FEWER, TOTAL, TRAINABLE, Counted
from pipelines.mentions.models import family_words
from pipelines.mentions.numerals import Numeral


@dataclass(slots=True)
class Verdict:
    """What a run of numerals was taken for: a kind with the rule that says so, or a refusal with its reason."""

    kind: str
    rule: str
    is_refused: bool = False


def refuse(kind: str, reason: str) -> Verdict:
    """Return the refusal of something that looked like `kind`."""
    return Verdict(kind, reason, is_refused=True)


_ATTACHED = re.compile(r"(?:^|[^A-Za-z0-9])([A-Za-z][\w.+:/-]*?)(?: v?\d(?:\.\d)?)?[-_:/ ]?$")
_LABEL = re.compile(
    r"(?:\b(?:[Tt]asks?|[Ss]ub-?tasks?|SubTask|[Pp]hase|[Ff]ig(?:ure)?s?\.?|[Tt]able|[Tt]rack|[Ss]tage|[Ee]q\.?|[Tt]ype|[Ss]ection"
    r"|[Cc]hallenge|[Cc]ategory|[Cc]ase|[Ll]evel|[Pp]art|[Ss]tep|[Gg]roup|[Ee]xperiment|[Aa]ppendix|CDKN|Table)[ -~]?(?:\d\w?/)?$)"
)
_NAMES_WITH_B = re.compile(r"(?<![A-Za-z])(?:ESM|802\.\d*)-?$", re.IGNORECASE)
_DOES = re.compile(
    r"\s(?:\w+ly )?(?:achieves?|outperforms?|surpass(?:es)?|delivers?|exceeds?|attains?|match(?:es)?|reaches|improves?)\b"
)
_HARDWARE = re.compile(
    r"(?:Raspberry Pi|RPi|Ascend|RTX|GTX|Jetson|Cortex|Kirin|Dimensity|Snapdragon|PI)[ -]?$|Pi[ -]$"
)
_DATASET = re.compile(
    r"(?:(?<![A-Za-z])(?:LAION|DataComp|SA|COYO|YFCC|WebLI|WebVid|MovieLens|Youtube|YouTube|Criteo|CommonCrawl|BIGCOL|HowTo|[Dd]ata(?:set)?"
    r"|SynGrasp|Corpus|Bench|Pile|FineWeb|RedPajama|Common[- ]Crawl|[Ww]ords?|LM1B|MS ?MARCO|Datacomp|Indo|CC|WIT|OBELICS|Wikidata)|[A-Za-z](?:Data|Bench|Corpus|Set))[-_ ]?(?:[\d.]+[A-Z]?[-_ ])?$"
)
_DATA_APPOSITIVE = re.compile(
    r"(?:\w*[-\w+]*)?[,:]? ?\(?(?:which is |is |as )?(?:an?|the|our|the first)\b[^.;()]{0,70}?\b(?:dataset|corpus|benchmark|collection|set of)\b"
    r"|[- ](?:dataset|corpus|benchmark)\b"
)
_MODEL_CUE = re.compile(
    r"\b(?:param\w*(?: counts?| sizes?| scales?| budgets?)?|models?|LLMs?|VLMs?|MLLMs?|LMs?|sizes?|scales?|variants?|versions?|family|families|series"
    r"|transformers?|networks?|backbones?|architectures?|suite)"
    r"(?:\s(?:of|from|to|is|are|with|only|just|about|approximately|roughly|around|ranging|range|ranges|between|size|sizes|the|at|up|as|small|large"
    r"|less|than|by|in|its|spanning|varying|over|sized|starting|scaling|going|scales?|being|different|various|under|below|above|smallest|largest))*"
    r"\s?[-\s~≈=<>$\\(:,]*(?:\\?sim|\\approx|\\le|\\leq)?\s?[-$~(]*$"
    r"|\bparam\w*(?: sizes?| counts?)[^.;,]{0,50}\b(?:is|are|of|to|at)(?: only| just| under| about)*\s?$",
    re.IGNORECASE,
)
_TRAINS = re.compile(
    r"(?:\b(?:train(?:s|ed|ing)?|tun(?:e|es|ed|ing)|fine-?tun(?:e|es|ed|ing)|updat(?:e|es|ed|ing)|add(?:s|ed|ing)?|introduc(?:e|es|ed|ing)"
    r"|optimiz(?:e|es|ed|ing)|insert(?:s|ed|ing)?|learn(?:s|ed|ing)?|inject(?:s|ed|ing)?|adapt(?:s|ed|ing)?|modif(?:y|ies|ied|ying))"
    r"|[Aa]dditional|[Ee]xtra)\b"
    r"(?:[ ~](?:only|just|merely|about|approximately|roughly|around|an?|additional|extra|fewer|less|than|up|to|as|few|little|under|at|most|over"
    r"|nearly|almost|mere|the|total|of))*[ ~<$\\(]*(?:\\?sim|\\approx)?[ ~$]*$",
    re.IGNORECASE,
)
_TRAINABLE_LEFT = re.compile(
    r"\b(?:trainable|tunable|learnable|tuned|additional|extra|added|updated|fine-?tuned)\s(?:model\s)?(?:param\w*|weights)"
    r"(?: count| size| number| budget)?s?\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_TRAINABLE_COMPARED = re.compile(r"(?:compared (?:to|with)|than|vs\.?|versus|while|whereas)[^.;\d]{0,40}$")
_FEWER = re.compile(r"\A\s?(?:fewer|less|lower|smaller)\b")
_MONEY = re.compile(r"(?:\\\$|US\$|USD ?|[€£¥]|(?<![$\w])\$)\s?$")
_TOKENS_FROM = re.compile(r"\btokens(?: \w+){0,2} (?:from|to|of|by)\s$")
_NAME_PARTS = re.compile(r"[A-Za-z]+\d?")
_NAMED = re.compile(r"([A-Za-z][\w.+‐‑-]*)[ ~]?\($")
_LONG_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{3,}[A-Za-z.\d]*[A-Za-z]$")
_IN_NAME = re.compile(r"\d[bB](?:-[A-Za-z]\w*)*-$")
_LANGUAGE = re.compile(
    r"\A\s(?:English|German|French|Chinese|Korean|Japanese|Spanish|Arabic|Russian|code|math|text)\b"
)


def attached_name(text: str, start: int) -> str:
    """Return the name that the numeral at `start` is glued to ("OPT-" in "OPT-350M"), or the word before it."""
    match = _ATTACHED.search(text, max(0, start - 40), start)
    return match[1] if match else ""


def is_model_name(name: str) -> bool:
    """Say whether a part of `name` is the name of a model family."""
    families = family_words()
    parts = [part.lower() for part in _NAME_PARTS.findall(name)]
    return any(part in families or part.rstrip("0123456789") in families for part in parts)


_ONLY = re.compile(r"\b(?:only|just|merely|mere|additional|extra)\b", re.IGNORECASE)


def judge(
    text: str, run: list[Numeral], head: Counted, left: str, sentence: str, has_scale_mate: bool
) -> Verdict | None:
    """Judge a run that ends in a scaled numeral; `left` is the sentence before it. None: not a look-alike at all.

    `has_scale_mate` says that the run holds a numeral in billions, so that its millions are of the same kind.
    """
    first, last = run[0], run[-1]
    unit = last.unit
    is_billion = unit in ("b", "t") and last.is_letter
    is_math = "$" in text[first.start : last.end] or re.match(r"[^$\s]{0,2}\$", text[last.end : last.end + 3])
    if unit not in ("k", "thousand", "") and not is_math and _MONEY.search(left):
        return refuse("model_size", "money")
    if head.kind == "param":
        return _parameters(text, run, head, left)
    glued = start_is_glued(text, first.start)
    is_known = (glued or is_billion) and is_model_name(attached_name(text, first.start))
    if unit in ("k", "thousand"):
        return None
    if glued and text[first.start - 1].isalpha() and (not is_known or (unit == "M" and last.number % 1)):
        if unit in ("t", "m") or not _LONG_NAME.search(left):
            return None  # a part of an identifier: "T2M", "GR00T"
        if head.kind != "model":
            return refuse("model_size", "part-of-a-name")
    if not head.kind and not glued and _TOKENS_FROM.search(left):
        return Verdict("training_tokens", "tokens-from-to")
    if head.kind in ("data", "unit") and not is_known:
        return refuse("model_size", "data-count" if head.kind == "data" else "other-unit")
    if is_billion and text[last.end - 1] == "b" and 1900 <= last.number <= 2100:
        return refuse("model_size", "citation-year")
    if _LABEL.search(left) or (_NAMES_WITH_B.search(left) and text[last.end - 1] == "b"):
        return refuse("model_size", "label")
    if _HARDWARE.search(left):
        return refuse("model_size", "hardware")
    if _FEWER.match(text[last.end : last.end + 30]):
        return refuse("model_size", "difference")
    if _IN_NAME.search(left):
        return refuse("model_size", "context-in-name")
    if (
        not glued
        and not head.kind
        and _TRAINABLE_LEFT.search(left)
        and not is_model_name(attached_name(text, first.start))
    ):
        return Verdict("trainable_params", "trainable-parameters-of")
    if unit == "t" and not (head.kind == "model" and last.number < 20 and "aram" in sentence):
        return refuse("model_size", "trillion-without-parameters")
    if unit == "m" and last.is_letter and not head.kind and not glued and not has_scale_mate:
        return None  # metres
    if glued and not head.kind == "model":
        if _DATASET.search(left):
            return refuse("model_size", "dataset-name")
        if not is_known and _DATA_APPOSITIVE.match(text, last.end):
            return refuse("model_size", "dataset-name")
    if is_billion:
        if _DATASET.search(left) and not head.kind == "model":
            return refuse("model_size", "dataset-name")
        if _LANGUAGE.match(text[last.end : last.end + 12]) and "oken" in sentence:
            return refuse("model_size", "token-share")
        return Verdict("model_size", "billions" if not head.kind else "billions-of-model")
    if has_scale_mate:
        return Verdict("model_size", "millions-beside-billions")
    if head.kind == "model" and (glued or unit in ("M", "billion", "trillion") or is_model_name(head.noun)):
        if unit in ("million", "m") and not head.noun.startswith(("model", "llm")):
            return refuse("model_size", "no-parameters-named")
        return Verdict("model_size", "scale-of-model")
    if is_known or (glued and _DOES.match(text, last.end)):
        return Verdict("model_size", "model-name")
    if not head.kind and (named := _NAMED.search(left)) and is_model_name(named[1]) and run[0].unit != "k":
        return Verdict("model_size", "named-model")
    if not head.kind and _MODEL_CUE.search(left[-90:]):
        return Verdict("model_size", "after-model-size-words")
    if (
        not head.kind
        and "aram" in sentence
        and (text[last.end : last.end + 1] in ")]" or " vs" in left[-12:] or "'s " in left[-6:])
    ):
        return Verdict("model_size", "beside-parameters")
    return refuse("model_size", "no-parameters-named")


def start_is_glued(text: str, start: int) -> bool:
    """Say whether the numeral at `start` continues a name ("OPT-350M", "Flamingo80B")."""
    if start == 0:
        return False
    before = text[start - 1]
    return before.isalpha() or (before in "-_:" and start > 1 and text[start - 2].isalnum())


_MODEL_AFTER = re.compile(
    r"[-\s](?:\w+[- ])?(?:models?|LLMs?|VLMs?|transformers?|networks?|language|LMs?|MoE|variants?|version)\b"
)
_PLAIN_ADJECTIVES = frozenset(
    [
        "model",
        "total",
        "network",
        "trainable",
        "learnable",
        "tunable",
        "trained",
        "active",
        "free",
        "neural",
        "layer",
        "floating",
        "point",
        "real",
        "weight",
    ]
)


_IS_TRAINED = re.compile(
    r"(?: (?:in total|between|of|per|in|for)\b[^.;,]{0,25})? (?:(?:is|are|being|to be|get) )?(?:only )?(?:trained|tuned|updated|learned|fine-?tuned|trainable|tunable)\b(?! (?:on|from|with|for))"
)
_PER_USER = re.compile(
    r" (?:per|for each|for every) (?:user|task|language|client|domain|adapter|customer|tenant|layer|speaker|skill|expert)\b"
)
_METHOD_NEEDS = re.compile(
    r"\b(?:\w*LoRA|[Aa]dapters?|[Pp]rompts?|[Pp]rompt[- ][Tt]uning|[Pp]refix(?:es|[- ][Tt]uning)?|PEFT|[A-Z]\w*RA|\w*OFT|IA3|BitFit|[Mm]odules?)\b[^.;,]{0,30}"
    r"\b(?:needs?|uses?|using|stores?|requires?|requiring|costs?|takes?|has|have|adds?|with)(?: only| just| about| merely| roughly)*[ ~$]*$"
)
_PEFT = re.compile(
    r"LoRA\b|[Aa]dapters?\b|PEFT|[Pp]rompt[- ][Tt]uning|[Pp]refix[- ][Tt]uning|[Ff]ine-?[Tt]un|[Ll]ow-[Rr]ank [Aa]dapt"
)
_NETWORK_WITH = re.compile(
    r"\b(?:network|model|CNN|RNN|LSTM|transformer|MLP|classifier)\s(?:with|has|of|using)(?: only| just)?\s$"
)
_FROM_SCRATCH = re.compile(r"[Ff]rom scratch")


def _parameters(text: str, run: list[Numeral], head: Counted, left: str) -> Verdict:
    last = run[-1]
    if head.has(FEWER) or _FEWER.match(text[last.end : last.end + 30]):
        return refuse("model_size", "difference")
    if "compute" in head.between or "hyper" in head.between:
        return refuse("model_size", "hyperparameters")
    if head.noun == "weights" and any(w in ("open", "attention", "class", "loss") for w in head.between):
        return refuse("model_size", "other-weights")
    if not last.unit and (
        "/" in text[max(run[0].start - 1, 0) : last.end] or text[last.end : last.end + 1] in ")}"
    ):
        return refuse("model_size", "few-parameters")
    if not last.unit and any(w not in _PLAIN_ADJECTIVES and w not in TRAINABLE for w in head.between):
        return refuse("model_size", "few-parameters")
    is_plural = head.noun.endswith("s")
    if head.has(ACTIVE) or head.has(TOTAL):
        if not head.has(TRAINABLE):
            return Verdict("model_size", "parameters")
    if (
        head.has(TRAINABLE)
        and not ("trained" in head.between and "pre" in head.between)
        and "training" not in head.between
    ):
        return Verdict("trainable_params", "trainable-parameters")
    if (
        is_plural
        and (match := _TRAINS.search(left))
        and not _MODEL_AFTER.match(text, head.end)
        and (
            last.value < 1e9
            and not match.group().lower().startswith(("fine-tuned ", "tuned "))
            or _ONLY.search(match.group())
        )
    ):
        return Verdict("trainable_params", "trains-parameters")
    if _IS_TRAINED.match(text, head.end) and last.value <= 1e9:
        return Verdict("trainable_params", "parameters-are-trained")
    if (
        last.value <= 1e8
        and is_plural
        and (_PER_USER.match(text, head.end) or _METHOD_NEEDS.search(left[-90:]))
    ):
        return Verdict("trainable_params", "parameters-of-a-method")
    if (
        last.value <= 2e6
        and _PEFT.search(text)
        and not _FROM_SCRATCH.search(text)
        and not _NETWORK_WITH.search(left)
    ):
        return Verdict("trainable_params", "few-parameters-in-tuning")
    if not last.unit and last.number < 100 and not _TRAINABLE_LEFT.search(left):
        return refuse("model_size", "few-parameters")
    return Verdict("model_size", "parameters")

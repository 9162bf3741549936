"""Is a number of tokens the size of a training corpus, a context length, or neither (an output, a rate, a price)?

What belongs here: the rules for tokens and for lengths that are printed without the word.
"""

import re

from pipelines.mentions.claims import Claim, Verdict, refuse
from pipelines.mentions.counted import counted

_RATE = re.compile(r"\A\s?(?:/|per\b|each\b|a (?:second|day|week)|\\?/)|\A\]?\s?\(?per\b")
_CONTEXT_AFTER = re.compile(
    r"\A[-\s](?:(?:tokens?|long|length|input|maximum|max|effective|total|of)[-\s])*(?:contexts?|context[- ](?:windows?|lengths?|size)|windows?"
    r"|sequences?|inputs?|prompts?|lengths?|documents?|passages?)\b"
)
_LONG_AFTER = re.compile(r"\A[- ](?:long\b|in length|in the (?:context|prompt)|of context|input|context)")
_CONTEXT_BEFORE = re.compile(
    r"\b(?:context(?:s|[- ](?:windows?|lengths?|sizes?|limits?))?|(?:context |input |sequence |text |document |prompt )?lengths?"
    r"|input(?:s| sizes?)?|sequences?|prompts?|windows?|documents?|long[- ](?:context|range|sequence|text|form input)\w*|passages?)\b"
    r"[^.;]{0,60}$",
    re.IGNORECASE,
)
_SCALES_TO = re.compile(
    r"\b(?:extend\w*|extrapolat\w*|scal(?:e|es|ing)|generaliz\w*|handl\w*|process\w*|support\w*|length extension|robust\w* up|inference on|beyond|exceeding"
    r"|retriev\w*|limit(?:ed)? (?:of|to)|maximum(?: of)?|maximum|max|only handle|understanding)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_LIMITED = re.compile(r"\b(?:only handle|limit(?:ed)? (?:of|to)|maximum|max)\b[^.;]{0,25}$", re.IGNORECASE)
_OUTPUT = re.compile(
    r"\b(?:generat\w*|outputs?|reason\w*|responses?|think\w*|chains?|CoT|draft\w*|decod\w*|averag\w*|produc\w*|accept\w*|speculat\w*|fewer|reduc\w*"
    r"|sav\w*|consum\w*|budget\w*|answers?|emits?|completion\w*|only need|cost\w*|price\w*|compress\w*|visual|image|soft|prompt tun\w*|\$\d)\b",
    re.IGNORECASE,
)
_TRAINS = re.compile(
    r"\b(?:pre-?train\w*|train\w*|fine-?tun\w*|corpus|corpora|datasets?|continual|continued|curat\w*|collect\w*|learn\w*|data)\b",
    re.IGNORECASE,
)
_SPENT = re.compile(r"\b(?:generating|served?|serving|daily|inference|every|cost)\b")
_STRONG_CONTEXT = re.compile(
    r"\b(?:context[- ](?:windows?|lengths?|sizes?|limits?)|contexts|(?:sequence|input|prompt)[- ]lengths?|sequences? of(?: length)?|inputs? of|prompts? of|documents? of)\b[^.;,]{0,45}$",
    re.IGNORECASE,
)


# Words between the number and "tokens" that make them tokens of another sort.
_OTHER_TOKENS = frozenset(
    "fewer less more visual image soft prompt output special new video code vocabulary".split()  # noqa: SIM905
)
_FEWER_TOKENS = frozenset(("fewer", "less", "more"))
_OF_TRAINING = re.compile(r"\A of (?:training|fine-?tuning|pre-?training)\b")
_TRAINED_ON = re.compile(r"trained on[^.;]{0,25}$")


def judge_tokens(claim: Claim) -> Verdict:
    """Judge a run whose noun is tokens."""
    value = claim.last.value
    after = claim.text[claim.head.end : claim.head.end + 60]
    near = claim.left[-90:].replace("e.g.", "eg")
    if "ocabular" in near[-30:]:
        return refuse("context_tokens", "vocabulary")
    if _RATE.match(after):
        return refuse("training_tokens", "rate")
    if _OTHER_TOKENS.intersection(claim.head.between) and (
        value < 1e8 or _FEWER_TOKENS.intersection(claim.head.between)
    ):
        return refuse("training_tokens" if value >= 1e6 else "context_tokens", "other-tokens")
    if value >= 1e4 and _OF_TRAINING.match(after):
        return Verdict("training_tokens", "tokens-of-training")
    is_long = value >= 1000 and _LONG_AFTER.match(after)
    if _CONTEXT_AFTER.match(after) or is_long or "context" in claim.head.between:
        return Verdict("context_tokens", "tokens-of-context")
    if value >= 1e8:
        is_spent = _SPENT.search(near[-30:]) or after.startswith(" to execute")
        return refuse("training_tokens", "spent-tokens") if is_spent else Verdict("training_tokens", "tokens")
    verdict = _judge_small(value, near)
    is_range = (
        len(claim.run) > 1 and claim.first.join == "range" and claim.first.unit == claim.last.unit == "k"
    )
    if verdict.rule == "unclear-tokens" and is_range and value >= 4000:
        return Verdict("context_tokens", "range-of-lengths")
    return verdict


def _judge_small(value: float, near: str) -> Verdict:
    """Judge fewer than 1e8 tokens by the words before them: lengths, small corpora, outputs."""
    is_output = _OUTPUT.search(near[-60:]) is not None
    scales = _SCALES_TO.search(near) is not None
    if value >= 16 and _STRONG_CONTEXT.search(near):
        return Verdict("context_tokens", "length-in-tokens")
    if not is_output and _CONTEXT_BEFORE.search(near):
        return (
            Verdict("context_tokens", "length-in-tokens")
            if value >= 64
            else refuse("context_tokens", "few-tokens")
        )
    if value >= 1e7 and not scales:
        is_spent = _OUTPUT.search(near[-40:])
        return refuse("training_tokens", "spent-tokens") if is_spent else Verdict("training_tokens", "tokens")
    if is_output:
        return refuse("context_tokens", "output-tokens")
    if (value >= 1000 and scales) or (value >= 128 and _LIMITED.search(near)):
        return Verdict("context_tokens", "scales-to-tokens")
    if value >= 1e6 and _TRAINS.search(near):
        return Verdict("training_tokens", "tokens")
    if value >= 1e4 and _TRAINED_ON.search(near):
        return Verdict("training_tokens", "tokens-of-training")
    return refuse("context_tokens" if value < 1e6 else "training_tokens", "unclear-tokens")


_LENGTH_AFTER = re.compile(
    r"\A[-\s]{1,2}(?:(?:tokens?|long|maximum|max|effective|input)[-\s])*"
    r"(?:context(?:s|[- ](?:windows?|lengths?|sizes?|models?))?\b(?!-(?:aware|free|dependent))|(?:sequence|input|prompt|text)[- ]lengths?|windows?\b|sequence length)"
)
_LENGTH_BEFORE = re.compile(
    r"\b(?:context(?:s)?(?:[- ](?:windows?|lengths?|sizes?|limits?|spans?))?|(?:sequence|input|prompt|text|document|training)[- ]lengths?|sequences? of lengths?)\b"
    r"(?:[- ](?:windows?|lengths?|sizes?|limits?))?"
    r"(?:\s[^.;,:()\d]{3,40}\s(?:from|to)\s$|(?:[,\s](?:of|from|to|is|up|as|long|at|least|most|only|about|approximately|roughly|around|ranging|spanning|varying|between|exceeding|beyond|over|than|with"
    r"|larger|longer|greater|maximum|max|a|the|by|extended|increased|reaching|reaches|extending|expanded|scaled|supports?|window|large|exceeds|its|it|models?|can|be"
    r"|[Ll]lama\S*|size))*\s?[-\s~∼≈=<>$\\(:]*(?:\\?sim|\\approx|\\geq?|\\leq?)?\s?[$(\\]*$)",
    re.IGNORECASE,
)
_WINDOW_BEFORE = re.compile(r"\bwindows?(?: sizes?)? (?:from|of|to|up to|is|at)(?: up to)? ?[~$]*$")
_OTHER_LENGTH = re.compile(
    r"\A[+\s-]*(?:frames?|characters?|chars?|words?|seconds?|s\b|ms\b|minutes?|hours?|days?|steps?|samples?|images?|documents?|items?|points?|events?|bytes|turns?"
    r"|examples?|shots?|%|\\%|times|x\b|×|years?|sentences?|cells|timesteps|-?fold|layers?|blocks?|different|distinct|languages?|m\b|Hz|GB|residues|bp|kb|nucleotides|base)",
)


def judge_length(claim: Claim) -> Verdict | None:
    """Judge a run with no noun of its own as a context length; None when nothing says that it is one."""
    last, after = claim.last, claim.after(60)
    match = _LENGTH_AFTER.match(after)
    if match:
        is_long = last.unit in ("k", "M", "m") or last.value >= 128
        is_length = is_long and counted(claim.text, last.end + match.end()).kind != "data"
    else:
        is_long = bool(last.unit) or last.value >= 64
        is_window = last.unit == "k" and _WINDOW_BEFORE.search(claim.left[-30:])
        is_length = bool(is_window or (is_long and _LENGTH_BEFORE.search(claim.left[-110:])))
    if not is_length:
        return None
    if _OTHER_LENGTH.match(after) or (match is None and claim.head.kind in ("data", "unit")):
        return refuse("context_tokens", "other-length")
    if not last.unit and last.number % 1:
        return None
    return Verdict("context_tokens", "context-length")

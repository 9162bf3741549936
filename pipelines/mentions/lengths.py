"""Is a number with no noun of its own a context length: "a context of 200K", "at 128k", "from 4K to 32K"?

What belongs here: lengths that are printed without the word tokens; with it they are for `tokens`.
"""

import re

from pipelines.mentions.claims import Claim, Verdict, refuse
from pipelines.mentions.counted import counted

AT_LENGTH = re.compile(
    r"\b(?:[Aa]t|[Bb]eyond|past|exceed(?:s|ing)?|(?:longer|shorter) than|fits?|handles?|reach(?:es|ing)?|runs? (?:through|at|up to))\s[~$]*$"
)
SPEAKS_OF_LENGTH = re.compile(r"context|sequence length|long-|KV cache|attention", re.IGNORECASE)
#: "at 128k", in a text that speaks of lengths: of a power of two, and of no picture's width.
_LONG_POWERS = frozenset((16, 32, 64, 128, 256, 512))
_VERSION_BEFORE = re.compile(r"(?:[A-Z][\w.-]*\d[\w.-]*|[A-Z]\w+ \d[\d.]*)(?: [A-Z]\w+)? ?\($")
_RANGE_OF_LENGTHS = re.compile(r"\b[Ff]rom\s[~$]*$")
_THEN_CONTEXT = re.compile(r"[^.;]{0,40}\b(?:[Cc]ontext|[Ss]equence length)")
_LENGTH_AFTER = re.compile(
    r"\A\+?[-\s]{1,4}(?:(?:tokens?|long|maximum|max|effective|input|extended|native|ultra-long)[-\s])*"
    r"(?:context(?:s|[- ](?:windows?|lengths?|sizes?|models?))?\b(?!-\w)|(?:sequence|input|prompt|text)[- ]lengths?|windows?\b|lengths?\b|sequences? lengths?|sequence\b|needle[- ]in)",
    re.IGNORECASE,
)
# "600 windows" and "90 contexts" are counted themselves.
_COUNTED_THEMSELVES = re.compile(
    r"\A[- ](?:context )?(?:windows|contexts)\b|\A-(?:windows?|contexts?)\b", re.IGNORECASE
)
_LENGTH_BEFORE = re.compile(
    r"\b(?:(?<!in-)context(?:s)?(?:[- ](?:windows?|lengths?|sizes?|limits?|spans?))?|(?:sequence|input|prompt|text|document|training|maximum|max|token)[- ]lengths?|seq\. lengths?|sequences? (?:of lengths?|(?:of )?up to|(?:longer|shorter) than)|RULER)\b"
    r"(?:[- ](?:windows?|lengths?|sizes?|limits?))?"
    r"(?:\s[^.;,:()\d]{3,40}\s(?:from|to)\s$|(?:[,\s](?:of|from|to|is|up|as|long|at|least|most|only|about|approximately|roughly|around|ranging|spanning|varying|between|exceeding|beyond|over|than|with"
    r"|larger|longer|greater|maximum|max|a|the|by|extended|increased|reaching|reaches|extending|expanded|scaled|supports?|window|large|exceeds|just|fixed|set|capped|limited|setting|its|it|models?|can|be"
    r"|[Ll]lama\S*|size))*(?:\s?\((?:e\.g\.|i\.e\.),?\s)?\s?[-\s~∼≈=<>$\\(:]*(?:\\?sim|\\approx|\\geq?|\\leq?)?\s?[$(\\]*$)",
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
        is_counted = not last.unit and last.value % 128 and _COUNTED_THEMSELVES.match(after)
        is_length = is_long and not is_counted and counted(claim.text, last.end + match.end()).kind != "data"
    else:
        is_long = bool(last.unit) or last.value >= 64
        is_window = last.unit == "k" and _WINDOW_BEFORE.search(claim.left[-30:])
        is_length = bool(
            is_window
            or (is_long and (_LENGTH_BEFORE.search(claim.left[-110:]) or _is_bare_length(claim, after)))
        )
    if not is_length or _is_year(claim):
        return None
    if _OTHER_LENGTH.match(after) or (match is None and claim.head.kind in ("data", "unit")):
        return refuse("context_tokens", "other-length")
    if not last.unit and last.number % 1:
        return None
    return Verdict("context_tokens", "context-length")


def _is_bare_length(claim: Claim, after: str) -> bool:
    """Say whether thousands without a noun are lengths: "at 128k", "from 4K to 400K: extending the context"."""
    first, last = claim.first, claim.last
    if after[:1] in (")", ",") and _is_length_of_a_model(claim):
        return True
    if last.unit != "k" or not last.is_letter or claim.head.kind:
        return False
    if len(claim.run) > 1:
        is_range = first.join == "range" and 1000 <= first.value < last.value
        return (
            is_range
            and _RANGE_OF_LENGTHS.search(claim.left) is not None
            and _THEN_CONTEXT.match(after) is not None
        )
    is_run_at = last.number in _LONG_POWERS and AT_LENGTH.search(claim.left) is not None
    return is_run_at and SPEAKS_OF_LENGTH.search(claim.text) is not None


def _is_length_of_a_model(claim: Claim) -> bool:
    """Say whether thousands in brackets behind a model with its version are its context: "GPT-4 Turbo (128K)"."""
    first = claim.first
    is_list = all(n.join == "list" and n.unit in ("k", "M") for n in claim.run[:-1])
    is_round = first.is_letter and first.unit == "k" and first.number in _LONG_POWERS | {100, 200}
    is_named = is_round and is_list and _VERSION_BEFORE.search(claim.left[-40:])
    return bool(is_named) and SPEAKS_OF_LENGTH.search(claim.text) is not None


def _is_year(claim: Claim) -> bool:
    """Say whether the run ends in what is printed as a year is ("in the context of a 2023 law"), and is no power of two."""
    last = claim.last
    is_printed_so = not last.unit and claim.text[last.start : last.end].isdigit()
    return is_printed_so and 1900 < last.number < 2100 and last.number not in (2000, 2048)

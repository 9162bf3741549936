"""Is a number of bits the width of weights or activations?

What belongs here: "4-bit", "INT8", "W4A16", "BF16". Rates, images, hashes and the formats of any arithmetic (FP32,
FP64) are refused: a format is a bit width here when weights are kept in it, which are at most 16 bits wide.
"""

import re
from dataclasses import dataclass

from pipelines.mentions.claims import Verdict, refuse

# What stands before the digits of a format name.
_FORMAT = re.compile(
    r"(?<![A-Za-z])(u?int|mxint|mxfp|nvfp|hif|fp|nf|bf|bfloat|float|tf)[- ]?$", re.IGNORECASE
)
_WEIGHT = re.compile(r"(?<![A-Za-z])w$", re.IGNORECASE)
_AFTER_WEIGHT = re.compile(r"(?<![A-Za-z])w\d{1,2}(?:\.\d+)?(?:a\d{1,2}(?:kv|g|c)?|a)$", re.IGNORECASE)
# The last letters of what `_FORMAT`, `_WEIGHT` and `_AFTER_WEIGHT` match.
_ENDS = frozenset(
    a + b
    for end in ("nt", "fp", "nf", "bf", "at", "tf", "if", "kv")
    for a in (end[0], end[0].upper())
    for b in (end[1], end[1].upper())
)
_WEIGHT_ENDS = frozenset("wWaAgGcC")
_OTHER_AFTER = re.compile(
    r"\A[-\s]?(?:per[- ](?:pixel|nucleotide|base|dim\w*|char\w*|sample|sub|frame|second|symbol|channel use|byte|word|query|token|image|vertex|point)|/|hash\w*|images?|imag(?:ery|ing)|gr[ae]y\w*|depth|colou?rs?|RGB|rgb|pixel"
    r"|sRGB|HDR|high dynamic|raw|data\b|acknowledg\w*|hybrid ARQ|perfect secret|feedback|clustering|measurements?|to its|audio|micro(?!kernel)\w*|MCU|processors?|ARM|secrets?|keys?|messages?|watermark\w*|strings?|payloads?|adders?|multipliers?|numbers?|counters?\b|addresses|operating|qubits?|of information|of entropy"
    r"|render|mantissa|exponent|high-entropy|unsigned|parity|words?\b|passwords?|sequences?|vectors?\b(?! quant)|ADCs?|accumulators?|(?:single|double)-precision|DACs?|ciphers?|encryption|security|modulation|phase shifter|RISC|CPUs?|timestamps?|errors?|flips?\b|binar(?:y|ies)|permutation|Boolean|instruction|integers? (?:key|sort|multiplication)|pcm|wav)",
    re.IGNORECASE,
)
_OTHER_BEFORE = re.compile(
    r"(?:\bbit depths?|\bH\s?=|\braw|embeds?|hidden|entropy of|hash(?:es)?|messages? of|watermark\w*|transmi\w*|ITR[^.;]{0,15}|rate[^.;]{0,12})\s?(?:of\s)?(?:up to\s)?[(]?$"
)
# Of text in small letters, which `re` searches far sooner than it ignores case.
_QUANTIZATION = re.compile(
    r"quanti[sz]|precision|weight|activation|llm|model|kv|floating|lora|bit-?width|low-bit|training|inference|ptq|qat|bitnet|bert|binar|ternar|representation|regime|normal ?float|tuning|optimi[sz]er|adapt|gptq|awq|memory|network|transformer"
)
# One-bit quantization is of measurements where signals are recovered from them.
_SENSING = re.compile(
    r"compressed sensing|compressive sensing|message passing|signal recovery|inverse problem|mimo|beamform|converters?\b"
)
_OF_MODELS = re.compile(r"weight|activation|llm|language model|binar|kv|bitnet")
_WORDS = {
    "one": 1.0,
    "two": 2.0,
    "three": 3.0,
    "four": 4.0,
    "five": 5.0,
    "six": 6.0,
    "eight": 8.0,
    "sixteen": 16.0,
}
# The letters come first, so that `re` looks for the first of them, which is faster than `str.find` for "bit".
_BIT = re.compile(r"bit(?<=[ -]bit)")
_WORD_BITS = re.compile(r"\b(one|two|three|four|five|six|eight|sixteen)[- ]bits?\b", re.IGNORECASE)


@dataclass(slots=True)
class Width:
    """A bit width found by its name, with its place in the text, or a refused look-alike."""

    start: int
    end: int
    value: float
    verdict: Verdict


def judge_bits(text: str, end: int, value: float, left: str) -> Verdict | None:
    """Judge "4-bit" or a run of them that ends at `end`."""
    after = text[end : end + 40]
    if value > 64 or value < 0.1 or _OTHER_AFTER.match(after) or _OTHER_BEFORE.search(left[-40:]):
        return refuse("bits", "not-a-weight-width")
    lower = text.lower()
    if not _QUANTIZATION.search(lower):
        return refuse("bits", "no-quantization-near")
    if value == 1 and _SENSING.search(lower) and not _OF_MODELS.search(lower):
        return refuse("bits", "not-a-weight-width")
    return Verdict("bits", "bit-width")


def may_be_format(text: str, start: int) -> bool:
    """Say whether `judge_format` can take the number at `start` for the width in the name of a format: a quick test."""
    before = text[start - 1 : start]
    if before in ("-", " "):
        return text[start - 3 : start - 1] in _ENDS
    return before in _WEIGHT_ENDS or text[start - 2 : start] in _ENDS


def judge_format(text: str, start: int, end: int, width: float) -> tuple[int, Verdict | None]:
    """Judge the plain number at `start` as the width in INT8, NF4 or W4A16; return where the name begins, too."""
    name = _FORMAT.search(text, max(0, start - 9), start)
    if name is None:
        is_width = (_WEIGHT.search(text, max(0, start - 2), start) and text[end : end + 1] in ("a", "A")) or (
            _AFTER_WEIGHT.search(text, max(0, start - 12), start)
        )
        return start - 1, Verdict(
            "bits", "weight-activation-widths"
        ) if is_width and 0 < width <= 32 else None
    if text[end : end + 1] == "D" and not text[end + 1 : end + 2].islower():
        return name.start(), None  # "Int3DNet"
    if width == 16 or (width in (2, 3, 4, 5, 6, 8) and name[1].lower() not in ("tf", "float", "bf")):
        return name.start(), Verdict("bits", "number-format")
    return name.start(), refuse("bits", "full-precision-format") if width in (4, 8, 32, 64) else None


def word_widths(text: str) -> list[Width]:
    """Return bit widths whose number is a word ("four bit quantization")."""
    found = []
    for bit in _BIT.finditer(text):
        at = bit.start()
        match = _WORD_BITS.search(text, max(0, at - 24), at + 5)
        if match is not None:
            verdict = judge_bits(text, match.end(), 1.0, text[max(0, match.start() - 40) : match.start()])
            if verdict is not None:
                found.append(Width(match.start(), match.end(), _WORDS[match[1].lower()], verdict))
    return found

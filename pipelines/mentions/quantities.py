"""Typed numbers of a text: model sizes, trained parameters and shares, corpus tokens, context lengths, bit widths.

What belongs here: the walk over a text's numbers, each handed to the rules of its kind, and what a bare number
takes over from the one before it. The rules themselves are in `sizes`, `tokens`, `lengths`, `shares` and `bits`.
"""

import re

from pipelines.mentions.bits import judge_bits, judge_format, may_be_format, word_widths
from pipelines.mentions.claims import Claim, Verdict
from pipelines.mentions.counted import NO_NOUN, Counted, counted
from pipelines.mentions.evidence import Evidence
from pipelines.mentions.lengths import judge_length
from pipelines.mentions.numerals import Numeral, scan, word_numerals
from pipelines.mentions.runs import (
    attached_name,
    is_model_name,
    parts,
    share_units,
    start_is_glued,
    unit_class,
)
from pipelines.mentions.shares import judge_share, may_be_share
from pipelines.mentions.sizes import judge_count
from pipelines.mentions.spans import Field, Quantity, Refusal
from pipelines.mentions.tokens import judge_token_count, judge_tokens

_EXTENDED = re.compile(r"\bextend\w*\s(?:[A-Za-z]+\s){0,2}from\s[~$]*$")
_LESS_THAN = re.compile(r"[^.;%]{0,60}\b(?:less|fewer|smaller|lower) than\b[^.;%]{0,80}\([~<≈$\\]*")
_FAR_TOKENS = re.compile(r"[^.;:\d()]{0,60}?\btokens\b")
_COMPARES = re.compile(
    r"(?:\b(?:needs?|uses?|requires?|against|versus|vs\.?|to|than|has|and|with|from|by|of|for)|['’]s)"
    r"(?:\s(?:only|just|merely|about))?\s[~$]*$"
    r"|, (?:LoRA|[A-Z]\w*RA|[Aa]dapters?|[Pp]rompt [Tt]uning)\s$"  # "X trains 0.06M parameters, LoRA 33.5M"
)
_TIMES = re.compile(r"\s?(?:times|x|×)\b")
_SHARE_GOES_ON = re.compile(r"\s?(?:(?:for|on|in)\b|[).,]|respectively)")
_SHARE_COUNTED = re.compile(
    r"(?:[^.;%()]{0,40}param\w*)?\s?\((?:(?:about|around|only|i\.e\.,?)\s)?[~<≈$\\]*(?:sim|approx)?[$ ]*"
)
_BETWEEN_SHARES = re.compile(
    r"[^.;%]{0,100}(?:(?:\band|,|\bor)\s|param\w* \()(?:only |just |about )?[~<$\\]*(?:sim)?\$?"
)
_ROUND_LENGTHS = frozenset((1, 2, 4, 8, 16, 32, 64, 128, 256, 512))
_INPUTS = re.compile(r"[- ](?:inputs?|prompts?)\b")
_LENGTHS = re.compile(r"ontext|length|indow|[Kk] inp")
_AT = re.compile(r"\b(?:at|to|beyond|past|of|from|until)\s[~$]*$")
_CONTEXT_LENGTH = re.compile(r"\b(?:context|sequence)[- ]length", re.IGNORECASE)
_GOES_ON = re.compile(r"\b(?:to|of|or|and|vs\.?|than|from)\s[~$]*$")
_CLOSED_SIZE = re.compile(r"(?:\s?param(?:eter)?s?)?\)")
_BREAK = re.compile(r"[.;]\s")
_NOWHERE = -1000
_NOUNS = ("param", "token")
# In characters: farther than the six words that `counted` walks, and as far as the rules of lengths look.
_FARTHEST_NOUN, _LEFT_OF_LENGTH, _RIGHT_OF_LENGTH = 200, 110, 60


class _Reader:
    """Reads one text; remembers where it last found a number of each kind."""

    def __init__(self, text: str, printed: str, field: Field) -> None:
        self.text = text
        self.evidence = Evidence(text, printed, field)
        self._last: dict[str, int] = {}

    def run(self, run: list[Numeral]) -> None:
        """Judge one run of numerals, part by part."""
        verdict = None
        for numeral in run:
            if may_be_format(self.text, numeral.start):
                verdict = self._format(numeral)
            elif verdict and numeral.number <= 16 and self.text[numeral.start - 1] == "/":
                self.evidence.width(numeral.start, numeral.end, numeral.number, verdict)  # "INT4/8"
        if len(run) == 1:
            self.part(run)
            return
        share_units(self.text, run)
        for part in parts(run):
            self.part(part)

    def part(self, run: list[Numeral]) -> None:
        """Judge numerals of one class: percentages, bits, or counts."""
        text, first, last = self.text, run[0], run[-1]
        kind = unit_class(last)
        # Most numbers of a paper are scores and years: they are let go before anything is made of them.
        if kind == "%":
            if not self._may_be_share(first.start, last.end):
                return
        elif kind == "plain" and not self._may_be_counted(first.start, last.end):
            return
        before = text[first.start - 1 : first.start]
        if before == "^" or (before == "{" and text.startswith("^{", first.start - 2)):
            return  # an exponent
        if (
            kind == "plain"
            and before == "+"
            and text[first.start - 2 : first.start - 1] not in ("", " ", "(", "$")
        ):
            return  # the rest of a sum, "d+1 parameters"
        start, end = self.evidence.sentence(first.start)
        if kind == "scale" and len(run) > 1:
            run = [n for n in run if unit_class(n) == kind or n.number >= 128 or n.join == "product"]
        claim = Claim(text, run, text[start : run[0].start], text[start:end])
        if kind == "%":
            verdict = judge_share(claim)
            if verdict is None or verdict.rule == "not-a-share":
                verdict = self._beside_share(claim, start) or verdict
            self._conclude(claim, verdict)
        elif kind == "bit":
            for numeral in run:
                verdict = judge_bits(text, last.end, numeral.value, claim.left)
                self._conclude(Claim(text, [numeral], claim.left, claim.sentence), verdict)
        else:
            self._conclude(claim, self._count(claim))

    def is_wanted(self, start: int, end: int) -> bool:
        """Say whether a plain number or a percentage that stands alone can be anything: most cannot."""
        if self.text[end - 1] == "%":
            return self._may_be_share(start, end)
        return may_be_format(self.text, start) or self._may_be_counted(start, end)

    def _may_be_share(self, start: int, end: int) -> bool:
        """Say whether percentages have words near that the rules ask for, or go on from a share before them."""
        return "trainable_pct" in self._last or may_be_share(self.text, start, end)

    def _may_be_counted(self, start: int, end: int) -> bool:
        """Say whether plain numbers have a word near that the rules ask for: parameters, tokens, a length."""
        text = self.text
        if text[end : end + 1].isalnum() or start_is_glued(text, start):
            return False  # "3D", "GPT-4"
        right = text[end : end + _FARTHEST_NOUN]
        if ("aram" in right or "oken" in right or "eights" in right) and counted(text, end).kind in _NOUNS:
            return True
        is_small = end - start == 1 or (end - start == 2 and text[start:end] < "64")
        return not is_small and ("context_tokens" in self._last or self._has_length_word(start, end))

    def _has_length_word(self, start: int, end: int) -> bool:
        around = self.text[max(0, start - _LEFT_OF_LENGTH) : end + _RIGHT_OF_LENGTH]
        return "ontext" in around or "ength" in around or "indow" in around

    def _may_be_length(self, claim: Claim) -> bool:
        """Say whether a run of counts has a word near that the rules of lengths ask for; thousands have more of them."""
        start, end = claim.first.start, claim.last.end
        if self._has_length_word(start, end):
            return True
        if claim.first.unit != "k":
            return False
        around = self.text[max(0, start - 24) : end + 24]
        return "equence" in around or "RULER" in around or self.text[start - 1] == "("

    def _conclude(self, claim: Claim, verdict: Verdict | None) -> None:
        if verdict is None:
            return
        self.evidence.settle(claim, verdict)
        if not verdict.is_refused:
            self._last[verdict.kind] = claim.last.end

    def _format(self, numeral: Numeral) -> Verdict | None:
        """Judge a small plain number as the width in the name of a number format ("INT8"); return the verdict."""
        start = numeral.start
        if numeral.number > 64 or (numeral.unit and not numeral.has_gap):
            return None
        end = start + len(self.text[start : numeral.end].rstrip("KMBTk $~"))
        begin, verdict = judge_format(self.text, start, end, numeral.number)
        self.evidence.width(begin, end, numeral.number, verdict)
        return verdict if verdict and not verdict.is_refused else None

    def _count(self, claim: Claim) -> Verdict | None:
        """Judge a run of counts by the noun that follows it; narrows the run to what the verdict is on."""
        text, last = self.text, claim.last
        claim.head = self._noun(claim)
        if claim.head.kind == "token":
            self._keep_tokens(claim)
            is_counted = claim.head.noun == "tokens" or last.unit or text[last.end : last.end + 1] in "- "
            return judge_tokens(claim) if is_counted else None
        if (verdict := judge_token_count(claim)) is not None:
            return verdict
        if not last.unit and len(claim.run) > 1 and text[claim.run[-2].end : last.start].strip() == ",":
            claim.run = [last]
        if not last.unit and len(claim.run) > 1 and _TIMES.match(text, last.end):
            claim.run, claim.head = claim.run[:-1], NO_NOUN  # "at length 512 and 3 times faster at 1K"
            last = claim.last
        if claim.head.kind != "param" and last.unit not in ("b", "t", "billion", "trillion"):
            verdict = judge_length(claim) if self._may_be_length(claim) else None
            verdict = verdict or self._beside_length(claim)
            if verdict is not None:
                return verdict
        if not last.unit and claim.head.kind != "param":
            return None
        if last.unit and len(claim.run) > 1:
            claim.run = [n for n in claim.run if n.unit or n.takes_unit_of or n.join == "product"]
        verdict = judge_count(claim)
        if verdict is None and last.unit == "k" and self._is_listed_size(claim):
            return Verdict("model_size", "beside-a-size")
        if verdict is not None and verdict.kind == "model_size" and self._is_share_counted(claim):
            trained = Verdict("trainable_params", "share-then-count")
            if len(claim.run) != 2 or text[claim.first.end : last.start] != "/":
                return trained
            # "5.7% of parameters (6.7M/117M)": the part and the whole
            self._conclude(Claim(text, claim.run[:1], claim.left, claim.sentence), trained)
            claim.run = [last]
            return verdict
        if (verdict is None or verdict.is_refused) and self._is_beside_trainable(claim):
            return Verdict("trainable_params", "beside-trainable-parameters")
        if verdict is not None and verdict.rule == "no-parameters-named" and self._is_beside_size(claim):
            return Verdict("model_size", "beside-a-size")
        return verdict

    def _keep_tokens(self, claim: Claim) -> None:
        """Drop from a pair what stands beside the tokens with another scale: "300M, 5B tokens" are a model's and its data."""
        run = claim.run
        if len(run) == 2 and run[0].unit and run[0].unit != run[1].unit and not run[0].takes_unit_of:
            gap = self.text[run[0].end : run[1].start].strip()
            claim.run = run[1:] if gap in (",", "/") else run

    def _noun(self, claim: Claim) -> Counted:
        text, last = self.text, claim.last
        head = counted(text, last.end)
        if not head.kind and last.unit in ("t", "billion", "trillion"):
            far = _FAR_TOKENS.match(text, last.end)
            return Counted("token", far.end(), "tokens") if far else head
        start = claim.first.start
        if head.kind == "token" and start_is_glued(text, start) and is_model_name(attached_name(text, start)):
            return NO_NOUN  # "Qwen3-235B-A22B routes tokens"
        return head

    def _beside_share(self, claim: Claim, start: int) -> Verdict | None:
        """Take over from a share of the same sentence: "4.18% of parameters for images and 3.39% for videos"."""
        last_share = self._last.get("trainable_pct", _NOWHERE)
        if last_share < start or not _SHARE_GOES_ON.match(self.text, claim.last.end):
            return None
        is_joined = _BETWEEN_SHARES.fullmatch(self.text, last_share, claim.first.start) or (
            self.text.startswith(")", claim.last.end)
            and _LESS_THAN.fullmatch(self.text, last_share, claim.first.start)
        )
        return Verdict("trainable_pct", "share-beside-share") if is_joined else None

    def _beside_length(self, claim: Claim) -> Verdict | None:
        """Take over from a context length stated before: "from 4K context to 100k"."""
        last, at = claim.last, self._last.get("context_tokens", _NOWHERE)
        is_round = last.unit == "k" and last.number in _ROUND_LENGTHS
        if is_round and _INPUTS.match(self.text, last.end) and _LENGTHS.search(self.text):
            return Verdict("context_tokens", "inputs-of-length")
        if claim.head.kind:
            return None
        is_extended = is_round and claim.first.unit == "k" and _EXTENDED.search(claim.left[-40:])
        if is_extended and _LENGTHS.search(self.text):
            return Verdict("context_tokens", "extended-from-to")
        if is_round and _AT.search(claim.left[-12:]) and _CONTEXT_LENGTH.search(claim.left):
            return Verdict("context_tokens", "at-a-length")
        if at == _NOWHERE:
            return None
        if at < self.evidence.sentence(last.start)[0]:
            # in another sentence: only a round length after a preposition goes on from it
            return (
                Verdict("context_tokens", "length-as-before")
                if is_round and _AT.search(claim.left[-12:])
                else None
            )
        is_length = last.unit == "k" or (last.value >= 512 and last.is_power_of_two)
        if is_length and (_GOES_ON.search(claim.left[-12:]) or _AT.search(claim.left[-12:])):
            return Verdict("context_tokens", "beside-context-length")
        return None

    def _is_share_counted(self, claim: Claim) -> bool:
        """Say whether a number is a trained share in parameters ("trains 5.2% of model parameters (4.9M)")."""
        at, start = self._last.get("trainable_pct", _NOWHERE), claim.first.start
        return at >= start - 60 and _SHARE_COUNTED.fullmatch(self.text, at, start) is not None

    def _is_listed_size(self, claim: Claim) -> bool:
        """Say whether thousands in brackets go on from a size in brackets: "LSTM (89k parameters), WaveNet (167k)"."""
        start, end = claim.first.start, claim.last.end
        at = self._last.get("model_size", _NOWHERE)
        if self.text[start - 1] != "(" or self.text[end : end + 1] != ")" or claim.head.kind:
            return False
        return at >= self.evidence.sentence(start)[0] and _CLOSED_SIZE.match(self.text, at) is not None

    def _is_beside_trainable(self, claim: Claim) -> bool:
        """Say whether a bare number is compared with trained parameters of its sentence ("... against 4.2M for LoRA")."""
        start = claim.first.start
        if claim.head.kind or claim.last.unit not in ("k", "M") or start_is_glued(self.text, start):
            return False
        earliest = max(start - 110, self.evidence.sentence(start)[0])
        return self._last.get("trainable_params", _NOWHERE) >= earliest and bool(
            _COMPARES.search(claim.left[-16:])
        )

    def _is_beside_size(self, claim: Claim) -> bool:
        """Say whether a bare number goes on from a size ("1.5 billion parameters in one to 175 billion")."""
        at, start = self._last.get("model_size", _NOWHERE), claim.first.start
        if claim.head.kind or at < start - 60 or not _GOES_ON.search(claim.left[-12:]):
            return False
        return not _BREAK.search(self.text, at, start)


def find_quantities(text: str, field: Field) -> tuple[list[Quantity], list[Refusal]]:
    """Return the typed numbers of `text` in order of their place, and the look-alikes that were refused and why."""
    printed, text = text, text.replace("\n", " ")  # a phrase may go on in the next line; offsets stay
    reader = _Reader(text, printed, field)
    for run in scan(text, reader.is_wanted):
        reader.run(run)
    for numeral in word_numerals(text):
        reader.part([numeral])
    evidence = reader.evidence
    for width in word_widths(text):
        evidence.width(width.start, width.end, width.value, width.verdict)
    evidence.found.sort(key=lambda q: (q.span.start, q.span.end))
    evidence.refused.sort(key=lambda r: (r.span.start, r.span.end))
    return evidence.found, evidence.refused

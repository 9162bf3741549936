"""Typed numbers of a text: model sizes, trained parameters and shares, corpus tokens, context lengths, bit widths.

What belongs here: the walk over a text's runs of numerals, handing each to the rules of its kind and turning
verdicts into spans. The rules themselves are in `sizes`, `tokens`, `shares` and `bits`.
"""

import re

from pipelines.mentions.bits import FORMAT_LETTERS, judge_bits, judge_format, word_widths
from pipelines.mentions.counted import ACTIVE, TOTAL, Counted, counted
from pipelines.mentions.links import in_url
from pipelines.mentions.numerals import Numeral, scan, word_numerals
from pipelines.mentions.shares import judge_share
from pipelines.mentions.size_roles import size_role
from pipelines.mentions.sizes import Verdict, attached_name, is_model_name, judge, start_is_glued
from pipelines.mentions.spans import Field, Kind, Qualifier, Quantity, Refusal, Role, Span
from pipelines.mentions.tokens import judge_length, judge_tokens

# The rest of a sentence, as far as the rules below look: a full stop ends it when a blank and a capital follow.
_REST = (
    r"(?:[^.!?]|[.!?]\S|[.!?]\s+(?-i:[^A-Z0-9$\\(\"'`\s])|(?:e\.g|i\.e|vs|al|cf|etc|resp|approx|fig)\.\s)*"
)
#: A text in which `find_quantities` finds or refuses something matches this (Rust and Python syntax alike).
QUANTITY_TRIGGER = (
    # a number with a scale, "7B", "1.3 billion", or its words
    r"(?i)\d[})\\,$+ ~\x{a0}\x{2009}\x{202f}⁰¹²³⁴⁵⁶⁷⁸⁹^{-]*(?:[bmt]s?|mm|bits?)(?:[^a-z0-9]|$)|illion"
    # bits and the names of number formats
    r"|[a-z][- ]bits?(?:[^a-z]|$)|(?:int|fp|nf|bf|float|tf|hif)[- ]?\d|w\d[\d.]*a\d"
    # counts of parameters, tokens and lengths
    rf"|\d{_REST}(?:param|weights|token|context|length|window)|\dk input|(?:context|length|window|sequence|prompt){_REST}\d"
    # shares of parameters
    rf"|(?:param|weights){_REST}(?:%|per ?cent)|(?:%|per ?cent){_REST}(?:model|backbone|network|llm|sam|clip|vlm|encoder|transformer)"
)

_SENTENCE_END = re.compile(r"[.!?]['\")\]]*\s+(?=[A-Z0-9$\\(\"'`])")
_ABBREVIATED = ("e.g.", "i.e.", "vs.", "al.", "Fig.", "approx.", "cf.", "etc.", "resp.")


def sentence_bounds(text: str, at: int) -> tuple[int, int]:
    """Return the start and end of the sentence around `at`."""
    start = 0
    end = len(text)
    for match in _SENTENCE_END.finditer(text, max(0, at - 600), min(len(text), at + 500)):
        if text.endswith(_ABBREVIATED, 0, match.start() + 1):
            continue
        if match.start() < at:
            start = match.end()
        else:
            end = match.start() + 1
            break
    return start, end


_FAR_TOKENS = re.compile(r"[^.;:\d()]{0,60}?\btokens\b")
_HOLDS_WEIGHTS = re.compile(r"model|encoder|backbone|network")
_THOUSANDS = frozenset(("k", "thousand"))
_BILLIONS = frozenset(("b", "t", "billion", "trillion"))
_COMPARES = re.compile(
    r"(?:\b(?:needs?|uses?|requires?|against|versus|vs\.?|to|than|has|and|with|from|by|of|for)|['’]s)\s[~$]*$"
)
_SHARE_GOES_ON = re.compile(r"\s?(?:(?:for|on|in)\b|[).,]|respectively)")
_BETWEEN_SHARES = re.compile(r"[^.;%]{0,100}(?:\band|,|\bor)\s(?:only |just |about )?[~<$\\]*(?:sim)?\$?")
_ROUND_LENGTHS = frozenset((1, 2, 4, 8, 16, 32, 64, 128, 256, 512))
_INPUTS = re.compile(r"[- ](?:inputs?|prompts?)\b")
_AT = re.compile(r"\b(?:at|to|beyond|past|of|from|until)\s[~$]*$")
_GOES_ON = re.compile(r"\b(?:to|of|or|and|vs\.?|than|from)\s[~$]*$")


class _Reader:
    """Reads one text; collects what it finds and what it refuses."""

    def __init__(self, text: str, field: Field) -> None:
        self.text = text
        self.field = field
        self.found: list[Quantity] = []
        self.refused: list[Refusal] = []
        self.has_params = "aram" in text or "eights" in text or "PARAM" in text
        self.has_tokens = "oken" in text
        self.has_lengths = "ontext" in text or "length" in text or "indow" in text or "K inp" in text
        self._bounds = (0, -1)
        self._last_share = -1000
        self._last_length = -1000
        self._last_size = -1000
        self._last_trainable = -1000
        self._states_length = False

    def sentence(self, at: int) -> tuple[int, int]:
        """Return the bounds of the sentence around `at`; the last answer is kept."""
        if not self._bounds[0] <= at < self._bounds[1]:
            self._bounds = sentence_bounds(self.text, at)
        return self._bounds

    def keep(
        self, kind: Kind, start: int, end: int, value: float, rule: str, qualifier: Qualifier | None = None
    ) -> None:
        role = self._role(start) if kind == "model_size" else None
        span = Span(self.field, start, end, self.text[start:end])
        self.found.append(Quantity(span, kind, value, rule, qualifier, role))

    def refuse(self, start: int, end: int, verdict: Verdict) -> None:
        self.refused.append(
            Refusal(Span(self.field, start, end, self.text[start:end]), verdict.kind, verdict.rule)
        )

    def _role(self, at: int) -> Role | None:
        start, end = self.sentence(at)
        if self.field == "title" and at == 0:
            return "proposes"
        return size_role(self.text[start:end], at - start)

    def width(self, start: int, end: int, value: float, verdict: Verdict | None) -> None:
        """Record the verdict on one bit width."""
        if verdict is None:
            return
        if verdict.is_refused:
            self.refuse(start, end, verdict)
        else:
            self.keep("bits", start, end, value, verdict.rule)

    def run(self, run: list[Numeral]) -> None:
        """Judge one run of numerals, part by part."""
        for numeral in run:
            if numeral.number <= 64 and (not numeral.unit or numeral.has_gap) and numeral.start:
                before = self.text[numeral.start - 1]
                if before in FORMAT_LETTERS or (
                    before in "- " and self.text[numeral.start - 2] in FORMAT_LETTERS
                ):
                    end = numeral.start + len(self.text[numeral.start : numeral.end].rstrip("KMBTk $~"))
                    start, verdict = judge_format(self.text, numeral.start, end, numeral.number)
                    self.width(start, end, numeral.number, verdict)
        if len(run) > 1 and _ends_in_context(self.text, run):
            run.pop()
        if not share_units(self.text, run) and not (self.has_params or self.has_tokens or self.has_lengths):
            return
        part: list[Numeral] = []
        for numeral in run:
            kind, last = _class(numeral), _class(part[-1]) if part else ""
            if part and (
                (kind != last and (last != "plain" or kind != "scale"))
                or _are_far(part[-1].unit, numeral.unit)
            ):
                self.part(part)
                part = []
            part.append(numeral)
        if part:
            self.part(part)

    def part(self, run: list[Numeral]) -> None:
        """Judge numerals of one class: percentages, bits, or counts."""
        text, last = self.text, run[-1]
        kind = _class(last)
        if kind == "%":
            if not self.has_params and not _HOLDS_WEIGHTS.search(text):
                return
        elif kind == "plain" and (
            not (self.has_tokens or self.has_params or self.has_lengths)
            or text[last.end : last.end + 1].isalnum()
            or start_is_glued(text, run[0].start)
        ):
            return
        if run[0].start and (text[run[0].start - 1] == "^" or text.startswith("^{", run[0].start - 2)):
            return
        start, end = self.sentence(run[0].start)
        left = text[start : run[0].start]
        run = [
            n
            for n in run
            if _class(n) == kind or (kind == "scale" and (n.number >= 128 or n.join == "product"))
        ]
        if kind == "%":
            verdict = judge_share(text, run, left, text[start:end])
            if verdict is None and self._last_share >= start and _SHARE_GOES_ON.match(text, last.end):
                if _BETWEEN_SHARES.fullmatch(text, self._last_share, run[0].start):
                    verdict = Verdict("trainable_pct", "share-beside-share")
            if verdict is not None and not verdict.is_refused:
                self._last_share = last.end
            self.settle(run, verdict, None)
        elif kind == "bit":
            for numeral in run:
                self.settle([numeral], judge_bits(text, last.end, numeral.value, left), None)
        else:
            self.counts(run, left, text[start:end])

    def beside_length(self, last: Numeral, head: Counted, left: str) -> Verdict | None:
        """Take a bare number for a context length where its sentence has just stated another ("from 4K context to 100k")."""
        start = self.sentence(last.start)[0]
        if _INPUTS.match(self.text, last.end) and last.unit == "k" and last.number in _ROUND_LENGTHS:
            return Verdict("context_tokens", "inputs-of-length")
        if head.kind or not self._states_length:
            return None
        if self._last_length < start:
            # Another sentence stated a length: only a round one after a preposition goes on from it.
            is_round = last.unit == "k" and last.number in _ROUND_LENGTHS and _AT.search(left[-12:])
            return Verdict("context_tokens", "length-as-before") if is_round else None
        if not _GOES_ON.search(left[-12:]):
            return None
        return self._bare_length(last)

    @staticmethod
    def _bare_length(last: Numeral) -> Verdict | None:
        is_power = last.value >= 512 and last.value.is_integer() and int(last.value).bit_count() == 1
        if last.unit == "k" or (not last.unit and is_power):
            return Verdict("context_tokens", "beside-context-length")
        return None

    def counts(self, run: list[Numeral], left: str, sentence: str) -> None:
        """Judge a run of counts by the noun that follows it."""
        text, last = self.text, run[-1]
        head = counted(text, last.end)
        if (
            not head.kind
            and last.unit in ("t", "billion", "trillion")
            and (far := _FAR_TOKENS.match(text, last.end))
        ):
            head = Counted("token", far.end(), "tokens")
        if (
            head.kind == "token"
            and start_is_glued(text, run[0].start)
            and is_model_name(attached_name(text, run[0].start))
        ):
            head = Counted()  # "Qwen3-235B-A22B routes tokens"
        if head.kind == "token":
            if head.noun == "tokens" or last.unit or text[last.end : last.end + 1] in "- ":
                self.settle(run, judge_tokens(text, run, head, left, sentence), head)
            return
        if not last.unit and len(run) > 1 and text[run[-2].end : last.start].strip() == ",":
            run = [last]
        verdict: Verdict | None = None
        if not last.unit or last.unit in ("k", "thousand", "M", "million", "m"):
            if self.has_lengths and head.kind != "param":
                verdict = judge_length(text, run, head, left) or self.beside_length(last, head, left)
            if verdict is not None:
                self.settle(run, verdict, head)
                return
        if not last.unit and head.kind != "param":
            return
        run = [n for n in run if n.unit or n.takes_unit_of or not last.unit or n.join == "product"]
        has_mate = any(n.value >= 1e9 and n.is_letter for n in run) or any(
            n.takes_unit_of and n.value >= 1e9 for n in run
        )
        verdict = judge(text, run, head, left, sentence, has_mate)
        if (verdict is None or verdict.is_refused) and self.is_beside_trainable(run[0], last, head, left):
            verdict = Verdict("trainable_params", "beside-trainable-parameters")
        if (
            verdict is not None
            and verdict.rule == "no-parameters-named"
            and self.is_beside_size(run[0], head, left)
        ):
            verdict = Verdict("model_size", "beside-a-size")
        self.settle(run, verdict, head)
        if verdict is not None and not verdict.is_refused:
            if verdict.kind == "model_size":
                self._last_size = last.end
            elif verdict.kind == "trainable_params":
                self._last_trainable = last.end

    def is_beside_trainable(self, first: Numeral, last: Numeral, head: Counted, left: str) -> bool:
        """Say whether a bare number is compared with trained parameters of its sentence ("... against 4.2M for LoRA")."""
        if head.kind or last.unit not in ("k", "M") or start_is_glued(self.text, first.start):
            return False
        if self._last_trainable < max(first.start - 90, self.sentence(first.start)[0]):
            return False
        return bool(_COMPARES.search(left[-16:]))

    def is_beside_size(self, first: Numeral, head: Counted, left: str) -> bool:
        """Say whether a bare number goes on from a size ("1.5 billion parameters in one to 175 billion")."""
        if head.kind or self._last_size < first.start - 60 or not _GOES_ON.search(left[-12:]):
            return False
        return not re.search(r"[.;]\s", self.text[self._last_size : first.start])

    def settle(self, run: list[Numeral], verdict: Verdict | None, head: Counted | None) -> None:
        """Record a verdict for every numeral of the run, with qualifiers and the widest sensible span."""
        if verdict is None:
            return
        for at, numeral in enumerate(run):
            start, end = numeral.start, numeral.end
            value = numeral.value
            qualifier: Qualifier | None = None
            before = run[at - 1] if at else None
            if numeral.join == "range" and at + 1 < len(run):
                qualifier = "range_low"
            elif before is not None and before.join == "range":
                qualifier = "range_high"
            if numeral.join == "active" and at + 1 < len(run):
                qualifier = "total"
            elif before is not None and before.join == "active":
                qualifier = "active"
            elif before is not None and before.join == "product":
                start, value = before.start, before.number * value
            if numeral.join == "product" and at + 1 < len(run):
                continue
            if numeral.takes_unit_of is not None and numeral.join != "active":
                end = numeral.takes_unit_of.end
            if verdict.is_refused and not in_url(self.text, start):
                self.refuse(start, end, verdict)
            if verdict.is_refused:
                continue
            if head is not None and numeral is run[-1]:
                end = max(end, self.noun_end(head, verdict.kind, numeral.end))
                if verdict.kind == "model_size" and qualifier is None:
                    words = frozenset((*head.between, head.noun))
                    qualifier = "active" if words & ACTIVE else "total" if words & TOTAL else None
            if verdict.kind == "model_size" and start_is_glued(self.text, start):
                start = self.name_start(start)
            if verdict.kind == "context_tokens":
                self._last_length = end
                self._states_length = True
            if value > 0 and not in_url(self.text, numeral.start):
                self.keep(verdict.kind, start, end, value, verdict.rule, qualifier)  # type: ignore[arg-type]

    def noun_end(self, head: Counted, kind: str, end: int) -> int:
        """Return the end of the noun when it belongs to the evidence."""
        if (head.kind == "param" and kind in ("model_size", "trainable_params")) or (
            head.kind == "token" and kind in ("training_tokens", "context_tokens")
        ):
            return head.end
        return end

    def name_start(self, start: int) -> int:
        """Return where the name that a numeral ends begins, when it is a name in one piece."""
        name = attached_name(self.text, start)
        begin = self.text.rfind(name, 0, start)
        return (
            begin
            if name
            and (not name.islower() or is_model_name(name))
            and begin >= 0
            and start - begin - len(name) <= 1
            else start
        )


def _class(numeral: Numeral) -> str:
    unit = numeral.takes_unit_of.unit if numeral.takes_unit_of else numeral.unit
    return unit if unit in ("%", "bit") else "scale" if unit else "plain"


def _are_far(unit: str, other: str) -> bool:
    """Say whether two units cannot be of one list: thousands beside billions ("70B to 32k")."""
    return (unit in _THOUSANDS and other in _BILLIONS) or (unit in _BILLIONS and other in _THOUSANDS)


def _ends_in_context(text: str, run: list[Numeral]) -> bool:
    """Say whether the run is a name that ends in a context length ("Quux-8B-1M")."""
    size, context = run[-2], run[-1]
    return size.unit == "b" and context.unit in ("M", "k") and text[size.end : context.start] == "-"


def share_units(text: str, run: list[Numeral]) -> bool:
    """Give unit-less numerals the unit of the next one of the run where that is how it is read; say if any has one."""
    has_unit = any(n.unit for n in run)
    if not has_unit or len(run) == 1:
        return has_unit
    # "Llama 2-7B", "LLaMA 1 & 2, 7B": the first numbers are versions; only a slash makes them sizes ("Falcon-7/40B").
    is_version = not run[0].unit and (
        start_is_glued(text, run[0].start) or is_model_name(attached_name(text, run[0].start))
    )
    for at in range(len(run) - 2, -1, -1):
        numeral, following = run[at], run[at + 1]
        source = following.takes_unit_of or following
        if numeral.unit or not source.unit or numeral.join not in ("range", "list", "active"):
            continue
        gap = text[numeral.end : following.start]
        if numeral.join == "active":
            if numeral.number >= following.number:
                numeral.takes_unit_of = source
            continue
        if numeral.number >= 1000 or (is_version and "/" not in gap):
            continue
        if numeral.join == "range" and numeral.number >= following.number:
            continue
        if numeral.join == "list" and gap.strip() == "," and len(run) == 2 and source.unit != "%":
            continue
        numeral.takes_unit_of = source
    return True


def find_quantities(text: str, field: Field) -> tuple[list[Quantity], list[Refusal]]:
    """Return the typed numbers of `text` in order of their place, and the look-alikes that were refused and why."""
    runs = scan(text)
    has_word_bits = "bit" in text
    if not runs and not has_word_bits and "illion" not in text:
        return [], []
    reader = _Reader(text, field)
    for run in runs:
        reader.run(run)
    if "illion" in text:
        for numeral in word_numerals(text):
            reader.part([numeral])
    if has_word_bits:
        for width in word_widths(text):
            reader.width(width.start, width.end, width.value, width.verdict)
    reader.found.sort(key=lambda q: (q.span.start, q.span.end))
    reader.refused.sort(key=lambda r: (r.span.start, r.span.end))
    return reader.found, reader.refused

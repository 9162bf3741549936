"""Verdicts into records: spans with their value, qualifier and role, and refusals with their reason.

What belongs here: how wide a span is and what qualifies it. What a number is was decided before.
"""

from pipelines.mentions.claims import Claim, Verdict, sentence_bounds, sentence_breaks
from pipelines.mentions.counted import ACTIVE, TOTAL, Counted
from pipelines.mentions.links import in_url
from pipelines.mentions.runs import name_start, start_is_glued
from pipelines.mentions.size_roles import size_role
from pipelines.mentions.spans import Field, Kind, Qualifier, Quantity, Refusal, Role, Span

#: Kinds whose values may be fractions: per cent and bits. Parameters and tokens are counted.
FRACTIONAL = ("trainable_pct", "bits")


class Evidence:
    """Collects what one text states and what was refused in it.

    The rules read `text` with blanks for line ends, at the same offsets; a span's surface is as `printed`.
    """

    def __init__(self, text: str, printed: str, field: Field) -> None:
        self.text = text
        self.printed = printed
        self.field = field
        self.found: list[Quantity] = []
        self.refused: list[Refusal] = []
        self._breaks: list[tuple[int, int]] | None = None

    def sentence(self, at: int) -> tuple[int, int]:
        """Return the bounds of the sentence around `at`."""
        if self._breaks is None:
            self._breaks = sentence_breaks(self.text)
        return sentence_bounds(self.text, self._breaks, at)

    def settle(self, claim: Claim, verdict: Verdict) -> None:
        """Record a verdict for every numeral of the claim's run."""
        run = claim.run
        for at, numeral in enumerate(run):
            if numeral.join == "product" and at + 1 < len(run):
                continue
            start, end, value = numeral.start, numeral.end, numeral.value
            before = run[at - 1].join if at else ""
            if before == "product":
                start, value = run[at - 1].start, run[at - 1].number * value
            if numeral.takes_unit_of is not None and numeral.join != "active":
                end = numeral.takes_unit_of.end
            if in_url(self.text, numeral.start):
                continue
            if verdict.is_refused:
                self.refuse(start, end, verdict)
                continue
            qualifier = _qualifier(numeral.join if at + 1 < len(run) else "", before)
            if numeral is claim.last:
                end = max(end, _noun_end(claim.head, verdict.kind, end))
                if verdict.kind == "model_size" and qualifier is None:
                    words = frozenset((*claim.head.between, claim.head.noun))
                    qualifier = "active" if words & ACTIVE else "total" if words & TOTAL else None
            if verdict.kind == "model_size" and start_is_glued(self.text, start):
                start = name_start(self.text, start)
            if value > 0:
                self.keep(self._span(start, end), verdict, value, qualifier)

    def keep(self, span: Span, verdict: Verdict, value: float, qualifier: Qualifier | None = None) -> None:
        """Record one quantity."""
        role = self._role(span.start) if verdict.kind == "model_size" else None
        if verdict.kind not in FRACTIONAL:
            value = round(value) or value  # 8.3 times a billion is no whole number in binary
        self.found.append(Quantity(span, verdict.kind, value, verdict.rule, qualifier, role))

    def refuse(self, start: int, end: int, verdict: Verdict) -> None:
        """Record one refusal."""
        self.refused.append(Refusal(self._span(start, end), verdict.kind, verdict.rule))

    def width(self, start: int, end: int, value: float, verdict: Verdict | None) -> None:
        """Record the verdict on one bit width."""
        if verdict is None:
            return
        if verdict.is_refused:
            self.refuse(start, end, verdict)
        else:
            self.keep(self._span(start, end), verdict, value)

    def _span(self, start: int, end: int) -> Span:
        return Span(self.field, start, end, self.printed[start:end])

    def _role(self, at: int) -> Role | None:
        if self.field == "title" and at == 0:
            return "proposes"  # "Quux-7B: ..."
        start, end = self.sentence(at)
        return size_role(self.text[start:end], at - start)


def _qualifier(join: str, before: str) -> Qualifier | None:
    """Return what the marks on both sides of a numeral make of it."""
    if join == "active":
        return "total"
    if before == "active":
        return "active"
    if join == "range":
        return "range_low"
    return "range_high" if before == "range" else None


def _noun_end(head: Counted, kind: Kind, end: int) -> int:
    """Return the end of the noun when it belongs to the evidence, else `end`."""
    is_counted = (head.kind == "param" and kind in ("model_size", "trainable_params")) or (
        head.kind == "token" and kind in ("training_tokens", "context_tokens")
    )
    return head.end if is_counted else end

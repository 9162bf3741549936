"""From all finds of a paper to those that count: one method a span, none inside another, refusals with reasons.

Whether a single find counts is decided in `decisions`; this is where finds meet each other.
"""

import re
from collections.abc import Sequence

from pipelines.mentions.catalogue import GENERIC
from pipelines.mentions.contexts import PaperContext
from pipelines.mentions.decisions import verdict
from pipelines.mentions.matching import Hit
from pipelines.mentions.spans import Refusal

_LIST_NEAR = re.compile(r"[,/(]|\band\b|\bor\b")


def decide(groups: Sequence[tuple[Hit, ...]], context: PaperContext) -> tuple[list[Hit], list[Refusal]]:
    """Return the finds that count, one method each and none inside another, and the refusals."""
    accepted: list[Hit] = []
    refused: list[tuple[Hit, str]] = []
    # the bare word "adapter" last: what else has been found speaks for or against it
    for group in (
        *(g for g in groups if g[0].decide != "adapter"),
        *(g for g in groups if g[0].decide == "adapter"),
    ):
        kept: list[Hit] = []
        for hit in group:
            counts, why = verdict(hit, context)
            if counts:
                kept.append(hit._replace(rule=why))
            else:
                refused.append((hit, why))
        if kept:
            accepted.append(_one_sense(kept, context))
            context.has_specific = context.has_specific or accepted[-1].method != GENERIC
    accepted = _outermost(accepted)
    names = {(h.method, h.surface) for h, why in refused if _is_listed(h, why, accepted)}
    if names:
        rescued = (h for h, _ in refused if (h.method, h.surface) in names)
        accepted = _outermost(
            [*accepted, *(h._replace(rule=f"{h.rule}, in a list of methods") for h in rescued)]
        )
    if not refused:
        return accepted, []
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
            return hit._replace(rule=f"{hit.rule}, by arXiv id")
    spelled = [h for h in hits if "spelled out" in h.rule or "expansion in text" in h.rule]
    if len(spelled) == 1:
        return spelled[0]
    return hits[0]._replace(rule=f"{hits[0].rule}, ambiguous: {' | '.join(h.method for h in hits)}")


def _outermost(hits: list[Hit]) -> list[Hit]:
    """Return `hits` without those inside or across a longer one; the generic term competes only with itself."""
    if len(hits) < 2:
        return hits
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start, not h.is_known, h.method)):
        start, end = hit.start, hit.end
        is_generic = hit.method == GENERIC
        for other in kept:
            if (
                other.start < end
                and start < other.end
                and other.view is hit.view
                and (other.method == GENERIC) == is_generic
            ):
                break
        else:
            kept.append(hit)
    return sorted(kept, key=lambda h: (h.view.field != "title", h.start, h.method))


def _is_listed(hit: Hit, why: str, accepted: list[Hit]) -> bool:
    """Tell whether a short name that was not spelled out stands in a list of methods that are certain."""
    if hit.decide != "catalogue" or hit.surface != hit.alias or "vetoed" in why or "short for" in why:
        return False
    if re.search(r"[a-z][A-Z]", hit.surface) and any(
        a.decide == "catalogue"
        and a.view is hit.view
        and a.view.sentence_at(a.start) == a.view.sentence_at(hit.start)
        for a in accepted
    ):
        return True
    return any(
        a.view is hit.view
        and a.method != GENERIC
        and a.decide in {"lora", "catalogue", "adapter"}
        and 0 < max(a.start - hit.end, hit.start - a.end) <= 25
        and _LIST_NEAR.search(hit.view.plain[min(a.end, hit.end) : max(a.start, hit.start)])
        and hit.view.sentence_at(a.start) == hit.view.sentence_at(hit.start)
        for a in accepted
    )

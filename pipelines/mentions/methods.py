"""A paper's PEFT methods: finds, decisions, discoveries and roles put together into mentions.

The order matters: names that the paper introduces are judged first, so that a long form that belongs to a new
method ("Fancy Low-Rank Adaptation (FooLoRA)") is not counted for the old one inside it.
"""

import re
from functools import lru_cache
from itertools import pairwise

from pipelines.mentions import catalogue as catalogues
from pipelines.mentions.catalogue import GENERIC, Catalogue
from pipelines.mentions.contexts import PaperContext
from pipelines.mentions.discovery import Discovery, discover
from pipelines.mentions.expansions import letters
from pipelines.mentions.introductions import BY_SHAPE, Introduction, introductions
from pipelines.mentions.matching import LORA, Hit, Matcher, PaperText
from pipelines.mentions.occurrences import SHORT_FORM, occurrences, places
from pipelines.mentions.phrases import is_described
from pipelines.mentions.resolve import decide
from pipelines.mentions.roles import Roles
from pipelines.mentions.spans import Candidate, Mention, Refusal
from pipelines.mentions.triggers import counts_alone, has_stem
from pipelines.mentions.view import View

#: Methods whose names are those of a kind, by the words of titles that speak of the kind.
_OF_A_TITLE = {
    "Adapter": re.compile(r"adapter"),
    "Prompt Tuning": re.compile(r"prompt"),
    "Prefix Tuning": re.compile(r"prefix"),
    "LoRA": re.compile(rf"{LORA}|low rank"),
    GENERIC: re.compile(r"parameter efficient|\bpeft"),
}
#: The part of an abstract that its opening takes at most.
_LATE = 0.45
#: In a paper that names no method, a new one has its kind in its own name, or in what that is short for.
_MAY_NAME = re.compile(r"Ada|LoRA|LORA|Prompt|Tun|Low-[Rr]ank|PEFT|Parameter-[Ee]|Sparse")
#: What may stand before and behind a new name, which may have a plural s.
_NEW_NAME = re.compile(r"(?<![\w\-/.@])"), re.compile(r"(?:s(?!\w))?(?!\w)")
_IS_LORA = re.compile(r".LoRA|LoRA.", re.IGNORECASE)


@lru_cache(maxsize=4)
def matcher(catalogue: Catalogue) -> Matcher:
    """Return the matcher of a catalogue; building one costs some milliseconds."""
    return Matcher(catalogue)


def find_methods(
    title: str, abstract: str | None, paper_id: str = "", catalogue: Catalogue | None = None
) -> tuple[list[Mention], list[Refusal], list[Candidate]]:
    """Return the mentions of PEFT methods in one paper, what was refused, and the candidates for the catalogue."""
    catalogue = catalogue or catalogues.load_catalogue()
    paper = PaperText(title, abstract, paper_id)
    context = PaperContext(paper, catalogue)
    found = matcher(catalogue).find(paper)
    if not (any(_counts_alone(h, catalogue) for group in found for h in group) or has_stem(paper.key)):
        return [], [], []
    hits, refusals = decide(found, context)
    if not hits and not (context.is_near and any(_MAY_NAME.search(view.plain) for view in paper.views)):
        return [], refusals, []
    hits = _with_short_forms(hits, paper)
    introduced = introductions(paper)
    known = frozenset(
        n for h in hits if h.is_known for n in (letters(h.surface), letters(h.alias), letters(h.method))
    )
    discovered = discover(introduced, context, known, hits)
    hits = _with_discovered(hits, discovered, paper)
    hits, dropped = _without_expansions_of_others(hits, paper)
    roles = Roles(context, introduced, [d.name for d in discovered])
    names = {d.name for d in discovered}
    not_methods = {i.name for i in introduced if i.evidence not in BY_SHAPE} - names
    mentions = []
    for hit in hits:
        role, cue = roles.role(hit)
        if not hit.is_known and hit.method not in names and hit.method in not_methods:
            refused = Refusal(
                hit.view.span(hit.start, hit.end), "method", "introduced, but not as a PEFT method"
            )
            dropped.append(refused)
            continue
        mentions.append(
            Mention(hit.view.span(hit.start, hit.end), hit.method, hit.is_known, role, hit.rule, cue)
        )
    mentions = _with_base(_with_topic(_with_proposal(mentions, discovered), paper))
    mentions, parts = _without_parts(mentions, catalogue)
    return mentions, [*refusals, *dropped, *parts], [_candidate(d) for d in discovered]


def _counts_alone(hit: Hit, catalogue: Catalogue) -> bool:
    method = catalogue.by_name(hit.method)
    return method is not None and counts_alone(method, hit.alias)


def _with_short_forms(hits: list[Hit], paper: PaperText) -> list[Hit]:
    """Return `hits` with the short forms that the paper itself gives to the methods found, such as "(PT)"."""
    new: list[Hit] = []
    for view, e in paper.expansions:
        named = [
            h
            for h in hits
            if h.view is view and h.is_known and h.start <= e.long_start + 1 and e.long_end <= h.end + 1
        ]
        if named and not any(
            h.view is view and h.start < e.short_end and e.short_start < h.end for h in hits
        ):
            new += [
                Hit(v, start, end, named[0].method, True, e.short, "short form given in the text", None)
                for v in paper.views
                for start, end in occurrences(e.short, v, SHORT_FORM)
            ]
    return sorted([*hits, *new], key=lambda h: (h.view.field != "title", h.start, h.method)) if new else hits


def _with_discovered(hits: list[Hit], discovered: list[Discovery], paper: PaperText) -> list[Hit]:
    """Return `hits` with every occurrence of the discovered names, which win over what they overlap."""
    new: list[Hit] = []
    for found in discovered:
        new += [
            Hit(view, start, end, found.name, False, found.name, "discovered", None)
            for view in paper.views
            for start, end in occurrences(found.name, view, _NEW_NAME, is_any_case=len(found.name) >= 5)
        ]
    kept = [
        h
        for h in hits
        if h.method == GENERIC
        or not any(n.view is h.view and n.start < h.end and h.start < n.end for n in new)
    ]
    return sorted([*kept, *new], key=lambda h: (h.view.field != "title", h.start, h.method))


def _without_expansions_of_others(hits: list[Hit], paper: PaperText) -> tuple[list[Hit], list[Refusal]]:
    """Drop what stands inside the long form of another method's short form; return the rest and the refusals.

    The generic term and prompt tuning are named for themselves there too: "DomPT: Domain-Specific Prompt Tuning".
    """
    regions: list[tuple[View, int, int, str]] = []
    # far from its short form a long form takes only known finds, and none that it begins with: the find must be qualified,
    # as in "mixture of Kronecker adapters"
    qualified: list[tuple[View, int, int, str]] = []
    for view, e in paper.expansions:
        owner = next(
            (
                h
                for h in hits
                if h.view is view
                and h.method != GENERIC
                and h.start < e.short_end
                and e.short_start < h.end
                and not (e.long_start <= h.start and h.end <= e.long_end)
            ),
            None,
        )
        if owner is not None:
            regions.append((view, e.long_start, e.long_end, owner.method))
            long = view.key[e.long_start : e.long_end].strip()
            qualified += [
                (v, at + 1, at + len(long), owner.method) for v in paper.views for at in places(v.key, long)
            ]
    # "low-rank adaptation with 4-bit weights (QFoo)": the phrase belongs to the name in the brackets behind it
    for hit in hits:
        if (
            hit.surface.lower().endswith("lora")
            and hit.method != "LoRA"
            and hit.view.plain[hit.start - 1 : hit.start] == "("
        ):
            start = max(hit.view.plain.rfind(c, 0, hit.start - 1) for c in ".,;:") + 1
            regions.append((hit.view, max(start, hit.start - 70), hit.start, hit.method))
    kept, refusals = [], []
    for hit in hits:
        owner_name = next(
            (
                m
                for v, s, e, m in ([*regions, *qualified] if hit.is_known else regions)
                if v is hit.view and s <= hit.start and hit.end <= e and m != hit.method
            ),
            None,
        )
        if owner_name is None or hit.method in {GENERIC, "Prompt Tuning"}:
            kept.append(hit)
        else:
            span = hit.view.span(hit.start, hit.end)
            refusals.append(Refusal(span, "method", f"part of what {owner_name} is short for"))
    return kept, refusals


def _with_proposal(mentions: list[Mention], discovered: list[Discovery]) -> list[Mention]:
    """Make sure that every discovered method is proposed somewhere: at the span that introduces it."""
    for found in discovered:
        if any(m.method == found.name and m.role == "proposes" for m in mentions):
            continue
        for index, mention in enumerate(mentions):
            if mention.method == found.name:
                mentions[index] = mention._replace(
                    role="proposes", cue=f"introduced: {found.introduction.evidence}"
                )
                break
    return mentions


def _with_topic(mentions: list[Mention], paper: PaperText) -> list[Mention]:
    """Count as used what a paper's title speaks of, and what its background dwells on.

    Where a method is proposed, only kinds of methods are counted so: what one of a kind is set against is of its kind.
    Of LoRA, which most of them are set against, a title says nothing. What is named again and again, or past the
    opening of an abstract, is what the paper works with, whatever its sentences say.
    """
    is_proposing = any(m.role == "proposes" for m in mentions)
    for method in sorted({m.method for m in mentions}):
        own = [m for m in mentions if m.method == method]
        background = [
            i for i, m in enumerate(mentions) if m.method == method and m.cue == "background sentence"
        ]
        if any(m.role != "mentions" for m in own) or not background:
            continue
        cue = _topic(method, own, [mentions[i] for i in background], paper, is_proposing=is_proposing)
        if cue is not None:
            last = background[-1]
            mentions[last] = mentions[last]._replace(role="uses", cue=f"topic: {cue}")
    return mentions


def _topic(
    method: str, own: list[Mention], background: list[Mention], paper: PaperText, *, is_proposing: bool
) -> str | None:
    """Return what makes a method, of which a paper's `own` mentions all only mention it, a topic of the paper, or None."""
    if _n_namings(background) >= (2 if method == "LoRA" and not is_proposing else 3):
        return "named several times"
    if any(m.span.start > _LATE * len(paper.abstract.text) for m in background):
        return "late in the abstract"
    words = _OF_A_TITLE.get(method)
    if is_proposing and (words is None or method == "LoRA"):
        return None
    if words is not None and words.search(paper.title.key) is not None:
        return "of the title's kind"
    n_sentences = len({paper.abstract.text.count(". ", 0, m.span.start) for m in own})
    return "several background sentences" if len(background) >= 2 and n_sentences >= 2 else None


def _n_namings(mentions: list[Mention]) -> int:
    """Return how often mentions of one method name it: a long form and the short one behind it are one naming."""
    spans = sorted((m.span.field, m.span.start, m.span.end) for m in mentions)
    return len(spans) - sum(a[0] == b[0] and b[1] - a[2] <= 2 for a, b in pairwise(spans))


def _without_parts(mentions: list[Mention], catalogue: Catalogue) -> tuple[list[Mention], list[Refusal]]:
    """Drop prompts that are only described where a known way of tuning prompts is proposed: they are its parts.

    Prompt tuning that is named by its name stays; return the rest and the refusals.
    """
    described = [m for m in mentions if m.method == "Prompt Tuning"]
    if not described or not all(is_described(m.rule) for m in described):
        return mentions, []
    owner = next((m.method for m in mentions if m.role == "proposes" and _tunes_prompts(m, catalogue)), None)
    if owner is None:
        return mentions, []
    refusals = [Refusal(m.span, "method", f"the prompts here are parts of {owner}") for m in described]
    return [m for m in mentions if m.method != "Prompt Tuning"], refusals


def _tunes_prompts(mention: Mention, catalogue: Catalogue) -> bool:
    method = catalogue.by_name(mention.method)
    return method is not None and method.family == "soft-prompt"


def _with_base(mentions: list[Mention]) -> list[Mention]:
    """Count LoRA as used in a paper that proposes a LoRA of its own: what is varied is worked with, not only named."""
    if any(m.role == "proposes" and _IS_LORA.search(m.method) for m in mentions) and all(
        m.role == "mentions" for m in mentions if m.method == "LoRA"
    ):
        last = max((i for i, m in enumerate(mentions) if m.method == "LoRA"), default=None)
        if last is not None:
            mentions[last] = mentions[last]._replace(role="uses", cue="base of the proposed variant")
    return mentions


def _candidate(found: Discovery) -> Candidate:
    intro: Introduction = found.introduction
    start, end = intro.view.sentence_around(intro.start)
    return Candidate(
        intro.view.span(intro.start, intro.end),
        found.name,
        found.evidence,
        found.family,
        intro.view.plain[start:end].strip(),
    )

"""The names that a paper introduces: "we propose X", "a method called X", "Long Form (X)", the head of the title.

Finds names of anything; whether one names a PEFT method is judged in `discovery`, and catalogued names go to `roles`.
"""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from pipelines.mentions.coined import is_coined, is_common, is_named_type, is_plain
from pipelines.mentions.coined_types import coined_types
from pipelines.mentions.constructions import CALLED, NAME, constructions, may_introduce, verb_ends
from pipelines.mentions.matching import PaperText
from pipelines.mentions.models import is_family
from pipelines.mentions.occurrences import SHORT_FORM, occurrences
from pipelines.mentions.own_work import is_own, own_work_begins
from pipelines.mentions.view import View

_BASELINE = re.compile(
    r"\b(?:compar\w+|outperform\w*|surpass\w*|exceed\w*|than|over|against|beats?|such as|like|including|e\.g\.?|unlike|existing|baselines?"
    r"|prior|previous|recent|standard|vanilla|conventional|traditional|popular|based on|built (?:on|upon)|building (?:on|upon)|extend\w*|versus|vs)\b[^;:]{0,60}$",
    re.IGNORECASE,
)
#: A capitalised word right behind a name: the name goes on, and what was read is not the whole of it.
_MORE_OF_A_NAME = re.compile(r" (?!PEFT|[Vv]\d)[A-Z]\w+")
_TYPE_OF_A_NAME = re.compile(r" (?:LoRA|Adapters?)\b")
_BRACKETED = re.compile(rf" \(({NAME})\)")
_TITLE_HEAD = re.compile(rf"^\W{{0,3}}(?P<name>{NAME}(?: [A-Z][\w\-+]*){{0,2}}) ?(?::|,? - | -- ?)")
#: Words that a phrase may have swallowed before the name that it is: "termed Fourier Adapter", "but effective visual adapter".
_LEAD = re.compile(r"(?:(?:termed|called|named|dubbed|the|a|an|but|yet|and|effective|simple|novel|new) )+")
_TITLE_TAIL = re.compile(rf"(?::| --?) (?P<name>{NAME})$")
#: "Quiet Prompt Tuning for ...", "Less Is Enough: Sparse Row Adaptation": a name by its last word.
_TITLE_PHRASE = re.compile(
    r"(?:^|: )(?P<name>(?:[A-Z][\w\-]*,? ){1,4}(?:Adapter|LoRA|(?:[A-Z]\w*-)*[Tt]uning|Adaptation|Prompt(?: Learning| Optimi[sz]ation|ing)))"
    r"s?(?= (?:[Ff]or|[Tt]o|[Ii]n|[Ff]ine|[Ww]ith|[Vv]ia|[Uu]sing)\b|:|\.? ?$)"
)
_BREAK = re.compile(
    r"(?<![\w\-])(?:with|using|via|on|based|by|through|from|of|for|that|which|in|into|leveraging|combining|integrat\w*"
    r"|employ\w*|to|such as|like|including|compared|than|over|between|under|without|where|inspired|upon|atop|and"
    r"|utiliz\w*|called|within|towards?)(?![\w\-])"
)
_CLAUSE_END = re.compile(
    r"\b(?:that|which|to|by|where|whose|enabling|allowing|with|using|via|through|leverag\w+|based on|built on|building on"
    r"|employ\w+|utili[sz]\w+|incorporat\w+|while)\b|, (?:we|and we|it)\b|[.;]"
)
_OUR = re.compile(
    r"\b[Oo]ur (?:\w+[ \-]){0,3}$|\b(?:[Tt]he|[Oo]ur) (?:newly )?proposed (?:\w+ ){0,3}$"
    r"|\b(?:[Oo]ur|[Tt]he|[Tt]his) (?:\w+ ){0,3}(?:method|approach|framework|solution|technique)s?[:,] $"
)
_LONGEST_OUR = 120
_CALLED_AT_END = re.compile(rf"{CALLED} (?:the )?\W*$")
_EARLIER = re.compile(r"\b(?:prior|previous|earlier|existing|recent)(?: \w+){0,2} (?:[\w\-]+ ){0,4}[\w\-]*$")
_TYPE_WORDS = ("lora", "low-rank", "adapter", "prompt", "prefix", "tuning", "adaptation")
#: A long form that says itself, by its last word, that it names a part that is trained.
_TYPED_LONG = re.compile(r"(?:adapters?|lora|low-rank adaptation|prompt tuning|prefix tuning|prompts?) ?$")
_SUM = re.compile(r"\+\w")
_METHOD_ENDS = ("LoRA", "Adapter", "Adapters")
_OTHERS = re.compile(
    r"\b(?:recent(?:ly)?|existing|previous(?:ly)?|prior|popular|well known|state of the art|widely|commonly|conventional"
    r"|standard|representative|often|has been|have been|was)\b"
)
_WORD = re.compile(r"[a-z]+")
_NOT_APPOSED = re.compile(
    r"\b(?:such as|including|like|compared|e\.g|on|datasets?|benchmarks?|tasks?|models?)\b"
)


#: Evidence that a name alone gives, by its type: it may be the work of others, when the catalogue knows it.
BY_SHAPE = frozenset(("by type", "part"))


class Introduction(NamedTuple):
    """A name that the paper introduces at `start`..`end` of `view.plain`; `head` is the key of the words that say what it is."""

    view: View
    start: int
    end: int
    name: str
    evidence: str
    head: str
    long: str


def introductions(paper: PaperText) -> list[Introduction]:
    """Return every introduced name, in reading order; one name may be introduced more than once."""
    found: dict[tuple[str, int, int], Introduction] = {}
    own_from = own_work_begins(paper.abstract)
    for intro in (
        *_from_title(paper),
        *_from_abstract(paper.abstract, {e.short for _, e in paper.expansions}),
        *_from_expansions(paper, own_from),
        *_of_a_type(paper.abstract, own_from),
    ):
        key = (intro.view.field, intro.start, intro.end)
        if key not in found or len(intro.long) > len(found[key].long):
            found[key] = intro
    named = (i for i in found.values() if _may_be_new(i))
    return sorted(named, key=lambda i: (i.view.field != "title", i.start, i.end))


def _may_be_new(intro: Introduction) -> bool:
    """Tell whether a name is no common word, no sum ("Foo-14B+LoRA") and no version of a model family ("SAM3-Adapter" is none)."""
    name = intro.name
    if is_common(name) or _SUM.search(name) is not None:
        return False
    return bool(intro.long) or name.endswith(_METHOD_ENDS) or not is_family(name)


def _from_title(paper: PaperText) -> Iterator[Introduction]:
    title = paper.title
    match = _TITLE_HEAD.match(title.plain)
    if (
        match is not None
        and (" " not in match["name"].replace(" V", "") or is_named_type(match["name"]))
        and not is_common(match["name"])
    ):
        start, end = match.span("name")
        yield Introduction(title, start, end, match["name"], "title head", title.key[match.end() :], "")
    tail = _TITLE_TAIL.search(title.plain)
    if tail is not None and is_coined(tail["name"]):
        yield Introduction(
            title, *tail.span("name"), tail["name"], "title tail", title.key[: tail.start()], ""
        )
    phrase = _TITLE_PHRASE.search(title.plain)
    if phrase is not None and not is_plain(phrase["name"]):
        start, end = phrase.span("name")
        yield Introduction(title, start, end, phrase["name"], "title phrase", title.key[phrase.end() :], "")


def _from_abstract(view: View, spelled: Collection[str]) -> Iterator[Introduction]:
    for index, words in enumerate(view.sentence_words):
        if not may_introduce(words):
            continue
        left, right = view.sentences[index]
        sentence = view.plain[left:right]
        is_ours = is_own(words, view.key[left:right])
        for kind, match in constructions(sentence, words, is_own=is_ours):
            if kind == "in brackets" and not _is_coined_in_brackets(match, spelled):
                continue
            if not _is_of_others(kind, match, sentence) and (is_ours or index > 0 or kind != "named"):
                yield from _introduced(view, kind, match, "name", index)
                if match.groupdict().get("other"):
                    yield from _introduced(view, kind, match, "other", index)


def _is_coined_in_brackets(match: re.Match[str], spelled: Collection[str]) -> bool:
    """Tell whether what stands in brackets is a name of its own, and not short for the words before it."""
    name = match["name"]
    return name not in spelled and is_coined(name) and _NOT_APPOSED.search(match["np"]) is None


def _is_of_others(kind: str, match: re.Match[str], sentence: str) -> bool:
    """Tell whether the words before a name give it to the work of others, or make it no apposition."""
    if kind == "apposed":
        return _NOT_APPOSED.search(match["np"][-40:]) is not None
    if kind not in {"named", "direct"}:
        return False
    near = sentence[max(0, match.start() - 70) : match.start()]
    return (
        _OTHERS.search(near.lower().replace("-", " ")) is not None
        and re.search(r"\b[Ww]e |[Tt]his (?:paper|work)", near) is None
    )


def _introduced(
    view: View, kind: str, match: re.Match[str], group: str, index: int
) -> Iterator[Introduction]:
    """Yield the name that a construction matched in the sentence `index`, cut or grown to the whole of it."""
    left, right = view.sentences[index]
    lead = _LEAD.match(match[group]) if kind == "phrase" else None
    skipped = lead.end() if lead else 0
    name = _trim(match[group][skipped:])
    start = left + match.start(group) + skipped
    end = start + len(name)
    if kind in {"direct", "named"} and not name.endswith("LoRA"):
        if (more := _TYPE_OF_A_NAME.match(view.plain, end)) is not None:
            end, name = more.end(), view.plain[start : more.end()]
        elif _MORE_OF_A_NAME.match(view.plain, end):
            return
    if kind == "phrase" and " of " in name:
        return  # "the application of LoRA"
    if kind.endswith("phrase") and is_plain(name) and not _is_told_of(name, view, end):
        return
    if " " in name and (short := _BRACKETED.match(view.plain, end)) is not None and is_coined(short[1]):
        # letters that do not align, as in "Foo Point-level Prompt Tuning (F3T)", but a name for it all the same
        head = _head(view, left + match.start(), short.span(1), right)
        yield Introduction(view, *short.span(1), short[1], "expansion", head, name)
        return
    position = match.start()
    if kind == "capitalised phrase" and (initials := _initials(name, view, end)) is not None:
        head = _head(view, left + position, (start, end), right)
        yield Introduction(view, *initials, view.plain[slice(*initials)], "expansion", head, name)
        return
    if kind in {"named", "called"}:
        position = _after_verb(view.plain[left : left + position], view.sentence_words[index])
    yield Introduction(view, start, end, name, kind, _head(view, left + position, (start, end), right), "")


def _is_told_of(name: str, view: View, end: int) -> bool:
    """Tell whether a phrase is printed and told of as a name is: "Continual Prompt Tuning, a framework that"."""
    words = name.split()
    return (
        len(words) > 2
        and all(w[0].isupper() for w in words)
        and view.plain.startswith((", a ", ", an "), end)
    )


def _initials(name: str, view: View, end: int) -> tuple[int, int] | None:
    """Return where a text goes on, behind a phrase, to use its initials as a name: "Mossy Row Scaling ... MRS learns"."""
    short = "".join(part[0] for part in re.split(r"[ \-]", name) if part[:1].isupper())
    if not is_coined(short):
        return None
    return next((span for span in occurrences(short, view, SHORT_FORM) if span[0] >= end), None)


def _of_a_type(view: View, own_from: int) -> Iterator[Introduction]:
    """Yield "FooLoRA", "Foo-LoRA" and "Foo Adapter" where the paper tells of its own work, and not as what it is compared with."""
    for match in coined_types(view.plain):
        name, (start, end) = match["name"], match.span("name")
        if name.startswith(("A ", "An ", "The ")):
            article = name.index(" ") + 1
            name, start = name[article:], start + article
        left, right = view.sentence_around(start)
        if " " in name and (start - left <= 1 or is_plain(name)):
            continue  # the first word has its capital from the sentence
        if " " not in name and not is_coined(name):
            continue
        if (
            left < own_from
            or _BASELINE.search(view.plain, left, start)
            or _OTHERS.search(view.key, left, start)
        ):
            continue
        short = _BRACKETED.match(view.plain, end) if " " in name else None
        if short is not None and is_coined(short[1]):
            at = short.span(1)
            yield Introduction(view, *at, short[1], "expansion", _head(view, start, at, right), name)
        else:
            yield Introduction(view, start, end, name, "by type", _head(view, start, (start, end), right), "")


def _after_verb(before: str, words: frozenset[str]) -> int:
    """Return where the last verb of introducing in `before` ends, or else where the last 80 characters begin."""
    ends = verb_ends(before, words)
    return ends[-1] if ends else max(0, len(before) - 80)


def _trim(name: str) -> str:
    name = name.rstrip(".,;:*").removesuffix("'s")
    return name.strip("()") if name.count("(") != name.count(")") else name


def _head(view: View, left: int, name: tuple[int, int], right: int) -> str:
    """Return the key of a name and of the words before and behind it that say what it is, up to where clauses end."""
    start, end = name
    stop = _CLAUSE_END.search(view.plain, end, right)
    last = stop.start() if stop else right
    first = _CLAUSE_END.search(view.plain, min(start, left + 12), start)
    if first is None:
        return view.key[left:last]
    return view.key[left : first.start()] + view.key[start:last]


def _from_expansions(paper: PaperText, own_from: int) -> Iterator[Introduction]:
    for view, e in paper.expansions:
        if view.field == "title":
            head = view.key[e.long_start : e.long_end]
            yield Introduction(view, e.short_start, e.short_end, e.short, "title expansion", head, e.long)
            continue
        index = view.sentence_at(e.short_start)
        left, right = view.sentences[index]
        first = min(e.short_start, e.long_start)
        long = e.long.lower()
        is_variant = "LoRA" in e.short or any(map(long.__contains__, _TYPE_WORDS))
        kind = "expansion"
        gap_from = _introducing(view.plain[left:first], view.sentence_words[index], is_variant=is_variant)
        if gap_from is None and is_variant and e.short_start < e.long_start and e.short_start - left < 25:
            # the subject of its sentence: "At its core, FooLoRA (...) modulates"
            gap_from = e.short_start - left
        if (
            gap_from is None
            and left > own_from
            and _TYPED_LONG.search(long) is not None
            and not _is_interrupted(view.plain[left:first], is_variant=True)
        ):
            # a part of what the authors propose: "FooNet relies on a Bar-aware Adapter (BA)"
            kind, gap_from = "part", max(0, first - left - 60)
        if gap_from is not None:
            end = max(e.short_end, e.long_end)
            stop = _CLAUSE_END.search(view.plain, end, right)
            head = view.key[left + gap_from : stop.start() if stop else right]
            yield Introduction(view, e.short_start, e.short_end, e.short, kind, head, e.long)


def _introducing(before: str, words: frozenset[str], *, is_variant: bool) -> int | None:
    """Return where, in the text before a long or short form, the words that introduce it begin, or None.

    `words` are those of the whole sentence. What says itself that it is a PEFT method may stand deep in a sentence on
    the authors' own work: "... along with fancy LoRA (FaLoRA)".
    """
    own = _OUR.search(before, max(0, len(before) - _LONGEST_OUR))
    if own is not None:
        begins = own.start()
    else:
        ends = verb_ends(before, words)
        if not ends:
            return None
        lower, begins = before.lower(), ends[-1]
        if not is_own(frozenset(_WORD.findall(lower)), lower) or _is_interrupted(before[begins:], is_variant):
            return None
    # not "building on our previous Foo Tuning (FT)"
    return None if _EARLIER.search(before) else begins


def _is_interrupted(gap: str, is_variant: bool) -> bool:
    """Tell whether the words between a verb of introducing and a form keep the verb from reaching it."""
    if is_variant:
        return _BASELINE.search(gap) is not None or _OTHERS.search(gap) is not None
    return _BREAK.search(gap.lower().replace(",", " ")) is not None and _CALLED_AT_END.search(gap) is None

"""The pretrained models that a paper names: family and version, as the field writes them.

What belongs here: matching the names of `lexicon/models.toml` and reading the version after them. The names, and
what an ambiguous one needs beside it, are data there.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import ahocorasick_rs

from pipelines.mentions.catalogue import lexicon
from pipelines.mentions.lazy import Lazy
from pipelines.mentions.links import in_url
from pipelines.mentions.spans import ModelMention, Span

# A version is a number that is not a size: "Llama 2", "Llama-3.1-8B", but not "LLaMA-7B".
_VERSION = re.compile(
    r"[- ]?[vV]?(\d{1,2}(?:\.\d{1,2})?)(?!\.?\d|\s?-?(?:[BMK]|[bmk])(?![A-Za-z])|\s?(?:[bm]illion|%|\\%|x\b|×)|/\d)([oV](?![A-Za-z]))?"
)
_SIZE = re.compile(r"[-: (]{0,2}\d+(?:\.\d+)?[BbMm](?![A-Za-z])")
# "LLaMA 1 & 2": the second number is a version too.
_MORE_VERSIONS = re.compile(
    r"\s?(?:&|\\&|/|and)\s?(\d(?:\.\d)?)(?!\.?\d|\s?-?[BMKbmk](?![A-Za-z])|\s?(?:[bm]illion|%|\w))"
)
_SPACE = re.compile(r"[- ]")
_SPEAK_OF_MODELS = (
    "model",
    "llm",
    "pretrain",
    "pre-train",
    "transformer",
    "gpt",
    "bert",
    "llama",
    "clip",
    "diffusion",
)


@dataclass(frozen=True)
class Family:
    """One entry of the catalogue; see the head of `models.toml` for the meaning of its fields."""

    name: str
    spellings: tuple[str, ...]
    version: str | None = None
    same_as: frozenset[str] = frozenset()
    variants: tuple[str, ...] = ()
    exact: bool = False
    needs: tuple[str, ...] = ()
    needs_version: bool = False
    is_word: bool = False
    never: tuple[str, ...] = ()
    ignored: bool = False

    @Lazy
    def is_demanding(self) -> bool:
        """Something must stand beside the bare name before it counts."""
        return self.needs_version or self.is_word or bool(self.needs)


@dataclass(frozen=True)
class _Catalogue:
    #: Spellings found in any case of letters, in lower case, and those found only as printed ("OPT", not "opt").
    free: dict[str, Family]
    exact: dict[str, Family]
    not_names: frozenset[str]

    @Lazy
    def automata(self) -> tuple[tuple[ahocorasick_rs.AhoCorasick, list[Family]], ...]:
        """The automaton over lower-cased text and the one over text as printed, each with its patterns' families."""
        return tuple(
            (
                ahocorasick_rs.AhoCorasick(
                    list(spellings),
                    matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
                    implementation=ahocorasick_rs.Implementation.DFA,  # twice as fast as the default, for some memory
                ),
                list(spellings.values()),
            )
            for spellings in (self.free, self.exact)
        )


def _spellings(name: str, given: list[str]) -> tuple[str, ...]:
    written = {name.lower(), *(g.lower() for g in given)}
    for spelling in tuple(written):
        if _SPACE.search(spelling):
            written |= {_SPACE.sub(" ", spelling), _SPACE.sub("-", spelling), _SPACE.sub("", spelling)}
    return tuple(sorted(written))


@cache
def _catalogue() -> _Catalogue:
    data = lexicon("models")
    families: dict[str, Family] = {}
    words = frozenset(data["words"])
    for name in data["plain"]:
        is_telling = sum(c.isupper() for c in name) > 1 or any(c.isdigit() for c in name)
        is_word = name in words
        family = Family(name, _spellings(name, []), exact=not is_telling or is_word, is_word=is_word)
        families |= dict.fromkeys(family.spellings, family)
    for entry in data["family"]:
        family = Family(
            entry["name"],
            _spellings(entry["name"], entry.get("spellings", [])),
            version=entry.get("version"),
            same_as=frozenset(entry.get("same_as", [])),
            variants=tuple(entry.get("variants", [])),
            exact=entry.get("exact", False),
            needs=tuple(entry.get("needs", [])),
            needs_version=entry.get("needs_version", False),
            never=tuple(entry.get("never", [])),
            ignored=entry.get("ignored", False),
        )
        families |= dict.fromkeys(family.spellings, family)
    free: dict[str, Family] = {}
    exact: dict[str, Family] = {}
    for spelling, family in sorted(families.items()):
        if family.exact and len(spelling) == len(family.name):
            exact |= dict.fromkeys((family.name, *(_SPACE.sub(blank, family.name) for blank in " -")), family)
        else:
            free[spelling] = family
    return _Catalogue(free, exact, frozenset(data["parts"]))


@cache
def family_words() -> frozenset[str]:
    """Return the parts of the names of all families, in lower case: what "OPT-" in "OPT-350M" is looked up in."""
    words = set()
    for family in (*_catalogue().free.values(), *_catalogue().exact.values()):
        words |= {part.lower() for part in re.findall(r"[A-Za-z]+\d|[A-Za-z]{2,}", family.name)}
    return frozenset(words - _catalogue().not_names)


def is_family(name: str) -> bool:
    """Say whether `name` is the name of a model family, with its version or a size at most."""
    if name in _catalogue().exact or name.lower() in _catalogue().free:
        return True
    head = re.split(r"[- ]?\d", name, maxsplit=1)[0]
    return head != name and (head in _catalogue().exact or head.lower() in _catalogue().free)


def find_models(
    title: str, abstract: str, *, may_print: bool = True, may_lower: bool = True
) -> list[ModelMention]:
    """Return the named pretrained models of a paper, title first, in order of their place.

    Whoever has asked the two triggers below may say that the paper does not match one of them: its names are not
    looked for then.
    """
    text = (
        f"{title}\n{abstract}"  # read in one piece: what a name needs beside it may stand in the other field
    )
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter that grows when lowered would shift every offset after it
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    (free, free_families), (exact, exact_families) = _catalogue().automata
    matches: list[tuple[int, int, Family]] = []
    if may_lower:
        matches = [(s, e, free_families[n]) for n, s, e in free.find_matches_as_indexes(lowered)]
    if may_print and (printed := exact.find_matches_as_indexes(text)):
        matches += [(s, e, exact_families[n]) for n, s, e in printed]
        matches.sort(key=_place)
    found: list[ModelMention] = []
    reached = 0
    for start, end, family in matches:
        if start < reached or (start and ((before := text[start - 1]).isalnum() or before in "_@/")):
            continue  # inside a longer name, or a longer word
        reached = end
        mention = _read(text, lowered, reached, family)
        if mention is None or in_url(text, start):
            continue
        stop, name = mention
        found.append(ModelMention(_span(text, start, stop, len(title)), name))
        if not (family.version and text[stop - 1].isdigit() and (name[-1].isdigit() or family.same_as)):
            continue
        if (more := _MORE_VERSIONS.match(text, stop)) is not None:
            other = family.version.replace("{v}", more[1])
            found.append(ModelMention(_span(text, *more.span(1), len(title)), other))
    return found


def _place(match: tuple[int, int, Family]) -> tuple[int, int]:
    """Return what matches are sorted by: where they begin, the longest first."""
    start, end, _ = match
    return start, -end


def _span(text: str, start: int, end: int, title_end: int) -> Span:
    """Return the span of title or abstract that `text[start:end]` is, the two joined by one line break."""
    if start < title_end:
        return Span("title", start, end, text[start:end])
    first = title_end + 1
    return Span("abstract", start - first, end - first, text[start:end])


def _read(text: str, lowered: str, end: int, family: Family) -> tuple[int, str] | None:
    """Return where the name ends, with its version, and the model's name; None when another thing is meant."""
    if family.ignored:
        return None
    version = _VERSION.match(text, end) if family.version is not None else None
    behind = version.end() if version else end
    after = text[behind : behind + 1]
    if (
        after.isalnum()
        and not (after == "s" and not text[end + 1 : end + 2].isalnum())
        and not (version or _SIZE.match(text, end))
    ):
        return None
    if family.is_demanding and version is None and _SIZE.match(text, end) is None:
        if family.needs_version or (family.needs and not any(word in text for word in family.needs)):
            return None
        if family.is_word and not any(word in lowered for word in _SPEAK_OF_MODELS):
            return None
    if family.never and any(word in text for word in family.never):
        return None
    name = family.name
    if version is not None and family.version:
        end = version.end()
        if version[1] not in family.same_as:
            name = family.version.replace("{v}", version[1] + (version[2] or ""))
    return _with_variant(text, end, name, family) if family.variants else (end, name)


def _with_variant(text: str, end: int, name: str, family: Family) -> tuple[int, str]:
    at = end + 1 if text[end : end + 1] in "- " else end
    for variant in family.variants:
        stop = at + len(variant)
        if text[at:stop].lower() == variant.lower() and not text[stop : stop + 1].isalnum():
            join = (
                " "
                if " " in name
                or variant[0].islower()
                or variant in ("Turbo", "Pro", "Flash", "Ultra", "Nano", "Robotics")
                else "-"
            )
            if family.name in ("Claude", "Mistral"):
                join = " "
            return stop, f"{name}{join}{variant}"
    return end, name


def _trigger(spellings: Iterable[str]) -> str:
    """Build the pattern of texts that may have one of `spellings`: the shortest, at the start of a word."""
    kept: list[str] = []
    for spelling in sorted(spellings, key=len):
        if not any(spelling.startswith(short) for short in kept):
            kept.append(spelling)
    return r"(?:^|[^A-Za-z0-9_@/])(?:" + "|".join(re.escape(s) for s in sorted(kept)) + ")"


#: A text in which `find_models` finds something matches the first as printed, or the second when lower-cased (Rust and
#: Python syntax alike). Two patterns, because folding case in one takes several times as long.
PRINTED_MODEL_TRIGGER, LOWER_MODEL_TRIGGER = _trigger(_catalogue().exact), _trigger(_catalogue().free)

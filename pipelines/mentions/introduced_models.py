"""The pretrained models that a paper introduces itself and no catalogue has: "we release Foo, a 7B language model".

What belongs here: the constructions that say so, and what becomes of catalogued names inside such a name ("LLaMA" in
"Foo-LLaMA"). Catalogued names are `models`; methods that a paper introduces are `introductions`.
"""

import re
from collections.abc import Iterator

import polars as pl

from pipelines.mentions.links import in_url
from pipelines.mentions.occurrences import places
from pipelines.mentions.spans import Field, ModelMention, Span

#: Verbs of introducing, by their stems, which are quicker to find than a pattern.
_VERBS_OF_STEM = {
    "introduc": "(?:es?|ing)",
    "present": "(?:s|ing)?",
    "propos": "(?:es?|ing)",
    "releas": "(?:es?|ing)",
    "develop": "(?:s|ed)?",
    "train": "(?:ed)?",
    "buil": "[dt]",
}
_VERB = "(?:" + "|".join(stem + endings for stem, endings in _VERBS_OF_STEM.items()) + r")(?:\sand\s[a-z-]+)?"
#: Words for models before "model", and short forms that are the head of a phrase by themselves ("an MLLM").
_KINDS = "|".join(
    f"[{kind[0].upper()}{kind[0]}]{kind[1:]}"
    for kind in (
        "language", "foundation", "foundational", "pre-?trained", "embedding", "reasoning", "multi-?[Mm]odal", "world",
        "diffusion", "omni", "omni-?[Mm]odal", "code", "reward", "generalist", "speech", "encoder", "generative",
        "transformer", "mixture-of-[Ee]xperts", "vision-[Ll]anguage(?:-[Aa]ction)?",
    )
)  # fmt: skip
_HEAD = (
    rf"(?:(?:{_KINDS}|MoE|[0-9.]+[BM](?:-parameter)?)\s(?:base\s|chat\s)?[Mm]odels?"
    r"|(?:M?LLM|L?VLM|SLM|LMM|VLA|PLM|LALM|LM)s?)"
)
#: What goes on telling of a model, behind the head of the phrase; "an LLM post-training framework" is no model.
_GOES_ON = (
    "for|that|which|with|trained|pre-?trained|designed|built|to|in|specifically|speciali[sz]ed|tailored|capable|developed"
    "|of|by|optimi[sz]ed|adapted|fine-?tuned|ranging|on|from|based on|created|able|and|using|whose|where|supporting"
    "|comprising"
)
_BEHIND = rf"(?: \(\w+\))?(?= ?(?:[,.;:)]|$|-- |—|\((?!\w+\)))| (?:{_GOES_ON})\b)"
#: Words that end the phrase before its head, or make it that of another thing ("a framework leveraging LLMs").
_NO_PART = (
    r"(?<!family )(?<!series )(?<!suite )(?<!collection )of|for|to|that|which|with|by|in|on|from|using|via|upon|is|are|as"
    r"|where|we|through|into|towards?|than|against|extension|consisting"
    r"|(?:[Ll]everag|combin|integrat|adapt|measur|employ|utili[sz]|exploit|enabl|extend|train|tun|evaluat|driv|harness|mov"
    r"|augment|empower|optimi[sz]|align|bridg|equipp|benchmark|prob|detect|explor)(?:s|es|ing)?"
    r"|frameworks?|systems?|methods?|approach(?:es)?|techniques?|benchmarks?|datasets?|pipelines?|platforms?"
    r"|librar(?:y|ies)|tools?|toolkits?|agents?|algorithms?|recipes?|strateg(?:y|ies)|corpus|layers?|modules?|adapters?"
)
_LONGEST_PHRASE = 9
_WORDS = rf"(?:(?!(?:{_NO_PART})\b)[\w+%/'-]+(?:\.\d[\w-]*)?,? ){{0,{_LONGEST_PHRASE}}}?"
_ONE_WORD = r"(?=[^\s,:;.]*[A-Z])[A-Za-z0-9](?:[\w+-]|\.(?=\d))*"
_NAME = rf"(?P<name>{_ONE_WORD}(?: (?:\d(?:\.\d)?(?![\w.])|[A-Z](?:[\w-]|\.(?=\d))*))?)"
#: A name as abstracts print it: in a macro of TeX, and with what it is short for behind it.
_PRINTED = rf"(?:the )?(?:\$?\\\w+\{{)?{_NAME}(?:\}}\$?)?"
_LONG_FORM = r"(?: \([^()]{1,90}\))?"
_IN_ABSTRACT = (
    # "we release Foo, a 7B language model"
    re.compile(
        rf"{_VERB} {_PRINTED}{_LONG_FORM}(?:,|:| --+| -| ?—) ?(?:an?|the|our|two|three|A) {_WORDS}{_HEAD}{_BEHIND}"
    ),
    # "the Foo family of language models"
    re.compile(
        rf"{_VERB} {_PRINTED}{_LONG_FORM} (?:family|series|suite|collection) of {_WORDS}{_HEAD}{_BEHIND}"
    ),
    # "a language model called Foo", "a language model, Foo,"
    re.compile(
        rf"{_VERB} (?:an?|the|our) {_WORDS}{_HEAD}(?:,| \(?(?:that )?(?:we )?(?:called|named|dubbed|termed|call|name|dub))"
        rf" {_PRINTED}(?=[,.;:)]| \(|$| which| that| and| with)"
    ),
)
_IN_TITLE = re.compile(rf"{_NAME}: (?:An?|The|Open) {_WORDS}{_HEAD}{_BEHIND}", re.IGNORECASE)
_REPORT = re.compile(rf"{_NAME} [Tt]echnical [Rr]eport")
#: What the end of a name may be without making it another model: its size and what it was tuned for.
_NOT_THE_NAME = re.compile(r"[- ]\d+(?:\.\d+)?[BMbm](?:-(?:[Ii]nstruct|[Cc]hat|[Bb]ase))?$")
#: Words for models at large, which a text may put where a name would stand, and names of other things.
_GENERIC = re.compile(
    r"(?:^|[ -])(?:models?|transformers?|networks?)$"
    r"|^(?:[A-Z]{0,2}L?[LVSP]L?M|LMM|VLA|[PR]?RM|[VG]?FM|L?DM|WM|MLM|MoE|DiT|LLM-?)s?$"
    r"|(?:[Bb]ench(?:mark)?|BENCH|[Dd]ataset|[Ff]ramework|LoRA|[Aa]dapter|[Tt]uning)s?$"
    r"|^(?:[Tt]owards?|[Bb]eyond|[Ff]rom|[Oo]n|[Rr]ethinking|[Ss]caling|[Ii]mproving) "
)

# The words of a phrase, roughly: not "for", "framework", "that", "to", "with", "which", "benchmark". Counted repetition and
# longer exceptions would be slow in Rust.
_LOWER_WORD = (
    r"(?:[ac-eg-su-vx-z0-9]|b[^ey\s]|beh|f[^or\s]|fore|fou|fre|t[^ho\s]|w[^hi\s])[A-Za-z0-9_%/+'.-]*,?\s"
)
_HEADED = rf"(?:{_LOWER_WORD}|[A-Z][A-Za-z0-9_%/+'.-]*,?\s)*{_HEAD}"
#: A title or an abstract that introduces a model matches the pattern for it. In the syntax of both Rust and Python.
_TITLE_TRIGGER = (
    r"(?i)^[^:\s]+(?:\s[^:\s]+)?:\s(?:an?|the|open)\s"
    rf"(?:{_LOWER_WORD})*{_HEAD}(?:[^A-Za-z]|$)|\stechnical\sreport"
)
_ABSTRACT_TRIGGER = (
    rf"{_VERB}\s(?:the\s)?(?:[^\sA-Z,;:.]|\.[0-9])*[A-Z](?:[^\s,;:.]|\.[0-9])*(?:\s[A-Z0-9][^\s,;:]*)?(?:\s\([^()]*\))?"
    rf"(?:(?:,|:|\s--?-?|\s?—)\s?(?:an?|the|our|two|three|A)|\s(?:family|series|suite|collection)\sof)\s{_HEADED}"
    rf"(?:[^\sA-Za-z0-9-]|\s?[\(—]|\s--|\s(?:{_GOES_ON})\b|$)"
    rf"|{_VERB}\s(?:an?|the|our)\s{_HEADED}(?:,|\s\(?(?:that\s)?(?:we\s)?(?:call|nam|dub|term)[a-z]*)\s(?:the\s)?[^\sA-Z,]*[A-Z]"
)

_IN_PYTHON = re.compile(_TITLE_TRIGGER), re.compile(_ABSTRACT_TRIGGER)
#: No phrase is longer; without a bound, a hostile text would be read once more from every verb.
_FARTHEST = 1_000


def which_may_introduce_models(titles: pl.Series, abstracts: pl.Series) -> pl.Series:
    """Tell of each paper whether it may introduce a model, as `may_introduce_models` does, but in Rust."""
    return abstracts.str.contains(_ABSTRACT_TRIGGER) | titles.str.contains(_TITLE_TRIGGER)


def may_introduce_models(title: str, abstract: str) -> bool:
    """Tell whether a paper matches one of the triggers: the others introduce nothing."""
    in_title, in_abstract = _IN_PYTHON
    return in_title.search(title) is not None or any(
        in_abstract.match(abstract, at, at + _FARTHEST) for at in _verbs(abstract)
    )


def _verbs(text: str) -> list[int]:
    return sorted(at for stem in _VERBS_OF_STEM for at in places(text, stem))


def introduced_models(title: str, abstract: str) -> list[str]:
    """Return the names of the models that title and abstract introduce, as they print them, each once.

    Ask `may_introduce_models` first: few papers do.
    """
    flat_title, flat = title.replace("\n", " "), abstract.replace("\n", " ")
    names: list[str] = []
    for at in _verbs(flat):
        for pattern in _IN_ABSTRACT:
            if (match := pattern.match(flat, at)) is not None:
                names.append(match["name"])
                break
    if (match := _IN_TITLE.match(flat_title)) is not None:
        names.append(match["name"])
    if (report := _REPORT.match(flat_title)) is not None:
        told = re.search(rf"{re.escape(report['name'])}[^.]*(?:[Mm]odel|LM)", flat)
        if told is not None:
            names.append(report["name"])
    kept: dict[str, str] = {}
    for name in (_NOT_THE_NAME.sub("", n.rstrip(".,-")) for n in names):
        if len(name) > 1 and any(c.isupper() for c in name) and _GENERIC.search(name) is None:
            kept.setdefault(name.lower(), name)  # abstracts print names as their authors do, titles may not
    return list(kept.values())


def with_introduced(title: str, abstract: str, found: list[ModelMention]) -> list[ModelMention]:
    """Return `found`, the catalogued models of a paper, with those that it introduces, in order of their place.

    A name that begins as a catalogued one and adds no more than a size, a version or an s is that one; one that goes on
    ("LLaMA-Foo") or has it inside ("Foo-LLaMA") is another model, and takes its place.
    """
    known = {(m.span.field, m.span.start): m.span.end for m in found}
    new = [
        ModelMention(span, name)
        for name in introduced_models(title, abstract)
        for span in _spans(name, title, abstract)
        if known.get((span.field, span.start), -1) < span.end - (1 if name.endswith("s") else 0)
    ]
    left = [m for m in found if not any(_is_inside(m.span, n.span) for n in new)]
    return sorted({*left, *new}, key=lambda m: (m.span.field != "title", m.span.start, m.span.end))


def _is_inside(span: Span, other: Span) -> bool:
    return span.field == other.field and other.start <= span.start and span.end <= other.end


def _spans(name: str, title: str, abstract: str) -> Iterator[Span]:
    """Yield where `name` stands as a word: as printed, or in any case of letters in a title, which is often set otherwise."""
    lowered = title.lower() if len(title.lower()) == len(title) else title
    fields: tuple[tuple[Field, str, str, str], ...] = (
        ("title", title, lowered, name.lower()),
        ("abstract", abstract, abstract, name),
    )
    for field, text, read, word in fields:
        for start in places(read.replace("\n", " "), word):
            end = start + len(word)
            before, after = text[start - 1 : start], text[end : end + 1]
            if not (before.isalnum() or before in {"_", "-"} or after.isalnum() or in_url(text, start)):
                yield Span(field, start, end, text[start:end])

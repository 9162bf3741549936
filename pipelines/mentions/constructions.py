"""How a sentence introduces a name: "we propose X", "a method called X", "X is designed to", "our framework X".

Matches of the constructions on one sentence, nothing more: what is made of them is in `introductions`.
"""

import re
from collections.abc import Iterable, Iterator

from pipelines.mentions.occurrences import places

_PLAIN_START = r"[A-Z][\w+*]*|[a-z]{1,4}[A-Z][\w+*]*"
_NAME_GOES_ON = r"(?:[\-/&.][A-Za-z0-9+*]+)*(?: [vV]\d\b)?"
_PLAIN_NAME = rf"(?:{_PLAIN_START}){_NAME_GOES_ON}"
#: A name may also begin in brackets: "(IA)3".
NAME = rf"(?:\([A-Z]+\)\w*|{_PLAIN_START}){_NAME_GOES_ON}"
#: The verbs of introducing by their stems, each with its endings.
_VERB_FORMS = {
    "propos": ("e", "es", "ed", "ing"), "present": ("", "s", "ed", "ing"), "introduc": ("e", "es", "ed", "ing"),
    "develop": ("", "s", "ed", "ing"), "design": ("", "s", "ed", "ing"), "devis": ("e", "es", "ed", "ing"),
    "describ": ("e", "es"), "contribut": ("e", "es"), "creat": ("e", "es", "ed", "ing"), "build": ("", "s"),
    "formulat": ("e", "es"), "put": (" forward", "s forward"), "offer": ("", "s"), "pioneer": ("", "s"),
    "establish": ("", "es"), "unveil": ("", "s"), "discover": ("", "s"), "enter": ("",), "forming": ("",),
    "suggest": ("", "s"), "explor": ("e", "es"), "lead": (" to", "s to", "ing to"), "yield": ("", "s", "ing"),
}  # fmt: skip
_VERBS = tuple(stem + end for stem, ends in _VERB_FORMS.items() for end in ends)
#: The verbs by their first words: "put forward" by "put".
_BY_WORD: dict[str, list[str]] = {}
for _verb in _VERBS:
    _BY_WORD.setdefault(_verb.split()[0], []).append(_verb)
_ENTER = re.compile(r"\W*Enter\b")
_VERB_WORDS = frozenset(_BY_WORD)
CALLED = (
    r"(?:called|named|termed(?: as)?|dubbed(?: as)?|coined(?: as)?|denoted (?:as|by)|referred to as"
    r"|which we (?:call|name|term|dub|refer to as)|abbreviated as|i\.e\.,|namely,?|titled|entitled|we (?:call|term|dub|name))"
)
_CALL_WORDS = frozenset(
    (
        "call", "calls", "called", "name", "names", "named", "namely", "term", "terms", "termed", "dub", "dubs", "dubbed",
        "coined", "denote", "denotes", "denoted", "refer", "refers", "referred", "abbreviated", "titled", "entitled",
    )
)  # fmt: skip
_SMALL = (
    r"(?:(?:the|a|an|our|novel|new|simple|simpler|effective|efficient|yet|and|first|called|lightweight|two|three"
    r"|so called|method|framework|approach|following|innovative|general|unified|improved|quantized|sparse|dynamic"
    r"|adaptive|minimal|tuning|methods|i\.e\.|namely)[ ,:]+){0,6}"
)
_QUOTE = r"[\"'(]{0,2}"
_END = (
    r"(?=[\"')]*(?:[,:;.(]| \(| -| that\b| which\b| to\b| for\b|$| with\b| and\b| as\b| in which\b| where))"
)
_SUBJECTS = frozenset(
    (
        "method", "approach", "framework", "technique", "algorithm", "strategy", "model", "architecture", "variant",
        "solution", "proposed", "system", "scheme",
    )
)  # fmt: skip
_SUBJECT = rf"(?:{'|'.join(sorted(_SUBJECTS))})"
#: A capitalised word behind a subject, and what stands before one: looked for before the long pattern is tried.
_NAMED_THEN = re.compile(r",? (?:called |named |dubbed |termed )?[\"'(]*[A-Za-z]*[A-Z]")
_OUR = r"\b(?:[Oo]ur|[Tt]he|[Tt]his)(?: new| novel| proposed| final| resulting)*(?: \w+){0,2}? "
_OURS_BEFORE = re.compile(rf"{_OUR}$")
_LONGEST_OURS = 80
_PASSIVES = frozenset(("proposed", "introduced", "presented", "designed", "developed", "devised"))
_CORES = frozenset(("core", "heart", "center", "centre"))
#: A sentence with none of these words has no construction: "e" stands for "i.e.".
_TELLING_WORDS = _VERB_WORDS | _CALL_WORDS | _SUBJECTS | _PASSIVES | _CORES | {"e"}

#: Tried right behind a verb of introducing, in sentences on the authors' own work.
_AFTER_VERB = (
    ("direct", re.compile(rf" {_SMALL}{_QUOTE}(?P<name>{NAME})")),
    ("second", re.compile(rf" {_SMALL}{NAME}(?: \([^)]*\))? and {_QUOTE}(?P<name>{NAME}){_END}")),
    (
        "apposed",
        re.compile(
            rf" (?P<np>[^.;:,]{{4,110}}?)(?:,|:|;| -| --+) ?(?:called |namely |named |termed |dubbed |i\.e\.,? )?"
            rf"{_QUOTE}(?P<name>{NAME})(?: and (?P<other>{NAME}))?{_END}"
        ),
    ),
    # "we introduce the private expert FooLoRA, which ..."
    (
        "direct",
        re.compile(
            rf" (?:[\w\-]+ ){{1,9}}?(?:method|expert|module|framework|approach|technique|adapter|strategy|variant|algorithm|scheme)"
            rf" {_QUOTE}(?P<name>{NAME}){_END}"
        ),
    ),
    # "we introduce Gentle Token Sorting, a ...": several capitalised words, with small ones between them
    (
        "capitalised phrase",
        re.compile(
            rf" {_SMALL}{_QUOTE}"
            r"(?P<name>(?:The )?[A-Z][\w\-]*(?:(?: (?:of|in|for|with|and|the|by|to|on|via))? [A-Z0-9][\w\-+]*){1,5})"
            r"(?=[\"')]*(?:[,.;:(]| \(| -| which\b| that\b| to\b| for\b| in which\b| where\b|$"
            r"| (?:framework|method|approach|paradigm|technique|strategy|mechanism|modules?|algorithm)\b))"
        ),
    ),
)
_PHRASE = re.compile(
    rf" {_SMALL}{_QUOTE}"
    r"(?P<name>(?:[A-Za-z]\w*[ \-]){1,3}?(?:[Aa]dapters?|(?:[Ff]ine[ \-]?)?[Tt]uning|[Ff]inetuning|[Aa]daptation|LoRAs?))"
    r"(?=[\"')]*(?:[,.;(]| \(| which| that| in which| where| to\b| for\b| as\b|$))"
)
#: "we propose an adapter for many tongues (FooX)": a name in brackets, whatever its letters.
_IN_BRACKETS = re.compile(rf" (?P<np>[^.;:()]{{4,140}}?) \((?P<name>{_PLAIN_NAME})\)")
_PHRASE_WORDS = frozenset(("adapter", "adapters", "tuning", "finetuning", "adaptation", "lora", "loras"))
_CALLS = re.compile(r"\b(?:call|term|dub|name)(?:s|ed)?\b")
_NAMED = re.compile(rf"{CALLED} (?:the )?(?:[\w\-]+ LoRA: )?{_QUOTE}(?P<name>{NAME})")
_CALLED_IT = re.compile(
    rf"\b(?:call|name|term|dub|refer to|denote)(?:s|ed)? (?:it|this|our|the|these|them|such)\b[^.;]{{0,80}}?"
    rf"(?:as )?{_QUOTE}(?P<name>{NAME})(?=[\"')]*(?:[.,;:]|$| \())"
)
_OURS = re.compile(rf"{_OUR}{_SUBJECT},? (?:called |named |dubbed |termed )?{_QUOTE}(?P<name>{NAME})")
#: "Two methods are proposed: X (...) and Y"
_PROPOSED_THEN = re.compile(
    rf"\b(?:is|are) (?:\w+ly |also |then )?(?:{'|'.join(sorted(_PASSIVES))}),?:? (?:namely,? |called |named )?{_QUOTE}(?P<name>{NAME})"
    rf"(?:(?: \([^)]*\))? and (?P<other>{NAME}))?"
)
#: "At the core of FooNet is FooAdapter, a ..."
_AT_THE_CORE = re.compile(
    rf"\b(?:core|heart|center|centre)(?: of [^,.;:]{{2,40}}?)? (?:is|lies|are|lie|stands) {_SMALL}{_QUOTE}(?P<name>{NAME}){_END}"
)
_PROPOSED = re.compile(rf"\b(?:[Oo]ur|[Tt]he) (?:newly )?proposed (?:[\w\-]+ ){{0,6}}?\(?(?P<name>{NAME})")
_PASSIVE = re.compile(
    rf"(?:^|(?<![A-Z]\w\w\w) )(?P<name>{NAME})(?: \([^)]*\))?,? (?:is|are) (?:\w+ly |also |further |then |first )?"
    rf"(?:{'|'.join(sorted(_PASSIVES))})\b"
)


def may_introduce(words: frozenset[str]) -> bool:
    """Tell whether a sentence of these words, in lower case, can have a construction: cheaper than to look for it."""
    return not _TELLING_WORDS.isdisjoint(words)


def verb_ends(text: str, words: frozenset[str]) -> list[int]:
    """Return where the verbs of introducing end; "Enter X" at the beginning is one.

    `words` are those of the sentence that the text is of, in lower case: a verb that is not among them is not looked for.
    """
    ends = [end for word in _VERB_WORDS & words for verb in _BY_WORD[word] for end in _ends_of(verb, text)]
    ends.sort()
    if "Enter" in text and (enter := _ENTER.match(text)) is not None:
        ends.insert(0, enter.end())
    return ends


def _ends_of(verb: str, text: str) -> Iterator[int]:
    """Yield where `verb` ends in a text that has it as a word of its own."""
    for at in places(text, verb):
        end = at + len(verb)
        before, after = text[at - 1 : at], text[end : end + 1]
        if not (before.isalnum() or before == "_" or after.isalnum() or after == "_"):
            yield end


def constructions(sentence: str, words: frozenset[str], *, is_own: bool) -> list[tuple[str, re.Match[str]]]:
    """Return (kind, match) for every construction in a sentence, `words` being its words in lower case.

    The group `name` is the name, in "apposed" `other` a second one and `np` what stands before. Only sentences on the
    authors' own work introduce by a verb.
    """
    found: list[tuple[str, re.Match[str]]] = []
    ends = verb_ends(sentence, words) if is_own else []
    if ends and not sentence[ends[0] :].islower():  # a name has a capital
        for kind, regex in _AFTER_VERB:
            found += _at_each(kind, regex, sentence, ends)
        if "(" in sentence:
            found += _at_each("in brackets", _IN_BRACKETS, sentence, ends)
    has_call = not _CALL_WORDS.isdisjoint(words)
    if has_call or ("e" in words and "i.e." in sentence):
        found += [("named", m) for m in _NAMED.finditer(sentence)]
    if has_call:
        found += [("called", m) for m in _CALLED_IT.finditer(sentence)]
        if is_own:
            ends += [m.end() for m in _CALLS.finditer(sentence)]
    if ends and not _PHRASE_WORDS.isdisjoint(words):
        found += _at_each("phrase", _PHRASE, sentence, ends)
    subjects = _SUBJECTS & words
    if subjects:
        found += _ours(sentence, subjects)
        if "proposed" in subjects:
            found += [("proposed", m) for m in _PROPOSED.finditer(sentence)]
    if not _PASSIVES.isdisjoint(words) and ("is" in words or "are" in words):
        found += [("passive", m) for m in _PASSIVE.finditer(sentence)]
        found += [("named", m) for m in _PROPOSED_THEN.finditer(sentence)]
    if not _CORES.isdisjoint(words):
        found += [("ours", m) for m in _AT_THE_CORE.finditer(sentence)]
    return found


def _ours(sentence: str, subjects: Iterable[str]) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the matches of "our method X", looked for around the subjects that the sentence has."""
    tried: set[int] = set()
    for subject in subjects:
        for at in places(sentence, subject):
            end = at + len(subject)
            if _NAMED_THEN.match(sentence, end) is not None:
                begin = _OURS_BEFORE.search(sentence, max(0, at - _LONGEST_OURS), at)
                if begin is not None and begin.start() not in tried:
                    tried.add(begin.start())
                    match = _OURS.match(sentence, begin.start())
                    if match is not None:
                        yield "ours", match


def _at_each(
    kind: str, regex: re.Pattern[str], sentence: str, ends: Iterable[int]
) -> list[tuple[str, re.Match[str]]]:
    return [(kind, match) for end in ends if (match := regex.match(sentence, end)) is not None]

"""What a number counts: the noun that it goes with, looked for a few words to its right.

The walk over words lives here, the words in `lexicon/nouns.toml`; which noun makes which quantity is decided by
the callers.
"""

import re
from dataclasses import dataclass, field

from pipelines.mentions.catalogue import lexicon

_NOUNS = lexicon("nouns")

_HEADS: dict[str, str] = {}
for _kind, _listed in _NOUNS["heads"].items():
    for _noun in _listed.split():
        _HEADS.setdefault(_noun, _kind)


def _words(name: str) -> frozenset[str]:
    return frozenset(_NOUNS["around"][name].split())


_STOPS = _words("stops")
TRAINABLE = _words("trainable")
ACTIVE = _words("active")
TOTAL = _words("total")
FEWER = _words("fewer")

_WORD = re.compile(r"[ \-‐‑~\u00a0\u2009$\\,+/'’\"*_{}]*([A-Za-z][A-Za-z0-9]*)")
_TRAINED_WEIGHTS = re.compile(r"trained (?:param|weights)")
_COMPOUND = re.compile(
    r"[- ](?:\w+[- ])?(?:parameters?|tokens?|params?|dataset|corpus|samples|examples|images)\b"
)
_OF_TOKENS = re.compile(r"[- ](?:(?!per|and|or|with|of|to|in|for)\w+[- ]){0,2}tokens?\b")
#: "a 22B video foundation model": data of a kind is what the model is for.
_OF_MODELS = re.compile(r"[- ](?:\w+[- ]){0,3}(?:models?|LLMs?|VLMs?|transformers?|backbones?)\b")
# "4.7 million (0.07%) of the parameters", "1 million (1M) added parameters"
_BRACKETED_AGAIN = re.compile(r" \([~<≈]?\d+(?:\.\d+)?(?:\\?%|[KMBT])\)")
_MOST_WORDS = 6


@dataclass(slots=True)
class Counted:
    """The noun that a number counts: its class ("" when none is near), its end, and the words between."""

    kind: str = ""
    end: int = -1
    noun: str = ""
    between: list[str] = field(default_factory=list)

    def has(self, words: frozenset[str]) -> bool:
        """Say whether one of `words` stands between the number and its noun."""
        return any(w in words for w in self.between)


#: No noun is near; shared, so not to be changed.
NO_NOUN = Counted()


def counted(text: str, at: int) -> Counted:
    """Return what the number that ends at `at` counts."""
    if text.startswith(")", at):
        return _after_bracket(text, at + 1)
    if text.startswith(("'s ", "’s "), at):
        return NO_NOUN  # "the 70B's answers" are not seventy billion
    if text.startswith("\\)", at):
        at += 2  # the end of a formula
    if text.startswith(" (", at) and (bracketed := _BRACKETED_AGAIN.match(text, at)):
        at = bracketed.end()
    between: list[str] = []
    weak: Counted | None = None
    for _ in range(_MOST_WORDS):
        match = _WORD.match(text, at)
        if match is None:
            break
        gap = text[at : match.start(1)]
        if "," in gap or ("/" in gap and between):
            break
        word = match[1].lower()
        kind = _HEADS.get(word, "")
        if (kind == "model" and _COMPOUND.match(text, match.end())) or (
            kind == "data"
            and (
                _OF_TOKENS.match(text, match.end())
                or (not word.endswith("s") and _OF_MODELS.match(text, match.end()))
            )
        ):
            kind = ""  # "70B model parameters", "4T text tokens"
        if kind == "weak":
            weak = weak or Counted("model", match.end(), word, between[:])
        elif kind:
            return Counted(kind, match.end(), word, between)
        if _ends_phrase(word, between) and not _TRAINED_WEIGHTS.match(text, match.start(1)):
            break
        between.append(word)
        at = match.end()
    return weak or Counted(between=between)


def _ends_phrase(word: str, between: list[str]) -> bool:
    if word == "and":
        return not between  # "diverse and clean tokens", but not "7B and more tokens"
    if word == "of":
        return bool(between)
    if word == "the":
        return between != ["of"]
    return word in _STOPS


def _after_bracket(text: str, at: int) -> Counted:
    """Return the noun right after a bracket that closed on a number: "(70 billion) parameters"."""
    match = _WORD.match(text, at)
    between = []
    if match and match[1].lower() in TRAINABLE:
        between.append(match[1].lower())  # "(5 million) added parameters"
        at = match.end()
        match = _WORD.match(text, at)
    kind = _HEADS.get(match[1].lower(), "") if match and match.end() - at < 16 else ""
    return (
        Counted(kind, match.end(), match[1].lower(), between)
        if match and kind in ("param", "token", "model")
        else NO_NOUN
    )

"""Whether a model size is of a model that the paper introduces, of one that it works with, or background.

What belongs here: the words of a sentence that tell. The sizes themselves are found by `sizes`.
"""

import re
from functools import lru_cache

from pipelines.mentions.spans import Role


def _words(first: str, pattern: str) -> re.Pattern[str]:
    """Compile a search for where `pattern` begins a word with one of the letters `first`.

    `re` comes to one of a set of letters far sooner than to a word boundary, which it tries at every place.
    """
    return re.compile(rf"[{first}](?<=\b(?={pattern}).)")


_INTRODUCES = _words(
    "WwTtIi",
    r"(?:(?:[Ww]e|[Tt]his (?:paper|work|report)|[Tt]he paper)\b[^.;]{0,40}?"
    r"(?:\b(?:introduc|releas|present|propos|develop|pre-?train|train|build|built|creat|describ|unveil|design)\w*|(?<=e )(?:also )?open-?source\b)|[Ii]ntroducing\b)",
)
# Between "we propose ..." and the size, these say that the size is not of the thing proposed.
_TURNS_AWAY = re.compile(
    r"\b(?:on|for|that|which|using|by|than|over|across|via|when|where|enabl\w+|outperform\w*|surpass\w*|evaluat\w*|experiments?|appl(?:y|ied)|compar\w+"
    r"|improv\w+|achiev\w+|based|like|match\w*|to (?!\d))\b"
)
_OWN = _words(
    "OoTtdcn",
    r"(?:(?:[Oo]ur|[Tt]he (?:resulting|proposed|final))(?: (?!experiment|result|method|approach|framework|evaluation|code|data|we\b|use|using|system)[\w.*-]+){0,3}[ -]?\(?$|(?:dubbed|called|named|termed|namely)\s(?:as\s)?$)",
)
_USES = _words(
    "ABEFIOQRSTUVabcdefimoprstuvq",
    r"(?:[Ee]xperiment\w*|[Ee]valuat\w*|[Ff]ine-?tun\w*|[Aa]ppl(?:y|ied|ying)|[Tt]est(?:ed|ing|s)?|[Uu]s(?:e|ed|ing|es)|[Bb]ased on|[Bb]uilt (?:on|upon)|outperform\w*|surpass\w*"
    r"|[Rr]esults?|[Oo]n [A-Z]|[Aa]cross|compar\w+|[Aa]chiev\w+|improv\w+|[Bb]enchmark\w*|[Vv]alidat\w*|[Aa]nalyz\w*|[Ii]nvestigat\w*|[Tt]rain\w*|reduc\w*"
    r"|prun\w*|quantiz\w*|match\w*|exceed\w*|[Ss]tudy|demonstrat\w*|attain\w*|performs?)\b",
)
_BACKGROUND = _words(
    "RSTcehmprst",
    r"(?:such as|[Rr]ecent(?:ly)?|have (?:shown|achieved|become|demonstrated)|[Ss]ince|[Tt]he (?:growing|increasing)|trend|models? like|costly|expensive|prohibitive\w*)\b",
)
_OWN_RESULTS = _words(
    "EORWceorsw",
    r"(?:[Ww]e|[Oo]urs?|[Ee]xperiments?|[Rr]esults|[Ee]valuat\w+|outperform\w*|surpass\w*|establish\w*|comparable|competitive)\b",
)


def size_role(sentence: str, at: int) -> Role | None:
    """Return the role of the size at `at` of `sentence`; None when the sentence does not tell."""
    left = sentence[:at]
    if _OWN.search(left[-70:]):
        return "proposes"
    match = _INTRODUCES.search(left)
    if match and not _TURNS_AWAY.search(left, match.start()):
        return "proposes"
    return _role_in(sentence)


@lru_cache(maxsize=16)
def _role_in(sentence: str) -> Role | None:
    """Return what the whole sentence says of any size in it, which often are several."""
    has_results = "%" in sentence or _OWN_RESULTS.search(sentence)
    if not has_results and _BACKGROUND.search(sentence):
        return "mentions"
    if _USES.search(sentence):
        return "uses"
    return None

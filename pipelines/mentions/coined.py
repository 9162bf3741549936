"""Does a word or a phrase look like a name that somebody made up? Its shape decides, and lists of plain words.

The lists are in `lexicon/discovery.toml`. Where a text introduces a name is found in `introductions`.
"""

import re
from functools import cache

from pipelines.mentions.catalogue import lexicon
from pipelines.mentions.matching import coined_parts

_NO_FIRST_WORDS = frozenset(
    (
        "on", "upon", "of", "for", "with", "to", "and", "in", "by", "from", "that", "using", "more", "better", "beyond",
        "towards", "toward", "rethinking", "revisiting",
    )
)  # fmt: skip


@cache
def _words(name: str) -> frozenset[str]:
    """Return a word list of `lexicon/discovery.toml`."""
    return frozenset(lexicon("discovery")[name].split())


def is_common(name: str) -> bool:
    """Tell whether a capitalised word opens sentences, or names what every paper speaks of."""
    return name in _words("common_words")


def is_coined(name: str) -> bool:
    """Tell whether a word looks coined: capitals beyond the first letter of a part, a digit, or a closing sign."""
    if is_common(name) or not 3 <= len(name) <= 40:
        return False
    if name.endswith(("+", "*")):
        return True
    if "lora" in name.lower() and not coined_parts(name):
        return False
    parts = [p for p in re.split(r"[\-/&]", name) if p]
    if len(parts) == 2 and parts[1].lower() == "adapter" and parts[0][0].isupper() and not is_plain(name):
        return True  # "SUR-adapter", "Pruning-Adapter"
    if len(parts) > 1 and parts[-1].islower() and not any(re.search(r"[a-z][A-Z]", p) for p in parts):
        return False
    return any(
        sum(c.isupper() for c in p) >= 2
        or (any(c.isdigit() for c in p) and p[0].isupper())
        or re.match(r"[a-z]+[A-Z]", p)
        for p in parts
    ) or (len(parts) > 1 and len(parts[0]) == 1 and parts[0].isupper() and parts[1][0].isupper())


def is_named_type(phrase: str) -> bool:
    """Tell whether several words are one name by the last: "Sparse Spectral LoRA", "S0 Tuning"."""
    return phrase.endswith((" LoRA", " Adapter", " Tuning", " Adapters")) and not is_plain(phrase)


def is_plain(phrase: str) -> bool:
    """Tell whether a phrase such as "lightweight task adapters" only describes."""
    words = re.split(r"[ \-]", phrase.lower())
    if words[0] in _NO_FIRST_WORDS or "meets" in words:
        return True
    return all(
        w in _words("plain_modifiers")
        or w.rstrip("s") in {"adapter", "tuning", "finetuning", "adaptation", "lora"}
        for w in words
    )

"""Patterns found by their literal beginnings find what `re` finds."""

import re
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mentions.catalogue import LEXICON_DIR
from pipelines.mentions.cues import Cues


def _lexicon_patterns() -> list[str]:
    cues = tomllib.loads((LEXICON_DIR / "cues.toml").read_text(encoding="utf-8"))
    discovery = tomllib.loads((LEXICON_DIR / "discovery.toml").read_text(encoding="utf-8"))
    return ["|".join(cues["own"]), "|".join(cues["background"]), *(e["regex"] for e in discovery["evidence"])]


_PATTERNS = _lexicon_patterns()
_WORDS = sorted({w for p in _PATTERNS for w in re.findall(r"[a-zA-Z]{2,}", p)})
_TEXTS = st.lists(st.sampled_from([*_WORDS, ",", ".", "|", "%", "4", "(", ")"]), max_size=25).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(text=_TEXTS, pattern=st.sampled_from(_PATTERNS))
def test_cues_find_what_the_pattern_finds(text: str, pattern: str) -> None:
    """Taken apart or not, a pattern of the lexicon is found in the same texts."""
    assert (Cues(pattern).search(text) is None) == (re.search(pattern, text) is None)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"\b(?:frozen|fr[eo]ez)", "weights stay frozen", "frozen"),
        (r"\b(?:frozen|fr[eo]ez)", "we froze it and unfreeze later", None),
        (r"(?:a|b)?lora|x{2}y", "a b lora", "lora"),
        (r"(?:one|two) (?:adapters?|lora\b)", "two lora, one adapter", "one adapter"),
        (r"[|)]\)|ab?c", "x|) and ac", "|)"),
        (r"in\.|on the \w+", "based on the encoder", "on the encoder"),
    ],
)
def test_groups_sets_and_quantifiers(pattern: str, text: str, found: str | None) -> None:
    """What a group, a set, a quantifier or an escape means survives the taking apart."""
    match = Cues(pattern).search(text)
    assert (match and match[0]) == found

"""Patterns found by their literal beginnings find what `re` finds."""

import re
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mentions.catalogue import LEXICON_DIR
from pipelines.mentions.cues import CueIndex, Cues


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


def test_all_matches_come_from_left_to_right_and_the_leftmost_is_the_one_of_re() -> None:
    """All matches are those of `re`, and the leftmost is the one that it finds."""
    cues = Cues(r"\b(?:propos(?:e|ed)|build)s?|[xy]\d")
    text = "we build what y1 proposed, and build it"
    assert [m.span() for m in cues.find_all(text)] == [m.span() for m in re.finditer(cues.pattern, text)]
    leftmost, expected = cues.leftmost(text), re.search(cues.pattern, text)
    assert leftmost is not None
    assert expected is not None
    assert leftmost.span() == expected.span()
    assert cues.leftmost("nothing of it") is None


def test_an_index_leaves_to_each_cue_the_literals_that_a_text_may_have() -> None:
    """Literals that the text lacks are left out, short ones stay."""
    cues = [Cues("low rank|adapter|a "), Cues("frozen|adapters? of")]
    leads = CueIndex(cues).leads("adapters of low rank")
    assert [sorted(literal for literal, _ in found) for found in leads] == [
        ["a ", "adapter", "low rank"],
        ["adapter"],
    ]
    assert cues[1].search_by(leads[1], "adapters of low rank") is not None
    assert cues[1].search_by(leads[1], "of low rank") is None

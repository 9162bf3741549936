"""Which texts are worth reading for methods, decided in Rust before any Python runs.

The test is a superset of what the rules behind it can find: a text that fails it has no mention and no refusal.
"""

import re
from functools import lru_cache

import polars as pl

from pipelines.mentions.catalogue import Catalogue, Method
from pipelines.mentions.cues import Cues
from pipelines.mentions.matching import fold

#: Word stems of phrases and of coined words, in a text with blanks for hyphens.
_STEMS = re.compile(
    r"(?:^|[^p])lora|lora(?:[^tb]|$)|adapter|adaptor|peft|petl|parameter\)? *(?:[a-z]+ ){0,3}efficien"
    r"|low rank (?:[a-z]+ )?adapt|prompt (?:tun|learn)|prefix ?(?:based )?(?:fine )?tun|soft ?prompt"
    r"|(?:soft|continuous|learnable|learned|trainable|tunable|optimi[sz]able) (?:[a-z]+ ){0,2}(?:prompt|prefix)"
)
#: A text with a stem has one of these literals, or both of the others; Rust finds them ten times as fast as stems.
_STEM_LITERALS = "lora|adapter|adaptor|peft|petl|low rank |prompt|prefix"
_BOTH_LITERALS = ("parameter", "efficien")
_HAS_STEM = Cues(_STEMS.pattern)
_MARKED = r"[\\${}^~\n\t]"
_ODD_BLANK = "[\n\t~\u00a0\u2010-\u2013\u2212\u2002-\u200a\u202f]"
_MARKUP = r"\\[A-Za-z]+|\\[()]|[{}$^\\]"


def has_stem(key: str) -> bool:
    """Tell whether a paper's key has one of the stems: what makes it worth reading for names that cannot count alone."""
    return _HAS_STEM.search(key) is not None


def counts_alone(method: Method, name: str) -> bool:
    """Tell whether `name` may count in a text without any stem: one that needs its expansion, or talk of PEFT, may not."""
    return (method.needs == "nothing" and method.context is None) or " " in fold(name)


@lru_cache(maxsize=4)
def _names(catalogue: Catalogue) -> str:
    """Return the pattern of the names that the stems do not cover and that can count in a text without any of the stems."""
    names: set[str] = set()
    for method in catalogue.methods:
        for name in method.names:
            key = fold(name)
            if _STEMS.search(key) is None and counts_alone(method, name):
                names.update((key, key.replace("fine tun", "finetun")))
                if "-" in name and " " not in name:
                    names.add(key.replace(" ", ""))
    return "|".join(re.escape(n).replace("\\ ", " ") for n in sorted(names)) or "$x"


def may_name_methods(text: pl.Series, catalogue: Catalogue) -> pl.Series:
    """Return which of the lower-case texts may name methods; only those with markup or odd blanks are cleaned for it."""
    may = _has_name(text, catalogue)
    is_unclean = text.str.contains(_MARKED) | (text.str.len_bytes() != text.str.len_chars())
    again = is_unclean & ~may
    clean = text.filter(again).str.replace_all(_MARKUP, "").str.replace_all(_ODD_BLANK, " ")
    return may.scatter(again.arg_true(), _has_name(clean, catalogue)) if len(clean) else may


def _has_name(text: pl.Series, catalogue: Catalogue) -> pl.Series:
    plain = text.str.replace_all("-", " ", literal=True)
    has = plain.str.contains(_names(catalogue))
    parameter, efficient = (plain.str.contains(literal, literal=True) for literal in _BOTH_LITERALS)
    near = ((plain.str.contains(_STEM_LITERALS) | (parameter & efficient)) & ~has).arg_true()
    return has.scatter(near, plain.gather(near).str.contains(_STEMS.pattern)) if len(near) else has

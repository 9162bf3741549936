"""Which texts are worth reading for methods, decided in Rust before any Python runs.

The test is a superset of what the rules behind it can find: a text that fails it has no mention and no refusal.
"""

import re
from functools import lru_cache

import polars as pl

from pipelines.mentions.catalogue import Catalogue
from pipelines.mentions.matching import fold

#: Word stems of phrases and of coined words, in a text with blanks for hyphens.
_STEMS = re.compile(
    r"(?:^|[^p])lora|lora(?:[^tb]|$)|adapter|peft|petl|parameter +(?:[a-z]+ ){0,3}efficien"
    r"|low rank (?:[a-z]+ )?adapt|prompt (?:tun|learn)|prefix ?(?:based )?(?:fine )?tun|soft ?prompt"
    r"|(?:soft|continuous|learnable|learned|trainable|tunable|optimi[sz]able) (?:[a-z]+ ){0,2}(?:prompt|prefix)"
)
_TEX = r"[\\${}^]"
_TEX_MARKUP = r"\\[A-Za-z]+|\\[()]|[{}$^\\]"
_BLANKS = ("-", "\n", "\u2010", "\u2011", "\u2012", "\u2013", "\u2212", "\u00a0", "\t", "~")


@lru_cache(maxsize=4)
def _names(catalogue: Catalogue) -> list[str]:
    """Return the names that the stems do not cover and that can count in a text without any of the stems."""
    names: set[str] = set()
    for method in catalogue.methods:
        for name in method.names:
            key = fold(name)
            # a bare name that needs its expansion, or talk of PEFT, cannot count in a text without either
            if _STEMS.search(key) is None and (
                (method.needs == "nothing" and method.context is None) or " " in key
            ):
                names.update((key, key.replace("fine tun", "finetun")))
                if "-" in name and " " not in name:
                    names.add(key.replace(" ", ""))
    return sorted(names)


def may_name_methods(title: pl.Expr, abstract: pl.Expr, catalogue: Catalogue) -> pl.Expr:
    """Return the expression that is true where title or abstract may name a method of `catalogue` or a new one."""
    text = pl.concat_str([title, pl.lit(" . "), abstract])
    text = pl.when(text.str.contains(_TEX)).then(text.str.replace_all(_TEX_MARKUP, "")).otherwise(text)
    text = text.str.to_lowercase().str.replace_many(list(_BLANKS), [" "] * len(_BLANKS))
    return text.str.contains(_STEMS.pattern) | text.str.contains_any(_names(catalogue))

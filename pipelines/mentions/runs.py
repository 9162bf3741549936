"""Runs of numerals: units handed on along lists and ranges, names told from numbers, parts of one class.

What belongs here: what "7, 13 and 70B", "Llama 2-7B" and "70B to 32k" are as numbers. What they count is not
decided here.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from pipelines.mentions.models import family_words
from pipelines.mentions.numerals import Numeral

_THOUSANDS = frozenset(("k", "thousand"))
_BILLIONS = frozenset(("b", "t", "billion", "trillion"))
_ATTACHED = re.compile(r"(?:^|[^A-Za-z0-9])([A-Za-z][\w.+:/-]*?)(?: v?\d(?:\.\d)?)?[-_:/ ]?$")
_LONGEST_NAME = 40
# A name in one piece, which is no version ("Vicuna v1.5-7B").
_WORD_OF_NAME = re.compile(r"(?!v\d(?:\.\d)?\Z)[A-Za-z][\w.+:/-]*")
_TEX_SIGNS = (
    "\\leq",
    "\\le",
    "\\geq",
    "\\ge",
    "\\approx",
    "\\sim",
    "\\to",
    "\\times",
    "\\cdot",
    "\\lt",
    "\\gt",
)
_AFTER_NAME = ("-", "_", ":", "/", " ")
_NAME_PARTS = re.compile(r"[A-Za-z]+\d?")


def start_is_glued(text: str, start: int) -> bool:
    """Say whether the numeral at `start` continues a name ("OPT-350M", "Flamingo80B")."""
    if start == 0:
        return False
    before = text[start - 1]
    if before.isalpha():
        return not text.endswith(_TEX_SIGNS, 0, start)
    return before in "-_:" and start > 1 and text[start - 2].isalnum()


def attached_name(text: str, start: int) -> str:
    """Return the name that the numeral at `start` is glued to ("OPT" in "OPT-350M"), or the word before it."""
    end = start - 1 if text[start - 1 : start] in _AFTER_NAME else start
    begin = text.rfind(" ", 0, end) + 1
    if end - begin < _LONGEST_NAME and _WORD_OF_NAME.fullmatch(text, begin, end):
        return text[begin:end]  # nearly always
    match = _ATTACHED.search(text, max(0, start - _LONGEST_NAME), start)
    return match[1] if match else ""


@lru_cache(maxsize=4096)
def is_model_name(name: str) -> bool:
    """Say whether a part of `name` is the name of a model family."""
    families = family_words()
    parts = [part.lower() for part in _NAME_PARTS.findall(name)]
    return any(part in families or part.rstrip("0123456789") in families for part in parts)


def name_start(text: str, start: int) -> int:
    """Return where the name that the numeral at `start` ends begins, when it is a name in one piece."""
    name = attached_name(text, start)
    begin = text.rfind(name, 0, start)
    is_whole = begin >= 0 and start - begin - len(name) <= 1
    return begin if name and is_whole and (not name.islower() or is_model_name(name)) else start


def unit_class(numeral: Numeral) -> str:
    """Return what a numeral is by its unit, its own or the one it takes: %, bit, scale or plain."""
    unit = numeral.takes_unit_of.unit if numeral.takes_unit_of else numeral.unit
    return unit if unit in ("%", "bit") else "scale" if unit else "plain"


def share_units(text: str, run: list[Numeral]) -> bool:
    """Give unit-less numerals the unit of the next one where that is how it is read; say if any has a unit.

    The context length that ends a name ("Quux-8B-1M") is dropped from the run.
    """
    if (
        len(run) > 1
        and run[-2].unit == "b"
        and run[-1].unit in ("M", "k")
        and text[run[-2].end : run[-1].start] == "-"
    ):
        run.pop()
    has_unit = any(n.unit for n in run)
    if not has_unit or len(run) == 1:
        return has_unit
    # "Llama 2-7B", "LLaMA 1 & 2, 7B": the first numbers are versions; only a slash makes them sizes ("Falcon-7/40B").
    is_version = not run[0].unit and (
        start_is_glued(text, run[0].start) or is_model_name(attached_name(text, run[0].start))
    )
    for at in range(len(run) - 2, -1, -1):
        numeral, following = run[at], run[at + 1]
        source = following.takes_unit_of or following
        if numeral.unit or not source.unit or numeral.join not in ("range", "list", "active"):
            continue
        gap = text[numeral.end : following.start]
        if numeral.join == "active":
            is_shared = numeral.number >= following.number
        elif numeral.number >= 1000 or (is_version and "/" not in gap):
            is_shared = False
        elif source.unit == "k" and numeral.join == "list" and numeral.number > following.number:
            is_shared = False  # "128/1K/10K-token contexts"
        elif numeral.join == "range":
            is_shared = numeral.number < following.number or source.unit == "bit"
        else:
            is_shared = gap.strip(" ~∼≈$") != "," or len(run) > 2 or source.unit == "%"
        if is_shared:
            numeral.takes_unit_of = source
    return True


def parts(run: list[Numeral]) -> Iterator[list[Numeral]]:
    """Yield the stretches of a run that are of one class; a plain number stays with the scaled one after it."""
    part: list[Numeral] = []
    for numeral in run:
        if part:
            kind, last = unit_class(numeral), unit_class(part[-1])
            if (kind != last and (last != "plain" or kind != "scale")) or _are_far(
                part[-1].unit, numeral.unit
            ):
                yield part
                part = []
        part.append(numeral)
    if part:
        yield part


def _are_far(unit: str, other: str) -> bool:
    """Say whether two units cannot be of one list: thousands beside billions ("70B to 32k")."""
    return (unit in _THOUSANDS and other in _BILLIONS) or (unit in _BILLIONS and other in _THOUSANDS)

r"""Numerals as papers print them: digits, powers of ten, words, their unit, and the lists and ranges they form.

What belongs here: reading characters into values. What does not: whether a number is a size, tokens or bits.
Texts may be raw TeX (`\%`, `1{,}000`, `10^{9}`, `$\sim$`) or normalized; offsets are into the text as given.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipelines.mentions.occurrences import places

_GROUP = r"(?:,|\{,\}|\\,|[\u2009\u202f])"
_GAP = r"(?:\$?(?:[ ~\u00a0\u2009\u202f\-‐‑]|\\,|\\ )?|\)\\?[ -]?|\\\) ?)"
_NUMERAL = re.compile(
    rf"([0-9]+(?:{_GROUP}[0-9]{{3}}(?![0-9]))*(?:\.[0-9]+)?)"
    # a power or a unit is tried only where its first character is ahead: most numbers have neither
    r"(?:(?! ?[A-Za-su-wyz(),.;:])((?:\s?\$?(?:\\times|\\cdot|×|·|x|times)\$?\s?10)?(?:\^\s?\{?\d{1,2}\}?|[⁰¹²³⁴⁵⁶⁷⁸⁹]+)))?"
    r"\+?(?:(?=[^A-Za-z0-9]{0,4}[kKmMbBtTpP%])"
    rf"(?:\$?([kKmMbBtT]|MM)(?:(?<=B)s)?(?![A-Za-z0-9]|_[\\{{⊙☉]|[⊙☉])|\$?\s?\\?(%)"
    rf"|{_GAP}(?:([Tt]housand|[MmBb]illion|MILLION|BILLION|[Tt]rillion)s?|([Bb]its?|BITS?|BPW|bpw)|([Pp]er ?cent))(?![A-Za-z0-9])"
    r"|\$?[ ~\u00a0\u2009\u202f]?(?:\\,)?([KMBT]|k(?=[- ]param))(?![A-Za-z0-9]|_?[⊙☉]|_[\\{])"
    r"|\\,?\\?(?:text|mathrm|mathbf|rm) ?\{ ?([KMBT]) ?\}))?"
)
_PLAIN_OR_PERCENT = (1, 4)  # the last group that such a number fills
_SCALE_LETTERS = {"k": 1e3, "m": 1e6, "M": 1e6, "mm": 1e6, "b": 1e9, "t": 1e12}
_SCALE_WORDS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_DIGITS_TO_0 = bytes.maketrans(b"123456789", b"000000000")
_SEPARATORS = re.compile(r"[^\d.]")

#: What may stand between two numerals of one run, after `$` and approximate signs are dropped.
_JOINS: dict[str, str] = {}
for _marks, _kind in (
    (
        "-|--|---|–|—|−|‐|‑| - | -- | – | — |-–| to | up to |-to-| -to- |~|∼|\\textendash |\\to|\\to | \\to ",
        "range",
    ),
    (
        " and |, |, and |,and | or |, or | or even |, or even | and even |/| / | & |, & |\\& | \\& |- and |- or |- to |-, |-, and |-/|; |,",
        "list",
    ),
    ("- vs. | vs. | vs.\\ | vs | versus |- versus |, vs. ", "list"),
    ("x|X|×|*| x | × |\\times|\\times | \\times |times", "product"),
    ("A|-A|_A|/A| A|-a|a", "active"),
):
    _JOINS |= dict.fromkeys(_marks.split("|"), _kind)
_NOISE = re.compile(r"\$|\\sim|∼(?=$)|~(?=$)|\\approx|≈|\\\(|\\\)|\\textasciitilde")
_LONGEST_GAP = 14

_WORD_NUMERAL = re.compile(
    r"\b(?:(half) a|(an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty"
    r"|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](one|two|three|four|five|six|seven|eight|nine))?)[ -](hundred[ -])?([mb]illion|trillion)\Z",
    re.IGNORECASE,
)
_WORD_VALUES = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fifteen": 15, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip


@dataclass(slots=True)
class Numeral:
    """One number of a text: where it stands with its unit, its unscaled number, and the scale printed with it.

    `unit` is k, m (lower case, often metres), M, b, t, thousand, million, billion, trillion, % or bit; empty for
    a plain number. `is_letter` tells "7B" from "7 billion". `join` says how it is tied to the next of its run.
    """

    start: int
    end: int
    number: float
    unit: str
    is_letter: bool
    has_gap: bool
    join: str = ""
    takes_unit_of: "Numeral | None" = None

    @property
    def value(self) -> float:
        """The number times its scale, or times the scale of the numeral whose unit it takes."""
        unit = self.takes_unit_of.unit if self.takes_unit_of else self.unit
        scale = _SCALE_LETTERS.get(unit) or _SCALE_WORDS.get(unit, 1.0)
        value = self.number * scale
        return value if value.is_integer() else round(value, 6)

    @property
    def is_power_of_two(self) -> bool:
        """Whether it is printed without a unit and is a power of two, as lengths in full are."""
        return not self.unit and self.value.is_integer() and int(self.value).bit_count() == 1


def _number(digits: str, power: str | None) -> float:
    try:
        number = float(digits)
    except ValueError:  # "1,000"
        number = float(_SEPARATORS.sub("", digits))
    if not power:
        return number
    exponent = (
        power.rpartition("^")[2].translate(_SUPERSCRIPTS) if "^" in power else power.translate(_SUPERSCRIPTS)
    )
    if "10" in power[: max(len(power) - len(exponent), 0)] or re.match(
        r"\s?\$?(?:\\times|\\cdot|×|·|x|times)", power
    ):
        exponent = re.sub(r"^.*10", "", exponent) if "^" not in power else exponent
        return float(number * 10.0 ** min(int(re.sub(r"\D", "", exponent) or 0), 30))
    return float(number ** min(int(re.sub(r"\D", "", exponent) or 0), 30)) if number <= 1000 else number


def _read(match: re.Match[str]) -> Numeral:
    start, end = match.span()
    if match.lastindex == 1:
        return Numeral(start, end, _number(match[1], None), "", False, False)
    digits, power, letter, percent, word, bits, per_cent, spaced, tex = match.groups()
    if letter or spaced or tex:
        mark = letter or spaced or tex
        unit = "m" if mark == "m" else "M" if mark in ("M", "MM") else mark.lower()
        return Numeral(start, end, _number(digits, power), unit, True, spaced is not None)
    unit = "%" if percent or per_cent else word.lower() if word else "bit" if bits else ""
    return Numeral(start, end, _number(digits, power), unit, False, False)


def _join(text: str, left: int, right: int) -> str:
    gap = text[left:right]
    kind = _JOINS.get(gap)
    if kind is None and ("$" in gap or "\\" in gap or "≈" in gap or "∼" in gap or "~" in gap):
        kind = _JOINS.get(_NOISE.sub("", gap))
    return kind or ""


def scan(text: str, is_wanted: Callable[[int, int], bool]) -> Iterator[list[Numeral]]:
    """Yield the numerals of `text` in order, in runs: "7B, 13B and 70B" is one run of three.

    A plain number or a percentage that stands alone, as most years and scores do, is left out unless `is_wanted`
    holds of its start and end. Units are not handed on yet: see `share_units`.
    """
    # A pattern takes several times as long to come to the next digit as a search for one byte does.
    digits = text.encode("ascii", "replace").translate(_DIGITS_TO_0)
    run: list[Numeral] = []
    alone: re.Match[str] | None = None  # one of these that nothing has been joined to yet
    end = -_LONGEST_GAP - 1
    start = digits.find(b"0")
    while start >= 0 and (match := _NUMERAL.match(text, start)):
        join = _join(text, end, start) if start - end <= _LONGEST_GAP else ""
        end = match.end()
        if join:
            if alone:
                run, alone = [_read(alone)], None
            run[-1].join = join
            run.append(_read(match))
        else:
            if run:
                yield run
            elif alone and is_wanted(*alone.span()):
                yield [_read(alone)]
            run, alone = ([], match) if match.lastindex in _PLAIN_OR_PERCENT else ([_read(match)], None)
        start = digits.find(b"0", end)
    if run:
        yield run
    elif alone and is_wanted(*alone.span()):
        yield [_read(alone)]


def word_numerals(text: str) -> list[Numeral]:
    """Return the numbers written as words before million, billion or trillion ("half a trillion")."""
    found = []
    for at in places(text, "illion"):
        is_after_digit = text[at - 3 : at - 2].isdigit()  # "7 million"
        match = None if is_after_digit else _WORD_NUMERAL.search(text, max(0, at - 30), at + 6)
        after = at + 6 + text.startswith("s of ", at + 6)  # "ten trillions of tokens"
        if match is not None and not text[after : after + 1].isalpha():
            half, word, ones, hundred, scale = match.groups()
            number = 0.5 if half else float(_WORD_VALUES[word.lower()])
            start = match.start()
            if ones:  # "twenty-one", but "a seven": the article counts nothing
                number = (number if number >= 20 else 0) + _WORD_VALUES[ones.lower()]
                start = start if number >= 20 else match.start(3)
            found.append(Numeral(start, after, number * (100 if hundred else 1), scale.lower(), False, False))
    return found

"""TeX in titles and abstracts into plain Unicode: one pass over the marks of TeX, the text between them untouched.

No number is lost or changed: digits come out in the order in which they went in, as digits or as superscripts. What
is no TeX after all (a dollar price, a lone brace, a bare % or &) stays. The tables are in `tex_tables`.
"""

import re
import unicodedata
from typing import NamedTuple

from pipelines.papers import tex_tables as tables
from pipelines.papers.tex_meaning import MAX_FORMULA, N_ARGUMENTS, is_formula, lowered, meaning, raised
from pipelines.papers.tex_typing import Typing

# One character class first, which is found fast; what must follow each character comes after it.
_MARK = re.compile(
    r"[\\{}$^_~`'-](?:(?<=\\)(?:[A-Za-z]+\*?|.|\Z)|(?<=[{}$^_~])|(?<=`)`*|(?<=')'+|(?<=-)-+)", re.DOTALL
)
#: A text longer than this, or nested deeper, is no title or abstract; its TeX is left as it is.
MAX_CHARACTERS = 50_000
MAX_DEPTH = 40
_PLAIN_ESCAPES = "%&#_${}*<>"
_SPACES = {" ": " ", "\n": " ", "\\": " ", ";": " ", ":": " ", ">": " ", "!": "", "/": "", "-": "", "@": ""}
_BARE_EXPONENT = re.compile(r"[-−]?[0-9]+(?![0-9.,]*[0-9])")
_PREFIX_BLANK = re.compile(r"^([∼≈≤≥<>±≪≫+\-−~]) +(?=[0-9.])")
_SIZE_WORD = re.compile(rf"(?:{tables.STRIPPED_SIZES})\s+(?=\S)")
_ONE_WORD = re.compile(r"[^\s{}]*")
_NUMBER_SET = re.compile(r"[0-9.]+(?:,[0-9.]+)+")
_CLOSING = frozenset(",.;:)")
_URL_MARK = re.compile("[\U000f0000-\U0010ffff]")  # a URL that `text` has put out of reach


class _Mark(NamedTuple):
    start: int
    end: int
    text: str


class _Reader:
    """Renders one text; marks are found once, and pairs of braces and formula signs are known before reading."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.marks = [_Mark(m.start(), m.end(), m[0]) for m in _MARK.finditer(text)]
        self.depth = 0
        self.partner = self._braces()
        self.next_dollar = self._following("$")
        self.next_round = self._following("\\)")
        self.next_square = self._following("\\]")
        self.typing = Typing(text)
        self.has_quote_escapes = re.search(r'\\"(?![A-Za-z{\\])', text) is not None

    def _braces(self) -> dict[int, int]:
        partner, opened = {}, []
        for i, mark in enumerate(self.marks):
            if mark.text == "{":
                opened.append(i)
                self.depth = max(self.depth, len(opened))
            elif mark.text == "}" and opened:
                partner[opened.pop()] = i
        return partner

    def _following(self, closer: str) -> list[int]:
        """Return for every mark the index of the next `closer` after it, len(marks) when there is none."""
        following, nearest = [0] * len(self.marks), len(self.marks)
        for i in range(len(self.marks) - 1, -1, -1):
            following[i] = nearest
            if self.marks[i].text == closer:
                nearest = i
        return following

    def render(self, i: int, j: int, start: int, end: int, *, is_math: bool) -> str:
        """Return the text from `start` to `end`, whose marks are i up to j, as plain Unicode."""
        out: list[str] = []
        at = start
        while i < j:
            mark = self.marks[i]
            if mark.start < at:  # taken as an argument already
                i += 1
                continue
            out.append(self.text[at : mark.start])
            piece, i, at = self._read(i, j, end, is_math=is_math)
            out.append(piece)
        out.append(self.text[at:end])
        return "".join(out)

    def _inner(self, i: int, close: int, *, is_math: bool) -> str:
        """Return what stands between mark i and its closing mark."""
        return self.render(i + 1, close, self.marks[i].end, self.marks[close].start, is_math=is_math)

    def _group(self, i: int, j: int, at: int) -> int | None:
        """Return the index of the opening brace that stands at `at` (blanks before it skipped), None without one."""
        while at < len(self.text) and self.text[at] == " ":
            at += 1
        if i < j and self.marks[i].start == at and self.marks[i].text == "{" and self.partner.get(i, j) < j:
            return i
        return None

    def _read(self, i: int, j: int, end: int, *, is_math: bool) -> tuple[str, int, int]:
        """Read mark i; return what it comes to, the next mark and the next position in the text."""
        mark = self.marks[i]
        kind = mark.text[0]
        if kind == "\\":
            if len(mark.text) > 1 and mark.text[1].isascii() and mark.text[1].isalpha():
                return self._macro(i, j, end, is_math=is_math)
            return self._escape(i, j, is_math=is_math)
        if kind == "{" and self.partner.get(i, j) < j:
            close = self.partner[i]
            return self._braced(i, close, is_math=is_math), close + 1, self.marks[close].end
        if kind == "$" and not is_math:
            return self._dollar(i, j)
        if kind in "^_":
            return self._script(i, j, end, is_math=is_math)
        if kind in "~`'-":
            return (
                (" " if kind == "~" else mark.text) if is_math else self.typing.read(mark.start, mark.end),
                i + 1,
                mark.end,
            )
        return mark.text, i + 1, mark.end

    def _braced(self, i: int, close: int, *, is_math: bool) -> str:
        """Return a group; outside formulas braces that may be meant for the reader, as round a set, stay."""
        start, end = self.marks[i].end, self.marks[close].start
        raw = self.text[start:end]
        inner = self._inner(i, close, is_math=is_math)
        size = None if is_math else _SIZE_WORD.match(raw)
        if size:
            return inner.removeprefix(size[0])
        is_joined = self.text[start - 2 : start - 1].isalnum() or self.text[end + 1 : end + 2].isalnum()
        if not is_math and _URL_MARK.match(raw) and self.text[start - 2 : start - 1].isalnum():
            return " " + inner  # "available{URL}"
        is_whole = start == 1 and end == len(self.text) - 1
        is_set = re.search(r"[,;:|=\"]", raw) is not None and not (
            _ONE_WORD.fullmatch(raw) and not _NUMBER_SET.fullmatch(raw)
        )
        if is_math or "\\" in raw or "$" in raw or is_joined or is_whole or not is_set:
            return inner.lstrip() if raw.startswith("\\") else inner
        return "{" + inner + "}"

    # --- formulas -----------------------------------------------------------------------------------------------

    def _dollar(self, i: int, j: int) -> tuple[str, int, int]:
        mark = self.marks[i]
        close = self.next_dollar[i]
        opened, is_display = i, False
        if close < j and self.marks[close].start == mark.end:  # $$...$$
            opened, close, is_display = close, self.next_dollar[close], True
        if close >= j:
            return mark.text, i + 1, mark.end
        raw = self.text[self.marks[opened].end : self.marks[close].start]
        after = self.text[self.marks[close].end : self.marks[close].end + 2]
        if not is_formula(raw, after):
            return mark.text, i + 1, mark.end
        inner = self._formula(opened, close)
        at = self.marks[close].end
        if is_display and after[:1] == "$":
            return inner, close + 2, at + 1
        return inner, close + 1, at

    def _formula(self, i: int, close: int) -> str:
        inner = " ".join(self._inner(i, close, is_math=True).split())
        return _PREFIX_BLANK.sub(r"\1", inner)

    def _script(self, i: int, j: int, end: int, *, is_math: bool) -> tuple[str, int, int]:
        """Read ^ or _ with what it raises or lowers; outside formulas only where it is beyond doubt."""
        mark = self.marks[i]
        write = raised if mark.text == "^" else lowered
        before = self.text[mark.start - 1 : mark.start]
        is_attached = before != "" and (before.isalnum() or before in ")]}|$'*")
        group = self._group(i + 1, j, mark.end) if is_math or is_attached else None
        if group is not None and (is_math or self.marks[group].start == mark.end):
            close = self.partner[group]
            inner = self._inner(group, close, is_math=True)
            return write(" ".join(inner.split())), close + 1, self.marks[close].end
        if mark.text == "^" and (is_math or is_attached):
            number = _BARE_EXPONENT.match(self.text, mark.end, end)
            if number:
                return write(number[0]), i + 1, number.end()
        if (
            is_math
            and i + 1 < j
            and self.marks[i + 1].start == mark.end
            and self.marks[i + 1].text[0] == "\\"
        ):
            piece, following, at = self._read(i + 1, j, end, is_math=True)
            return write(piece.strip()), following, at
        sign = self.text[mark.end : min(mark.end + 1, end)]
        if is_math and sign and (i + 1 >= j or self.marks[i + 1].start > mark.end) and not sign.isspace():
            return write(sign), i + 1, mark.end + 1
        if self.text.startswith("\\circ", mark.end):
            return "°", i + 2, mark.end + len("\\circ")
        return mark.text, i + 1, mark.end

    # --- escapes and macros -------------------------------------------------------------------------------------

    def _escape(self, i: int, j: int, *, is_math: bool) -> tuple[str, int, int]:
        mark = self.marks[i]
        sign = mark.text[1:]
        following = (i + 1, mark.end)
        if sign in {"(", "["}:
            close = (self.next_round if sign == "(" else self.next_square)[i]
            is_near = close < j and self.marks[close].start - mark.end < MAX_FORMULA
            if is_near and not is_math:
                return self._formula(i, close), close + 1, self.marks[close].end
            return sign, *following
        if sign == ",":
            groups = self.text[mark.start - 1 : mark.start].isdigit() and re.match(
                r"[0-9]{3}(?![0-9])", self.text[mark.end : mark.end + 4]
            )
            return "," if groups else " ", *following
        if sign == "|":
            return "‖" if is_math else "|", *following
        if sign in _SPACES:
            return _SPACES[sign], *following
        if sign and sign in tables.ACCENTS:
            before = self.text[mark.start - 1 : mark.start]
            is_quote = sign == '"' and self.has_quote_escapes and not before.isalpha()
            accented = None if is_quote else self._accented(i, j, mark.end, tables.ACCENTS[sign])
            return accented or (sign, *following)
        return sign or "\\", *following

    def _accented(self, i: int, j: int, at: int, accent: str) -> tuple[str, int, int] | None:
        """Return the letter at `at` with its accent, in any of TeX's spellings, or None without a letter."""
        group = self._group(i + 1, j, at)
        if group is not None:
            close = self.partner[group]
            base = self.text[self.marks[group].end : self.marks[close].start].strip()
            base = {"\\i": "i", "\\j": "j"}.get(base, base)
            if base == "" and len(self.marks[i].text) == 2:
                return self.marks[i].text[1], close + 1, self.marks[close].end
            if len(base) == 1 and base.isalpha():
                return unicodedata.normalize("NFC", base + accent), close + 1, self.marks[close].end
            return None
        if i + 1 < j and self.marks[i + 1].start == at and self.marks[i + 1].text in {"\\i", "\\j"}:
            base = self.marks[i + 1].text[1]
            return unicodedata.normalize("NFC", base + accent), i + 2, self.marks[i + 1].end
        base = self.text[at : at + 1]
        whole = unicodedata.normalize("NFC", base + accent)
        if base.isascii() and base.isalpha() and len(whole) == 1:
            return whole, i + 1, at + 1
        return None

    def _argument(self, i: int, j: int, at: int, *, is_math: bool) -> tuple[str, int, int] | None:
        group = self._group(i, j, at)
        if group is None:
            return None
        close = self.partner[group]
        return self._inner(group, close, is_math=is_math), close + 1, self.marks[close].end

    def _arguments(self, i: int, j: int, at: int, n: int, *, is_math: bool) -> tuple[list[str], int, int]:
        """Return up to `n` arguments in braces from `at` on, and where reading goes on."""
        found: list[str] = []
        while len(found) < n:
            argument = self._argument(i, j, at, is_math=is_math)
            if argument is None:
                break
            text, i, at = argument
            found.append(text)
        return found, i, at

    def _macro(self, i: int, j: int, end: int, *, is_math: bool) -> tuple[str, int, int]:
        mark = self.marks[i]
        name = mark.text[1:].rstrip("*")
        at, following = mark.end, i + 1
        if name in tables.LETTERS or name in tables.ACCENTS:
            taken = self._letter(i, j, name)
            if taken:
                return taken
        if name in tables.SILENT:
            skip = 1 if self.text[at : at + 1] == " " and not is_math and name != "xspace" else 0
            if name in {"left", "right"} and self.text[at : at + 1] == ".":
                skip = 1
            return "", following, at + skip
        option = re.match(r"\s*\[([^\[\]{}$\\]{0,80})\]", self.text[at : min(end, at + 90)])
        option_end = at + option.end() if option else at
        n_arguments = N_ARGUMENTS.get(name, 9 if tables.known_symbol(name) is None else 0)
        if name in tables.SYMBOLS:
            n_arguments = 0
        inner_is_math = (is_math and name not in tables.TEXT_WRAPPERS) or name == "ensuremath"
        takes_option = option is not None and (
            name in tables.POINTERS or name in {"sqrt", "replaced", "deleted"}
        )
        found, next_mark, next_at = self._arguments(
            following, j, option_end if takes_option else at, n_arguments, is_math=inner_is_math
        )
        piece = meaning(name, found, option[1] if takes_option and option else "")
        if is_math and piece == name and len(name) > 1 and self.text[mark.start - 1 : mark.start].isalnum():
            piece = " " + piece  # n\\log n
        if not found:
            empty = self._group(following, j, at)
            if empty is not None and self.partner[empty] == empty + 1 and self.marks[empty].start == at:
                return piece, empty + 2, self.marks[empty + 1].end
            is_sign = is_math and len(piece) == 1 and not piece.isalnum()
            if (
                is_sign
                and self.text[at : at + 1] == " "
                and not self.text[mark.start - 1 : mark.start].isspace()
            ):
                at += 1  # "1.3\\times 10": the blank only ends the macro's name
            return piece, following, at
        if piece.endswith(" ") and self.text[next_at : next_at + 1] in _CLOSING:
            piece = piece.rstrip()  # "\\textbf{Name }, which"
        return piece, next_mark, next_at

    def _letter(self, i: int, j: int, name: str) -> tuple[str, int, int] | None:
        """Read a macro that is a letter or sets an accent; None when it is neither here."""
        at = self.marks[i].end
        if name in tables.ACCENTS:
            accent = tables.ACCENTS[name]
            if self._group(i + 1, j, at) is not None:
                return self._accented(i, j, at, accent)
            blank = re.match(r" +(?=[A-Za-z\\])", self.text[at : at + 4])
            return self._accented(i, j, at + blank.end(), accent) if blank and len(name) == 1 else None
        rest = self.text[at : at + 2]
        if rest.startswith("{}"):
            return tables.LETTERS[name], i + 3, at + 2
        return tables.LETTERS[name], i + 1, at + (1 if rest.startswith(" ") else 0)


def plain_from_tex(text: str) -> str:
    """Return `text` with its TeX read: macros, accents, formulas, quotes, dashes, ties. Lengths are not kept."""
    if len(text) > MAX_CHARACTERS:
        return text
    reader = _Reader(text)
    if reader.depth > MAX_DEPTH:
        return text
    return reader.render(0, len(reader.marks), 0, len(text), is_math=False)

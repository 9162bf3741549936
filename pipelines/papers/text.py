"""One clean Unicode title or abstract from what listings really hold. Reading TeX itself is in `tex`.

Numbers are never lost or changed and URLs stay as they are, byte for byte (but for TeX's own escapes in them).
Curly quotes, dashes, the minus sign, ∼ and × stay as they are; telling their kinds apart is the extractor's work.
Most texts are clean already: a gate finds out, and the rest of the module is for the others.
"""

import html
import re
import unicodedata
from functools import lru_cache
from html.entities import html5

from pipelines.papers.tex import plain_from_tex
from pipelines.papers.tex_tables import STRIPPED_SIZES, STRIPPED_WRAPPERS, superscript_digits

#: Normalizing is repeated until nothing changes, so that it is idempotent; what needs more rounds is no text.
_MAX_ROUNDS = 8

# The gate. Character classes first: they are what a regular expression finds fastest.
_MARKS = re.compile(r"[\\$`{}^~<\x00-\x09\x0b-\x1f\x7f-\xa0\xad]")
_STRIPPED_NUMBER = re.compile(r"[0-9](?:(?<=sim.)|(?<=pprox.)|(?<=pm.)|(?<=[lg]e.)|(?<=[lg]eq.)|times)")
_ODD = re.compile(
    "[\u1680\u180e\u2000-\u200f\u2010\u2011\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufb00-\ufb06\ufff9-\ufffb"
    "\ud800-\udfff\U0001d400-\U0001d7ff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
_PAIRS = ("--", "''", "  ", "\n", "**", "&")

# Characters.
_BLANKS = "\t\x0b\x0c\x1c\x1d\x1e\x1f\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_REMOVED = "\xad\u180e\u200b\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\ufff9\ufffa\ufffb"


def _character_map() -> dict[int, str]:
    """Return single characters and what stands for them; numbers keep their value in every line of it."""
    table = dict.fromkeys(range(32), " ") | dict.fromkeys(map(ord, _BLANKS), " ") | {0x0A: "\n", 0x7F: " "}
    table |= dict.fromkeys(map(ord, _REMOVED), "")
    table |= dict.fromkeys((*range(8234, 8239), *range(8294, 8304), *range(917504, 917632)), "")
    for code in range(0x80, 0xA0):  # Windows-1252 that was read as Latin-1
        table[code] = bytes([code]).decode("cp1252", "replace").replace("\ufffd", " ")
    table |= {0x2010: "-", 0x2011: "-", 0x2028: "\n", 0x2029: "\n\n", 0x85: "…"}
    for code in (
        *range(0xFB00, 0xFB07),
        *range(0x1D400, 0x1D800),
    ):  # ligatures; letters in mathematical dress
        table[code] = unicodedata.normalize("NFKC", chr(code))
    return table


_CHARACTERS = _character_map()
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_PLANE_PRIVATE = re.compile("[\U000f0000-\U0010ffff]")  # they stand for URLs below
_JOINERS = re.compile(r"(?<=[\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?=[\x00-\x7f])|[\u200c\u200d]+\Z")

# Entities.
_AMP_AGAIN = re.compile(r"&(?:(?:amp|#0*38|#[xX]0*26);)+(?=#?[A-Za-z0-9]{1,31};)")
_ENTITY = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_BRACKETS = {"lt", "gt", "#60", "#62", "#x3c", "#x3e"}

# Lines.
_PARAGRAPH = re.compile(r"[ \t]*\n(?:[ \t]*\n[ \t\n]*|[ \t]{2,})")
_WRAP_AT_HYPHEN = re.compile(r"(?<=[^\W_])-[ \t]*\n[ \t]*(?!(?:and|or|to|vs)\b)(?=[^\W_])")
_MANY_BLANKS = re.compile(r" {2,}")

# URLs, so that nothing below touches them.
_URL_BODY = r"(?:\\[_%#&~$]|[^\s<>\"{}|^`\\$])+"
_URL = re.compile(r"[hfw](?:ttps?://|tp://|ww\.)" + _URL_BODY)
_DOMAIN_HINT = re.compile(r"\.(?:com|org|io|co|net|ai|edu|gov|dev)/")
_DOMAIN = re.compile(
    r"(?<![\w./@-])(?:[A-Za-z0-9-]{1,63}\.){1,4}(?:com|org|io|co|net|ai|edu|gov|dev)/" + _URL_BODY
)
_URL_TAIL = re.compile(r"['.,;:!?)\]~*]+$")
_URL_ESCAPE = re.compile(r"\\([_%#&~$])")
_PRIVATE = 0xF0000
_MAX_URLS = 60_000

# What Hugging Face leaves of a formula when it strips $ and \.
_STRIPPED_SYMBOL = re.compile(
    r"(?<![A-Za-z0-9_-])(sim(?!2(?:[A-Za-z]{2}|-))|approx|pm(?!2\.5\b|10\b|1\b)|leq?|geq?)(?=[0-9])"
)
_SYMBOL = {"sim": "∼", "approx": "≈", "pm": "±", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥"}
_STRIPPED_TIMES = re.compile(r"(?<=[0-9])times(?![A-Za-z])")
_STRIPPED_MACRO = re.compile(rf"(?<![A-Za-z\\])(?:{STRIPPED_WRAPPERS})\Z")
_LONGEST_MACRO = 14
_STRIPPED_SIZE = re.compile(rf"\{{(?=(?:{STRIPPED_SIZES}) \S)")

# Markup.
_SCRIPT_TAG = re.compile(r"<(su[bp])>([^<>]{0,60})</\1>")
_TAG_PAIR = re.compile(r"<(i|b|em|strong|tt|u|jats:[a-z-]{1,20})>([^<>]*)</\1>")
_SINGLE_TAG = re.compile(r"</?(?:p|br|jats:p)\s*/?>")
_BOLD = re.compile(r"(?<![\w*])\*\*(?=[^\s*])([^*\n]{1,300}?)(?<=[^\s*])\*\*(?!\*)")
_SINGLE_QUOTES = re.compile(r"(?<![\w`\\])`(?![`\s])([^`\n]{1,120}?)(?<![\s`'])(?:'(?!')|’)(?!\w)")
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])`(?=(?:s|t|re|ve|ll|d)\b)")


def printable(text: str) -> str:
    """Return `text` as UTF-8 can hold it: paired surrogates joined, lone ones replaced by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _needs_work(text: str) -> bool:
    if _MARKS.search(text) or text[:1] == " " or text[-1:] == " ":
        return True
    if any(pair in text for pair in _PAIRS) or _STRIPPED_NUMBER.search(text):
        return True
    return not text.isascii() and (
        _ODD.search(text) is not None or not unicodedata.is_normalized("NFC", text)
    )


def _clean_characters(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return text.translate(_CHARACTERS) if _CONTROL.search(text) else text
    text = printable(text)
    text = _PLANE_PRIVATE.sub("\ufffd", _JOINERS.sub("", text).translate(_CHARACTERS))
    return unicodedata.normalize("NFC", text)


def _unescape(match: re.Match[str]) -> str:
    name = match[1]
    if name[0] != "#" and name + ";" not in html5:
        return match[0]
    return html.unescape(match[0])


def _read_entities(text: str) -> str:
    """Return text with entities read, doubled ones too; < and > only where the text has none of its own."""
    text = _AMP_AGAIN.sub("&", text)
    if "<" in text or ">" in text:
        return _ENTITY.sub(lambda m: m[0] if m[1].lower() in _BRACKETS else _unescape(m), text)
    return _ENTITY.sub(_unescape, text)


def _join_lines(text: str, *, is_title: bool) -> str:
    """Return text without the line ends of the submission form; an indented or empty line starts a paragraph."""
    text = text.strip()
    if "\n" not in text:
        return " ".join(text.split()) if "  " in text else text
    text = _WRAP_AT_HYPHEN.sub("-", text)
    if is_title:
        return " ".join(text.split())
    paragraphs = (" ".join(p.split()) for p in _PARAGRAPH.split(text))
    return "\n\n".join(p for p in paragraphs if p)


def _raise_tag(match: re.Match[str]) -> str:
    inner = match[2].strip()
    if match[1] == "sub":
        return "_{" + inner + "}"
    return superscript_digits(inner) if re.fullmatch(r"[+\-−]?[0-9]+", inner) else "^{" + inner + "}"


def _read_stripped(text: str) -> str:
    """Return text in which what Hugging Face left of formulas is symbols, or TeX again, for `tex` to read."""
    if _STRIPPED_NUMBER.search(text):
        text = _STRIPPED_TIMES.sub("×", _STRIPPED_SYMBOL.sub(lambda m: _SYMBOL[m[1]], text))
    if "{" not in text:
        return text
    pieces, at = [], 0
    while (brace := text.find("{", at)) >= 0:
        macro = _STRIPPED_MACRO.search(text[max(0, brace - _LONGEST_MACRO) : brace]) if brace > at else None
        start = brace - len(macro[0]) if macro else -1
        if start >= at:
            pieces += [text[at:start], "\\", text[start : brace + 1]]
        else:
            pieces.append(text[at : brace + 1])
        at = brace + 1
    pieces.append(text[at:])
    return _STRIPPED_SIZE.sub(r"{\\", "".join(pieces))


def _read_markup(text: str) -> str:
    """Return text without the few HTML tags and the bold marks of Markdown that listings carry."""
    if "</" in text or "<p" in text or "<br" in text:
        text = _SCRIPT_TAG.sub(_raise_tag, text)
        text = _TAG_PAIR.sub(r"\2", text)
        text = _SINGLE_TAG.sub("\n\n", text)
    if "**" in text:
        text = _BOLD.sub(r"\1", text)
    return text


def _read_marks(text: str) -> str:
    """Return text with markup and TeX read; URLs are put out of reach first and put back last."""
    urls: list[str] = []

    def hide(match: re.Match[str]) -> str:
        if len(urls) >= _MAX_URLS:
            return match[0]
        tail = _URL_TAIL.search(match[0])
        url = match[0][: tail.start()] if tail else match[0]
        urls.append(_URL_ESCAPE.sub(r"\1", url))
        return chr(_PRIVATE + len(urls) - 1) + (tail[0] if tail else "")

    text = _URL.sub(hide, text)
    if _DOMAIN_HINT.search(text):
        text = _DOMAIN.sub(hide, text)
    text = _read_stripped(_read_markup(text))
    if "`" in text:
        text = _APOSTROPHE.sub("'", _SINGLE_QUOTES.sub(r"‘\1’", text))
    text = plain_from_tex(text)
    return _PLANE_PRIVATE.sub(lambda m: urls[ord(m[0]) - _PRIVATE], text) if urls else text


def _normalize_once(text: str, *, is_title: bool) -> str:
    text = _clean_characters(text)
    if "&" in text:
        text = _clean_characters(_read_entities(text))
    text = _read_marks(_join_lines(text, is_title=is_title))
    return unicodedata.normalize("NFC", _join_lines(text, is_title=is_title))


def _normalize(raw: str, *, is_title: bool) -> str:
    text = raw
    for _ in range(_MAX_ROUNDS):
        if not _needs_work(text):
            break
        before, text = text, _normalize_once(text, is_title=is_title)
        if text == before:
            break
    return text


def normalize_text(raw: str) -> str:
    """Return an abstract as one clean Unicode text, paragraphs parted by an empty line. Idempotent, never fails."""
    return _normalize(raw, is_title=False)


@lru_cache(maxsize=4096)
def normalize_title(raw: str) -> str:
    """Return a title, or a name, as one line of clean Unicode. Idempotent, never fails."""
    return _normalize(raw, is_title=True)

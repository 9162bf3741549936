"""What one macro, superscript, subscript or formula of TeX comes to in plain text, its arguments being plain already.

Finding them in a text is in `tex`; the plain tables are in `tex_tables`.
"""

import re

from pipelines.papers import tex_tables as tables

#: A formula longer than this is no formula.
MAX_FORMULA = 2_000

_SIGN = re.compile(r"[+\-−]?[0-9]+")
_SIMPLE = re.compile(r"[\w.]+")
_ARGUMENT = re.compile(r"\\[A-Za-z]+(?:\{[^{}]*\})?|_\{[^{}]*\}")
_WORD = re.compile(r"[A-Za-z]{3,}")

#: How many arguments a macro takes; one that is not known takes all that follow it.
N_ARGUMENTS = (
    dict.fromkeys(tables.WRAPPERS | tables.POINTERS | tables.SILENT_WITH_ARGUMENT, 1)
    | dict.fromkeys(
        ("sqrt", "textsuperscript", "textsubscript", "footnote", "thanks", "enquote", "unicode", "deleted"), 1
    )
    | dict.fromkeys(
        ("href", "frac", "tfrac", "dfrac", "textcolor", "colorbox", "replaced", "binom", "texorpdfstring"), 2
    )
    | dict.fromkeys(("hat", "tilde", "bar", "Bar", "vec", "dot", "ddot", "widehat", "widetilde", "check"), 1)
)


def _fraction_part(text: str) -> str:
    text = text.strip()
    return text if re.fullmatch(r"[\w.,∞]*", text) else f"({text})"


def meaning(name: str, arguments: list[str], option: str) -> str:
    """Return what a macro with these rendered arguments comes to in plain text."""
    if name in tables.SYMBOLS:
        return tables.SYMBOLS[name]
    if not any(argument.strip() for argument in arguments):
        return tables.known_symbol(name) or ("" if name in tables.WRAPPERS else name)
    first = arguments[0]
    if name in tables.WRAPPERS:
        return first
    if name in tables.SILENT_WITH_ARGUMENT or name == "deleted":
        return " " if name in {"begin", "end", "hspace"} else ""
    if name in tables.POINTERS:
        return f"[{first.strip()}{', ' + option if option else ''}]"
    if name == "href" and len(arguments) == 2:
        target, shown = first.strip(), arguments[1].strip()
        return target if shown in {"", target} else f"{shown} ({target})" if target not in shown else shown
    if name in {"frac", "tfrac", "dfrac"} and len(arguments) == 2:
        return f"{_fraction_part(first)}/{_fraction_part(arguments[1])}"
    if name == "sqrt":
        return f"{raised(option)}√{_fraction_part(first)}"
    if name in {"footnote", "thanks"}:
        return f" ({first.strip()})"
    if name == "enquote":
        return f"“{first}”"
    if name == "textsuperscript":
        return raised(first.strip())
    if name == "textsubscript":
        return lowered(first.strip())
    if name == "unicode":
        code = re.fullmatch(r"x([0-9A-Fa-f]{2,5})|([0-9]{2,6})", first.strip())
        number = int(code[1], 16) if code and code[1] else int(code[2]) if code else 0
        return chr(number) if 0x20 <= number < 0xD800 or 0xE000 <= number < 0x110000 else first
    if name in {"textcolor", "colorbox"}:
        return arguments[-1]
    if name == "replaced" or name in tables.ACCENTS:
        return first
    return " ".join(arguments)


def raised(text: str) -> str:
    """Return a superscript: whole numbers in Unicode, anything else behind a caret, in parentheses where needed."""
    if text in {"", "+", "++", "*", "**", "°", "′", "†", "‡", "th", "st", "nd", "rd"}:
        return text
    if text == "∘":
        return "°"
    if _SIGN.fullmatch(text):
        return tables.superscript_digits(text)
    return f"^{text}" if text.isalpha() or _is_lone_sign(text) else f"^({text})"


def _is_lone_sign(text: str) -> bool:
    return len(text) == 1 and text not in "()[]{}" and not text.isdigit()


def lowered(text: str) -> str:
    """Return a subscript behind an underscore, in parentheses where needed."""
    return (
        "" if text == "" else f"_{text}" if _SIMPLE.fullmatch(text) or _is_lone_sign(text) else f"_({text})"
    )


def is_formula(raw: str, after: str) -> bool:
    """Say whether what stands between two dollar signs is a formula rather than text between two prices."""
    if not raw.strip() or len(raw) > MAX_FORMULA or "\n\n" in raw:
        return False
    has_tex = re.search(r"\\[A-Za-z]|[\\^_{}=]", raw) is not None
    is_price = raw[0].isdigit() and re.match(r"\.?[0-9]", after) is not None and "\\" not in raw
    if is_price or (raw[0] == "." and len(raw) > 1 and not has_tex):
        return False
    is_spaced = raw[0].isspace() != raw[-1].isspace()
    n_words = sum(1 for word in _ARGUMENT.sub("", raw).split() if _WORD.search(word))
    if has_tex:
        return n_words < 6 and not (raw[0].isdigit() and is_spaced and n_words > 1)
    return not is_spaced and n_words < 2

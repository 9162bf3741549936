"""What TeX's macros mean in a title or an abstract: symbols, accents, wrappers. Reading them in place is in `tex`."""

from functools import lru_cache

from pylatexenc.latex2text import get_default_latex_context_db

#: Accent macros and the combining character each stands for.
ACCENTS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "c": "\u0327",
    "v": "\u030c",
    "u": "\u0306",
    "H": "\u030b",
    "k": "\u0328",
    "r": "\u030a",
    "d": "\u0323",
    "b": "\u0331",
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "bar": "\u0304",
    "Bar": "\u0304",
    "vec": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
    "check": "\u030c",
    "acute": "\u0301",
    "grave": "\u0300",
    "breve": "\u0306",
}
#: Letters of other alphabets; the blank after such a macro only ends its name.
LETTERS = {
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "i": "ı",
    "j": "ȷ",
    "dh": "ð",
    "th": "þ",
    "dj": "đ",
    "DJ": "Đ",
}
#: Symbols and names, where pylatexenc has none or one that does not read well.
SYMBOLS = {
    "times": "×",
    "sim": "∼",
    "approx": "≈",
    "pm": "±",
    "le": "≤",
    "leq": "≤",
    "leqslant": "≤",
    "ge": "≥",
    "geq": "≥",
    "geqslant": "≥",
    "lt": "<",
    "gt": ">",
    "ne": "≠",
    "neq": "≠",
    "ll": "≪",
    "gg": "≫",
    "to": "→",
    "cdot": "·",
    "cdots": "…",
    "ldots": "…",
    "dots": "…",
    "dotsc": "…",
    "textellipsis": "…",
    "infty": "∞",
    "percent": "%",
    "degree": "°",
    "textdegree": "°",
    "circ": "∘",
    "prime": "′",
    "ast": "*",
    "star": "*",
    "mid": "|",
    "vert": "|",
    "lvert": "|",
    "rvert": "|",
    "Vert": "‖",
    "lVert": "‖",
    "rVert": "‖",
    "slash": "/",
    "colon": ":",
    "epsilon": "ε",
    "varepsilon": "ε",
    "phi": "φ",
    "varphi": "φ",
    "ell": "ℓ",
    "circledR": "®",
    "textregistered": "®",
    "texttrademark": "™",
    "copyright": "©",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textbackslash": "\\",
    "textunderscore": "_",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textpm": "±",
    "texttimes": "×",
    "textmu": "µ",
    "textendash": "–",
    "textemdash": "—",
    "textquotedblleft": "“",
    "textquotedblright": "”",
    "textquoteleft": "‘",
    "textquoteright": "’",
    "lq": "‘",
    "rq": "’",
    "textbullet": "•",
    "euro": "€",
    "pounds": "£",
    "S": "§",
    "P": "¶",
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "eg": "e.g.",
    "ie": "i.e.",
    "etal": "et al.",
    "etc": "etc.",
    "aka": "a.k.a.",
    "wrt": "w.r.t.",
    "vs": "vs.",
    "cf": "cf.",
    "lbrace": "{",
    "rbrace": "}",
    "backslash": "\\",
    "space": " ",
    "quad": " ",
    "qquad": " ",
    "enspace": " ",
    "thinspace": " ",
    "newline": " ",
    "linebreak": " ",
    "item": " ",
    "par": "\n\n",
}
#: Macros that only set how their argument looks.
WRAPPERS = frozenset(
    [
        *(
            "emph",
            "textbf",
            "textit",
            "texttt",
            "textsc",
            "textrm",
            "textsf",
            "textsl",
            "textup",
            "textmd",
            "text",
        ),
        *(
            "textnormal",
            "underline",
            "uline",
            "ul",
            "mbox",
            "hbox",
            "fbox",
            "makebox",
            "MakeUppercase",
            "uppercase",
        ),
        *(
            "lowercase",
            "textlf",
            "url",
            "path",
            "nolinkurl",
            "mathop",
            "underbrace",
            "overbrace",
            "overline",
            "num",
        ),
        *(
            "mathrm",
            "mathbf",
            "mathcal",
            "mathbb",
            "mathsf",
            "mathit",
            "mathtt",
            "mathfrak",
            "mathscr",
            "mathnormal",
        ),
        *(
            "boldsymbol",
            "bm",
            "pmb",
            "operatorname",
            "ensuremath",
            "textstyle",
            "st",
            "sout",
            "hl",
            "added",
            "ac",
        ),
        *(
            "acs",
            "acf",
            "acl",
            "acp",
            "gls",
            "Gls",
            "glspl",
            "acrshort",
            "acrfull",
            "cancel",
            "boxed",
            "qty",
            "texorpdfstring",
        ),
    ]
)
#: Of these, the argument is text even inside a formula.
TEXT_WRAPPERS = frozenset(
    w for w in WRAPPERS if w.startswith("text") or w in {"mbox", "hbox", "emph", "url", "path"}
)
#: Macros without meaning for a reader: type size and shape, stretching brackets, space that is no blank.
SILENT = frozenset(
    [
        *(
            "bf",
            "it",
            "em",
            "rm",
            "sc",
            "tt",
            "sf",
            "sl",
            "cal",
            "bfseries",
            "itshape",
            "scshape",
            "ttfamily",
            "sffamily",
        ),
        *(
            "rmfamily",
            "upshape",
            "normalfont",
            "tiny",
            "scriptsize",
            "footnotesize",
            "small",
            "normalsize",
            "large",
        ),
        *(
            "Large",
            "LARGE",
            "huge",
            "Huge",
            "displaystyle",
            "scriptstyle",
            "left",
            "right",
            "big",
            "Big",
            "bigg",
        ),
        *(
            "Bigg",
            "bigl",
            "bigr",
            "Bigl",
            "Bigr",
            "biggl",
            "biggr",
            "middle",
            "limits",
            "nolimits",
            "xspace",
            "noindent",
        ),
        *(
            "protect",
            "relax",
            "centering",
            "sloppy",
            "newpage",
            "clearpage",
            "maketitle",
            "boldmath",
            "allowbreak",
        ),
        *("hfill", "vfill", "smallskip", "medskip", "bigskip", "footnotemark", "displaylimits"),
    ]
)
#: Macros whose argument is for the typesetter.
SILENT_WITH_ARGUMENT = frozenset(
    ["hspace", "vspace", "color", "begin", "end", "phantom", "vphantom", "hphantom"]
)
#: Macros that point elsewhere; the key is kept, in brackets.
POINTERS = frozenset(
    [
        *(
            "cite",
            "citep",
            "citet",
            "citealp",
            "citealt",
            "citeauthor",
            "citeyear",
            "parencite",
            "textcite",
            "autocite",
        ),
        *("ref", "eqref", "autoref", "cref", "Cref", "pageref", "label", "footcite", "citenum", "nocite"),
    ]
)
#: Words that Hugging Face leaves of a macro when it strips the backslash: `text{x}`, `frac{1}{2}`, `{scriptsize X}`.
STRIPPED_WRAPPERS = (
    "mathcal|mathbf|mathrm|mathbb|mathsf|mathit|mathtt|textbf|textit|texttt|textsc|textrm|textsf|text|emph|url|href"
    "|operatorname|boldsymbol|bm|underline|frac|sqrt|hat|tilde|bar|overline|textcolor"
)
STRIPPED_SIZES = "tiny|scriptsize|footnotesize|small|normalsize|large|Large|bf|it|em|rm|sc|tt|sf"

_SUPERSCRIPT = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")


def superscript_digits(number: str) -> str:
    """Return a whole number, signed or not, in Unicode superscripts."""
    return number.translate(_SUPERSCRIPT)


_PYLATEXENC = get_default_latex_context_db()


@lru_cache(maxsize=1024)
def known_symbol(name: str) -> str | None:
    """Return the characters that a macro without arguments stands for by pylatexenc's tables, None when unknown."""
    replacement = getattr(_PYLATEXENC.get_macro_spec(name), "simplify_repl", None)
    if not isinstance(replacement, str) or "%" in replacement or not replacement.strip():
        return None
    return replacement if replacement.isprintable() else None

"""Titles and abstracts as listings really hold them, come to one clean text. Each case is a quirk that was met."""

import gzip
import html
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.papers.text import normalize_text, normalize_title

QUIRKS = {
    "escaped percent": (r"wins by 96.4\% with 0.07\% trained", "wins by 96.4% with 0.07% trained"),
    "stripped sim": ("(sim0.01% of it)", "(∼0.01% of it)"),
    "sim in dollars": (
        r"only $\sim$0.01% and ${\sim}0.01$% and $\sim 2$ M",
        "only ∼0.01% and ∼0.01% and ∼2 M",
    ),
    "stripped times": ("1920times1080 and 5times faster", "1920×1080 and 5× faster"),
    "words that only look stripped": (
        "sim2real, sometimes8, times 3, pm2.5",
        "sim2real, sometimes8, times 3, pm2.5",
    ),
    "other stripped signs": ("approx3 pm0.5 leq7 geq9", "≈3 ±0.5 ≤7 ≥9"),
    "stripped braces": ("SAP^{2} at 10^{9} tokens", "SAP² at 10⁹ tokens"),
    "stripped macros": ("text{big} frac{1}{2} mathcal{O}(n) {scriptsize X2Y}", "big 1/2 O(n) X2Y"),
    "text macros": (r"\textsc{Ofa}, \texttt{x_1}, \emph{all \textbf{of} it}", "Ofa, x_1, all of it"),
    "old type macros": (r"{\bf Bold} and {\em two words}", "Bold and two words"),
    "url macro": (r"see \url{https://x.org/a\_b~c--d}", "see https://x.org/a_b~c--d"),
    "href macro": (r"\href{https://x.org/a%20b}{our page}", "our page (https://x.org/a%20b)"),
    "cite macro": (r"as in~\cite{lee2031,kim2032}.", "as in [lee2031,kim2032]."),
    "footnote": (r"data\footnote{At https://x.org/d.}", "data (At https://x.org/d.)"),
    "tex quotes": ("``soft skills,'' and `hard' ones", "“soft skills,” and ‘hard’ ones"),
    "closing quotes at both ends": ("the ''model'' here", "the “model” here"),
    "tex dashes": ("one -- two --- three", "one – two — three"),
    "range": ("10B--40B and 2013--2015", "10B–40B and 2013–2015"),
    "stray percent": ("done. % To go on, To start", "done. % To go on, To start"),
    "ampersands": (r"V&L, R&D, AT&T and V\&L", "V&L, R&D, AT&T and V&L"),
    "doubled entity": ("p &amp;lt; 0.05 and Q &amp; A", "p < 0.05 and Q & A"),
    "numeric entity": ("6.2 &#177; 2.8", "6.2 ± 2.8"),
    "entity on purpose": ("the token &lt;s&gt; next to <s>", "the token &lt;s&gt; next to <s>"),
    "umlaut": (r"J\"urgen J\"{u}rgen J{\"u}rgen", "Jürgen Jürgen Jürgen"),
    "acute": (r"\'ecole {\'e}cole \'{e}cole na\"{\i}ve", "école école école naïve"),
    "letter accents": (r"\c{C}elik, Erd\H{o}s, Erd\H os, \v{S}", "Çelik, Erdős, Erdős, Š"),
    "special letters": (r"{\L}ukasz, \o{}re, stra\ss e", "Łukasz, øre, straße"),
    "escaped quotes": (r"the \"Alpha\" model", 'the "Alpha" model'),
    "exponent": (r"$10^{9}$ and $10^9$ and $10^{-4}$ and 10^12", "10⁹ and 10⁹ and 10⁻⁴ and 10¹²"),
    "exponent that is no whole number": ("x^{2.5} and y^{2n}", "x^(2.5) and y^(2n)"),
    "product": (r"$512 \times 512$, 1920$\times$1080", "512 × 512, 1920×1080"),
    "product without a blank before it": (r"$1.3\times 10^{9}$, $n\leq 5$", "1.3×10⁹, n≤5"),
    "blank inside an emphasis": (r"\textbf{GuideX }, which \ours\xspace is", "GuideX, which ours is"),
    "grouped digits": (r"1{,}000 and 50\,000 and $2{,}048$", "1,000 and 50,000 and 2,048"),
    "thin space before a unit": (r"12\,GB", "12 GB"),
    "tie": (r"Table~3, Lee et~al.~\cite{a}, 10~GB", "Table 3, Lee et al. [a], 10 GB"),
    "tilde that means about": ("~7B, (~7B) and 20% ~ 25%, 5~10", "~7B, (~7B) and 20% ~ 25%, 5~10"),
    "raised in a name": (r"S$^2$Tune, (IA)$^3$, $\text{(IA)}^3$, Ada$^+$", "S²Tune, (IA)³, (IA)³, Ada+"),
    "lowered in a name": (r"NET$_{\text{large}}$ on CO$_2$", "NET_large on CO_2"),
    "ordinal": (r"the $5^{th}$ run", "the 5th run"),
    "degrees": (r"45$^\circ$C and 45^\circ", "45°C and 45°"),
    "order": (r"\(O(n\log n)\) or $\mathcal{O}(n^{-1})$", "O(n log n) or O(n⁻¹)"),
    "fraction and root": (r"$\frac{1}{d}$, $\frac{a+b}{2}$, $\sqrt{d}$", "1/d, (a+b)/2, √d"),
    "unicode macro": (r"A$\unicode{x2014}$B", "A—B"),
    "macro of one's own": (r"\methodname{} beats \ours\ here", "methodname beats ours here"),
    "prices": (r"$5 per hour, $10 in all, US$3 (US$4), \$7", "$5 per hour, $10 in all, US$3 (US$4), $7"),
    "braces of a set": ("in {0, 1} or {0,1}^n", "in {0, 1} or {0,1}^n"),
    "braces for capitals": ("{BERT}s and {M}ulti", "BERTs and Multi"),
    "wrapped lines": ("one\ntwo low-\nrank three\n", "one two low-rank three"),
    "hanging hyphen": ("pre-\nand post-training", "pre- and post-training"),
    "paragraph": ("  First one.\n  Second one.\n\nThird.", "First one.\n\nSecond one.\n\nThird."),
    "odd blanks": ("a\u00a0b\u2009c\u202fd\t e", "a b c d e"),
    "zero width": ("ze\u200bro so\u00adft \ufeffmark", "zero soft mark"),
    "hyphens and ligatures": (
        "low\u2010rank non\u2011linear \ufb01ne \ufb02ow",
        "low-rank non-linear fine flow",
    ),
    "mathematical letters": ("\U0001d40b\U0001d428RA", "LoRA"),
    "windows quotes as latin 1": ("\x93so\x94 \x96 it\x92s", "“so” – it’s"),
    "nul and controls": ("a\x00b\x07c 1\x002", "a b c 1 2"),
    "surrogates": ("pair \ud83d\ude00 lone \ud800!", "pair 😀 lone \ufffd!"),
    "composed letters": ("re\u0301sume\u0301", "résumé"),
    "superscripts stay": ("10⁹ m² ½", "10⁹ m² ½"),
    "markdown bold": ("**T**wo-**W**ay, 10**4/10**5", "Two-Way, 10**4/10**5"),
    "html tags": ("10<sup>9</sup>, b<sub>q</sub>, <i>so</i>, <think> x", "10⁹, b_q, so, <think> x"),
    "url byte for byte": (
        "at https://x.org/~a/b_c--d''e?f=1%20&g={ and www.x.org/~u.",
        "at https://x.org/~a/b_c--d''e?f=1%20&g={ and www.x.org/~u.",
    ),
}


@pytest.mark.parametrize("quirk", QUIRKS)
def test_quirk(quirk: str) -> None:
    """A quirk of the listings comes to the text that it means."""
    raw, expected = QUIRKS[quirk]
    assert normalize_text(raw) == expected


def test_title_wraps_are_no_paragraphs() -> None:
    """A title's wrap is a newline and two blanks, which in an abstract would start a paragraph."""
    assert normalize_title("A Long\n  Title on Low-\n  Rank Things ") == "A Long Title on Low-Rank Things"


@pytest.mark.parametrize(
    "raw", ["", " \n ", "\u200b", "$", "\\", "{", "}{", "$$", "\\(", "^", "a^", "_{", "``", "&;"]
)
def test_fragments_do_not_fail(raw: str) -> None:
    """Fragments of markup come to some text, and the same text again."""
    assert normalize_text(normalize_text(raw)) == normalize_text(raw)


@pytest.mark.parametrize(
    "unit", ["{", "{a", "\\textbf{", "$x ", "\\(", "`a ", "^{", "&amp;", "**a", "a.", "\n  ", "x''"]
)
def test_hostile_repetition_is_left_alone(unit: str) -> None:
    """A hundred thousand repetitions of a mark end soon, in a text that does not change again."""
    text = normalize_text(unit * 100_000)
    assert normalize_text(text) == text


_FRAGMENTS = st.sampled_from(
    [
        *"\\{}$^_~`'\"-()[]&;%<>*.,:/= \n\t0123456789abcxLR",
        *(
            "\\emph{",
            "\\frac",
            "$10^{9}$",
            "\\'",
            "\\c{C}",
            "\\sqrt",
            "\\sim",
            "\\%",
            "\\(",
            "\\)",
            "\\left",
            "\\i",
            "\\o",
        ),
        *(
            "^\\circ",
            "}}",
            "``",
            "''",
            "--",
            "---",
            "https://a.b/c",
            "www.x.com/",
            "sim0",
            "times",
            "pm",
            "\\href{",
        ),
        *(
            "\\cite{a1}",
            "\\,",
            "{,}",
            "**",
            "<sup>",
            "</sup>",
            "<b>",
            "</b>",
            "\u200b",
            "\u0301",
            "\u00a0",
            "\ud800",
        ),
        *("\ufb01", "\U000f0000", "⁹", "²", "text{", "{scriptsize ", "\\own", '\\"', "\n  "),
    ]
)
_TEXTS = st.lists(_FRAGMENTS | st.text(max_size=3), max_size=25).map("".join)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def digits_of(text: str) -> str:
    """Return the ASCII digits of a text in order, superscripts among them."""
    return re.sub("[^0-9]", "", text.translate(_RAISED))


@given(
    _TEXTS
    | st.lists(st.sampled_from(["&amp;", "&lt;", "&#177;", "&", "lt;", "<", "\\", "{", "}"])).map("".join)
)
def test_normalizing_twice_changes_nothing(raw: str) -> None:
    """Whatever the text, normalizing is idempotent and leaves text that UTF-8 can hold."""
    for normalize in (normalize_text, normalize_title):
        text = normalize(raw)
        assert normalize(text) == text
        text.encode()


@given(_TEXTS)
def test_no_digit_is_lost_or_moved(raw: str) -> None:
    """Whatever the text, its digits come out in the order in which they went in."""
    plain = re.sub("[&\U0001d7ce-\U0001d7ff]", "", raw).replace("\\href", "")
    assert digits_of(normalize_text(plain)) == digits_of(plain)


def test_the_corpus_keeps_its_digits_and_loses_its_macros(shared: Path) -> None:
    """On real abstracts no digit is lost, no TeX macro remains, and a second pass changes nothing."""
    n_macros = 0
    with gzip.open(shared / "corpus" / "arxiv-metadata-sample.jsonl.gz", "rt", encoding="utf-8") as lines:
        for i, line in enumerate(lines):
            if i % 4:  # a quarter is enough here and keeps the suite fast
                continue
            raw = json.loads(line)["abstract"] or ""
            text = normalize_text(raw)
            n_macros += "\\" in text
            if re.search(r"\\unicode|\\hspace", raw):
                continue  # their digits are code points and lengths
            kept, given_digits = digits_of(text), digits_of(html.unescape(raw) if "&#" in raw else raw)
            if "\\href" in raw:  # a link's text comes before its target
                kept, given_digits = "".join(sorted(kept)), "".join(sorted(given_digits))
            assert kept == given_digits
            assert normalize_text(text) == text
    assert n_macros == 0

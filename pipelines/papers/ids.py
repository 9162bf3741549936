"""What a paper is known by: canonical arXiv ids from every spelling, and the key of a title.

An id is text, never a number (0704.0010 is not 704.001). Which of two records wins is in `merge`.
"""

import re
import unicodedata
from functools import lru_cache

from pipelines.papers.text import normalize_title

#: Archives of the numbering that ended in March 2007; the list is closed.
OLD_ARCHIVES = frozenset(
    [
        "acc-phys",
        "adap-org",
        "alg-geom",
        "ao-sci",
        "astro-ph",
        "atom-ph",
        "bayes-an",
        "chao-dyn",
        "chem-ph",
        "cmp-lg",
        "comp-gas",
        "cond-mat",
        "cs",
        "dg-ga",
        "funct-an",
        "gr-qc",
        "hep-ex",
        "hep-lat",
        "hep-ph",
        "hep-th",
        "math",
        "math-ph",
        "mtrl-th",
        "nlin",
        "nucl-ex",
        "nucl-th",
        "patt-sol",
        "physics",
        "plasm-ph",
        "q-alg",
        "q-bio",
        "quant-ph",
        "solv-int",
        "supr-con",
    ]
)

_PREFIX = re.compile(
    r"(?:https?://)?(?:"
    r"(?:[a-z]+\.)?(?:arxiv\.org|alphaxiv\.org|ar5iv\.org)/(?:abs|pdf|html|format|e-print)/"
    r"|ar5iv\.labs\.arxiv\.org/(?:abs|html)/"
    r"|(?:dx\.)?doi\.org/10\.48550/(?=arxiv\.)"
    r"|(?P<hf>(?:www\.)?(?:huggingface\.co|hf\.co)/papers/)"
    r")|doi:\s*10\.48550/(?=arxiv\.)|10\.48550/(?=arxiv\.)|oai:arxiv\.org:",
    re.IGNORECASE | re.ASCII,
)
_ARXIV_WORD = re.compile(r"arxiv\s*[:.]\s*", re.IGNORECASE)
_NEW = re.compile(r"([0-9]{2})([0-9]{2})\.([0-9]{3,5})(?:[vV]([1-9][0-9]{0,4}))?")
_OLD = re.compile(
    r"([A-Za-z]+(?:-[A-Za-z]+)?)(?:\.[A-Za-z-]{2,})?/([0-9]{2})([0-9]{2})([0-9]{3})(?:[vV]([1-9][0-9]{0,4}))?"
)
_TAIL = re.compile(r"(?:[?#].*|/)$", re.DOTALL)


def split_version(spelling: str, *, is_hugging_face: bool = False) -> tuple[str | None, int | None]:
    """Return the canonical arXiv id that `spelling` names and the version it states; nulls where there is none.

    Takes bare ids, the arXiv: prefix, URLs of abstract, PDF and HTML pages, DOIs, OAI identifiers and Hugging
    Face paper pages. Hugging Face circulates numbers that lost leading zeros: three digits are padded there and
    refused elsewhere, where they may as well have lost trailing ones.
    """
    text = spelling.strip()
    if len(text) > 200:
        return None, None
    prefix = _PREFIX.match(text)
    if prefix:
        text = _TAIL.sub("", text[prefix.end() :])
        is_hugging_face = is_hugging_face or prefix["hf"] is not None
    word = _ARXIV_WORD.match(text)
    if word:
        text = text[word.end() :]
    if text[-4:].lower() == ".pdf":
        text = text[:-4]
    new = _NEW.fullmatch(text)
    if new:
        year, month, number, version = new.groups()
        n_digits = 5 if year >= "15" else 4
        if is_hugging_face and len(number) == 3:
            number = number.zfill(n_digits)
        is_valid = "0704" <= year + month <= "9012" and "01" <= month <= "12"
        if not is_valid or len(number) != n_digits or int(number) == 0:
            return None, None
        return f"{year}{month}.{number}", int(version) if version else None
    old = _OLD.fullmatch(text)
    if old:
        archive, year, month, number, version = old.groups()
        archive = archive.lower()
        is_valid = (year + month >= "9107" or year + month <= "0703") and "01" <= month <= "12"
        if not is_valid or archive not in OLD_ARCHIVES or int(number) == 0:
            return None, None
        return f"{archive}/{year}{month}{number}", int(version) if version else None
    return None, None


def canonical_id(spelling: str, *, is_hugging_face: bool = False) -> str | None:
    """Return the canonical arXiv id without version that `spelling` names, else None."""
    return split_version(spelling, is_hugging_face=is_hugging_face)[0]


def month_of(arxiv_id: str) -> tuple[int, int]:
    """Return (year, month) in which a canonical id was given out; raise ValueError for another text."""
    if canonical_id(arxiv_id) != arxiv_id:
        raise ValueError(f"{arxiv_id!r} is not a canonical arXiv id")
    digits = arxiv_id.rpartition("/")[2]
    year = int(digits[:2])
    return (1900 if year >= 91 else 2000) + year, int(digits[2:4])


def _greek_names() -> dict[int, str]:
    """Return Greek letters mapped to the names that a listing without TeX's backslashes is left with."""
    names = {}
    for code in range(0x391, 0x3CA):
        name = unicodedata.name(chr(code), "")
        if " LETTER " in name:
            names[code] = name.split(" LETTER ")[1].split()[-1].lower().replace("lamda", "lambda")
    return names


_GREEK = _greek_names()


@lru_cache(maxsize=4096)
def title_key(title: str) -> str:
    """Return what two spellings of one title share: casefolded, letters and digits only, TeX and accents gone.

    A title without any letter or digit keeps its characters, so that two such titles do not fall together.
    """
    plain = normalize_title(title)
    folded = unicodedata.normalize("NFKD", plain.translate(_GREEK)).casefold()
    key = "".join(c for c in folded if c.isalnum())
    return key or "".join(folded.split())

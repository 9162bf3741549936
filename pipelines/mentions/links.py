"""The URLs that a text prints, as printed: code, data, models, project pages.

What belongs here: where a URL begins and ends in scraped prose, TeX and markdown, and what kind of place it is.
No URL is opened.
"""

import re
from functools import lru_cache

from pipelines.mentions.spans import Field, Link, Span

_TLDS = "com|org|io|ai|net|edu|ly|co|gl|me|ms|be|dev|app|tech|science|cn|de|uk|fr|eu|ch|jp|it|es|nl|ca|in|is|info|gov|site|xyz|page|space|website|cloud|link|gle|google"
#: A text in which `find_links` finds something matches this when lower-cased (Rust and Python syntax alike). It begins
#: with literals, which Rust looks for ten times as fast as for a class of characters.
LINK_TRIGGER = rf"http|\.(?:{_TLDS})(?:[^a-z0-9]|$)"

# The characters of a URL; TeX escapes (`\_`) belong to it, braces and quotes end it.
_BODY = r"(?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%\[\]]|\\[_%#&~])"
_SCHEME = rf"https?:\s?(?://|(?=[Gg]it[Hh]ub\.com/)){_BODY}+"
# `re` jumps to a literal only where case matters; nearly every paper writes its schemes in small letters.
_WITH_SCHEME = re.compile(_SCHEME)
_WITH_ANY_SCHEME = re.compile(_SCHEME, re.IGNORECASE)
# The letter looked for first spares most full stops the list of domains.
_DOT_TLD = re.compile(rf"\.(?=[A-Za-z])(?:{_TLDS})(?![\w-]|\.\w)", re.IGNORECASE)
_HOST_BEFORE = re.compile(r"(?<![\w./@\\:-])[A-Za-z0-9](?:[A-Za-z0-9\-]|\.(?=[A-Za-z0-9]))*$")
_BROKEN_HOST = re.compile(rf" (?=(?:github\.io|gitlab\.io|com|io|org|co)/{_BODY})", re.IGNORECASE)
_BROKEN_PATH = re.compile(r" (?=[A-Za-z0-9][\w-]*/[A-Za-z0-9])")
_REST = re.compile(rf"{_BODY}+")
_PATH = re.compile(rf"/{_BODY}*")
_HOSTS_WITHOUT_PATH = re.compile(r"(?:^www\.|\.(?:github|gitlab|readthedocs)\.io$)", re.IGNORECASE)
_PLACE_CUE = re.compile(
    r"(?:\b(?:available|accessible|found|accessed|released|hosted|published|live|shared)\b[^.]{0,30}?\b(?:at|on|from|via|in)|\b(?:[Vv]isit|[Ww]ebsite|[Pp]age|[Hh]omepage|[Dd]emo|[Cc]ode|[Uu][Rr][Ll]|[Tt]ool|[Ll]ink|[Rr]epository)\b(?: is| at)?)"
    r"[:\s\-({\[]*$"
)
_GLUED_SENTENCE = re.compile(r"\.(?=[A-Z][a-z]+(?:\s|$))")
_ESCAPE = re.compile(r"\\([_%#&~])")
_SCHEME_AND_WWW = re.compile(r"https?:/*(?:www\.)?")
_TRAILING = ".,;:!?'\"*$&~-(["
_CODE_HOSTS = (
    "github.com",
    "gitlab",
    "bitbucket.org",
    "anonymous.4open.science",
    "gist.github.com",
    "gitee.com",
    "codeberg.org",
    "code.google.com",
    "colab.research.google.com",
)
_MODEL_OR_DATA_HOSTS = (
    "huggingface.co",
    "hf.co",
    "modelscope.cn",
    "kaggle.com",
    "zenodo.org",
    "figshare",
    "tfhub.dev",
    "drive.google.com",
    "physionet.org",
    "openslr.org",
    "dataverse",
    "opendatalab",
    "mendeley.com",
)
_OTHER_HOSTS = (
    "doi.org",
    "arxiv.org",
    "youtu.be",
    "youtube.com",
    "reddit.com",
    "wikipedia.org",
    "twitter.com",
    "x.com",
    "openreview.net",
    "creativecommons.org",
    "aclanthology.org",
    "medium.com",
    "amazon.com",
)


# "example.org/x (https://example.org/x)": a link whose text is its own address.
_REPEATED = re.compile(r" \(https?://")
_URL_MARKS = ("://", ".com/", ".io/", ".org/", "www.", ".science/")


def find_links(text: str, field: Field) -> list[Link]:
    """Return the URLs of `text` in order of their place."""
    if "." not in text and "//" not in text:
        return []  # most titles
    found: list[Link] = []
    at = 0
    for match in _schemes(text):
        start = match.start()
        if start < at:
            continue
        end = _end(text, start, _mend(text, match.end()))
        if end - start > len("https://a.b"):
            found.append(_link(text, start, end, field))
            at = end
    for match in _DOT_TLD.finditer(text):
        dot = match.start()
        if any(link.span.start < dot < link.span.end for link in found):
            continue
        bare = _bare(text, match)
        if bare is not None and not _REPEATED.match(text, bare[1]):
            found.append(_link(text, *bare, field))
    found.sort(key=lambda link: link.span.start)
    return found


def _schemes(text: str) -> list[re.Match[str]]:
    """Return the matches of URLs with a scheme, looked for in small letters unless there are more than those."""
    matches: list[re.Match[str]] = []
    at = text.find("http")
    while at >= 0:
        match = _WITH_SCHEME.match(text, at)
        if match is not None:
            matches.append(match)
        at = text.find("http", match.end() if match is not None else at + 1)
    if text.count("://") > len(matches):
        matches = list(_WITH_ANY_SCHEME.finditer(text))  # "HTTP://", which hardly any paper writes
    return matches


def in_url(text: str, at: int) -> bool:
    """Say whether the character at `at` stands in a URL."""
    word = text[text.rfind(" ", 0, at) + 1 : at]
    return "/" in word and any(mark in word for mark in _URL_MARKS)


def _mend(text: str, end: int) -> int:
    """Carry a URL on over one blank that certainly broke it ("https://name. github.io/x", "https://github.com/ a/b")."""
    start = text.rfind("//", 0, end) + 2
    host = text[start:end]
    blank = None
    if host.endswith(".") and "/" not in host:
        blank = _BROKEN_HOST.match(text, end)
    elif host in ("github.com/", "huggingface.co/"):
        blank = _BROKEN_PATH.match(text, end)
    if blank:
        rest = _REST.match(text, blank.end())
        return rest.end() if rest else end
    return end


def _end(text: str, start: int, end: int) -> int:
    """Return where the URL that was matched up to `end` really ends: without punctuation and unpaired brackets."""
    sentence = _GLUED_SENTENCE.search(text, min(start + 12, end), end)
    if sentence and "/" in text[start + 8 : sentence.start()] and "/" not in text[sentence.end() : end]:
        end = sentence.start()
    for opening, closing in ("()", "[]"):
        if text.find(closing, start, end) < 0:
            continue
        # A bracket that closes more than the URL opened ends it, whatever follows.
        depth = 0
        for at in range(start, end):
            if text[at] == opening:
                depth += 1
            elif text[at] == closing:
                depth -= 1
                if depth < 0:
                    end = at
                    break
    while end > start and text[end - 1] in _TRAILING:
        end -= 1
    if text[start - 1 : start] == "_" and text[end - 1] == "_":
        end -= 1  # a link in italics
    return end


def _bare(text: str, dot: re.Match[str]) -> tuple[int, int] | None:
    """Return the bounds of a URL without a scheme around the top-level domain `dot`, when it certainly is one."""
    host = _HOST_BEFORE.search(text, max(0, dot.start() - 60), dot.start())
    if host is None:
        return None
    start = host.start()
    if text.startswith("atgithub", start):
        start += len("at")  # a blank that was lost
    before = text[max(0, start - 14) : start]
    if before.endswith(("@", "//", "\\")) or "}{" in before.replace(" ", "") or "](" in before:
        return None
    path = _PATH.match(text, dot.end())
    if path is not None and len(path.group().rstrip("/.,;:")) > 1:
        return start, _end(text, start, path.end())
    name = text[start : dot.end()]
    end = dot.end() + (1 if path is not None else 0)
    if _HOSTS_WITHOUT_PATH.search(name) or (
        name.islower() and _PLACE_CUE.search(text, max(0, start - 60), start)
    ):
        return start, _end(text, start, end)
    return None


def _link(text: str, start: int, end: int, field: Field) -> Link:
    surface = text[start:end]
    url = "".join(surface.split())
    if "\\" in url:
        url = _ESCAPE.sub(r"\1", url)
    return Link(Span(field, start, end, surface), url, _kind(url))


def _kind(url: str) -> str:
    url = url.lower()
    scheme = _SCHEME_AND_WWW.match(url)
    host = url[scheme.end() if scheme else 0 :].split("/", 1)[0]
    kind = _kind_of_host(host)
    return "model_or_data" if kind != "code" and "/datasets/" in url else kind


@lru_cache(maxsize=4096)
def _kind_of_host(host: str) -> str:
    if not host.endswith(".io") and any(h in host for h in _CODE_HOSTS):
        return "code"
    if any(h in host for h in _MODEL_OR_DATA_HOSTS):
        return "model_or_data"
    if any(host == h or host.endswith("." + h) for h in _OTHER_HOSTS):
        return "other"
    return "project"

"""HTML from outside, parsed without trust. What the pages of one site look like is in that site's file."""

import re

from selectolax.lexbor import LexborHTMLParser

from pipelines.sources.record import UnreadableListing

#: So many more opening than closing tags no page has; the parser's time grows with the square of the nesting.
MAX_UNCLOSED = 10_000
_OPENING, _CLOSING = re.compile(r"<[A-Za-z]"), re.compile(r"</[A-Za-z]")


def parse_html(text: str) -> LexborHTMLParser:
    """Return the parsed page; raise UnreadableListing for nesting that only serves to keep a parser busy."""
    n_open = sum(1 for _ in _OPENING.finditer(text)) - sum(1 for _ in _CLOSING.finditer(text))
    if n_open > MAX_UNCLOSED:
        raise UnreadableListing(f"HTML with {n_open:,} tags that are never closed, which no page has")
    return LexborHTMLParser(text)

"""Where a word or a name stands in a text: searches for fixed strings, for which a pattern each would take far longer.

What a find means is not for here.
"""

import re
from collections.abc import Iterator

from pipelines.mentions.view import View

#: What may stand before and behind a short form.
SHORT_FORM = re.compile(r"(?<![\w\-])"), re.compile(r"(?![\w\-])")


def places(text: str, word: str) -> Iterator[int]:
    """Yield where `word` begins in `text`, whatever stands around it."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def occurrences(
    name: str, view: View, edges: tuple[re.Pattern[str], re.Pattern[str]], *, is_any_case: bool = False
) -> Iterator[tuple[int, int]]:
    """Yield (start, end) for each place where `name` stands in `view.plain` between `edges`; none overlaps another."""
    key, plain = name.lower().replace("-", " "), view.plain
    begins, ends = edges
    reached = 0
    for at in places(view.key, key):
        if at < reached:
            continue
        end = at + len(name)
        printed = plain[at:end]
        is_name = printed == name or (is_any_case and printed.lower() == name.lower())
        behind = ends.match(plain, end) if is_name and begins.match(plain, at) else None
        if behind is not None:
            reached = behind.end()
            yield at, reached

"""Names whose last part says of what kind they are: "FooLoRA", "Foo Adapter", "Foo Prompt Tuning".

Found by their shape alone. Whether a paper introduces such a name is told in `introductions`.
"""

import re
from collections.abc import Iterator

from pipelines.mentions.occurrences import places

_COINED_TYPE = re.compile(
    r"(?<![\w\-/])(?P<name>(?:[A-Z0-9][\w\-]*?LoRA\+*|(?:[A-Z][\w\-]* ){1,3}(?:LoRA|Adapters?|Prompt Tuning|Prefix Tuning)))"
    r"s?(?![\w\-+*])"
)


def coined_types(plain: str) -> Iterator[re.Match[str]]:
    """Yield every such name of a text, as the group `name`: looked for around the words that they end in only."""
    for word in ("LoRA", "Adapter", "Prompt Tuning", "Prefix Tuning"):
        reached = 0
        for at in places(plain, word):
            if at < reached or not _goes_on_to_the_left(plain, at):
                continue
            match = _COINED_TYPE.search(plain, max(reached, at - 60), at + len(word) + 30)
            if match is not None and match.start() < at < match.end():
                yield match
                reached = match.end()


def _goes_on_to_the_left(plain: str, at: int) -> bool:
    """Tell whether the word at `at` is the end of a longer one, or a word with a capital stands before it."""
    before = plain[at - 1 : at]
    if before == " ":
        word = plain[plain.rfind(" ", 0, at - 1) + 1 : at]
        return word != word.lower()
    return before.isalnum() or before in {"_", "+", "-"}

"""Does a sentence speak of the authors' own work? Its pronouns and a few phrases say so.

For names that are introduced there; what role a method has in a sentence is decided in `roles`, by more than this.
"""

from pipelines.mentions.cues import Cues
from pipelines.mentions.view import View

_OWN_WORDS = frozenset(("we", "our", "us", "here", "hence", "herein", "author", "authors", "i", "enter"))
_OWN_PHRASE = Cues(
    r"\b(?:this (?:paper|work|study|article|letter|thesis|report|research)|in this|the paper)\b"
)


def is_own(words: frozenset[str], key: str) -> bool:
    """Tell whether a sentence, given as its words and its key, speaks of the authors' own work."""
    if not _OWN_WORDS.isdisjoint(words):
        return True
    return ("this" in words or "paper" in words) and _OWN_PHRASE.search(key) is not None


def own_work_begins(view: View) -> int:
    """Return where the first sentence on the authors' own work begins; 0 where none says so, and all may be."""
    for (left, right), words in zip(view.sentences, view.sentence_words, strict=True):
        if is_own(words, view.key[left:right]):
            return left
    return 0

"""What the rules ask about a whole paper: does it speak of models, of PEFT, of frozen weights; what is short for what.

Answers are found once a paper. What they decide is in `decisions` and `phrases`.
"""

import re

from pipelines.mentions.catalogue import Catalogue, Method
from pipelines.mentions.cues import Cues
from pipelines.mentions.expansions import letters
from pipelines.mentions.lazy import Lazy
from pipelines.mentions.matching import PaperText

_PEFT = Cues(
    r"parameter +(?:and \w+ )?efficien|\bpefts?\b|\bpetl\b|\bloras?\b|\bqloras?\b|low rank (?:\w+ )?adapt|soft ?prompt|prompt tun|prefix tun"
    r"|delta tuning|adapter (?:tun|modul|layer|based)|(?:trainable|tunable|learnable|tuned|tun\w+|updat\w+|train\w*) (?:\w+ ){0,6}parameters"
)
_FROZEN = Cues(r"\bfr[eo]ez|\bfrozen\b|\bkept fixed|\bfixed (?:pre ?trained|backbone|language model)")
_MODEL = Cues(
    r"fine ?tun|pre ?train|language model|\bllms?\b|foundation model|transformer|diffusion|backbone|\bclip\b|\bsam\b"
    r"|vision language|bert(?:a|\b)|\bvlms?\b|\bgpt|adaptation|transfer learning|text to image|\bllama|\bt5\b|\bvit\b|neural network|mistral|qwen"
)
_NEAR = Cues(r"adapter|\btun(?:e|es|ed|ing)\b|low rank|singular|rescal|adapt")


class PaperContext:
    """What the decisions ask about a paper, answered once."""

    def __init__(self, paper: PaperText, catalogue: Catalogue) -> None:
        self.paper = paper
        self.catalogue = catalogue
        #: Another method has been found for certain; set while the finds are decided.
        self.has_specific = False
        self._matches: dict[Cues | re.Pattern[str], bool] = {}

    @Lazy
    def _spelled(self) -> dict[str, str]:
        """What the paper spells out, by the letters of the short form; the first of several counts."""
        return {letters(e.short): e.long for _, e in reversed(self.paper.expansions)}

    @Lazy
    def is_peft(self) -> bool:
        """The paper speaks of parameter-efficient tuning."""
        return _PEFT.search(self.paper.key) is not None

    @Lazy
    def is_model(self) -> bool:
        """The paper speaks of pretrained models or of tuning them."""
        return _MODEL.search(self.paper.key) is not None

    @Lazy
    def is_frozen(self) -> bool:
        """Something is kept frozen in the paper."""
        return _FROZEN.search(self.paper.key) is not None

    @Lazy
    def is_near(self) -> bool:
        """The paper speaks of tuning, however loosely."""
        return self.is_any or _NEAR.search(self.paper.key) is not None

    @Lazy
    def is_any(self) -> bool:
        """The paper speaks of models, of tuning them, or of keeping them frozen."""
        return self.is_model or self.is_peft or self.is_frozen

    def matches(self, pattern: Cues | re.Pattern[str]) -> bool:
        """Tell whether `pattern` is found in the paper's key; each pattern is tried once a paper."""
        found = self._matches.get(pattern)
        if found is None:
            found = self._matches[pattern] = pattern.search(self.paper.key) is not None
        return found

    def spelled_out(self, name: str) -> str | None:
        """Return what the paper spells the short form `name` out as, or None."""
        return self._spelled.get(letters(name))

    def has_name(self, name: str) -> bool:
        """Tell whether a name stands in the paper as printed, as a word of its own."""
        pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        return any(pattern.search(view.plain) for view in self.paper.views)

    def is_own(self, method: Method) -> bool:
        """Tell whether the paper is, by its arXiv id, the one that proposed `method`."""
        return method.arxiv_id is not None and self.paper.paper_id.removeprefix("arxiv:") == method.arxiv_id

"""Is a percentage the share of a model's parameters that is trained, added or selected?

What belongs here: the rules for `trainable_pct`. Reductions, accuracies and comparisons of model sizes are refused.
"""

import re

from pipelines.mentions.numerals import Numeral
from pipelines.mentions.sizes import Verdict, refuse

_PARAMS = r"(?:param(?:eter)?s?|weights)\b(?!-efficient)(?!\s(?:performance|fine-tuning|tuning|efficien\w+|storage|reduction|count|size|usage|budget|sharing))"
_ADJECTIVES = (
    r"(?:(?:of|the|its|their|total|all|a|an|model|models?['’]?s?|backbone['’]?s?|network|trainable|learnable|tunable|tuned|trained|additional|extra|added|new|adapter"
    r"|task-specific|original|pre-?trained|base|frozen|entire|full|overall|parameter|PLM|LLM|LM|LLMs|language|as|many|encoder['’]?s?|transformer|model’s|updated|fine-?tuned"
    r"|training|image|vision|visual|text|large|whole|foundation|existing|complete|model-?wise|BERT['’]?s?|weight|network['’]?s?|CLIP['’]?s?|modified|active|free|raw|of|budget)\s){0,7}"
)
_SHARE_OF = re.compile(rf"\A[)$\\}}]*\s?{_ADJECTIVES}{_PARAMS}", re.IGNORECASE)
_SHARE_OF_MODEL = re.compile(
    r"\A[$\\}]*\s(?:of|the size of)\s(?:(?:the|its|all|our|a|total|full|whole|entire|original|base|pre-?trained|frozen|language|large|foundation)\s){0,5}"
    r"(?:model(?:['’]s)?(?:\stotal)?(?:\ssize)?|backbone|network|LLM|SAM|CLIP|VLM(?:['’]s size)?|encoder|transformer)\b(?!['’]s\s(?!total|size|param|weight))(?!\s(?:performance|accuracy|capab|time|memory))",
    re.IGNORECASE,
)
_TRAIN_WORD = re.compile(
    r"train(?!ing (?:data|time|samples|set|costs?|speed))|tun(?:e|ed|es|ing|able)\b|learn(?:ing|able|s)?\b|updat|add(?:s|ed|ing|itional)\b|extra\b|introduc|optimiz|adapter|LoRA\b|PEFT|modif"
    r"|insert|inject|freez|frozen|select|prompt|adapt|sparse|subset|affect|chang",
    re.IGNORECASE,
)
_REDUCTION = re.compile(
    r"\b(?:reduc\w*|fewer(?! than)|less (?=param)|sav(?:e|es|ing|ings)|prun\w*|compress\w*|remov\w*|decreas\w*|drop\w*|spars(?:ity|ification)|shrink\w*|lower(?:s|ing)?|cut(?:s|ting)?|smaller|eliminat\w*|quantiz\w*"
    r"|redundan\w*|duplicat\w*|discard\w*|zero\w*|ternariz\w*|distill\w*)\b",
    re.IGNORECASE,
)
_FEWER_AFTER = re.compile(
    r"\A\s?(?:\w+[- ]){0,2}(?:fewer|less|lower|smaller|reduction|drop|decrease|improvement|increase|higher|more)\b",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\A[^.;]{0,30}?\b(?:of LoRA|as (?:the )?(?:ViT|BERT|teacher|GPT)|of the teacher|of (?:their|the (?:teacher|larger|giga))|compared (?:with|to) \w*(?:Diff|Net|teacher))"
)
_PARAMS_BEFORE = re.compile(
    r"(?<![\w-])(?:param(?:eter)?s?|weights)(?:\s?[(,~<≈$\\\-–—:=]|\s(?:which|is|are|just|only|equal|equivalent|accounts?|accounting|for|about|approximately|around|less|fewer|than|merely|a|mere"
    r"|represent(?:s|ing)?|compris(?:es?|ing)|correspond(?:s|ing)?|i\.e\.,?|or|constitut(?:es?|ing)|amount(?:s|ing)?|reduced|down|at|most|by|to|under|below|make|up|makes|of|nearly|sim|that|being|roughly))*"
    r"[\s(,~<≈$\\]*(?:sim)?[\s~$]*$",
    re.IGNORECASE,
)
_TRAIN_VERB = re.compile(
    r"\b(?:train(?:s|ed|ing)?|(?:fine-?)?tun(?:e|es|ed|ing)|updat(?:e|es|ed|ing)|learn(?:s|ed|ing)?|add(?:s|ed|ing)?|modif(?:y|ies|ied|ying)|optimiz(?:e|es|ed|ing)|introduc(?:e|es|ed|ing)|adapt(?:s|ed|ing)?|select(?:s|ed|ing)?|requir(?:e|es|ed|ing)|us(?:e|es|ed|ing))"
    r"(?:\s(?:only|just|merely|about|approximately|roughly|around|less|than|fewer|under|as|little|few|up|to|an?|additional|extra|at|most|over|nearly|<))*[\s~<$\\(]*(?:sim|\\sim|≈)?[\s$~]*$",
    re.IGNORECASE,
)


_AFTER_COUNT = re.compile(
    r"\d[kKmM]?\s(?:(?:trainable|tunable|learnable|additional|extra|new|trained)\s)?(?:param(?:eter)?s?|weights)\b[^.;%]{0,25}?"
    r"(?:i\.e\.,?|or|\(|,|which is|that is|-|–|—|just|only|about)\s?(?:only |just |about |roughly |less than )?[~<$\\]*$"
)
_COUNT_OF_MODEL = re.compile(
    r"\b(?:prompts?|adapters?|modules?|vectors?|LoRA|parameters|weights|they|layers)\b[^.;,]{0,30}?"
    r"\b(?:amount(?:s|ing)? to|account(?:s|ing)? for|make up|makes up|are|is|hold|holds|add(?:s|ing)?|occupy|represent|comprise)\b"
    r"(?: only| just| about| roughly| merely| less than| under| below| a mere)*[ ~<$\\]*(?:sim)?[ $]*$",
    re.IGNORECASE,
)


def judge_share(text: str, run: list[Numeral], left: str, sentence: str) -> Verdict | None:
    """Judge a run of percentages; None when no parameters are near, so that it is no look-alike."""
    last = run[-1]
    after = text[last.end : last.end + 110]
    if _FEWER_AFTER.match(after[:40]):
        return refuse("trainable_pct", "reduction") if "aram" in after[:45] else None
    if re.match(r"\A[)$\\]*\s(?:of|as many as) (?:those|that)\b", after):
        return refuse("trainable_pct", "compared-with-a-model") if "aram" in left[-60:] else None
    direct = _SHARE_OF.match(after)
    if direct:
        return _direct(text, left, after, direct, sentence)
    near = left[-70:]
    if _PARAMS_BEFORE.search(near):
        is_result = re.search(
            r"\bto\s(?:only |just |less than |about |under |below |merely |a mere )*[<~$\\(]*$", near
        )
        if is_result and re.search(r"(?i)\b(?:trainable|tunable|learnable|tuned|updated)\b", near):
            return Verdict("trainable_pct", "parameters-down-to-share")
        if _REDUCTION.search(left[-60:]) or re.search(r"\bby\b[^.;]{0,20}$", near):
            return refuse("trainable_pct", "reduction")
        if (
            last.value <= 100
            and (_SHARE_OF_MODEL.match(after) or after[:1] == ")" or re.match(r"\A\s?(?:of|\()", after))
            and _TRAIN_WORD.search(sentence)
        ):
            return Verdict("trainable_pct", "parameters-then-share")
        return refuse("trainable_pct", "not-a-share")
    if _SHARE_OF_MODEL.match(after) and _AFTER_COUNT.search(near):
        return Verdict("trainable_pct", "count-then-share")
    if (
        _SHARE_OF_MODEL.match(after)
        and _TRAIN_VERB.search(near)
        and ("aram" in sentence or re.search(r"tun|train|updat|learn|adapt", near[-40:]))
        or (_SHARE_OF_MODEL.match(after) and _COUNT_OF_MODEL.search(near))
    ):
        if _COUNT_OF_MODEL.search(near):
            return Verdict("trainable_pct", "trains-share-of-model")
        if re.search(r"\b(?:us|requir)\w*[^.;]{0,30}$", near) or _REDUCTION.search(near):
            return refuse("trainable_pct", "not-a-share")
        return Verdict("trainable_pct", "trains-share-of-model")
    return None


def _direct(text: str, left: str, after: str, direct: re.Match[str], sentence: str) -> Verdict:
    phrase = direct.group().lower()
    if re.match(r"\A[^.;,]{0,18}\b(?:reduction|pruning|sparsity|compression)", after[direct.end() :]):
        return refuse("trainable_pct", "reduction")
    if _REDUCTION.search(re.split(r"[,;:]", left[-45:])[-1]):
        return refuse("trainable_pct", "reduction")
    if re.search(
        r"\b(?:trainable|learnable|tunable|tuned|additional|extra|added|task-specific|updated|adapter|fine-?tuned|training)\b",
        phrase,
    ):
        return Verdict("trainable_pct", "share-of-trainable-parameters")
    if "'s" in phrase and "lora" in phrase:
        return refuse("trainable_pct", "not-a-share")
    if _COMPARED.match(after):
        return refuse("trainable_pct", "compared-with-a-model")
    if _TRAIN_WORD.search(left[-120:]) or _TRAIN_WORD.search(after[direct.end() : direct.end() + 60]):
        return Verdict("trainable_pct", "share-of-parameters")
    if re.search(r"PEFT|LoRA\b|adapter|fine-?tun|[Pp]rompt", sentence):
        return Verdict("trainable_pct", "share-of-parameters")
    return refuse("trainable_pct", "not-a-share")

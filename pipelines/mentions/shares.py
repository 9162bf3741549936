"""Is a percentage the share of a model's parameters that is trained, added or selected?

What belongs here: the rules for `trainable_pct`. Reductions, accuracies and comparisons of model sizes are refused.
"""

import re

from pipelines.mentions.claims import Claim, Verdict, refuse

_PARAMS = r"(?:param(?:eter)?s?|weights)\b(?!-efficient)(?!\s(?:performance|fine-tuning|tuning|efficien\w+|storage|reduction|count|size|usage|budget|sharing))"
_ADJECTIVES = (
    r"(?:(?:of|the|its|their|total|number|[\w-]+['’]s|all|a|an|model|models?['’]?s?|backbone['’]?s?|network|trainable|learnable|tunable|tuned|trained|additional|extra|added|new|adapter"
    r"|task-specific|original|initial|pre-?trained|base|frozen|entire|full|overall|parameter|PLM|LLM|LM|LLMs|language|as|many|encoder['’]?s?|transformer|model’s|updated|fine-?tuned"
    r"|each|attention|fine-?tuning|principal|important|salient|critical|sensitive|selected|(?-i:[A-Z][\w.-]*)|training|image|vision|visual|text|large|whole|foundation|existing|complete|model-?wise|BERT['’]?s?|weight|network['’]?s?|CLIP['’]?s?|modified|active|free|raw|of|budget)\s){0,7}"
)
_SHARE_OF = re.compile(rf"\A[)$\\}}]*\s?{_ADJECTIVES}{_PARAMS}", re.IGNORECASE)
_SHARE_OF_MODEL = re.compile(
    r"\A[$\\}]*\s(?:of|the size of)\s(?:(?:\d[\d.]*[MB]|the|its|all|our|a|total|full|whole|entire|original|base|pre-?trained|frozen|language|large|foundation)\s){0,5}"
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
    r"|redundan\w*|duplicat\w*|discard\w*|zero(?!-?shot)\w*|ternariz\w*|distill\w*)\b",
    re.IGNORECASE,
)
_FEWER_AFTER = re.compile(
    r"\A\s?(?:\w+[- ]){0,2}(?:fewer|less|lower|smaller|reduction|drop|decrease|improvement|increase|higher|more)\b",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\A[^.;]{0,30}?\b(?:of LoRA|as (?:the )?(?:ViT|BERT|teacher|GPT)|of the teacher|of (?:their|the (?:teacher|larger|giga))|compared (?:with|to) \w*(?:Diff|Net|teacher)"
    r"|of (?:the )?(?:previous|prior|existing|other|competing|second|next|state)\b|(?:tuned|trained|used) by\b)"
)
_PARAMS_BEFORE = re.compile(
    r"(?<![\w-])(?:param(?:eter)?s?|weights)(?:\s?[(,~<≈$\\\-–—:=]|(?:\s|(?<=\())(?:which|is|are|just|only|equal|equivalent|accounts?|accounting|for|about|approximately|around|less|fewer|than|merely|a|mere"
    r"|represent(?:s|ing)?|compris(?:es?|ing)|correspond(?:s|ing)?|i\.e\.,?|or|around|stays?|remains?|constitut(?:es?|ing)|amount(?:s|ing)?|reduced|down|at|most|by|to|under|below|make|up|makes|of|nearly|sim|that|being|roughly))*"
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


_IS_TRAINABLE = re.compile(
    r"\A[)$\\}]*\s(?:(?:trainable|tunable|learnable)\b(?! (?!param|weights)[a-z])|(?:updated|tuned|trained)\))"
)
_OF_COUNT = re.compile(r"\A[)$\\}]*\sof\s(?:[\w'’-]+\s){0,3}?param(?:eter)?\s(?:count|budget)s?\b(?! red)")
_OVERHEAD = re.compile(
    r"\A[)$\\}]*\s(?:(?:additional|extra|added|trainable)\s)?param(?:eter)?s?[\s-](?:overhead|increase)\b"
)
_MORE_OVERHEAD = re.compile(r"\A[)$\\}]*\s(?:additional|extra|added)\soverhead\b")
_ADDED = re.compile(r"(?:trainable|tunable|learnable|additional|extra|added|new)\sparam")
#: "66K trainable parameters (2-4% overhead)"
_ADDED_THEN = re.compile(rf"{_ADDED.pattern}\w*\s\([~<≈$\\]*$")
_PROPORTION = re.compile(
    r"\b(?:proportion|share|fraction|percentage|ratio) of (?:[\w-]+ ){0,3}(?:param|weights)"
)
_OF_A_NAME = re.compile(r"\A\sof [A-Z]")
# "fewer trainable parameters (about 1%)" is what is left, and no reduction.
_ONLY_BRACKETED = re.compile(
    r"(?:trainable|tunable|learnable|learned|tuned|updated) param\w*\s\((?:(?:only|just|merely|about|less than|fewer than|under|below)\s)+[~<$\\]*$"
)
_OF_BASE = re.compile(
    r"\A[)$\\}]*\s?of (?:the|its|a) (?:base|frozen|backbone|pre-?trained|host|underlying)\b"
)
# Some parameters of a sparse model are active: that is no share which is trained.
_ACTIVE = re.compile(r"\b(?:[Ii]n)?[Aa]ctiv(?:e|at\w*)\b")
_BUDGET = re.compile(
    r"\bparameter (?:budget|overhead|share|fraction|ratio)s?(?: of| is| under| below| at| around)?(?: only| just| about)*\s?\(?[~<$\\]*$"
)
_OTHER_BUDGET = re.compile(r"\A\s(?:lower|smaller|of (?:LoRA|that|the teacher))")
_COMPARED_WITH = re.compile(
    r"\s(?:compared|relative) (?:to|with) (?:the|its|their|other|existing|current|previous|prior)\b(?! (?:full|backbone|base|original|frozen|whole|entire)\b)"
    r"|\sof (?:the |its )?(?:current|previous|prior|existing|best|strongest|state[- ]of)\b"
)
# So large a share that something does with is of another system's parameters, and not of those it trains.
_LARGE_PCT = 10
_DOES_WITH = re.compile(
    r"\b(?:us(?:es?|ing)|utili[sz](?:es?|ing)|with|requir(?:es?|ing)|retain(?:s|ing)?|accounts? for)"
    r"(?:\s(?:only|just|merely|approximately|about|around|roughly|nearly|an?|mere))*\s[~<≈$\\({]*(?:sim|textbf)?[{$ ]*$"
)
#: "with only about 17% of model parameters trained"
_THEN_TRAINED = re.compile(r"\s(?:are |being )?(?:trained|tuned|updated|learned|fine-?tuned)\b")
#: "1.8% (11.7M) of its parameters"
_COUNT_BETWEEN = re.compile(r"\A[)$\\}]* \([~≈$\\]*\d[\d.,]*\s?[KMB]\)(?= of\b)")
_OF_THOSE = re.compile(r"\A[)$\\]*\s(?:of|as many as) (?:those|that)\b")
#: "0.035% of those tuned in full"
_OF_ALL_TUNED = re.compile(
    r"\A[)$\\]*\sof those (?:(?:of|in|by|for|tuned|trained|updated|used|required|needed)\s){1,3}full\b"
)
_DOWN_TO = re.compile(
    r"(?<!\bup )\bto\s(?:only |just |less than |about |under |below |merely |a mere )*[<~$\\(]*$"
)
_TRAINABLE = re.compile(r"\b(?:trainable|tunable|learnable|tuned|updated)\b", re.IGNORECASE)
_BY = re.compile(r"\bby\b[^.;]{0,20}$")
_TRAIN_STEM = re.compile(r"tun|train|updat|learn|adapt")
_MERELY_USES = re.compile(r"\b(?:us|requir)\w*[^.;]{0,30}$")
_REDUCED = re.compile(r"\A[^.;,]{0,18}\b(?:reduction|pruning|sparsity|compression)")
_TUNED_PHRASE = re.compile(
    r"\b(?:trainable|learnable|tunable|tuned|additional|extra|added|task-specific|updated|adapter|fine-?tuned|training|new)\b"
)
_ONLY = re.compile(r"\b(?:only|merely|just)\s[~<$\\]*$")
_TUNING = re.compile(r"PEFT|LoRA\b|adapter|fine-?tun|[Pp]rompt")
# What `_SHARE_OF_MODEL` and `_IS_TRAINABLE` begin with.
_MAY_FOLLOW = re.compile(
    r"[)$\\}]*\s(?:of|the size|trainable|tunable|learnable|updated|tuned|trained)", re.IGNORECASE
)
_CLAUSE = re.compile(r"[,;:]")
_SHARES = re.compile(r"\bshar(?:es?|ed|ing)\s[~$]*$")


def may_be_share(text: str, start: int, end: int) -> bool:
    """Say whether `judge_share` can take percentages between `start` and `end` for a share: a quick test.

    What it looks for is asked for by each of the rules, no farther away than they look.
    """
    around = text[max(0, start - 70) : end + 110]
    if "aram" in around or "eights" in around or "PARAM" in around:
        return True
    if not _MAY_FOLLOW.match(text, end):
        return False
    after = text[end : end + 110]
    return (_SHARE_OF_MODEL.match(after) or _IS_TRAINABLE.match(after)) is not None


def judge_share(claim: Claim) -> Verdict | None:
    """Judge a run of percentages; None when no parameters are near, so that it is no look-alike."""
    after, near = _COUNT_BETWEEN.sub("", claim.after(110)), claim.left[-70:]
    overhead = _OVERHEAD.match(after)
    if overhead is None and _FEWER_AFTER.match(after[:40]):
        return refuse("trainable_pct", "reduction") if "aram" in after[:45] else None
    if _OF_ALL_TUNED.match(after) and "aram" in near:
        return Verdict("trainable_pct", "share-of-full-tuning")
    if _OF_THOSE.match(after):
        return refuse("trainable_pct", "compared-with-a-model") if "aram" in near else None
    is_bracketed = after.startswith(" overhead") and _ADDED_THEN.search(near) is not None
    is_more = _MORE_OVERHEAD.match(after) and _ADDED.search(claim.left[-110:])
    if is_bracketed or overhead or is_more:
        return Verdict("trainable_pct", "parameter-overhead")
    direct = _SHARE_OF.match(after) or _OF_COUNT.match(after)
    if direct:
        return _direct(claim, after, direct)
    if _IS_TRAINABLE.match(after) or (_BUDGET.search(near) and not _OTHER_BUDGET.match(after)):
        return Verdict("trainable_pct", "share-of-trainable-parameters")
    of_model = _SHARE_OF_MODEL.match(after) is not None
    if _PARAMS_BEFORE.search(near):
        return _after_parameters(claim, after, of_model=of_model)
    if not of_model:
        return None
    if _AFTER_COUNT.search(near):
        return Verdict("trainable_pct", "count-then-share")
    if _COUNT_OF_MODEL.search(near):
        return Verdict("trainable_pct", "amounts-to-share-of-model")
    if _TRAIN_VERB.search(near) and ("aram" in claim.sentence or _TRAIN_STEM.search(near[-40:])):
        if _MERELY_USES.search(near) or _REDUCTION.search(near):
            return refuse("trainable_pct", "not-a-share")
        return Verdict("trainable_pct", "trains-share-of-model")
    return None


def _after_parameters(claim: Claim, after: str, *, of_model: bool) -> Verdict:
    """Judge a percentage that follows the word parameters: "trainable parameters (0.2% of the model)"."""
    near = claim.left[-70:]
    if _COMPARED.match(after):
        return refuse("trainable_pct", "compared-with-a-model")
    if _DOWN_TO.search(near) and _TRAINABLE.search(near):
        return Verdict("trainable_pct", "parameters-down-to-share")
    if _ONLY_BRACKETED.search(near) and (of_model or after.startswith((")", "\\)", " of"))):
        return Verdict("trainable_pct", "parameters-then-share")
    if _REDUCTION.search(near[-60:]) or _BY.search(near):
        return refuse("trainable_pct", "reduction")
    if _OF_A_NAME.match(after) and not (of_model or _TRAINABLE.search(claim.left[-110:])):
        return refuse("trainable_pct", "compared-with-a-model")
    is_share = of_model or after[:1] == ")" or after.lstrip().startswith(("of", "("))
    if _OF_BASE.match(after) or (_PROPORTION.search(near) and _TRAINABLE.search(near)):
        return Verdict("trainable_pct", "parameters-then-share")
    if is_share and claim.last.value <= 100 and _TRAIN_WORD.search(claim.sentence):
        return Verdict("trainable_pct", "parameters-then-share")
    return refuse("trainable_pct", "not-a-share")


def _trains_own(after: str, near: str) -> bool:
    """Say whether models are said to train a share of their own parameters ("train fewer than 1% of their parameters")."""
    trains = _TRAIN_VERB.search(near) if after.startswith(" of their ") else None
    return trains is not None and _TRAIN_STEM.search(trains.group().lower()) is not None


def _direct(claim: Claim, after: str, direct: re.Match[str]) -> Verdict:
    """Judge a percentage of parameters: "0.1% of the model's parameters"."""
    phrase, left = direct.group().lower(), claim.left
    if _REDUCED.match(after[direct.end() :]) or _REDUCTION.search(_CLAUSE.split(left[-45:])[-1]):
        return refuse("trainable_pct", "reduction")
    around = f"{left[-25:]}{phrase}{after[direct.end() : direct.end() + 25]}"
    if _ACTIVE.search(around) and "tuning" not in after:
        return refuse("trainable_pct", "active-share")
    if "of param" in phrase and after.startswith(" update", direct.end()):
        return refuse("trainable_pct", "not-a-share")
    is_of_all = " of " in phrase or "trainable" not in phrase
    is_trained_then = _THEN_TRAINED.match(after, direct.end()) is not None
    is_of_another = (
        is_of_all
        and claim.first.value >= _LARGE_PCT
        and not is_trained_then
        and _DOES_WITH.search(left[-50:])
    )
    if is_of_another or _COMPARED_WITH.match(after, direct.end()):
        return refuse("trainable_pct", "compared-with-a-model")
    if _TUNED_PHRASE.search(phrase):
        return Verdict("trainable_pct", "share-of-trainable-parameters")
    if ("'s" in phrase and "lora" in phrase) or _SHARES.search(left[-12:]):
        return refuse("trainable_pct", "not-a-share")
    if _COMPARED.match(after) and not _trains_own(after, left[-70:]):
        return refuse("trainable_pct", "compared-with-a-model")
    is_trained = _TRAIN_WORD.search(left[-120:]) or _TRAIN_WORD.search(
        after[direct.end() : direct.end() + 60]
    )
    is_all = _ONLY.search(left[-12:]) is not None and _TUNING.search(claim.text) is not None
    if is_trained or is_all or _TUNING.search(claim.sentence):
        return Verdict("trainable_pct", "share-of-parameters")
    return refuse("trainable_pct", "not-a-share")

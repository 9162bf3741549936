"""Is a number with a scale (7B, 345M, 175 billion) the size of a model, or does it count something else?

What belongs here: the rules for numbers without a noun of their own, and for those whose noun is no parameter.
Numbers are read by `numerals`, nouns found by `counted`; counts of parameters are in `parameter_counts`.
"""

import re

from pipelines.mentions.claims import Claim, Verdict, refuse
from pipelines.mentions.parameter_counts import FEWER_AFTER, IS_TRAINED, TRAINABLE_BEFORE, judge_parameters
from pipelines.mentions.runs import attached_name, is_model_name, start_is_glued

_LABEL = re.compile(
    r"(?:\b(?:[Tt]asks?|[Ss]ub-?tasks?|SubTask|[Pp]hase|[Ff]ig(?:ure)?s?\.?|[Tt]able|[Tt]rack|[Ss]tage|[Ee]q\.?|[Tt]ype|[Ss]ection"
    r"|[Cc]hallenge|[Aa]lgorithm|[Tt]heorem|[Ll]emma|[Cc]orollary|[Pp]roposition|[Dd]efinition|[Hh]ypothes[ie]s|[Pp]anel|[Cc]ategory|[Cc]ase|[Ll]evel|[Pp]art|[Ss]tep|[Gg]roup|[Ee]xperiment|[Aa]ppendix|CDKN|Table)[ -~]?(?:\d\w?/)?$)"
)
_NAMES_WITH_B = re.compile(r"(?<![A-Za-z])(?:ESM|802\.\d*)-?$", re.IGNORECASE)
_DOES = re.compile(
    r"\s(?:\w+ly )?(?:achieves?|outperforms?|surpass(?:es)?|delivers?|exceeds?|attains?|match(?:es)?|reaches|improves?)\b"
)
_HARDWARE = re.compile(
    r"(?:Raspberry Pi|RPi|Ascend|RTX|GTX|Jetson|Cortex|Kirin|Dimensity|Snapdragon|PI)[ -]?$|Pi[ -]$"
)
_DATASET = re.compile(
    r"(?:(?<![A-Za-z])(?:LAION|DataComp|SA|COYO|YFCC|WebLI|WebVid|MovieLens|Youtube|YouTube|Criteo|CommonCrawl|BIGCOL|HowTo|[Dd]ata(?:set)?"
    r"|SynGrasp|Corpus|Bench|Pile|FineWeb|RedPajama|Common[- ]Crawl|[Ww]ords?|LM1B|MS ?MARCO|Datacomp|Indo|CC|WIT|OBELICS|Wikidata)|[A-Za-z](?:Data|Bench|Corpus|Set))[-_ ]?(?:[\d.]+[A-Z]?[-_ ])?$"
)
_DATA_APPOSITIVE = re.compile(
    r"(?:\w*[-\w+]*)?[,:]? ?\(?(?:which is |is |as )?(?:an?|the|our|the first)\b[^.;()]{0,70}?\b(?:dataset|corpus|benchmark|collection|set of)\b"
    r"|[- ](?:dataset|corpus|benchmark)\b"
)
_MODEL_CUE = re.compile(
    r"\b(?:param\w*(?: counts?| sizes?| scales?| budgets?)?|models?|LLMs?|VLMs?|MLLMs?|LMs?|sizes?|scales?|variants?|versions?|family|families|series"
    r"|transformers?|networks?|backbones?|architectures?|suite)"
    r"(?:\s(?:of|from|to|is|are|with|only|just|about|approximately|roughly|around|ranging|range|ranges|between|size|sizes|the|at|up|as|small|large"
    r"|less|than|by|in|its|spanning|varying|over|sized|starting|scaling|going|scales?|being|different|various|under|below|above|smallest|largest))*"
    r"\s?[-\s~≈=<>$\\(:,]*(?:\\?sim|\\approx|\\le|\\leq)?\s?[-$~(]*$"
    r"|\bas (?:small|large|big|little) as\s$"
    r"|\bparam\w*(?: sizes?| counts?)[^.;,]{0,50}\b(?:is|are|of|to|at)(?: only| just| under| about)*\s?$",
    re.IGNORECASE,
)
_CURRENCIES = ("$", "€", "£", "¥", "USD")
_MONEY = re.compile(r"(?:\\\$|US\$|USD ?|[€£¥]|(?<![$\w])\$)\s?$")
_TOKENS_FROM = re.compile(r"\btokens(?: \w+){0,2} (?:from|to|of|by)\s$")
_REACHES_LENGTH = re.compile(r"\b(?:extrapolat|extend|generali[sz])\w*(?: up)? to\s$")
#: "LoRA-finetuned 7B text judges"
_TUNED_BEFORE = re.compile(r"\b(?:[Ff]ine-?tuned|[Tt]uned|[Ff]rozen) $")
#: What may stand behind a model's name that ends in its size: "(GPT-2 124M, OPT 6.7B)", "OPT 125M by 3 points".
_ENDS_NAME = re.compile(r"[.;:]|\s(?:by|and|or|to|with|at|on|in|vs)\b")
#: "Tiny (39M)", the size of one of a family of models.
_SIZE_WORD = re.compile(
    r"(?:([A-Za-z][\w-]*) )?\b(?:[Tt]iny|[Ss]mall|[Bb]ase|[Mm]edium|[Ll]arge|[Mm]ini|[Nn]ano|[Hh]uge|[Gg]iant|X{1,3}L)(?:\s?\(|:\s)$"
)
_NAMED = re.compile(r"([A-Za-z][\w.+‐‑-]*)(?: \d[\d.]*)?[ ~]?\($")
_LONG_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{3,}[A-Za-z.\d]*[A-Za-z]$")
_IN_NAME = re.compile(r"\d[bB](?:-[A-Za-z]\w*)*-$")
#: "Quux2.5-1M", in a text on one million tokens
_MILLION_TOKENS = re.compile(r"\b1 ?(?:M|million)[- ](?:tokens?|context)")
#: "OPT (small) with about 125M"
_NAMED_WITH = re.compile(
    r"([A-Za-z][\w.+‐‑-]*)(?: \(\w+\))? with(?: about| only| just| roughly| around| over)?\s$"
)
#: "70 million and the largest with over 16 billion parameters"
_THEN_LARGEST = re.compile(
    r" and (?:the )?(?:largest|biggest|other|second|last|smallest|smaller|larger)\b[^.;,\d]{0,30}\d[\d.]*(?: [mb]illion|[MB])[- ]param"
)
#: "Quux-150M: A Hybrid Language Model", "Quux-150M is a Transformer"
_IS_A_MODEL = re.compile(
    r"(?::|,| is) (?:[Aa]n?|[Tt]he|[Oo]ur) (?:[\w-]+ ){0,6}(?:[Mm]odel|LM|LLM|VLM|[Tt]ransformer|[Nn]etwork|[Ee]ncoder|[Dd]ecoder|[Hh]ybrid)\b"
)
_LANGUAGE = re.compile(
    r"\A\s(?:English|German|French|Chinese|Korean|Japanese|Spanish|Arabic|Russian|code|math|text)\b(?!-)"
)
# A thing that has parameters, in the sentence of a number that says no more than "scale" or "ones".
_SPEAKS_OF_MODELS = re.compile(r"model|param|LLM|LM\b|[Nn]etwork|[Tt]ransformer|backbone|polic|encoder")
_DROPS_BY = re.compile(r"\b(?:reduc|cut|decreas|sav|lower|shrink)\w*[^.;,]{0,40}\bby\s(?:about\s)?[~$]*$")
_NETWORK = re.compile(r"(?:CNN|RNN|LSTM|GRU|MLP|GNN|Transformer|ResNet|U-?Net)s?")
_FOLLOWER = re.compile(r" ([A-Z][A-Za-z]*[A-Z][\w-]*)")
_SUCH_MODELS = re.compile(r"\bmodels?,? (?:such as|like|including|e\.g\.,?) [^.;]{0,60}$")
_IN_MILLIONS = re.compile(r"\d ?M[- ]param")
_DROPS_AFTER = re.compile(r"\A (?:cut|reduction|drop|saving)s?\b")
#: "30 billion parameters, of which only 3 billion are activated"
_IS_ACTIVE = re.compile(r"\s(?:are|is|being)\s(?:only )?activ")
_CLOSES_MATH = re.compile(r"[^$\s]{0,2}\$")


def judge_count(claim: Claim) -> Verdict | None:
    """Judge a run that ends in a scaled numeral, or counts parameters; None when it is no look-alike at all."""
    text, first, last = claim.text, claim.first, claim.last
    near = claim.left[-40:]  # no pattern that ends at the number looks farther back
    unit = last.unit
    may_be_money = unit not in ("k", "thousand", "") and near.rstrip().endswith(_CURRENCIES)
    if may_be_money and _MONEY.search(near):
        is_math = "$" in text[first.start : last.end] or _CLOSES_MATH.match(claim.after(3))
        if not is_math:
            return refuse("model_size", "money")
    if claim.head.kind == "param":
        return judge_parameters(claim)
    if unit in ("k", "thousand"):
        return None
    is_glued = start_is_glued(text, first.start)
    is_billion = unit in ("b", "t") and last.is_letter
    is_model = is_model_name(attached_name(text, first.start))
    is_known = (is_glued or is_billion) and is_model
    if is_glued and text[first.start - 1].isalpha() and (not is_known or (unit == "M" and last.number % 1)):
        if unit in ("t", "m") or not _LONG_NAME.search(near):
            return None  # a part of an identifier: "T2M", "GR00T"
        if claim.head.kind != "model" and not (unit == "b" and _IS_A_MODEL.match(text, last.end)):
            return refuse("model_size", "part-of-a-name")
    if not claim.head.kind and not is_glued and _TOKENS_FROM.search(near):
        is_length = last.value <= 1e8 and _REACHES_LENGTH.search(near)
        return Verdict("context_tokens" if is_length else "training_tokens", "tokens-from-to")
    if is_billion and claim.head.kind == "data" and _TUNED_BEFORE.search(near):
        return Verdict("model_size", "billions-of-model")
    if claim.head.kind in ("data", "unit") and not is_known:
        return refuse("model_size", "data-count" if claim.head.kind == "data" else "other-unit")
    reason = _other_name(claim, is_glued=is_glued, is_known=is_known, is_billion=is_billion)
    if reason:
        return refuse("model_size", reason)
    if not claim.head.kind and claim.after(7) == " frozen":
        return Verdict("model_size", "frozen-parameters")
    if not is_glued and not claim.head.kind and IS_TRAINED.match(text, last.end) and last.value <= 1e9:
        return Verdict("trainable_params", "parameters-are-trained")
    if not is_glued and not claim.head.kind and not is_model and TRAINABLE_BEFORE.search(claim.left[-110:]):
        return Verdict("trainable_params", "trainable-parameters-of")
    if unit == "t" and not (claim.head.kind == "model" and last.number < 20 and "aram" in claim.sentence):
        return refuse("model_size", "trillion-without-parameters")
    if _IS_ACTIVE.match(text, last.end) and "aram" in claim.sentence:
        return Verdict("model_size", "active-of-all")
    if is_billion:
        return Verdict("model_size", "billions-of-model" if claim.head.kind else "billions")
    has_mate = any(n.value >= 1e9 and (n.is_letter or n.takes_unit_of) for n in claim.run)
    if unit == "m" and last.is_letter and not (claim.head.kind or is_glued or has_mate):
        return None  # metres
    if has_mate:
        return Verdict("model_size", "millions-beside-billions")
    return _million(claim, is_glued=is_glued, is_model=is_model, is_known=is_known)


def _other_name(claim: Claim, *, is_glued: bool, is_known: bool, is_billion: bool) -> str:
    """Return why a number is a label, a part of another name, or a difference; empty when it is none of these."""
    text, near, last = claim.text, claim.left[-40:], claim.last
    nearest = near[-16:]  # as far as labels and hardware go
    is_small_b = text[last.end - 1] == "b"
    is_year = 1900 <= last.number <= 2100 or (near.endswith("+") and near[-2:-1].isalpha())
    if is_billion and is_small_b and is_year:
        return "citation-year"  # "Someone et al. 2020b", "ABC+20b"
    if _LABEL.search(nearest) or (is_small_b and _NAMES_WITH_B.search(near)):
        return "label"
    if _HARDWARE.search(nearest):
        return "hardware"
    if (
        FEWER_AFTER.match(claim.after(30))
        or (is_billion and _DROPS_AFTER.match(claim.after(12)))
        or (near.endswith(("by ", "by about ", "by $", "by ~")) and _DROPS_BY.search(claim.left[-70:]))
    ):
        return "difference"
    if near.endswith("-") and (
        _IN_NAME.search(near)
        or (is_glued and last.value == 1e6 and (is_known or _MILLION_TOKENS.search(text)))
    ):
        return "context-in-name"
    if claim.head.kind != "model" and (is_glued or is_billion):
        if _DATASET.search(near):
            return "dataset-name"
        if is_glued and not is_known and _DATA_APPOSITIVE.match(text, last.end):
            return "dataset-name"
    if is_billion and _LANGUAGE.match(claim.after(12)) and "oken" in claim.sentence:
        return "token-share"
    return ""


def _million(claim: Claim, *, is_glued: bool, is_model: bool, is_known: bool) -> Verdict:
    """Judge what is no size unless something says so: millions, and numbers written with a word."""
    text, left, head, last = claim.text, claim.left, claim.head, claim.last
    if head.kind == "model" and (
        is_glued or last.unit in ("M", "billion", "trillion") or is_model_name(head.noun)
    ):
        is_vague = head.noun == "ones" or (head.noun == "scale" and claim.after(1) == "-" and not is_known)
        if is_vague and not _SPEAKS_OF_MODELS.search(claim.sentence):
            return refuse("model_size", "no-parameters-named")
        if last.unit in ("million", "m") and not head.noun.startswith(("model", "llm")):
            return refuse("model_size", "no-parameters-named")
        return Verdict("model_size", "scale-of-model")
    if is_known or (is_glued and (_DOES.match(text, last.end) or _IS_A_MODEL.match(text, last.end))):
        return Verdict("model_size", "model-name")
    if last.unit == "M" and last.is_letter and not is_glued and not head.kind:
        follower = _FOLLOWER.match(text, last.end)
        if follower is not None and is_model_name(follower[1]):
            return Verdict("model_size", "size-then-name")  # "a 110M DistilBERT"
    if is_glued and last.unit == "M" and (_IN_MILLIONS.search(claim.sentence) or _SUCH_MODELS.search(left)):
        return Verdict("model_size", "beside-parameters")  # "our 9M parameter model beats Foo-3-5M"
    ends_name = claim.after(1) in (",", ")") or (
        not is_glued and _ENDS_NAME.match(claim.after(6)) is not None
    )
    is_listed = last.unit == "M" and last.is_letter and ends_name
    if is_listed and is_model and not head.kind and not attached_name(text, claim.first.start).islower():
        return Verdict("model_size", "model-name")  # "(GPT-2 124M, OPT 6.7B)"
    if not head.kind:
        if _THEN_LARGEST.match(text, last.end):
            return Verdict("model_size", "beside-parameters")
        named = _NAMED.search(left[-40:]) or _NAMED_WITH.search(left[-40:])
        is_named = named and (is_model_name(named[1]) or _NETWORK.fullmatch(named[1]))
        if is_named and claim.first.unit != "k":
            return Verdict("model_size", "named-model")
        size_word = _SIZE_WORD.search(left[-30:]) if last.unit == "M" else None
        if size_word and (_SPEAKS_OF_MODELS.search(text) or is_model_name(size_word[1] or "")):
            return Verdict("model_size", "size-word")
        if _MODEL_CUE.search(left[-90:]):
            return Verdict("model_size", "after-model-size-words")
        is_compared = claim.after(1) in (")", "]") or " vs" in left[-12:] or "'s " in left[-6:]
        if "aram" in claim.sentence and is_compared:
            return Verdict("model_size", "beside-parameters")
    return refuse("model_size", "no-parameters-named")

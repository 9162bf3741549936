"""Is a number of tokens the size of a training corpus, a context length, or neither (an output, a rate, a price)?

What belongs here: the rules for numbers whose noun is tokens; lengths that are printed without it are for `lengths`.
"""

import re

from pipelines.mentions.claims import Claim, Verdict, refuse
from pipelines.mentions.lengths import AT_LENGTH, SPEAKS_OF_LENGTH

_RATE = re.compile(r"\A\s?(?:/|per\b|each\b|a (?:second|day|week)|\\?/)|\A\]?\s?\(?per\b")
_CONTEXT_AFTER = re.compile(
    r"\A[-\s](?:(?:tokens?|long|length|input|maximum|max|effective|total|of|extended|native|ultra-long|real-world)[-\s])*(?:contexts?|context[- ](?:windows?|lengths?|size)|windows?"
    r"|sequences?|inputs?|prompts?|lengths?|documents?|passages?|prefill\w*|(?:(?!output|generat|rate|budget)\w+[-\s])?limits?)\b",
    re.IGNORECASE,
)
_LONG_AFTER = re.compile(r"\A[- ](?:long\b|in length|in the (?:context|prompt)|of context|input|context)")
_CONTEXT_BEFORE = re.compile(
    r"\b(?:context(?:s|[- ](?:windows?|lengths?|sizes?|limits?))?|(?:context |input |sequence |text |document |prompt )?lengths?"
    r"|input(?:s| sizes?)?|sequences?|prompts?|windows?|documents?|long[- ](?:context|range|sequence|text|form input)\w*|passages?)\b"
    r"[^.;]{0,60}$",
    re.IGNORECASE,
)
_SCALES_TO = re.compile(
    r"\b(?:extend\w*|extrapolat\w*|scal(?:e|es|ing)|generaliz\w*|handl\w*|process\w*|support\w*|length extension|robust\w* up|inference on|beyond|exceeding"
    r"|retriev\w*|limit(?:ed)? (?:of|to)|maximum(?: of)?|maximum|max|only handle|understanding)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
#: "models that read 1M tokens"
_TAKES_IN = re.compile(r"\b(?:reads?|reading|accepts?|takes? in)(?: up to| as many as| over)? [~$]*$")
_LIMITED = re.compile(r"\b(?:only handle|limit(?:ed)? (?:of|to)|maximum|max)\b[^.;]{0,25}$", re.IGNORECASE)
_OUTPUT = re.compile(
    r"\b(?:generat\w*|outputs?|reason\w*|responses?|think\w*|chains?|CoT|draft\w*|decod\w*|averag\w*|produc\w*|accept(?:ed|ing|ance)|speculat\w*|fewer|reduc\w*"
    r"|sav\w*|consum\w*|budget\w*|answers?|emits?|completion\w*|only need|cost\w*|price\w*|compress\w*|visual|image|soft|prompt tun\w*|\$\d)\b",
    re.IGNORECASE,
)
# A context named right before the number outweighs an output named before it, unless it is made smaller.
_CONTEXT_NEXT = re.compile(
    r"\b[Cc]ontexts?(?:[- ](?:tiers?|lengths?|windows?|sizes?|limits?|levels?|settings?|scales?|ranges?))?[^.;,]{0,20}$"
)
_SMALLER = re.compile(r"reduc|compress|sav(?:e|ing)|fewer|prun|\bcut|consum|averag")
_TRAINS = re.compile(
    r"\b(?:pre-?train\w*|train\w*|fine-?tun\w*|corpus|corpora|datasets?|continual|continued|curat\w*|collect\w*|learn\w*|data)\b",
    re.IGNORECASE,
)
_IN_CORPUS = re.compile(r"\b(?:[Cc]orpus|[Cc]orpora|[Dd]ataset|[Tt]extbooks)\b")
_TUNES = re.compile(r"(?:fine-?tun|pre-?train)")
_TOKEN_COUNTS = re.compile(r"\btoken (?:counts?|budgets?|totals?)(?: of)?,? ?\(?[~≈$]*$")
_SPENT = re.compile(r"\b(?:generating|served?|serving|daily|inference|every|cost)\b")
_FOR_USERS = re.compile(r"\A (?:for|to) (?:its |their |our )?(?:users|customers)\b")
#: "17 trillion tokens, the smaller ones on 10 trillion"
_ON_TOKENS_TOO = re.compile(r"\btokens?,? (?:(?:and|while) )?(?:[\w.-]+ ){1,4}on (?:over |about |nearly )?$")
#: "1 million tokens, up from 128K"
_UP_FROM = re.compile(r"\btokens?,? \(?(?:up from|instead of|rather than) [~$]*$")
_SLIDING = re.compile(r"\b(?:[Ss]liding|[Ll]ocal)(?: attention)?[- ]windows?\b[^.;,]{0,20}$")
_STRONG_CONTEXT = re.compile(
    r"\b(?:context[- ](?:windows?|lengths?|sizes?|limits?)|contexts|(?:sequence|input|prompt)[- ]lengths?|sequences? of(?: length)?|inputs? of|prompts? of|documents? of)\b[^.;,]{0,45}$",
    re.IGNORECASE,
)


# Words between the number and "tokens" that make them tokens of another sort.
_OTHER_TOKENS = frozenset(
    "fewer less more visual vision image soft prompt output generated special new video code vocabulary".split()  # noqa: SIM905
)
_FEWER_TOKENS = frozenset(("fewer", "less", "more"))
_OF_INFERENCE = frozenset(("inference", "indexing", "completion"))
_IN_TRAINING = frozenset(("training", "pretraining", "calibration"))
# What is measured, kept in memory or spent by running models is no corpus that they learn from.
_OF_A_TEST = re.compile(
    r"\A['’]?[-\s](?:(?:worth|of|[\w-]+)\s){0,4}?(?:benchmarks?|study|studies|evaluations?|haystacks?|memory\s?bank|knowledge base"
    r"|(?:LLM|user|model|agent) (?:interactions|calls|logs))\b",
    re.IGNORECASE,
)
_BUDGET = re.compile(r"\A[-\s]budgets?\b")
_RUN_ON = re.compile(
    r"\b(?:(?:rollouts|trajectories|sessions|conversations|queries|runs|calls|games|episodes|tasks) (?:and|with|totall?ing|across)"
    r"|processing|analy[sz](?:e|ing)|involving|consum(?:es?|ing))\s(?:over |about |approximately |more than |up to |a total of )?[~$]*$"
)
_SPEAKS_OF_RUNS = re.compile(
    r"inference-time|test-time|\bagent|[Cc]onversation|\bcalls\b|[Ss]ession|\bRAG\b|[Rr]etrieval-based"
)
_COSTS = re.compile(
    r"\A,? ?\(?(?:which |and )?(?:costs?|costing|equivalent to|or|i\.e\.)\b[^.;]{0,12}\\?\$\d"
)
_NEEDLE = re.compile(r"needle|haystack", re.IGNORECASE)
_BENCHMARK = re.compile(r"[Bb]enchmark")
#: Thousands and millions that lengths are stated in; the last are powers of two.
_ROUND = frozenset((1, 2, 4, 8, 10, 20, 50, 100, 200, 500, 65, 131, 262, 524))
_SCALING = re.compile(r"\b[Ss]cal(?:es?|ing)(?: up)? to $")
#: "the 8192-token configuration": what is run at a length, and not what is put out.
_OF_A_LENGTH = re.compile(
    r"\A (?!outputs?|generat|respon|budget|reason|chunk|prefix|draft|window|block|summar)[a-z]+"
)
_BATCH = re.compile(r"\bbatch(?:es)?(?: sizes?)?(?: of)? ?\(?[~$]*$")
_OF_A_RUN = re.compile(r"trajector|reason|think|respon|output|CoT|chain")
_OF_OUTPUT = re.compile(r"\A[-\s](?:output|generation|respon|decod|of (?:output|generat|reason|think))")
_OF_TRAINING = re.compile(r"\A of (?:synthetic data|training|fine-?tuning|pre-?training)\b")
_TRAINED_ON = re.compile(r"trained on[^.;]{0,25}$")


def judge_tokens(claim: Claim) -> Verdict:
    """Judge a run whose noun is tokens."""
    value = claim.last.value
    after = claim.text[claim.head.end : claim.head.end + 60]
    near = claim.left[-90:].replace("e.g.", "eg")
    if "ocabular" in near[-30:] and not _CONTEXT_AFTER.match(after):
        return refuse("context_tokens", "vocabulary")
    if _BATCH.search(near[-24:]):
        return refuse("context_tokens", "batch")
    if _RATE.match(after):
        return refuse("training_tokens", "rate")
    if _SLIDING.search(near):
        return refuse("context_tokens", "attention-window")
    if value >= 1e9 and claim.head.between == ["more"] and not after.startswith(" than"):
        return Verdict("training_tokens", "tokens-of-training")
    is_other = _OTHER_TOKENS.intersection(claim.head.between) and not _STRONG_CONTEXT.search(near)
    if is_other and (value < 1e8 or _FEWER_TOKENS.intersection(claim.head.between)):
        return refuse("training_tokens" if value >= 1e6 else "context_tokens", "other-tokens")
    if _OF_INFERENCE.intersection(claim.head.between):
        return refuse("training_tokens", "spent-tokens")
    if value >= 1e4 and (_OF_TRAINING.match(after) or _IN_TRAINING.intersection(claim.head.between)):
        return Verdict("training_tokens", "tokens-of-training")
    is_long = value >= 1000 and _LONG_AFTER.match(after)
    if _CONTEXT_AFTER.match(after) or is_long or "context" in claim.head.between:
        return Verdict("context_tokens", "tokens-of-context")
    if value >= 1e6 and _BUDGET.match(after) and _TUNES.search(claim.sentence):
        return Verdict("training_tokens", "tokens-of-training")
    verdict = _judge_unmarked(claim, after, near)
    is_large = verdict.kind == "training_tokens" or (verdict.rule == "scales-to-tokens" and value >= 1e7)
    if is_large and not verdict.is_refused and _is_spent(claim, after, near):
        return refuse("training_tokens", "spent-tokens")
    return verdict


def judge_token_count(claim: Claim) -> Verdict | None:
    """Judge a run whose noun stands before it: "trained at three token counts (500K, 1M and 2M)"."""
    if claim.head.kind:
        return None
    last, left = claim.last, claim.left
    if last.value >= 1e9 and _ON_TOKENS_TOO.search(left[-60:]):
        return Verdict("training_tokens", "tokens-as-before")
    if last.unit == "k" and _UP_FROM.search(left[-40:]):
        return Verdict("context_tokens", "length-as-before")
    if last.value >= 1e5 and _TOKEN_COUNTS.search(left[-30:]) and _TRAINS.search(claim.sentence):
        return Verdict("training_tokens", "token-counts")
    return None


def _is_spent(claim: Claim, after: str, near: str) -> bool:
    """Say whether tokens are of a test, of a memory, or of running models: of no corpus to learn from."""
    value = claim.last.value
    if _OF_A_TEST.match(after) or (value < 1e7 and _BUDGET.match(after)) or _COSTS.match(after):
        return True
    if value >= 1e8 and (
        _SPENT.search(near[-30:]) or after.startswith(" to execute") or _FOR_USERS.match(after)
    ):
        return True
    if _TRAINS.search(claim.sentence):
        return False
    is_run = _RUN_ON.search(near) or _SPEAKS_OF_RUNS.search(claim.sentence)
    return bool(is_run or (value < 1e9 and _BENCHMARK.search(claim.sentence)))


def _judge_unmarked(claim: Claim, after: str, near: str) -> Verdict:
    """Judge tokens whose own phrase does not say what they are of, by their number and the words before them."""
    value = claim.last.value
    if value <= 1e9 and _SCALING.search(near) and SPEAKS_OF_LENGTH.search(claim.text):
        return Verdict("context_tokens", "scales-to-tokens")
    if value >= 1e8:
        return Verdict("training_tokens", "tokens")
    if _OF_OUTPUT.match(after):
        return refuse("context_tokens", "output-tokens")
    if _is_at_length(claim, after, near):
        return Verdict("context_tokens", "at-a-length")
    verdict = _judge_small(value, near, claim.sentence)
    is_range = len(claim.run) > 1 and claim.first.join == "range" and claim.first.unit == "k"
    if claim.last.unit == "M":
        is_range = is_range and claim.first.value >= 4000 and bool(SPEAKS_OF_LENGTH.search(claim.text))
    if verdict.rule == "unclear-tokens" and is_range and value >= 4000:
        return Verdict("context_tokens", "range-of-lengths")
    return verdict


def _is_at_length(claim: Claim, after: str, near: str) -> bool:
    """Say whether something is measured at a length ("3x faster at 64K tokens") in a text that speaks of lengths."""
    last = claim.last
    is_power = last.is_power_of_two
    is_round = is_power or (last.is_letter and (last.number in _ROUND or last.number % 16 == 0))
    is_run_at = is_power and claim.after(6) == "-token" and _OF_A_LENGTH.match(after)
    is_at = (
        is_round
        and 1000 <= last.value <= 1e7
        and (is_run_at or AT_LENGTH.search(near) or _NEEDLE.search(near))
        and not _BUDGET.match(after)
        and not _OF_A_RUN.search(near[-40:])
    )
    return bool(is_at and SPEAKS_OF_LENGTH.search(claim.text))


def _judge_small(value: float, near: str, sentence: str) -> Verdict:
    """Judge fewer than 1e8 tokens by the words before them: lengths, small corpora, outputs."""
    is_output = _OUTPUT.search(near[-60:]) is not None and (
        _CONTEXT_NEXT.search(near[-60:]) is None or _SMALLER.search(near[-60:]) is not None
    )
    scales = (_SCALES_TO.search(near) or _TAKES_IN.search(near)) is not None
    if value >= 16 and _STRONG_CONTEXT.search(near):
        return Verdict("context_tokens", "length-in-tokens")
    if not is_output and value < 1e7 and _CONTEXT_BEFORE.search(near):
        return (
            Verdict("context_tokens", "length-in-tokens")
            if value >= 64
            else refuse("context_tokens", "few-tokens")
        )
    if value >= 1e7 and not scales:
        is_spent = _OUTPUT.search(near[-40:])
        return refuse("training_tokens", "spent-tokens") if is_spent else Verdict("training_tokens", "tokens")
    if is_output:
        return refuse("context_tokens", "output-tokens")
    if (value >= 1000 and scales) or (value >= 128 and _LIMITED.search(near)):
        return Verdict("context_tokens", "scales-to-tokens")
    if value >= 1e6 and (_TRAINS.search(near) or _IN_CORPUS.search(sentence)):
        return Verdict("training_tokens", "tokens")
    if value >= 1e4 and _TRAINED_ON.search(near):
        return Verdict("training_tokens", "tokens-of-training")
    return refuse("context_tokens" if value < 1e6 else "training_tokens", "unclear-tokens")

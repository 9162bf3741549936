"""Does an ordinary phrase count: adapters, soft prompts, prompt tuning, the generic term? One function a phrase.

Each decision looks at one paper only and says why. Coined names are decided in `decisions`.
"""

import re

from pipelines.mentions.contexts import PaperContext
from pipelines.mentions.cues import Cues
from pipelines.mentions.matching import LORA, Hit

Verdict = tuple[bool, str]
"""Whether the find counts, and the rule or the reason."""

_SOFT = Cues(
    r"(?:soft|continuous|learnable|trainable|learned|tunable) (?:\w+ ){0,2}?(?:prompt|context|vector|token|embedding)|prompt (?:vector|embedding|token|pool)"
    r"|virtual token|visual prompt learning|task specific \w+ prompt|context optimi[sz]ation|\bcoop\b"
)
_CLIP = Cues(
    r"\bclip\b|vision language|visual language|\bvlms?\b|foundation model|frozen|\bvit\b|vision transformer|image language"
)
_PRETRAINED = Cues(r"pre ?train|\bplms?\b")
_FEW_PARAMETERS = Cues(r"parameter +(?:and \w+ )?efficien|few parameters|prompt tun|continual|federated")

#: What a paper says that searches for the words of a prompt.
_WORDS = Cues(
    r"string based|discrete prompt|without gradient|gradient free|black box|prompt engineering|chain of thought|in context learning"
    r"|natural language prompts"
)

#: What is said where the prompts that are tuned are words; it counts where no vectors are learned and nothing is tuned.
_PROMPTED = Cues(
    r"\bagents?\b|agentic|in context|gpt 4|chatgpt|gpt 3\.5|retrieval augmented|\brag\b|prompt engineer|prompt optimi[sz]|honeypot"
    r"|no additional (?:model )?training|chain of thought|hand crafted prompt|prompt design|natural language prompt|llm application"
    r"|knowledge injection"
)
_TUNED_MODEL = Cues(
    r"parameter +(?:and \w+ )?efficien|\bpefts?\b|\bpetl\b|\bloras?\b|low rank (?:\w+ )?adapt|prefix tun|adapter|few parameters"
    r"|(?:trainable|tunable|learnable) (?:\w+ ){0,6}parameters|\bfr[eo]ez|frozen|fine ?tun|few shot|pre ?trained language model|\bplms?\b"
)

#: What is said of prompts that are templates with a mask in them.
_TEMPLATES = Cues(
    r"\bcloze\b|verbali[sz]er|mask filling|textual prompts?\b|leverages? a template|prompt templates?|template based|hand ?crafted templates?"
    r"|masked language model(?:ing)? (?:form|task)|discrete"
)

_VLM = Cues(r"\bclip\b|vision language|\bvlms?\b")
_DISCRETE = Cues(
    r"discrete (?:local )?(?:search|prompts?|prompt search|(?:non convex )?optimi[sz]ation)|discretely"
)
_PICTURES = Cues(r"\bclip\b|vision|visual|\bvlms?\b|\bimages?\b")

#: Words before "prompt tuning" that make it a search for words, not for vectors.
_HARD_PROMPT = re.compile(
    r"\b(?:hard|discrete|automated|automatic|manual|hand crafted|natural language|iterative|(?:careful|extensive|tedious)(?: text)?) $"
)
_NOT_ADAPTER = re.compile(
    r"\b(?:linear|mlp|power|network|software|protocol|usb|interface|database|wireless|sequencing|vocabulary|format|schema"
    r"|robotic|policy|ac|dc|charger|ethernet|host|tool|api|agent|environment|data|mcp|bus|graphics|language server|hardware"
    r"|viral|clathrin|molecular|library|illumina|primer|sketch|control|domain name|middleware|feature alignment|distillation"
    r"|projection|modality|speech|audio|id|identity|style propagation|vision language|cross modal|connector|audio visual"
    r"|parser|platform|sampling|feature|training free(?: \w+)?|provider|harness|runtime|backend|framework|vendor|image prompt|ip) $"
)
_ADAPTER_AFTER = re.compile(
    r" (?:based|tun|modul|layer|fusion|parameter|weight|training|merg|architecture|method|approach|fine|peft|routing|composition|librar|config|block|structure|placement|bank|set|technique|design|variant|insert|learning)"
)
_ADAPTER_BEFORE = re.compile(
    r"\b(?:bottleneck|task|language|domain|parallel|serial|residual|lightweight|light weight|trainable|learnable|invertible|multilingual|sparse"
    r"|neural|feature|modular|plug in|small|tiny|specific|multiple|dedicated|debiasing|separate|stacked|efficient|trained|inserting|insert|visual|text"
    r"|knowledge|temporal|spatial|spatio temporal|shared|individual|unlike|such as|mixture of|new|via|using|with|of|adding|adds|add|per) $"
)
_LEFT_OUT = re.compile(
    r"\bwithout (?:(?:relying on|using|requiring|any|additional|auxiliary|extra|external|modality specific|task specific) )*$"
)
#: "As a plug-and-play adapter": what a whole system is said to be like.
_LIKENED = re.compile(
    r"\bas an? (?:\w+ ){0,4}$|\b(?:act|function|serv)(?:s|es|ing)? (?:\w+ )?as (?:\w+ ){0,3}$"
)
#: A capitalised word before "Adapter", which makes both a name, unless it says of what kind the well known adapter is.
_COINED_BEFORE = re.compile(
    r"[ (](?!(?:Houlsby|Pfeiffer|Series|Parallel|Bottleneck|Language|Task|Compact|Invertible|LoRA)\b)[A-Z][\w-]* $"
)
_ADAPTER_OWN = Cues(
    r"bottleneck adapter|adapter (?:tun|based)|houlsby|pfeiffer|(?:language|domain) adapter|task adapters|unlike adapters?"
)
_LORA_NAMED = Cues(rf"{LORA}|low rank (?!hypercomplex )(?:\w+ )?adapt")
_LORA_ADAPTERS = Cues(
    r"\b(?:lora|qlora) (?:\w+ )?adapters?|low rank (?!hypercomplex )(?:\(lora\) )?adapters?\b"
)
_LORA_BEFORE = re.compile(r"(?:^|\W)(?:[a-z]*(?:lora|dora|vera)\)?|rank|ranks? ?\d+|llm) $")
#: "adapters (LoRAs)", "adapters, such as low-rank adaptation"
_LORA_AFTER = re.compile(
    r"s? ?\(loras?\)|s?,? \(?(?:such as|e\.g\.,?|i\.e\.,?|like|namely) (?:the )?(?:low rank|q?lora)"
)
_OTHER_METHOD = r"(?:\w*lora\b|prompt(?: tuning)?s?\b|prefix|bitfit|low rank|\(?ia\)?3|ssf\b|vpt\b)"
_LISTED = re.compile(
    rf"adapters?(?: \w+)?(?:,| and| or|, and|/) ?(?:\w+ ){{0,2}}{_OTHER_METHOD}"
    rf"|{_OTHER_METHOD}(?: tuning| adaptation)?(?: \(\w+\))?(?:,? and|,? or|/) (?:\w+ )?adapters?\b"
    rf"|{_OTHER_METHOD}(?: tuning| adaptation)?(?: \(\w+\))?, (?:\w+ )?adapters?(?: tuning)?(?:[,.)]| and| or)"
)
_DISTINCT = Cues(
    r"(?:unlike|in contrast (?:to|with)) adapters?|adapter (?:tuning|based)|bottleneck adapter|language adapters?"
    r"|task adapters"
)
_BIOLOGY = Cues(
    r"illumina|sequencing reads?|short reads|\bligat|\btrimm(?:ed|er|ing)|\bgenom\w+ reads|nucleotide|ubiquitin|clathrin"
)
#: Adapters that programs have; they count only where something is tuned as well.
_SOFTWARE = Cues(
    r"\bapis?\b|harness|\bbackends?\b|third party|vendor|\bschema\b|protocol|toolkit|interoperab|\bproviders?\b|orchestrat"
    r"|langgraph|crewai|\bservers?\b|serializ|open source (?:release|implementation)|\bsql\b|provenance|python (?:package|library|framework)"
    r"|evaluation suite|intermediate representation"
)
_TUNING = Cues(
    r"fine ?tun|\bfr[eo]ez|frozen|\blora|parameter efficien|\bpefts?\b|trainable|few parameters|% of"
)
_OF_CLIENTS = Cues(r"federated (?!search)|on device (?:learn|adapt)")
_ML = Cues(r"\btrain|parameters|\bmodels?\b|\blayers?\b|\bweights\b|encoder")
_DESCRIBED = re.compile(
    r"\b(?:lightweight|light weight|task|bottleneck|language|residual|domain|trained|multilingual|specific) $"
)


#: Words before an adapter that put it into a model: "we inject a domain aware adapter".
_PUT_IN = re.compile(
    r"\b(?:(?:inject|insert|attach|train|plug|incorporat)(?:s|ed|ing|e|es)?(?: \w+){0,4}|additional|plug and play|transferr?able|matching|single) $"
)
_VISUAL = Cues(r"\bvpt\b|visual prompt tun")
_TEXT_PROMPTS = Cues(r"text(?:ual)? prompt (?:tun|learn)|vision language prompt|text prompts")
_LANGUAGES = Cues(r"cross lingual|multilingual|machine translation|language adapters")
_CONTINUAL = Cues(r"continual|class incremental|lifelong|catastrophic forgetting")
_TRAINED_BEFORE = re.compile(
    r"\b(?:trainable|learnable|(?:fine ?)?tuning an?|fine ?tuned) [\"'`]*(?:\w+ ){0,2}$"
)
_TUNED = Cues(
    rf"fine ?tun|adapt(?!ive)|transfer|{LORA}|frozen|pre ?train|few parameters|tuning|foundation model"
)
_TUNES = Cues(rf"fine ?tun|\bfr[eo]ez|frozen|{LORA}|\bpefts?\b|trainable|few parameters")
_FROM_SCRATCH = Cues(r"from scratch|overparameteri|\bprun|dense model")


def adapter(hit: Hit, context: PaperContext) -> Verdict:
    """Decide on the bare word: adapters of a frozen model count, plugs, connectors and LoRA's own do not."""
    before, after = hit.before(40), hit.after(40)
    if (other := _NOT_ADAPTER.search(before)) is not None:
        return False, f"adapter of another kind: {other[0].strip()}"
    if context.matches(_BIOLOGY):
        return False, "adapter of another kind: of sequences or proteins"
    if _LORA_BEFORE.search(before) or _LORA_AFTER.match(after):
        return False, "LoRA's own adapters"
    if context.matches(_SOFTWARE) and not (context.matches(_TUNING) or context.matches(_OF_CLIENTS)):
        return False, "adapter of another kind: of software"
    if re.match(r"s? (?:pattern|code|thereof|interface|class)\b", after):
        return False, "adapter of another kind: of software"
    if hit.view.field == "abstract" and _ends_a_name(hit):
        return False, "part of a longer name"
    if re.match(r"s? (?:free|only|less)\b", after) or _LEFT_OUT.search(before):
        return False, "named for what is left out"
    if _LIKENED.search(before):
        return False, "likened to an adapter"
    if _is_after_lora(hit, context) and not (
        _DISTINCT.search(hit.sentence) or context.matches(_LISTED) or context.matches(_ADAPTER_OWN)
    ):
        return False, "adapters here are LoRA's"
    if context.has_specific or (context.is_peft and (context.is_model or context.is_frozen)):
        return True, f"{hit.rule}, talk of PEFT"
    if hit.surface.lower() in {"adapters", "adaptors"} and context.matches(_ML):
        return True, f"{hit.rule}, plural in a text on models"
    if context.is_frozen and (
        context.is_model or _ADAPTER_BEFORE.search(before) or _ADAPTER_AFTER.match(after)
    ):
        return True, f"{hit.rule}, frozen model"
    if context.is_model and (
        _ADAPTER_AFTER.match(after) or _DESCRIBED.search(before) or _PUT_IN.search(before)
    ):
        return True, f"{hit.rule}, tuned model"
    if context.matches(_LANGUAGES) and (context.matches(_ML) or _ADAPTER_AFTER.match(after)):
        return True, f"{hit.rule}, between languages"
    if context.matches(_CONTINUAL) or _TRAINED_BEFORE.search(before):
        return True, f"{hit.rule}, trained"
    return False, "adapter with no talk of tuning a frozen model"


def _ends_a_name(hit: Hit) -> bool:
    """Tell whether the word is the last part of a name: behind a hyphen, or with a capital behind a coined word."""
    start, plain = hit.start, hit.view.plain
    return plain[max(0, start - 1) : start] == "-" or (
        plain[start].isupper() and _COINED_BEFORE.search(plain, max(0, start - 40), start) is not None
    )


def _is_after_lora(hit: Hit, context: PaperContext) -> bool:
    """Tell whether LoRA was named before the sentence of `hit` ends, so that "adapters" may be short for LoRA's."""
    if hit.view.field == "title" or context.matches(_LORA_ADAPTERS):
        return context.matches(_LORA_NAMED)
    _, end = hit.view.sentence_around(hit.start)
    return _LORA_NAMED.search(f"{context.paper.title.key} . {hit.view.key[:end]}") is not None


def soft_prompt(hit: Hit, context: PaperContext) -> Verdict:
    """Decide on "soft prompts" and other learned prompts."""
    if not (context.is_model or context.is_peft or context.is_frozen):
        return False, "prompt of no pretrained model"
    if re.match(r"'? ?(?:attack|injection|engineering|template)", hit.after()):
        return False, "attack or template, not tuning"
    if context.matches(_VISUAL) and not context.matches(_TEXT_PROMPTS):
        return False, "the prompts here are those of visual prompt tuning"
    return True, hit.rule


def is_described(rule: str) -> bool:
    """Tell by its rule whether a find only describes prompts that are learned, and does not call them prompt tuning."""
    return rule.startswith("phrase:soft prompt")


def prompt_tuning(hit: Hit, context: PaperContext) -> Verdict:
    """Decide on "prompt tuning", which may also be a search for words."""
    if _HARD_PROMPT.search(hit.before()):
        return False, "prompt tuning of words, not of vectors"
    if context.matches(_PROMPTED) and not (
        context.matches(_SOFT) or context.matches(_TUNED_MODEL) or context.matches(_VLM)
    ):
        return False, "prompt tuning of words, not of vectors"
    if context.matches(_DISCRETE) and not context.matches(_SOFT):
        return False, "prompt tuning of words, not of vectors"
    if _are_templates(context) and not context.matches(_TUNED_MODEL):
        return False, "prompts here are templates"
    return soft_prompt(hit, context)


def _are_templates(context: PaperContext) -> bool:
    """Tell whether the prompts of a text without pictures are sentences with a gap."""
    return context.matches(_TEMPLATES) and not (context.matches(_SOFT) or context.matches(_PICTURES))


def prompt_learning(hit: Hit, context: PaperContext) -> Verdict:
    """Decide on "prompt learning", which counts where vectors are learned."""
    if re.search(r"\b(?:discrete|hard|automatic|in context) $", hit.before()) or context.matches(_WORDS):
        return False, "prompt learning of words, not of vectors"
    if _are_templates(context):
        return False, "prompts here are templates"
    if context.matches(_SOFT) or context.matches(_CLIP):
        return True, hit.rule + ", learned vectors"
    if context.matches(_PRETRAINED) and context.matches(_FEW_PARAMETERS):
        return True, hit.rule + ", few parameters"
    return False, "prompt learning with no learned vectors"


def training(hit: Hit, context: PaperContext) -> Verdict:
    """Decide on "parameter-efficient training", which may be of a small network that nobody trained before."""
    if context.matches(_FROM_SCRATCH) and not context.matches(_TUNES):
        return False, "parameter-efficient, but nothing is tuned"
    return True, hit.rule


def generic(hit: Hit, context: PaperContext) -> Verdict:
    """Decide on "parameter-efficient methods" and its like."""
    if context.matches(_TUNED):
        return True, hit.rule
    return False, "parameter-efficient, but nothing is tuned"

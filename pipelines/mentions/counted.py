"""What a number counts: the noun it goes with, looked for a few words to its right.

Vocabulary and the walk over words live here; which noun makes which quantity is decided by the callers.
"""

import re
from dataclasses import dataclass, field

#: Nouns that settle what a number counts, by class. Plural and singular are both listed where both occur.
_CLASSES = {
    "param": "parameter parameters param params weights paramters",
    "token": "token tokens",
    "model": """
        models model llms llm slms slm vlms vlm mllms mllm lmms lmm lms lm lvlms lvlm plms plm vlas vla dlm dllm dllms lrm
        lrms lalm backbone backbones transformer transformers network networks architecture architectures variant variants
        version versions checkpoint checkpoints baseline baselines student students teacher teachers llama qwen gemma mistral
        mixtral vicuna bert gpt opt t5 palm bloom pythia moe counterpart counterparts competitor competitors dit unet encoder
        encoders decoder decoders agent agents policy policies prm prms verifier verifiers reasoner generator generators judge
        judges configuration configurations generalist flux embedder reranker vit""",
    # These settle it only when no other noun follows: "a 7B scale", but "1M-scale datasets".
    "weak": """
        scale scales scaled size sizes sized base instruct chat class range dense level levels series family families ones
        active activated foundation regime parameterization lora total""",
    "data": """
        images image samples sample pairs pair examples example instances instance sentences sentence documents document
        words word characters questions question queries query utterances dialogues dialogs dialogue conversations
        conversation datapoints dataset datasets data corpus corpora videos video clips frames frame points point rows
        records entries entities entity relations triples triplets triplet facts annotations annotation labels masks boxes
        captions recipes reviews posts tweets comments papers articles pages snippets files lines functions repositories
        problems trajectories trajectory episodes demonstrations steps step turns sessions interactions items users user
        people speakers speaker individuals participants subjects patients customers products downloads views requests calls
        messages cells genes proteins sequences molecules compounds structures materials slides patches tiles scans
        volumes pixels voxels vectors embeddings nodes edges vertices gaussians scenes objects meshes grasps motions poses
        observations events timesteps timestamps trials responses answers prompts instructions traces solutions proofs
        rationales explanations generations candidates hypotheses translations bitexts passages chunks texts text titles
        urls links websites screenshots actions transitions rollouts environments games moves edits revisions commits
        personas stories poems songs tracks recordings audios spectra spectrograms signals slices buildings vehicles homes
        adults children americans citizens visitors accounts transactions claims lexemes phrases collocations concepts
        synsets vocabulary ratings clicks impressions logs searches regions crops species vqa qa preference preferences
        comparisons votes judgments judgements scores identities faces persons artworks animations designs programs
        theorems statements benchmark benchmarks triple quadruples tables charts figures diagrams equations formulas
        simulations configurations_ states neurons synapses latents features feature concepts dollar dollars usd
        euros euro yuan rmb lookups rules sets set subset exams tests test cases case tasks graphs graph maps map
        web chat_logs interactions_ isochromats loc sloc tickets""",
    "unit": """
        flops flop macs gflops tflops mac hours hour hrs years year days day minutes seconds gpu-hours gb mb tb bytes
        operations ops queries/s km meters metres meter fps hz resolution bits bit multiplications additions iterations
        times updates fold ms downloads""",
}
HEADS: dict[str, str] = {}
for _kind, _nouns in _CLASSES.items():
    for _noun in _nouns.split():
        HEADS.setdefault(_noun, _kind)

#: Words after which a noun no longer belongs to the number before them.
_STOPS = frozenset(
    [
        "a",
        "an",
        "and",
        "or",
        "on",
        "with",
        "for",
        "in",
        "to",
        "by",
        "from",
        "at",
        "is",
        "are",
        "was",
        "were",
        "that",
        "which",
        "while",
        "across",
        "using",
        "than",
        "as",
        "vs",
        "versus",
        "when",
        "where",
        "we",
        "our",
        "it",
        "its",
        "they",
        "their",
        "this",
        "these",
        "those",
        "has",
        "have",
        "had",
        "can",
        "may",
        "will",
        "over",
        "under",
        "during",
        "after",
        "before",
        "between",
        "via",
        "without",
        "within",
        "through",
        "into",
        "achieves",
        "achieve",
        "outperforms",
        "outperform",
        "surpasses",
        "surpass",
        "shows",
        "show",
        "exhibits",
        "improves",
        "improve",
        "but",
        "both",
        "also",
        "respectively",
        "only",
        "not",
        "if",
        "so",
        "because",
        "be",
        "been",
        "being",
        "among",
        "against",
        "per",
        "while",
        "compared",
        "such",
        "including",
        "i.e",
        "e.g",
        "even",
        "all",
        "up",
        "down",
        "off",
        "out",
        "thus",
        "then",
        "whereas",
        "although",
        "despite",
        "unlike",
        "like",
        "about",
        "near",
        "since",
        "until",
        "about",
        "demonstrate",
        "demonstrates",
        "attains",
        "attain",
        "reaches",
        "reach",
        "yields",
        "yield",
        "matches",
        "match",
        "performs",
        "perform",
        "reduces",
        "reduce",
        "trained",
        "pretrained",
        "tested",
        "evaluated",
        "released",
        "available",
        "based",
        "built",
    ]
)
TRAINABLE = frozenset(
    [
        "trainable",
        "learnable",
        "tunable",
        "tuned",
        "trained",
        "learned",
        "additional",
        "extra",
        "added",
        "new",
        "adapter",
        "updated",
        "fine-tuned",
        "finetuned",
        "task-specific",
        "adaptation",
        "lora",
        "prompt",
        "prompts",
        "optimized",
        "adapters",
        "introduced",
        "peft",
        "fine",
        "tuning",
        "specific",
        "finetunable",
        "adaptable",
        "updatable",
        "task-adaptive",
    ]
)
ACTIVE = frozenset(("active", "activated", "activate", "activating", "effective"))
TOTAL = frozenset(("total", "overall", "full"))
FEWER = frozenset(("fewer", "less", "lower", "smaller", "reduction", "hyper", "hyperparameters"))

_WORD = re.compile(r"[ \-‐‑~\u00a0\u2009$\\,+/'’\"*_{}]*([A-Za-z][A-Za-z0-9]*)")
_TRAINED_WEIGHTS = re.compile(r"trained (?:param|weights)")
_MOST_WORDS = 6


@dataclass(slots=True)
class Counted:
    """The noun that a number counts: its class ("" when none is near), its end, and the words between."""

    kind: str = ""
    end: int = -1
    noun: str = ""
    between: list[str] = field(default_factory=list)

    def has(self, words: frozenset[str]) -> bool:
        """Say whether one of `words` stands between the number and its noun."""
        return any(w in words for w in self.between)


def counted(text: str, at: int) -> Counted:
    """Return what the number that ends at `at` counts."""
    result = Counted()
    weak: Counted | None = None
    # "(70 billion) parameters": the noun may follow the bracket.
    if text.startswith(")", at):
        match = _WORD.match(text, at + 1)
        kind = HEADS.get(match[1].lower(), "") if match and match.end() - at < 16 else ""
        if match and kind in ("param", "token", "model"):
            return Counted(kind, match.end(), match[1].lower())
        return result
    if text.startswith("\\)", at):
        at += 2  # the end of a formula
    for _ in range(_MOST_WORDS):
        match = _WORD.match(text, at)
        if match is None:
            break
        gap = text[at : match.start(1)]
        if "," in gap or ("/" in gap and result.between):
            break
        word = match[1].lower()
        kind = HEADS.get(word, "")
        if kind == "model" and _is_compound(text, match.end()):
            kind = ""
        if kind == "weak":
            weak = weak or Counted("model", match.end(), word, result.between[:])
        elif kind:
            result.kind, result.end, result.noun = kind, match.end(), word
            return result
        if word in _STOPS and not (word == "and" and result.between) and not _TRAINED_WEIGHTS.match(text, match.start(1)):
            break
        if (word == "of" and result.between) or (word == "the" and result.between != ["of"]):
            break
        result.between.append(word)
        at = match.end()
    return weak or result


_DATA_COMPOUND = re.compile(
    r"[- ](?:\w+[- ])?(?:parameters?|tokens?|params?|dataset|corpus|samples|examples|images)\b"
)


def _is_compound(text: str, at: int) -> bool:
    """Say whether the noun that ends at `at` only qualifies another: "70B model parameters", "5M instruct samples"."""
    return _DATA_COMPOUND.match(text, at) is not None

"""PEFT methods: which spans name one, which only look like it, and what a paper does with them."""

import pytest

from pipelines.mentions.catalogue import load_catalogue
from pipelines.mentions.methods import find_methods
from pipelines.mentions.spans import ROLE_STRENGTH, Mention


def found(abstract: str, title: str = "A study of models", paper_id: str = "") -> dict[str, str]:
    """Return the methods of a text, each with its strongest role."""
    roles: dict[str, str] = {}
    for mention in find_methods(title, abstract, paper_id)[0]:
        held = roles.get(mention.method)
        if held is None or ROLE_STRENGTH[mention.role] > ROLE_STRENGTH[held]:  # type: ignore[index]
            roles[mention.method] = mention.role
    return roles


def refused(abstract: str, title: str = "A study of models") -> list[str]:
    """Return the reasons for which spans of a text were refused."""
    return [r.reason for r in find_methods(title, abstract)[1]]


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("We tune Llama with LoRA on one card.", "LoRA"),
        ("We tune Llama with low-rank adaptation on one card.", "LoRA"),
        ("We tune Llama with Low Rank Adapters on one card.", "LoRA"),
        ("We merge multi-LoRA checkpoints of one language model.", "LoRA"),
        ("We use QLORA to tune a language model.", "QLoRA"),
        ("We use low-rank adaptation with 4-bit weights (QLoRA) on a language model.", "QLoRA"),
        ("We train $(IA)^3$ vectors.", "IA3"),
        ("We train (IA)\\(^3\\) vectors.", "IA3"),
        ("We train (IA)³ vectors.", "IA3"),
        ("We fine-tune language models with LoRA and S$^2$FT.", "S2FT"),
        ("We fine-tune language models with LoRA and S²FT.", "S2FT"),
        ("We freeze T5 and learn soft prompt embeddings.", "Prompt Tuning"),
        ("We freeze T5 and learn trainable continuous prompt vectors.", "Prompt Tuning"),
        ("We apply prefix\u2010tuning to BART.", "Prefix Tuning"),
        ("We apply prefix-\ntuning to BART.", "Prefix Tuning"),
        ("We train language adapters for a frozen encoder.", "Adapter"),
        ("We compare adapter-based tuning of a pretrained encoder.", "Adapter"),
        ("We study parameter efficient transfer learning.", "PEFT (generic)"),
        ("We study parameter- and memory-efficient fine-tuning.", "PEFT (generic)"),
        ("A language model is parameter-efficiently tuned on court files.", "PEFT (generic)"),
        ("A language model is tuned by a parameterefficient fine-tuning technique.", "PEFT (generic)"),
        ("We train two adaptors of a frozen encoder.", "Adapter"),
        ("We inject a domain-aware adapter into a pretrained diffusion model.", "Adapter"),
        ("We study multi-modal prompt learning of vision-language models.", "Prompt Tuning"),
        ("A frozen model is adapted by Prompt Tuning (P-Tuning v2).", "P-Tuning v2"),
        ("We apply delta tuning to a language model.", "PEFT (generic)"),
        ("Our fork was trained with Bone, a block affine adaptation of weights, on Llama.", "MiSS"),
        (
            "A frozen language model reads moss by a parameter-efficient method to fine-tune it.",
            "PEFT (generic)",
        ),
        ("Systems came with (parameter) efficient fine-tuning of language models.", "PEFT (generic)"),
        (
            "It joins parameter-efficient model adaptation with quick serving of language models.",
            "PEFT (generic)",
        ),
        ("Residual adapters are put between the layers of a frozen acoustic model.", "Adapter"),
        ("We compare LoRA, QLoRA and QDoRA on a language model.", "QDoRA"),
        (
            "Continual learning of dialogues forgets. Ours puts adapter layers between those of the network.",
            "Adapter",
        ),
        ("A compact, trainable adapter on the client refines the features of the network.", "Adapter"),
        ("A soft-prompted language model reads graphs as well.", "Prompt Tuning"),
        ("A language model is tuned by Polar-decomposed Low-rank Adapter Representation (PoLAR).", "PoLAR"),
        ("No method of parameter-efficient language model tuning (PELT) is best for all.", "PEFT (generic)"),
        ("Of a language model we tune adapters, prefix tuning and (IA)3 beside it.", "Prefix Tuning"),
        ("Thin matrices of low-rank adaptation add no latency, in contrast to adapters.", "Adapter"),
        ("We combine adapters with low-rank hypercomplex adapter layers in a frozen model.", "Adapter"),
        ("In-context learning and prompt/prefix tuning of frozen models lose to ours.", "Prompt Tuning"),
        (
            "Our method for text prompt tuning of CLIP stands beside visual prompt tuning (VPT).",
            "Prompt Tuning",
        ),
        (
            "We adapt vision-language models at test time, unlike prompt engineering or prompt tuning.",
            "Prompt Tuning",
        ),
        (
            "Each client learns a lightweight adapter in federated learning; the server keeps a foundation model.",
            "Adapter",
        ),
        ("Adapter modules enable cross-lingual transfer between related languages.", "Adapter"),
        ("An offline fine-tuned `adapter' of each app serves the network.", "Adapter"),
        ("A frozen language model gets parameter-efficient modules for each task.", "PEFT (generic)"),
        (
            "We propose HetMoss (Het Moss Prompt Tuning), which learns soft prompts of a frozen model.",
            "Prompt Tuning",
        ),
    ],
)
def test_spellings(text: str, method: str) -> None:
    """Every spelling of a method that abstracts use is found under its canonical name."""
    assert method in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "We measure the range of LoRa nodes behind a LoRaWAN gateway at each spreading factor.",
        "The charger needs a power adapter with a new connector.",
        "We wrap the service in an adapter pattern to keep its interface stable.",
        "Trimming of sequencing adapters from short reads is slow on Illumina data.",
        "We search hard prompt tuning templates word by word for a language model.",
        "Sora generates video from text.",
        "The policy gives robust adaptation to new tasks of a language model.",
        "Prefix caching speeds up serving of language models.",
        "We report accuracy on CoLA and on the SAM benchmark of a language model.",
        "The list of models is long, and a red line is drawn by language models.",
        "Efficient fine-tuning of language models is the goal.",
        "Our parameter-efficient network has 2M parameters.",
        "We plan an exploration of Colorado by a language model.",
        "Built as a plug-and-play adapter on top of language models, our fusion of prices and news is fast.",
        "Pre-trained encoders are aligned by our loss without relying on auxiliary adapters.",
        "Thin adapters join the agents to five frameworks, each with a schema of its own for models.",
        "We release parser adapters and a harness, so that models can be compared.",
        "The agents need little prompt tuning, for GPT-4 writes their plans from examples in context.",
        "A language model reads clicks by low-rank adaptive attention.",
        "Poly-dialectal translation by a language model is trained with few parameters per dialect.",
        "Prompt learning turns parsing by a pre-trained model into a cloze task with a verbalizer.",
        "We tune words: our prompt tuning is a discrete local search over tokens of a language model.",
        "Parameter-efficient training of a deep network from scratch reallocates its weights.",
        "Kernels are predicted in a parameter-efficient manner by context-adaptive convolution.",
        "A light probe is more parameter-efficient than full networks.",
        "A key-value cache is our training-free 3D adapter for frozen encoders of points.",
        "Context optimization lets tabular networks read larger tables by fine-tuning.",
    ],
)
def test_near_misses(text: str) -> None:
    """What only looks like a PEFT method is not counted as one."""
    assert found(text) == {}


def test_refusal_says_why() -> None:
    """A span that was refused is kept with the reason."""
    reasons = refused("We measure LoRa nodes behind a LoRaWAN gateway.")
    assert reasons == ["LoRa the radio technology"]


def test_expansion_and_acronym_are_one_method() -> None:
    """A spelled-out method with its short form is one method with two spans."""
    mentions = find_methods("T", "We tune a language model with low-rank adaptation (LoRA).")[0]
    assert [(m.method, m.span.surface) for m in mentions] == [
        ("LoRA", "low-rank adaptation"),
        ("LoRA", "LoRA"),
    ]


def test_long_form_of_a_variant_is_not_the_base() -> None:
    """The long form of a variant does not count for the method whose name stands inside it."""
    assert set(found("We apply sparse low-rank adaptation (SoRA) to a language model.")) == {"SoRA"}


def test_long_form_of_a_variant_is_not_the_base_elsewhere() -> None:
    """What a title's name is short for does not count for the method inside it where the abstract says it again."""
    text = "MoKA, a mixture of Kronecker adapters, lifts the rank of a language model's updates."
    assert "KronA" not in found(text, "MoKA: Mixture of Kronecker Adapters")
    assert "KronA" in found("We tune a language model with the Kronecker adapter.")


def test_prompts_of_a_known_way_of_tuning_them_are_its_parts() -> None:
    """Learned prompts that a known method of prompts is made of are no prompt tuning beside it, but its name is."""
    title = "LLaMA-Adapter: tuning with gates"
    parts = "We propose LLaMA-Adapter. Learnable prompts enter the upper layers of a frozen language model."
    assert set(found(parts, title)) == {"LLaMA-Adapter"}
    assert "Prompt Tuning" in found(f"{parts} It beats prompt tuning.", title)


def test_short_form_given_in_the_text() -> None:
    """A short form counts where the paper itself binds it to a method, and only there."""
    mentions = find_methods("T", "Prompt tuning (PT) of frozen models is cheap. We show that PT is stable.")[
        0
    ]
    assert [m.span.surface for m in mentions if m.method == "Prompt Tuning"] == ["Prompt tuning", "PT", "PT"]
    assert found("We show that PT of frozen language models is stable.") == {}


def test_adapters_of_lora_are_lora() -> None:
    """In a paper on LoRA, "adapters" are LoRA's, unless they are set beside it."""
    assert set(
        found("We merge LoRA modules of a language model. Each adapter is scaled, then adapters are summed.")
    ) == {"LoRA"}
    assert set(found("We compare LoRA, adapters and BitFit on a language model.")) == {
        "LoRA",
        "Adapter",
        "BitFit",
    }


def test_lora_inside_other_words_is_none() -> None:
    """Adapters stay adapters in a text that explores, for the letters of LoRA in another word name nothing."""
    text = (
        "Exploration of craters needs small models. The use of adapters, integrated into a pre-trained backbone model, "
        "reduces what is sent to Colorado."
    )
    assert set(found(text)) == {"Adapter"}


def test_one_name_several_methods() -> None:
    """A name that several methods share is told apart by its expansion or by arXiv id, else the doubt is recorded."""
    spelled = "We train language models with DoRA, which finds a dynamic rank distribution for LoRA."
    assert "DoRA (dynamic rank)" in found(spelled)
    bare = "We train language models with DoRA and LoRA."
    assert "DoRA" in found(bare)
    assert any("ambiguous" in m.rule for m in find_methods("T", bare)[0])
    assert found(bare, paper_id="arxiv:2405.17357")["DoRA (dynamic rank)"] == "proposes"


def test_short_names_need_their_expansion() -> None:
    """A short name that is also a word counts when it is spelled out or stands in a list of methods."""
    assert found("EVA is a vision model that we fine-tune.") == {}
    assert "EVA" in found("We fine-tune with explained variance adaptation (EVA) on language models.")
    assert "EVA" in found("We compare LoRA, EVA and PiSSA for fine-tuning.")


def test_name_spelled_out_otherwise() -> None:
    """A catalogued short form that the paper spells out as something else is not the catalogued method."""
    assert "VPT" not in found("We study video pre-training (VPT) for prompt agents and LoRA fine-tuning.")


@pytest.mark.parametrize(
    ("text", "title", "role"),
    [
        ("LoRA has become popular. We build a parser by rules.", "A parser", "mentions"),
        ("Models are large. We fine-tune them with LoRA.", "A parser", "uses"),
        ("Models are large. Our method outperforms LoRA by a point.", "A parser", "uses"),
        ("We fine-tune all weights, unlike LoRA.", "A parser", "mentions"),
        (
            "We propose LoRA, which adds two thin matrices to each frozen weight.",
            "On cheap tuning",
            "proposes",
        ),
        ("We propose a LoRA-based parser for long texts.", "A parser", "uses"),
        ("Parsers are slow.", "Parsing with LoRA for language models", "uses"),
        (
            "We probe frozen language models. With such features, parsing requires only LoRA, at less cost than previous parsers.",
            "A parser",
            "uses",
        ),
        (
            "MossNet parses moss. MossNet is trained with LoRA. We evaluate language models on ten mosses.",
            "MossNet: a parser of moss",
            "uses",
        ),
        (
            "We parse by rules. In future work, we plan to tune language models with LoRA.",
            "A parser",
            "mentions",
        ),
        (
            "We perturb weights, unlike parameter-efficient fine-tuning methods such as LoRA.",
            "A parser",
            "mentions",
        ),
        (
            "LoRA is often used for language models. Yet its ranks are fixed.",
            "Ranks of LoRA in language models",
            "uses",
        ),
        ("A language model reads 80K words instead of 8K by LoRA fine-tuning.", "A reader", "uses"),
        ("We prune by rules. Our pruner reaches 89 points, beyond LoRA.", "A pruner", "uses"),
        ("We prune by rules, and beyond LoRA nothing is tuned.", "A pruner", "mentions"),
    ],
)
def test_role_of_lora(text: str, title: str, role: str) -> None:
    """Background only mentions, a paper's own work uses, and the object of proposing is proposed."""
    assert found(text, title)["LoRA"] == role


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("We fine-tune Llama with LoRA and with rank-stabilized LoRA (rsLoRA) on two cards.", "rsLoRA"),
        ("Prompts are learned. We propose a context optimization (CoOp)-based detector with CLIP.", "CoOp"),
        ("We propose a low-rank adaptation (LoRA)-tuned parser built of language models.", "LoRA"),
        (
            "LoRA, VeRA and SVFT are developed for text. We evaluate them on speech of language models.",
            "SVFT",
        ),
    ],
)
def test_catalogued_method_is_not_proposed_in_passing(text: str, method: str) -> None:
    """To spell a catalogued method out, to build on it, or to say what it was developed for, is not to propose it."""
    assert found(text)[method] != "proposes"


def test_catalogued_name_whose_long_form_is_proposed() -> None:
    """A catalogued name is proposed where what it is short for is the object of proposing."""
    text = "We tune language models with few parameters. We propose a Selective Prompt Tuning (SPT) method. SPT wins."
    assert found(text)["SPT"] == "proposes"


def test_what_everybody_knows_is_not_proposed_by_being_called() -> None:
    """A technique that a paper says is called LoRA is used there."""
    text = "We propose MossNet, which joins rules and a tuning technique of language models called LoRA."
    assert found(text)["LoRA"] == "uses"


def test_catalogued_method_proposed_by_its_title() -> None:
    """A catalogued method that heads the title of the paper is proposed there."""
    text = "Ranks are fixed in LoRA. We present AdaLoRA, which spends a budget on the weights that matter."
    assert found(text, "AdaLoRA: spending a rank budget")["AdaLoRA"] == "proposes"


def test_generic_term_is_never_proposed() -> None:
    """The generic term is used or mentioned, whatever is proposed beside it."""
    assert (
        found("We propose parameter-efficient fine-tuning for parsers of language models.")["PEFT (generic)"]
        == "uses"
    )


def test_every_catalogued_name_is_found_beside_its_expansion() -> None:
    """Every catalogued method is found where its name, its expansion and talk of LoRA stand together."""
    missed = []
    for method in load_catalogue().methods:
        phrase = next((a for a in method.aliases if " " in a), method.printed)
        context = {"LiST": " by self training", "CoOp": " of a prompt", "VPT": " of a prompt"}.get(
            method.name, ""
        )
        text = f"We fine-tune language models with LoRA, {method.printed} and PiSSA{context}; {phrase} is one of them."
        names = set(found(text))
        same_name = {m.name for m in load_catalogue().methods if m.printed.lower() == method.printed.lower()}
        if not names & same_name:
            missed.append(method.name)
    assert missed == []


def test_spans_are_exact() -> None:
    """A span's surface is the text it points at, in raw text with TeX and odd blanks too."""
    text = "We train \\textbf{QLoRA} and $(IA)^3$\u00a0on\n\nfrozen models with  low-rank\nadaptation."
    mentions: list[Mention] = find_methods("T", text)[0]
    assert mentions
    assert all(text[m.span.start : m.span.end] == m.span.surface for m in mentions)
    assert "(IA)^3" in {m.span.surface for m in mentions}


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("We tune Llama with parameter-efficient low-rank adaptation (LoRA).", "PEFT (generic)"),
        ("Our adapter-free lift of a frozen language model needs no tuning.", "Adapter"),
        (
            "Prompt learning over natural-language prompts, without gradients, for language models.",
            "Prompt Tuning",
        ),
        ("We tune trackers by orthogonal low-rank adaptation of a frozen transformer.", "O-LoRA"),
        ("LoRA beats SMoP (sparse mixture of projectors) in a language model.", "SMoP"),
        ("A multi-spectral adapter is tuned beside LoRA in a frozen model.", "Spectral Adapter"),
        ("Voxels go through the CLIP Adapter of our frozen decoder of images.", "CLIP-Adapter"),
        ("Adapters, such as low-rank adaptation (LoRA), make language models small to store.", "Adapter"),
        ("We start several parallel adapters of a frozen model on one card.", "Parallel Adapter"),
        ("We tune a frozen model; its frames pass through a Diff-Moss Adapter.", "Adapter"),
        ("We tune a language model with 30 lines of adapter code for frozen trainers.", "Adapter"),
        ("Visual prompt tuning (VPT) puts learnable prompts into a frozen transformer.", "Prompt Tuning"),
        ("A training-free adapter keeps what a frozen language model saw.", "Adapter"),
        ("LoRA is tuned; we merge the variable-rank adapters of its language model.", "Adapter"),
        ("High-capacity q/k/v/o LoRA of a language model raises scores.", "O-LoRA"),
        ("A frozen diffusion model needs careful text prompt tuning by hand.", "Prompt Tuning"),
        ("We tune T5 by Soft Prompt Tuning (SPT), with few trainable parameters.", "SPT (sensitivity-aware)"),
        ("Personalized LoRA (PLoRA) tunes a language model for each user.", "PeriodicLoRA"),
        ("CLIP is tuned, and guesses ages from soft-biometric prompts such as hair.", "Prompt Tuning"),
        ("With LoRA scaled so, known as rsLoRA, adapters of a language model stay stable.", "Adapter"),
        (
            "We tune models with LoRA. Adapter rank and adapter placement of low-rank adapters matter.",
            "Adapter",
        ),
    ],
)
def test_words_that_only_resemble_a_name(text: str, method: str) -> None:
    """Words of a method's name that belong to something else, or say that it is left out, do not count."""
    assert method not in found(text)


def test_name_of_another_kind_is_no_method() -> None:
    """A word that only says how LoRA is used is LoRA, and no method of its own."""
    assert set(found("We draw maps by LoRA-guided sampling from a diffusion model.")) == {"LoRA"}


def test_proposed_kind_stays_in_use() -> None:
    """Learned prompts that a paper designs are used, for vectors are no name; a method called prompt tuning may be proposed."""
    designed = "We design learnable prompts that describe states. CLIP stays frozen."
    assert found(designed) == {"Prompt Tuning": "uses"}
    named = "We propose prompt tuning, a simple mechanism that keeps the language model frozen."
    assert found(named) == {"Prompt Tuning": "proposes"}


_SLOW = "Existing methods, such as prefix tuning of language models, are slow."
_NET = "We propose MossNet for language models. MossNet weighs mosses by night, in every forest of the north."
_OFTEN = (
    "Recently, LoRA has become popular for language models.",
    "However, LoRA forgets.",
    "Existing LoRA methods are slow.",
)
_TUNE = "We propose MossTune, a parameter-efficient fine-tuning method that weighs mosses and trains few parameters."


@pytest.mark.parametrize(
    ("text", "method", "role"),
    [
        (f"{_SLOW} {_NET}", "Prefix Tuning", "mentions"),
        (f"{_NET} {_SLOW}", "Prefix Tuning", "uses"),
        (f"{' '.join(_OFTEN[:2])} {_TUNE}", "LoRA", "mentions"),
        (f"{' '.join(_OFTEN)} {_TUNE}", "LoRA", "uses"),
    ],
)
def test_what_a_paper_dwells_on_is_used(text: str, method: str, role: str) -> None:
    """What the opening of an abstract names is background; what comes past it, or again and again, is worked with."""
    assert found(text)[method] == role


def test_a_title_that_explores_speaks_of_no_lora() -> None:
    """LoRA in the background stays a mention where the title only has its letters in another word."""
    text = "Recently, LoRA has been used to adapt language models. We weigh mosses with a frozen encoder."
    mentions, _, _ = find_methods("An exploration of mosses", text)
    assert {(m.method, m.role) for m in mentions} == {("LoRA", "mentions")}


@pytest.mark.parametrize(
    ("title", "role"),
    [("Moss Prompt Mixtures for parsers", "uses"), ("Moss mixtures for parsers", "mentions")],
)
def test_kind_that_the_title_speaks_of_is_used(title: str, role: str) -> None:
    """A paper whose title speaks of prompts works with prompts, though only its background names their tuning."""
    text = (
        "Prompt tuning is often used with vision-language models. We propose MossMix, a prompt tuning method that mixes "
        "soft prompts of a frozen CLIP and outperforms CoOp with few trainable parameters."
    )
    background = (
        "Recently, prompt learning has been used to adapt CLIP. We weigh mosses, and keep the encoder frozen."
    )
    assert found(background, title)["Prompt Tuning"] == role
    assert found(text, title)["Prompt Tuning"] == "uses"

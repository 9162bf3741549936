"""Methods that a paper introduces and the catalogue lacks: found with their evidence, and not made up."""

import pytest

from pipelines.mentions.methods import find_methods


def candidates(abstract: str, title: str) -> list[str]:
    """Return the names of the candidates of a text."""
    return [c.candidate for c in find_methods(title, abstract)[2]]


@pytest.mark.parametrize(
    ("title", "abstract", "name"),
    [
        (
            "FernLoRA: tuning by fronds",
            "LoRA is costly. We propose FernLoRA, which grows the rank of each factor. FernLoRA outperforms LoRA.",
            "FernLoRA",
        ),
        (
            "On cheap tuning of parsers",
            "We introduce Mossy Low-Rank Adaptation (MoLRA), a PEFT method for frozen language models.",
            "MoLRA",
        ),
        (
            "On cheap tuning of parsers",
            "Adapters are slow. This paper presents a parameter-efficient adapter, called TwigAdapter, for frozen encoders.",
            "TwigAdapter",
        ),
        (
            "Gorse: a soft-prompt method for tables",
            "Tables are long. We present Gorse, a soft prompt method that keeps the model frozen. Gorse beats prompt tuning.",
            "Gorse",
        ),
        (
            "Thistle: masks for low-rank updates",
            "We present Thistle, a variant of LoRA with learned masks. Thistle improves over LoRA and DoRA by a point.",
            "Thistle",
        ),
        (
            "PeatVeRA for many users",
            "VeRA shares random matrices; we add a vector per user and call the result PeatVeRA. It beats LoRA.",
            "PeatVeRA",
        ),
        (
            "Small modules for frozen trackers",
            (
                "Tuning trackers is costly. Our parameter-efficient tracker has one new part: a Gated Moss Adapter (GMA) shifts the "
                "features of the frozen backbone. GMA outperforms LoRA and adapters with 1% of the parameters."
            ),
            "GMA",
        ),
        (
            "Low-rank updates that fold: FoldLoRA",
            "LoRA needs a rank. We fold the update instead. FoldLoRA trains fewer parameters than LoRA and outperforms it.",
            "FoldLoRA",
        ),
        (
            "Updates that thaw",
            "This paper introduces ThawTune, a parameter-efficient fine-tuning method that trains one vector per block.",
            "ThawTune",
        ),
        (
            "Point-wise prompts",
            "We propose Stony Point-wise Prompt Tuning (S3T), a parameter-efficient method that learns prompts of a frozen encoder.",
            "S3T",
        ),
        (
            "Experts of low rank",
            (
                "LoRA is rigid. We propose Mossy Low-Rank Experts (M'LoRE), a parameter-efficient fine-tuning method for "
                "language models. M'LoRE outperforms LoRA."
            ),
            "M'LoRE",
        ),
        (
            "HeathNet: parsing at night",
            (
                "Parsers fail at night. We propose HeathNet for night parsing. HeathNet relies on a Night-aware Moss Adapter "
                "(NMA), which trains 1% of the parameters of the frozen backbone."
            ),
            "NMA",
        ),
        (
            "BendLoRA: factors that bend",
            (
                "LoRA is rigid. We propose a low-rank adaptation method that bends the factors of frozen language models and "
                "outperforms LoRA and DoRA with fewer trainable parameters."
            ),
            "BendLoRA",
        ),
        (
            "Reasoning on a budget",
            (
                "LoRA is rigid. We introduce Gradual Moss Encoding, a parameter-efficient fine-tuning method for language models. "
                "Gradual Moss Encoding outperforms LoRA with fewer trainable parameters."
            ),
            "Gradual Moss Encoding",
        ),
        (
            "Many tongues",
            (
                "We propose a multi-source adapter for parsing in many tongues (HeathX). HeathX trains 1% of the parameters of "
                "the frozen model and outperforms LoRA and adapters."
            ),
            "HeathX",
        ),
        (
            "SAM3-Adapter: cheap tuning of Segment Anything 3",
            "We present SAM3-Adapter, the first adapter framework tailored for SAM3. SAM3-Adapter beats full fine-tuning.",
            "SAM3-Adapter",
        ),
        (
            "Tuning in turns",
            (
                "LoRA forgets. We introduce a distributed online low-rank learning method HeathFit, a parameter-efficient approach that "
                "trains few parameters of a frozen language model and outperforms LoRA."
            ),
            "HeathFit",
        ),
        (
            "Tuning of features",
            (
                "Weights forget. Two new parameter-efficient fine-tuning methods are proposed: HeaFA (Heath Feature Adaptation), "
                "which trains few parameters of frozen models. HeaFA outperforms LoRA."
            ),
            "HeaFA",
        ),
        (
            "HeathControl: cheap control of frozen generators",
            (
                "At the core of HeathControl is HeathAdapter, a lightweight adapter with 1% trainable parameters in a frozen "
                "pretrained model. It outperforms LoRA."
            ),
            "HeathAdapter",
        ),
        (
            "Continual Moss Prompt Tuning for parsers",
            (
                "Parsers forget. We present Continual Task Prompt Tuning, a parameter-efficient framework that learns a few "
                "prompt tokens of a frozen language model and outperforms prompt tuning."
            ),
            "Continual Task Prompt Tuning",
        ),
        (
            "HEA-adapter: tuning of frozen generators",
            (
                "We propose a parameter-efficient fine-tuning approach called HEA-adapter for a frozen diffusion model. "
                "HEA-adapter trains 1% of the parameters and beats LoRA."
            ),
            "HEA-adapter",
        ),
        (
            "Pluggable translators",
            (
                "We propose a memory-laden adapter to steer frozen pretrained translators in a parameter-efficient way. "
                "It trains few parameters and outperforms LoRA."
            ),
            "Memory-Laden Adapter",
        ),
    ],
)
def test_introduced_method(title: str, abstract: str, name: str) -> None:
    """A PEFT method that a paper introduces under a name of its own becomes a candidate, proposed there."""
    mentions, _, found = find_methods(title, abstract)
    assert [c.candidate for c in found] == [name]
    roles = {m.role for m in mentions if m.method == name}
    assert "proposes" in roles
    assert not any(m.is_known for m in mentions if m.method == name)
    assert name.lower() in found[0].sentence.lower() or found[0].span.field == "title"
    assert found[0].evidence


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        (
            "HeathServe: many adapters on one card",
            "We present HeathServe, a serving system for LoRA adapters of language models.",
        ),
        (
            "BrackenBench: measuring LoRA",
            "We introduce BrackenBench, a benchmark of LoRA and adapters on ten tasks.",
        ),
        (
            "A parser",
            "We propose SedgeNet, a network for parsing. It is trained with LoRA on a language model.",
        ),
        ("A parser", "We fine-tune with LoRA. Baselines such as ReedNet and RushGPT are weaker."),
        ("SloeQA: a data set", "We release SloeQA, a dataset of questions, and tune Llama with QLoRA on it."),
        ("A parser", "Recently, a method called AlderTune was proposed. We parse by rules."),
        (
            "Merging styles",
            "We present FernMerge, a training-free rule that merges LoRA models of a diffusion model.",
        ),
        (
            "A survey of tuning",
            "We review methods that have been applied to LLaMA: LoRA and adapters. We introduce LLaMA and its successors first.",
        ),
        (
            "Better captions",
            "Building on our previous Mossy Prompt Tuning (MPT), we caption images. Prompt tuning of CLIP is used as before.",
        ),
        (
            "Few labels",
            (
                "Mossy Incremental Tuning (MIT) learns from few labels. We propose a novel MIT framework that trains LoRA modules "
                "of a frozen transformer."
            ),
        ),
        (
            "Graphs and noise",
            (
                "Recently, tuning of large models has drawn attention. One representative fine-tuning method is to exploit an adapter "
                "(termed AdapterMNN) which inserts a lightweight module into a pre-trained model. We study noise."
            ),
        ),
        ("Wireless", "We propose LarchLoRa, a scheme for LoRaWAN gateways and spreading factors."),
        (
            "Moss Meets LoRA: parsing at night",
            "LoRA tunes a frozen language model with few trainable parameters. We study it on moss.",
        ),
        (
            "Parsing at night",
            "We describe the application of LoRA to a frozen language model. Few parameters are trained, and full fine-tuning (FFT) loses.",
        ),
    ],
)
def test_no_candidate(title: str, abstract: str) -> None:
    """Systems, benchmarks, data sets, models and other people's methods are no candidates."""
    assert candidates(abstract, title) == []


def test_candidate_tells_the_words_that_spoke_for_it() -> None:
    """Among the evidence of a candidate stand words of its own paper, so that a reader can see why it was taken."""
    text = "We introduce Mossy Low-Rank Adaptation (MoLRA), a PEFT method with few trainable parameters for frozen models."
    (candidate,) = find_methods("On cheap tuning", text)[2]
    words = candidate.evidence.rpartition("words: ")[2].split()
    assert words
    assert all(word in text.lower() for word in words)


def test_unknown_baseline_is_no_candidate() -> None:
    """A LoRA variant that the catalogue lacks and the paper only compares with is used, not proposed."""
    text = "We propose rules for parsing. They beat LoRA and BirchLoRA fine-tuning of a language model."
    mentions, _, found = find_methods("A parser", text)
    assert {(m.method, m.role) for m in mentions if not m.is_known} == {("BirchLoRA", "uses")}
    assert found == []


def test_a_model_plus_lora_is_lora() -> None:
    """What a model is called that LoRA tuned is LoRA, used, and no method of its own."""
    text = "We distil a language model under a gate. The model (Quux3-14B+LoRA) raises clean generation on four games."
    mentions, _, found = find_methods("Gated distillation", text)
    assert {(m.method, m.is_known) for m in mentions} == {("LoRA", True)}
    assert found == []


def test_names_of_the_radio_technology_are_none() -> None:
    """A name made of LoRa in a paper on its radio is no method, whatever it ends in."""
    text = (
        "The long range (LoRa) protocol tells where tags are. We propose LoRaCompass, a learned model that searches for a LoRa tag "
        "by the strength of its signal. LoRaCompass adapts to noise and outperforms existing methods."
    )
    assert find_methods("LoRaCompass: searching for a LoRa tag", text)[0] == []


def test_one_method_under_a_cut_name_is_one_candidate() -> None:
    """A name and the same with a part cut short are one candidate."""
    text = (
        "We introduce Heath-LoRA, a parameter-efficient variant of LoRA with few trainable parameters for frozen models. "
        "Heath-LoRA outperforms LoRA and DoRA."
    )
    assert len(candidates(text, "Heathland-LoRA: low-rank adaptation on moors")) == 1


def test_short_form_known_for_something_else() -> None:
    """A new method may carry the short form of a catalogued one when the paper spells it out otherwise."""
    text = "We introduce Verdant Prefix Tuning (VPT), a prefix tuning method for frozen language models."
    mentions, _, found = find_methods("Verdant tuning", text)
    assert [c.candidate for c in found] == ["VPT"]
    assert all(not m.is_known for m in mentions if m.method == "VPT")

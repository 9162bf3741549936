"""Names of pretrained models: versions, spellings, and words that only look like them."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mentions.models import LOWER_MODEL_TRIGGER, PRINTED_MODEL_TRIGGER, find_models


def names(text: str) -> list[str]:
    """Return the models that `text` names, in order."""
    return [m.model for m in find_models("", text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We tune LLaMA-7B and Llama-2-13B.", ["LLaMA", "Llama 2"]),
        ("LLaMA2, Llama 3.1 8B and LLAMA-3 agree.", ["Llama 2", "Llama 3.1", "Llama 3"]),
        ("Models (LLaMA 1 & 2) agree.", ["LLaMA", "Llama 2"]),
        ("GPT-3, GPT-4o-mini, GPT-3.5 and ChatGPT write.", ["GPT-3", "GPT-4o mini", "GPT-3.5", "ChatGPT"]),
        ("Qwen2.5-VL-7B, Qwen3 and Qwen read.", ["Qwen2.5-VL", "Qwen3", "Qwen"]),
        ("DeepSeek-R1 and DeepSeek V3 reason.", ["DeepSeek-R1", "DeepSeek-V3"]),
        ("T5-large, mT5 and Flan-T5 translate.", ["T5", "mT5", "Flan-T5"]),
        ("CLIP and DINOv2 features.", ["CLIP", "DINOv2"]),
        ("Gemini 1.5 Pro and Claude 3.5 Sonnet judge.", ["Gemini 1.5 Pro", "Claude 3.5 Sonnet"]),
        ("The Segment Anything Model (SAM) segments.", ["SAM", "SAM"]),
        ("A Falcon-7B and an OPT-350M model.", ["Falcon", "OPT"]),
        ("BERTs and BERT-based taggers.", ["BERT", "BERT"]),
        ("SmolLM2-1.7B, OLMo 2 and OLMo-7B read.", ["SmolLM2", "OLMo 2", "OLMo"]),
        ("Kimi K2 and Llama Guard 3 are language models.", ["Kimi-K2", "Llama Guard 3"]),
        ("LLaVA-1.6 and LLaVA see; ERNIE 3.0 reads.", ["LLaVA-1.6", "LLaVA", "ERNIE 3.0"]),
        ("CPM-2 is a Chinese model of 11 billion parameters.", ["CPM-2"]),
    ],
)
def test_reads_families_and_versions(text: str, expected: list[str]) -> None:
    """A model is named as the field writes it, its version told from its size."""
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Sharpness-aware minimization (SAM) helps segmentation.",
        "Claude Monet and Jean-Claude paint.",
        "The critical path method (CPM) and a bard of granite.",
        "A falcon flew over Gemini South.",
        "We clip gradients and opt for a bloom filter.",
        "GPTQ and LLaMA-Adapter are methods.",
        "The Yi people and the gopher.",
        "See https://github.com/quux/STD-MAE.",
    ],
)
def test_leaves_other_meanings(text: str) -> None:
    """Words that happen to be names of models are left where the text speaks of other things."""
    assert names(text) == []


_PIECES = st.sampled_from(
    [
        " ",
        *re.split(
            " ",
            "LLaMA Llama-2 GPT-4 BERT s - 7B 3.1 Qwen 2.5 VL Claude ( ) İ ß SAM segment model π0 & and / 1 ,",
        ),
    ]
)
_TEXTS = st.lists(_PIECES, max_size=12).map("".join) | st.text(max_size=60)
_PRINTED, _LOWER = re.compile(PRINTED_MODEL_TRIGGER), re.compile(LOWER_MODEL_TRIGGER)


@settings(max_examples=200, deadline=None)
@given(_TEXTS)
def test_spans_are_what_the_text_prints(text: str) -> None:
    """Every span is the text between its offsets, and the trigger sees every text that names a model."""
    found = find_models("", text)
    assert all(text[x.span.start : x.span.end] == x.span.surface and x.model for x in found)
    assert not found or _PRINTED.search(text) or _LOWER.search(text.lower())

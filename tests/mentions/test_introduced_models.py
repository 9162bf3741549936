"""Names of models that papers introduce themselves: constructions, near misses, and catalogued names inside them."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mentions.extract import extract
from pipelines.mentions.findings import extract_paper
from pipelines.mentions.introduced_models import introduced_models, may_introduce_models, with_introduced
from tests.mentions.tables import table


def names(title: str, abstract: str) -> list[str]:
    """Return the models that a paper names, each once, in order."""
    return list(dict.fromkeys(m.model for m in extract_paper(title, abstract).models))


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("We introduce Quillon, a 7B language model.", ["Quillon"]),
        ("This paper presents the MossVLM, a compact vision-language model for ponds.", ["MossVLM"]),
        ("We release Fernlet (a long form), our first open multilingual embedding model.", ["Fernlet"]),
        (
            "We develop and open-source Reed-LLMs, the first series of language models from ponds.",
            ["Reed-LLMs"],
        ),
        ("We propose \\textbf{HeronVLA}, a Vision-Language-Action model that grasps.", ["HeronVLA"]),
        ("We train Otterby-8B: an 8B reasoning model.", ["Otterby"]),
        ("We present Sedge 2, a family of multimodal large language models (MLLMs).", ["Sedge 2"]),
        ("We introduce the Brook family of open language models.", ["Brook"]),
        ("We propose a protein language model called Sporelet, which folds.", ["Sporelet"]),
        ("We build a generative foundation model, LichenFM, for maps.", ["LichenFM"]),
        ("We release Marsh-LLaMA, a language model for fens. Marsh-LLaMA reads.", ["Marsh-LLaMA"]),
        ("We introduce LLaMA-Moss, an omni model built on LLaMA.", ["LLaMA-Moss", "LLaMA"]),
        ("We introduce SeaLLMs, a series of language models.", ["SeaLLM"]),
        ("We introduce Llama 2, a collection of language models.", ["Llama 2"]),
    ],
)
def test_finds_what_is_introduced_as_a_model(abstract: str, expected: list[str]) -> None:
    """A name that a paper says to be a model of its own is a model's, whole, and not the catalogued one in it."""
    assert names("On ponds", abstract) == expected


@pytest.mark.parametrize(
    "abstract",
    [
        "We propose Quillon, a framework leveraging large language models.",
        "We introduce QuillBench, a benchmark for language models.",
        "We present Quillon, a method to train a language model.",
        "We present Quillon, an LLM-driven planner.",
        "We present Quillon, an LLM post-training framework.",
        "We present Quillon, a Large Language Model (LLM)-based agent.",
        "We introduce large language models, a new tool.",
        "We propose a Large Language Model (LLM), and more.",
        "Quillon is compared with a language model.",
        "We propose Quillon, a probabilistic model of rivers.",
    ],
)
def test_leaves_what_is_no_model(abstract: str) -> None:
    """Frameworks, benchmarks and methods around models, and words for models at large, are no names of models."""
    assert names("On ponds", abstract) == []


@pytest.mark.parametrize(
    ("title", "abstract", "expected"),
    [
        ("Quillon: A Small Language Model for Ponds", "Ponds matter.", ["Quillon"]),
        ("On fens: Quillon", "LLaMA reads. We release Quillon, a language model.", ["Quillon", "LLaMA"]),
        ("Quillonbert: A Pretrained Language Model", "QuillonBERT reads ponds.", ["Quillonbert"]),
        ("Quillon: An Attack against Language Models", "Ponds matter.", []),
        ("Quillon: Towards Quantized Language Models", "Ponds matter.", []),
        ("Quillon: A Survey of Large Language Models", "Ponds matter.", []),
        ("Towards Ponds: A Language Model for Fens", "Ponds matter.", []),
        ("Quillon Technical Report", "We report on Quillon, whose models read ponds.", ["Quillon"]),
        ("Quillon Technical Report", "Quillon is a compiler.", []),
    ],
)
def test_reads_the_head_of_a_title(title: str, abstract: str, expected: list[str]) -> None:
    """A title names a model by what it says behind the colon, a technical report by what its abstract tells."""
    assert names(title, abstract) == expected


def test_finds_every_place_as_the_abstract_prints_it() -> None:
    """Each place of the name is a span, in a title whatever its letters, not inside longer words or addresses."""
    title = "Quillonlm: a language model"
    abstract = "We release QuillonLM, a language model. QuillonLMs? QuillonLM, but no Pre-QuillonLM, wins; see https://example.org/QuillonLM."
    spans = [m.span for m in extract_paper(title, abstract).models if m.model == "QuillonLM"]
    assert [(s.field, s.surface) for s in spans] == [
        ("title", "Quillonlm"), ("abstract", "QuillonLM"), ("abstract", "QuillonLM"),
    ]  # fmt: skip
    assert all((title if s.field == "title" else abstract)[s.start : s.end] == s.surface for s in spans)


_PIECES = st.sampled_from(
    ["We introduce ", "present the ", "Quillon", "LLaMA", "-Foo", "-7B", " 2", ", a ", ": A ", " family of ", "language models",
     "7B model", " called ", " Technical Report", "\\textbf{", "}", " (X)", " for ponds", ". ", "İ", "ß", "\n", "— ", "s"]
)  # fmt: skip
_TEXTS = st.lists(_PIECES, max_size=10).map("".join)


@settings(max_examples=200, deadline=None)
@given(_TEXTS, _TEXTS)
def test_spans_are_what_the_text_prints(title: str, abstract: str) -> None:
    """Every span is the text between its offsets, and each name is one that the paper prints."""
    for mention in with_introduced(title, abstract, []):
        text = title if mention.span.field == "title" else abstract
        assert text[mention.span.start : mention.span.end] == mention.span.surface
        assert re.sub(r"\s", " ", mention.span.surface).lower() == mention.model.lower()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_TEXTS, _TEXTS), max_size=5))
def test_tables_and_single_papers_agree(papers: list[tuple[str, str]]) -> None:
    """The filter in Rust passes what `may_introduce_models` passes, so that both doors find the same models."""
    numbered = [(str(number), title, abstract) for number, (title, abstract) in enumerate(papers)]
    rows = extract(table(numbered))["model_mentions"].to_pylist()
    for paper_id, title, abstract in numbered:
        found = {(m.model, *m.span) for m in extract_paper(title, abstract).models}
        columns = ("model", "field", "start_char", "end_char", "surface")
        assert {tuple(r[c] for c in columns) for r in rows if r["paper_id"] == paper_id} == found


def test_the_filter_passes_what_introduces_a_model() -> None:
    """A text whose names would be found passes the filter, and one on other things does not."""
    texts = ["We introduce Quillon, a 7B language model.", "We study how a language model swims."]
    assert introduced_models("", texts[0]) == ["Quillon"]
    assert [may_introduce_models("On ponds", text) for text in texts] == [True, False]


@pytest.mark.parametrize(
    "piece",
    ["introduce Foo, a ", "introduce Foo (", "Big of ", "A.1", "A", "train and ", "a-b ", "\\textbf{"],
)
def test_repetitions_introduce_nothing(piece: str) -> None:
    """Hostile repetitions of what constructions begin with end, and name no model."""
    text = f"We introduce {piece * 4000}"
    assert introduced_models(text, text) == []
    assert extract_paper("On ponds", text).models == []

"""The doors of the extractor: tables, single papers and JSONL lines agree, keep their schemas, and never crash."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import schema
from pipelines.mentions.catalogue import CatalogueError, load_catalogue
from pipelines.mentions.extract import extract, rules_version
from pipelines.mentions.findings import extract_paper
from pipelines.mentions.lines import LineError, extract_lines
from tests.mentions.tables import table

PAPERS = [
    (
        "arxiv:1",
        "FernLoRA: tuning by fronds",
        "We propose FernLoRA, a LoRA variant for Llama 7B. It beats LoRA and DoRA.",
    ),
    ("arxiv:2", "Gateways", "We measure LoRa nodes behind a LoRaWAN gateway."),
    (
        "arxiv:3",
        "A parser with $(IA)^3$",
        "Parsers are slow.\nWe tune T5-3B with (IA)³ vectors; see https://github.com/x/y.",
    ),
    ("title:none", "Nothing here", None),
]

WORDS = st.sampled_from(
    ["We propose", "LoRA", "adapters", "(IA)$^3$", "$", "\\textbf{", "}", "7B", "soft prompts", "(PT)", "\n", "\u00b3", "İ", "ﬁ",
     "prompt tuning", "FooLoRA", "parameter-efficient fine-tuning", ".", ", ", " ", "-", "frozen", "with", "called", "https://a.io/"]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(WORDS, max_size=25).map(" ".join),
    st.lists(WORDS, max_size=12).map("".join),
)


def test_schemas_and_keys() -> None:
    """Every extracted table has its exact schema, unique keys, and rows in the order of its key."""
    for papers in (PAPERS, []):
        result = extract(table(papers))
        assert list(result) == [t.name for t in schema.EXTRACTED]
        for described in schema.EXTRACTED:
            rows = result[described.name]
            assert rows.schema.equals(described.arrow)
            keys = [tuple(row[k] for k in described.key) for row in rows.to_pylist()]
            assert keys == sorted(set(keys))


def test_batch_and_table_agree() -> None:
    """A record batch gives what a table gives."""
    papers = table(PAPERS)
    assert extract(papers.to_batches()[0]) == extract(papers)


def test_order_of_papers_does_not_matter() -> None:
    """The same papers in another order, or in two batches, give the same rows."""
    whole = extract(table(PAPERS))
    assert extract(table(PAPERS[::-1])) == whole
    halves = [extract(table(PAPERS[:2])), extract(table(PAPERS[2:]))]
    for described in schema.EXTRACTED:
        joined = pa.concat_tables([h[described.name] for h in halves])
        assert (
            joined.sort_by([(k, "ascending") for k in described.key]).to_pylist()
            == whole[described.name].to_pylist()
        )


def test_filter_loses_nothing() -> None:
    """The filter that runs before the rules lets every paper through in which the rules find something."""
    result = extract(table(PAPERS))["method_mentions"].to_pylist()
    by_rows = {(r["paper_id"], r["field"], r["start_char"], r["method"]) for r in result}
    single = {
        (paper_id, m.span.field, m.span.start, m.method)
        for paper_id, title, abstract in PAPERS
        for m in extract_paper(title, abstract, paper_id).mentions
    }
    assert by_rows == single
    assert single


@settings(max_examples=150, deadline=None)
@given(title=TEXTS, abstract=TEXTS)
def test_any_text(title: str, abstract: str) -> None:
    """No text crashes the extractor, every span satisfies the substring rule, and the filter agrees with the rules."""
    found = extract_paper(title, abstract)
    texts = {"title": title, "abstract": abstract}
    for item in (
        *found.mentions,
        *found.refusals,
        *found.candidates,
        *found.quantities,
        *found.links,
        *found.models,
    ):
        assert texts[item.span.field][item.span.start : item.span.end] == item.span.surface
        assert item.span.surface
    rows = extract(table([("p", title, abstract)]))["method_mentions"].to_pylist()
    assert {(r["field"], r["start_char"], r["method"]) for r in rows} == {
        (m.span.field, m.span.start, m.method) for m in found.mentions
    }


@settings(max_examples=60, deadline=None)
@given(
    index=st.integers(0, 2),
    closing=st.sampled_from(["The weather was mild.", "Tables follow in the appendix.", ""]),
)
def test_sentence_without_triggers_changes_nothing(index: int, closing: str) -> None:
    """A closing sentence that speaks of nothing relevant changes no finding."""
    _, title, abstract = PAPERS[index]
    assert extract_paper(title, f"{abstract} {closing}") == extract_paper(title, f"{abstract} ")


def test_lines_follow_the_contract() -> None:
    """One object a paper: the strongest role a method with the span that decided, numbers whole, URLs plain."""
    line = json.dumps(
        {
            "id": 7,
            "title": "A parser",
            "abstract": "LoRA is popular. We tune Llama 7B with LoRA, see https://github.com/x/y.",
        }
    )
    (paper,) = extract_lines(["\n", line])
    assert paper["id"] == "7"
    assert set(paper) == {
        "id", "peft", "sizes", "trainable_params", "trainable_pct", "tokens", "contexts", "bits", "code", "models",
    }  # fmt: skip
    (method,) = paper["peft"]  # type: ignore[misc]
    assert method == {
        "name": "LoRA",
        "role": "uses",
        "surface": "LoRA",
        "field": "abstract",
        "start": 39,
        "end": 43,
        "known": True,
    }
    assert '"params": 7000000000,' in json.dumps(paper)
    assert paper["code"] == ["https://github.com/x/y"]


def test_shared_names_are_printed_as_papers_print_them() -> None:
    """A name that the catalogue qualifies to keep it apart is printed without the qualifier."""
    line = json.dumps(
        {"id": "a", "title": "T", "abstract": "We train with DoRA, a dynamic rank distribution for LoRA."}
    )
    (paper,) = extract_lines([line])
    assert {m["name"] for m in paper["peft"]} == {"DoRA", "LoRA"}  # type: ignore[attr-defined]


def test_methods_that_are_no_peft_stay_out_of_the_lines() -> None:
    """What frameworks list beside PEFT methods without being one is kept in the tables, and not printed as PEFT."""
    text = "We pretrain a language model with GaLore and tune it with LoRA."
    (paper,) = extract_lines([json.dumps({"id": "a", "title": "T", "abstract": text})])
    assert {m["name"] for m in paper["peft"]} == {"LoRA"}  # type: ignore[attr-defined]
    rows = extract(table([("a", "T", text)]))["method_mentions"].to_pylist()
    assert {r["method"] for r in rows} == {"LoRA", "GaLore"}


def test_papers_beyond_the_first_step_are_read() -> None:
    """Papers are filtered in steps; where one step ends and the next begins loses none."""
    text = "We tune Llama-7B with LoRA, see https://quux.example.io/a/b."
    papers = [(f"p{n:05d}", "T", text if n % 7 == 0 else "Nothing to see.") for n in range(3_500)]
    wanted = [paper_id for paper_id, _, abstract in papers if abstract is text]
    out = extract(table(papers))
    for name in ("method_mentions", "quantities", "links", "model_mentions"):
        assert out[name]["paper_id"].to_pylist() == wanted, name


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "line 2: not JSON"),
        ("[1]", "line 2: list instead of an object"),
        ('{"title": "T"}', "line 2: `id` must be"),
        ('{"id": true}', "line 2: `id` must be"),
        ('{"id": "a", "title": 3}', "line 2: `title` must be a string"),
    ],
)
def test_bad_line_is_named(line: str, words: str) -> None:
    """A line that is no paper is refused with its number and what is wrong."""
    with pytest.raises(LineError, match=words.replace("[", r"\[")):
        list(extract_lines(['{"id": "a"}', line]))


def test_own_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user's own catalogue adds and replaces methods, and changes the version of the rules."""
    before = rules_version()
    own = tmp_path / "mine.toml"
    own.write_text('[[method]]\nname = "Quillwort"\nfamily = "selective"\naliases = ["quill tuning"]\n')
    monkeypatch.setenv("PAPERTRENDS_CATALOGUE", str(own))
    assert rules_version() != before
    assert load_catalogue().table().schema.equals(schema.METHODS.arrow)
    rows = extract(table([("p", "T", "We apply quill-tuning and Quillwort.")]))["method_mentions"].to_pylist()
    assert [(r["method"], r["surface"], r["is_known"]) for r in rows] == [
        ("Quillwort", "quill-tuning", True),
        ("Quillwort", "Quillwort", True),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[method]]\nfamily = 'selective'", "has no name"),
        ("[[method]]\nname = 'X'\nfamily = 'wild'", "family 'wild'"),
        ("[[method]]\nname = 'X'\nfamily = 'other'\ncolour = 1", "unknown key 'colour'"),
        ("[[method]]\nname = 'X'\nfamily = 'other'\nveto = '('", "veto is no pattern"),
        ("[[method", "mine.toml"),
    ],
)
def test_bad_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str) -> None:
    """A catalogue that cannot be used is refused with its file, the method and the cause."""
    own = tmp_path / "mine.toml"
    own.write_text(text)
    monkeypatch.setenv("PAPERTRENDS_CATALOGUE", str(own))
    with pytest.raises(CatalogueError, match=words):
        load_catalogue()

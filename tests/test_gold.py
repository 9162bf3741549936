"""The labelled texts in tests/gold keep their form; how well the extractor reads them is tested elsewhere."""

import json
import re
from collections import defaultdict
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

GOLD_DIR = Path(__file__).parent / "gold"
VALUES = {
    "sizes": "params",
    "trainable_params": "params",
    "trainable_pct": "pct",
    "tokens": "tokens",
    "contexts": "tokens",
    "bits": "bits",
}
FIELDS = ("peft", *VALUES, "code", "models")
ROLES = ("proposes", "uses", "mentions")

Line = dict[str, Any]


def read(name: str) -> list[Line]:
    """Return the lines of one file of the set."""
    text = (GOLD_DIR / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


PAPERS = read("papers.jsonl")
LABELS = read("gold.jsonl")
#: The papers of the starter corpus, labelled: real works in this project's own words.
STARTER = read("../../data/starter/papers.jsonl")
STARTER_LABELS = read("starter.jsonl")
ALL_LABELS = [*LABELS, *STARTER_LABELS]
PAIRS = [
    pytest.param(paper, label, id=label["id"])
    for paper, label in zip([*PAPERS, *STARTER], ALL_LABELS, strict=False)
]


def letters(name: str) -> str:
    """Return what is left of a name without case, blanks, hyphens and TeX, as names are compared."""
    return re.sub(r"[^a-z0-9+]", "", name.lower())


@pytest.mark.parametrize(
    ("papers", "labels"), [(PAPERS, LABELS), (STARTER, STARTER_LABELS)], ids=["own", "starter"]
)
def test_papers_and_labels_stand_on_the_same_lines(papers: list[Line], labels: list[Line]) -> None:
    """Each paper has exactly one line of labels, with its own id and title, in the same order."""
    assert [(p["id"], p["title"]) for p in papers] == [(g["id"], g["title"]) for g in labels]
    assert [g["n"] for g in labels] == list(range(1, len(labels) + 1))
    assert len({p["id"] for p in papers}) == len(papers)
    assert len({p["abstract"] for p in papers}) == len(papers)


def test_the_set_is_large_enough_to_score_every_field() -> None:
    """There are at least 150 papers, ten labelled values per field and role, and 30 papers to find nothing in."""
    assert len(PAPERS) >= 150
    counts = {field: sum(len(g[field]) for g in LABELS) for field in FIELDS}
    counts |= {role: sum(m["role"] == role for g in LABELS for m in g["peft"]) for role in ROLES}
    assert {name: n for name, n in counts.items() if n < 10} == {}
    assert sum(not any(g[field] for field in FIELDS) for g in LABELS) >= 30


@pytest.mark.parametrize(("paper", "label"), PAIRS)
def test_every_label_is_printed_in_its_paper(paper: Line, label: Line) -> None:
    """Each surface and each URL occurs, letter by letter, in the title or in the abstract."""
    spans = [entry["surface"] for field in ("peft", *VALUES, "models") for entry in label[field]] + label[
        "code"
    ]
    assert [s for s in spans if not s or (s not in paper["title"] and s not in paper["abstract"])] == []


@pytest.mark.parametrize("label", [pytest.param(g, id=g["id"]) for g in ALL_LABELS])
def test_values_are_positive_and_named_once(label: Line) -> None:
    """Values are positive, counts are whole, shares end at 100, and no value or name stands twice in a paper."""
    for field, key in VALUES.items():
        values = [entry[key] for entry in label[field]]
        assert all(value > 0 for value in values), field
        assert len(set(values)) == len(values), field
        if field not in {"trainable_pct", "bits"}:
            assert all(isinstance(value, int) for value in values), field
    assert all(entry["pct"] <= 100 for entry in label["trainable_pct"])
    assert all(url.startswith("http") and not re.search(r"[.,;:!)}]$", url) for url in label["code"])
    for names in ([m["name"] for m in label["peft"]], [m["name"] for m in label["models"]]):
        assert len({letters(name) for name in names}) == len(names)
    assert {m["role"] for m in label["peft"]} <= set(ROLES)


@pytest.mark.parametrize("label", [pytest.param(g, id=g["id"]) for g in ALL_LABELS if g["tolerate"]])
def test_tolerated_values_are_of_known_fields(label: Line) -> None:
    """Only fields of the guide are tolerated, and a tolerated role belongs to a labelled method."""
    assert set(label["tolerate"]) <= {*FIELDS, "peft_role"}
    assert all(label["tolerate"].values())
    assert set(label["tolerate"].get("peft_role", [])) <= {m["name"] for m in label["peft"]}


def test_a_method_is_spelled_alike_everywhere() -> None:
    """A name has one spelling over all papers, one surface means one method, and a new method is new in one paper."""
    spellings, meanings = defaultdict(set), defaultdict(set)
    for m in chain.from_iterable(g["peft"] for g in ALL_LABELS):
        spellings[letters(m["name"])].add(m["name"])
    for m in chain.from_iterable(g["peft"] for g in LABELS):
        meanings[m["surface"].lower()].add(m["name"])
    assert [s for s in spellings.values() if len(s) > 1] == []
    assert {s: names for s, names in meanings.items() if len(names) > 1} == {}
    papers = defaultdict(set)
    for g in LABELS:
        for m in g["peft"]:
            papers[m["name"]].add(g["id"])
    proposed = {m["name"] for g in LABELS for m in g["peft"] if m["role"] == "proposes"}
    assert {name for name in proposed if len(papers[name]) > 1} == set()

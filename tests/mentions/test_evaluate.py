"""The evaluator: sets a paper and field, tolerated values out of the count, misses by paper."""

import json
from pathlib import Path

import pytest

from pipelines.mentions.accuracy import GOLD_SETS
from pipelines.mentions.evaluate import Labelled, evaluate, read_labels, score


def test_counts_a_field() -> None:
    """Right, wrong and missed values are counted per paper and field, and each miss names its paper."""
    gold = {
        "a": {
            "peft": [{"name": "LoRA", "role": "uses"}, {"name": "(IA)^3", "role": "mentions"}],
            "sizes": [{"params": 7e9}],
        }
    }
    pred = {
        "a": {
            "peft": [{"name": "lora", "role": "proposes"}, {"name": "IA³", "role": "mentions"}],
            "sizes": [{"params": 8e9}],
        }
    }
    result = score(gold, pred)
    assert (result["peft"].n_right, result["peft"].n_wrong, result["peft"].n_missed) == (2, 0, 0)
    assert result["peft_role"].f1 == pytest.approx(0.5)
    assert result["peft_proposed"].precision == 0
    assert result["sizes"].misses == ("a: missing 7000000000.0, made up 8000000000.0",)
    assert result["bits"].f1 == 1


def test_tolerated_values() -> None:
    """What a label tolerates is neither asked for nor counted wrong, in the role alone where it says so."""
    gold = {
        "a": {
            "peft": [{"name": "LoRA", "role": "uses"}, {"name": "HFT", "role": "proposes"}],
            "tolerate": {"peft": ["HFT", "Adapter"], "peft_role": ["LoRA"], "bits": [4]},
        }
    }
    pred = {
        "a": {
            "peft": [{"name": "LoRA", "role": "mentions"}, {"name": "adapters", "role": "uses"}],
            "bits": [{"bits": 4}],
        }
    }
    result = score(gold, pred)
    assert {
        n: (s.n_right, s.n_wrong, s.n_missed)
        for n, s in result.items()
        if n in {"peft", "peft_role", "peft_proposed", "bits"}
    } == {
        "peft": (1, 0, 0),
        "peft_role": (0, 0, 0),
        "peft_proposed": (0, 0, 0),
        "bits": (0, 0, 0),
    }


def test_missing_prediction_says_nothing() -> None:
    """A labelled paper that was not predicted counts as one in which nothing was found."""
    result = score({"a": {"code": ["https://x.io/"]}}, {})
    assert (result["code"].n_missed, result["code"].recall, result["code"].precision) == (1, 0.0, 1.0)


def test_evaluate_files(tmp_path: Path) -> None:
    """Labels and papers in files are matched by id, or by number where they have no id."""
    papers, gold = tmp_path / "p.jsonl", tmp_path / "g.jsonl"
    papers.write_text(
        json.dumps({"id": "1", "title": "T", "abstract": "We tune Llama with LoRA: https://x.io/y."}) + "\n"
    )
    gold.write_text(
        json.dumps({"n": 1, "peft": [{"name": "LoRA", "role": "uses"}], "code": ["https://x.io/y"]}) + "\n\n"
    )
    result = evaluate(Labelled(gold, papers))
    assert result["peft_role"].f1 == result["code"].f1 == 1
    gold.write_text("{}\n")
    with pytest.raises(ValueError, match="line 1: no labelled paper"):
        read_labels(gold)


@pytest.mark.parametrize(
    ("number", "least"), [(0, (0.97, 0.93, 0.92)), (1, (0.95, 0.91, 0.90))], ids=["own", "starter"]
)
def test_scores_of_the_project_itself(number: int, least: tuple[float, float, float]) -> None:
    """On each of the project's labelled sets the extractor is above what its numbers promise."""
    result = evaluate(GOLD_SETS[number])
    scores = result["peft"].f1, result["peft_role"].f1, result["peft_proposed"].f1
    assert all(score >= floor for score, floor in zip(scores, least, strict=True)), scores


def test_sets_are_counted_together(tmp_path: Path) -> None:
    """Papers of several sets count together, also where two sets have the same id."""
    sets = []
    for name, text in (("a", "We tune Llama with LoRA."), ("b", "We tune Llama with BitFit.")):
        papers, gold = tmp_path / f"{name}.jsonl", tmp_path / f"{name}-gold.jsonl"
        papers.write_text(json.dumps({"id": "1", "title": "T", "abstract": text}) + "\n")
        gold.write_text(json.dumps({"id": "1", "peft": [{"name": "LoRA", "role": "uses"}]}) + "\n")
        sets.append(Labelled(gold, papers))
    peft = evaluate(*sets)["peft"]
    assert (peft.n_right, peft.n_wrong, peft.n_missed) == (1, 1, 1)


def test_agrees_with_the_shared_scorer(shared: Path, tmp_path: Path) -> None:
    """On the shared labels the evaluator counts exactly what the scorer that came with them counts."""
    import subprocess
    import sys

    labels = read_labels(shared / "eval" / "gold-dev.jsonl")
    predictions = {
        k: {
            **v,
            "id": k,
            "peft": [*v.get("peft", [])[:-1], {"name": "Made Up", "role": "proposes"}],
            "code": [],
        }
        for k, v in labels.items()
    }
    file = tmp_path / "pred.jsonl"
    file.write_text("".join(json.dumps(p) + "\n" for p in predictions.values()))
    command = [
        sys.executable,
        str(shared / "eval" / "score.py"),
        str(shared / "eval" / "gold-dev.jsonl"),
        str(file),
        "--json",
    ]
    theirs = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    ours = score(labels, predictions)
    assert {n: (s["tp"], s["fp"], s["fn"]) for n, s in theirs.items()} == {
        n: (ours[n].n_right, ours[n].n_wrong, ours[n].n_missed) for n in theirs
    }

"""Precision, recall and F1 of the extractor against labelled papers, a field each, as `shared` evaluation defines them.

A field scores as a set per paper. What a label tolerates is neither asked for nor counted wrong. Names compare
without case, and by letters and digits only.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.mentions.lines import extract_lines
from pipelines.mentions.spans import ROLE_STRENGTH

Paper = Mapping[str, Any]
Values = set[Any]

#: Spellings of one method that labels use side by side; the key is what they are compared as.
SAME_NAME = {
    "adapter": (
        "adapters",
        "adaptertuning",
        "bottleneckadapter",
        "bottleneckadapters",
        "houlsbyadapter",
        "seriesadapter",
    ),
    "prompttuning": ("softprompt", "softprompts", "softprompttuning"),
    "prefixtuning": ("prefix",),
    "peftgeneric": ("peft", "genericpeft", "parameterefficientfinetuning"),
    "sparsefinetuning": (
        "ltsft",
        "sft",
        "sparsefinetuningmasks",
        "lotteryticketsft",
        "lotteryticketsparsefinetuning",
    ),
}
_CANONICAL = {other: name for name, others in SAME_NAME.items() for other in others}
_GENERIC = "peftgeneric"


class Labelled(NamedTuple):
    """A file of labels, and the file of the papers that they are of; both JSONL, matched by id."""

    labels: Path
    papers: Path


@dataclass(frozen=True, slots=True)
class Score:
    """How one field did over all papers; `misses` say, a paper each, what was missing and what was made up."""

    n_right: int = 0
    n_wrong: int = 0
    n_missed: int = 0
    misses: tuple[str, ...] = field(default=())

    @property
    def precision(self) -> float:
        """Right among found; 1 when nothing was found."""
        return self.n_right / (self.n_right + self.n_wrong) if self.n_right + self.n_wrong else 1.0

    @property
    def recall(self) -> float:
        """Found among labelled; 1 when nothing was labelled."""
        return self.n_right / (self.n_right + self.n_missed) if self.n_right + self.n_missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def same_name(name: object) -> str:
    """Return what a method's name is compared as."""
    key = re.sub(r"[^a-z0-9+]", "", str(name).lower().replace("³", "3"))
    return _CANONICAL.get(key, key)


def _methods(paper: Paper) -> Values:
    return {same_name(m["name"]) for m in paper.get("peft", [])}


def _roles(paper: Paper) -> Values:
    return {(same_name(m["name"]), m.get("role")) for m in paper.get("peft", [])}


def _proposed(paper: Paper) -> Values:
    return {same_name(m["name"]) for m in paper.get("peft", []) if m.get("role") == "proposes"} - {_GENERIC}


def _numbers(name: str, value: str) -> Callable[[Paper], Values]:
    return lambda paper: {round(float(entry[value]), 6) for entry in paper.get(name, [])}


def _urls(paper: Paper) -> Values:
    return {str(url).rstrip("/.").lower() for url in paper.get("code", [])}


def _models(paper: Paper) -> Values:
    return {same_name(m["name"]) for m in paper.get("models", [])}


_VALUE_NAMES = {
    "sizes": "params",
    "trainable_params": "params",
    "trainable_pct": "pct",
    "tokens": "tokens",
    "contexts": "tokens",
    "bits": "bits",
}

#: The fields that are scored, and what a paper's set of values is in each. `models` is reported beside them.
FIELDS: dict[str, Callable[[Paper], Values]] = {
    "peft": _methods,
    "peft_specific": lambda paper: _methods(paper) - {_GENERIC},
    "peft_role": _roles,
    "peft_proposed": _proposed,
    **{name: _numbers(name, value) for name, value in _VALUE_NAMES.items()},
    "code": _urls,
    "models": _models,
}


def _tolerated(label: Paper, name: str, values: Callable[[Paper], Values]) -> Values:
    """Return the values of a field that this label neither asks for nor counts wrong."""
    tolerate = label.get("tolerate", {})
    as_paper: dict[str, Any] = {
        "peft": [{"name": n, "role": role} for n in tolerate.get("peft", []) for role in ROLE_STRENGTH],
        "models": [{"name": n} for n in tolerate.get("models", [])],
        "code": tolerate.get("code", []),
        **{key: [{value: v} for v in tolerate.get(key, [])] for key, value in _VALUE_NAMES.items()},
    }
    soft = values(as_paper)
    if name == "peft_role":
        soft |= {(same_name(n), role) for n in tolerate.get("peft_role", []) for role in ROLE_STRENGTH}
    return soft


def score(gold: Mapping[str, Paper], predictions: Mapping[str, Paper]) -> dict[str, Score]:
    """Return the score of each field of FIELDS for `predictions` against `gold`, both by paper id.

    A labelled paper without a prediction counts as one that says nothing; a prediction without a label is ignored.
    """
    scores: dict[str, Score] = {}
    for name, values in FIELDS.items():
        n_right = n_wrong = n_missed = 0
        misses: list[str] = []
        for paper_id, label in gold.items():
            soft = _tolerated(label, name, values)
            asked, found = values(label) - soft, values(predictions.get(paper_id, {})) - soft
            n_right += len(asked & found)
            n_wrong += len(found - asked)
            n_missed += len(asked - found)
            if asked != found:
                misses.append(
                    f"{paper_id}: missing {_listed(asked - found)}, made up {_listed(found - asked)}"
                )
        scores[name] = Score(n_right, n_wrong, n_missed, tuple(misses))
    return scores


def _listed(values: Iterable[object]) -> str:
    return (
        ", ".join(sorted(" ".join(map(str, v)) if isinstance(v, tuple) else str(v) for v in values))
        or "nothing"
    )


def read_labels(path: Path) -> dict[str, Paper]:
    """Return the labelled papers of a JSONL file by id (`id`, else `n`); raise ValueError naming a bad line."""
    labels: dict[str, Paper] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            label = json.loads(line)
            labels[str(label["id"] if "id" in label else label["n"])] = label
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number}: no labelled paper with an id ({error})") from error
    return labels


def evaluate(*sets: Labelled) -> dict[str, Score]:
    """Run the extractor on the papers of each set and score it against all their labels together.

    Ids are of one set: the same may stand in several. Raises ValueError naming a bad line of labels.
    """
    gold: dict[str, Paper] = {}
    predictions: dict[str, Paper] = {}
    for number, labelled in enumerate(sets):
        prefix = f"{number}:" if number else ""
        gold |= {prefix + paper_id: label for paper_id, label in read_labels(labelled.labels).items()}
        with labelled.papers.open(encoding="utf-8") as lines:
            predictions |= {prefix + str(found["id"]): found for found in extract_lines(lines)}
    return score(gold, predictions)

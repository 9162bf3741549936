"""The extractor's accuracy on the project's own labelled texts: measured at every run, beside every number."""

from functools import cache
from itertools import chain
from pathlib import Path

from pipelines.mentions.evaluate import Labelled, Score, evaluate
from pipelines.settings import PROJECT_DIR, STARTER_FILE

GOLD_DIR = PROJECT_DIR / "tests" / "gold"
#: Invented texts full of near misses, and the papers of the starter corpus: the labels of each, and what they label.
GOLD_SETS = (
    Labelled(GOLD_DIR / "gold.jsonl", GOLD_DIR / "papers.jsonl"),
    Labelled(GOLD_DIR / "starter.jsonl", STARTER_FILE),
)

#: F1 below which a release's accuracy check fails, a field. They are what unseen papers must reach.
FLOORS = {
    "peft": 0.92,
    "peft_role": 0.85,
    "peft_proposed": 0.88,
    "sizes": 0.97,
    "tokens": 0.90,
    "contexts": 0.90,
    "bits": 0.90,
    "trainable_params": 0.90,
    "trainable_pct": 0.90,
    "code": 0.98,
}


def gold_files() -> tuple[Path, ...]:
    """Return the labelled files that are there; an installation without the checkout has none."""
    files = tuple(chain.from_iterable(GOLD_SETS))
    return files if all(file.is_file() for file in files) else ()


@cache
def measured() -> dict[str, Score]:
    """Return the score of each field on all labelled texts of the project; empty where they are not installed."""
    return evaluate(*GOLD_SETS) if gold_files() else {}


def below_floor() -> dict[str, float]:
    """Return the fields whose F1 is below its floor, with that F1."""
    return {name: s.f1 for name, s in measured().items() if name in FLOORS and s.f1 < FLOORS[name]}

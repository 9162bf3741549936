"""The extractor's accuracy on the project's own labelled texts: measured at every run, beside every number."""

from functools import cache
from pathlib import Path

from pipelines.mentions.evaluate import Score, evaluate
from pipelines.settings import PROJECT_DIR

GOLD_DIR = PROJECT_DIR / "tests" / "gold"
GOLD_FILE, PAPERS_FILE = GOLD_DIR / "gold.jsonl", GOLD_DIR / "papers.jsonl"

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
    return (GOLD_FILE, PAPERS_FILE) if GOLD_FILE.is_file() and PAPERS_FILE.is_file() else ()


@cache
def measured() -> dict[str, Score]:
    """Return the score of each field on the project's own labelled texts; empty where they are not installed."""
    return dict(evaluate(GOLD_FILE, PAPERS_FILE)) if gold_files() else {}


def below_floor() -> dict[str, float]:
    """Return the fields whose F1 is below its floor, with that F1."""
    return {name: s.f1 for name, s in measured().items() if name in FLOORS and s.f1 < FLOORS[name]}

"""A bulk snapshot of a million lines through every stage: seconds, peak memory, and that no line is lost.

    python benchmarks/snapshot.py [LINES]

The file is generated (invented papers, every twentieth on LoRA), its last line cut off as a broken download cuts it.
Peak memory is that of this process; the bound that is promised is 2 GiB.
"""

import json
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from pipelines.settings import DataDir
from pipelines.stages import Stages

VOCABULARY = (
    "we study models that learn from text and images with few labels while a network keeps its weights and the loss of "
    "every task is measured against strong baselines over many seeds so that gains hold beyond one benchmark"
)
ABSTRACT_WORDS = 160


def _abstract(rng: random.Random, number: int) -> str:
    text = " ".join(rng.choices(VOCABULARY.split(), k=ABSTRACT_WORDS)) + "."
    return text + (" We fine-tune a 7B model with LoRA in 4-bit precision." if number % 20 == 0 else "")


def generate(path: Path, n_lines: int) -> None:
    """Write `n_lines` papers over eleven years, and a line that breaks off."""
    rng = random.Random(1)  # noqa: S311 - invented words, no secret
    with path.open("w", encoding="utf-8") as file:
        for number in range(n_lines):
            month, place = divmod(number, max(1, n_lines // 132) + 1)
            paper = {
                "id": f"{15 + month // 12:02}{month % 12 + 1:02}.{place + 1:05}",
                "title": f"Paper {number}",
                "abstract": _abstract(rng, number),
                "categories": "cs.CL cs.LG",
                "authors": "Ana Example",
                "versions": [],
            }
            file.write(json.dumps(paper) + "\n")
        file.write('{"id": "2612.99999", "title": "Cut o')


def main() -> None:
    """Generate, run every stage, and print a line a stage."""
    n_lines = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        stages = Stages(DataDir(Path(folder)).make())
        generate(stages.data.inbox / "snapshot.jsonl", n_lines)
        for name in ("capture_inbox", "read", "resolve", "merge", "extract", "release", "report"):
            began = time.perf_counter()
            result = getattr(stages, name)()
            peak_gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            print(f"{name:<14} {time.perf_counter() - began:7.1f} s   peak {peak_gib:.2f} GiB", flush=True)
            if name == "read":
                print("  " + "; ".join(o.line for o in result))
            if name == "merge":
                print(f"  {result.n_papers:,} of {n_lines:,} papers")


if __name__ == "__main__":
    main()

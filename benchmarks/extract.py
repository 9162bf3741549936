"""How fast the extractor is beside two yardsticks, and how much memory it takes, measured in one process.

The yardsticks: Python's `re` searching one alternation of the same names and number patterns, and Polars reading the
same JSONL and writing it as Parquet. Usage: `python benchmarks/extract.py [CORPUS.jsonl(.gz)] [--copies N]`.
"""

import gzip
import json
import re
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import polars as pl
import pyarrow as pa

from pipelines.mentions.catalogue import load_catalogue
from pipelines.mentions.extract import extract

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "arxiv-metadata-sample.jsonl.gz"
BATCH = 20_000
#: What a person would write first: a number with a unit that model sizes, tokens, shares and bits are stated in.
NUMBERS = (
    r"\d+(?:[.,]\d+)*\s*(?:[KMBT]|thousand|million|billion|trillion)?\s*-?\s*(?:parameters?|params?|tokens?|bits?)"
    r"|\d+(?:\.\d+)?\s*[BM]\b|\d+(?:\.\d+)?\s*%\s*of\s*(?:the\s*)?(?:model\s*)?parameters|\d+[Kk]\s*context|INT\d|FP\d+"
)


def _seconds_by_turns(works: Sequence[Callable[[], object]], repeats: int) -> list[float]:
    """Return the shortest time of each of `works`, which take turns, so that a noisy minute strikes all of them."""
    best = [float("inf")] * len(works)
    for _ in range(repeats):
        for number, work in enumerate(works):
            start = time.perf_counter()
            work()
            best[number] = min(best[number], time.perf_counter() - start)
    return best


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _regex_seconds(texts: list[str], n_sample: int, is_whole_words: bool) -> float:
    """Return how long one alternation of every name takes on all of `texts`, measured on a spread sample."""
    names = sorted({n for m in load_catalogue().methods for n in m.names}, key=len, reverse=True)
    alternatives = rf"(?:{'|'.join(map(re.escape, names))}|{NUMBERS})"
    pattern = re.compile(rf"\b{alternatives}" if is_whole_words else alternatives, re.IGNORECASE)
    sample = texts[:: max(1, len(texts) // n_sample)]
    start = time.perf_counter()
    for text in sample:
        list(pattern.finditer(text))
    return (time.perf_counter() - start) * len(texts) / len(sample)


@click.command()
@click.argument("corpus", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=CORPUS)
@click.option(
    "--copies",
    default=3,
    show_default=True,
    help="Extract the corpus this often over, in batches, for the memory.",
)
@click.option("--repeats", default=6, show_default=True, help="Take the best of so many runs.")
@click.option(
    "--sample", default=300, show_default=True, help="Papers that the regular expression is timed on."
)
def main(corpus: Path, copies: int, repeats: int, sample: int) -> None:
    """Print papers a second, both ratios and the peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        jsonl = Path(folder) / "corpus.jsonl"
        packed = corpus.read_bytes()
        jsonl.write_bytes(gzip.decompress(packed) if corpus.suffix == ".gz" else packed)
        with jsonl.open(encoding="utf-8") as lines:
            papers = [(str(p["id"]), p["title"] or "", p["abstract"] or "") for p in map(json.loads, lines)]
        ids, titles, abstracts = (pa.array(column, pa.string()) for column in zip(*papers, strict=True))
        table = pa.table({"paper_id": ids, "title": titles, "abstract": abstracts})
        texts = [f"{title} {abstract}" for _, title, abstract in papers]
        del papers
        extract(table.slice(0, 100))  # compiles the patterns, once a process

        def through_polars() -> None:
            pl.read_ndjson(jsonl, infer_schema_length=None).write_parquet(Path(folder) / "corpus.parquet")

        polars_s, extract_s = _seconds_by_turns((through_polars, lambda: extract(table)), repeats)
        regex_s = _regex_seconds(texts, sample, is_whole_words=False)
        words_s = _regex_seconds(texts, sample, is_whole_words=True)
        before = _peak_mib()
        for _ in range(copies):
            for batch in table.to_batches(max_chunksize=BATCH):
                extract(batch)
        n = table.num_rows
        click.echo(f"{n:,} papers, one process")
        click.echo(f"extractor            {extract_s:8.2f} s  {n / extract_s:10,.0f} papers/s")
        click.echo(f"Polars JSONL-Parquet {polars_s:8.2f} s  {n / polars_s:10,.0f} papers/s")
        click.echo(
            f"re alternation       {regex_s:8.2f} s  {n / regex_s:10,.0f} papers/s  (from {sample} papers)"
        )
        click.echo(f"  at word starts     {words_s:8.2f} s  {n / words_s:10,.0f} papers/s")
        click.echo(f"throughput over re alternation: {regex_s / extract_s:.0f} times (wanted: at least 100)")
        click.echo(f"  at word starts only:          {words_s / extract_s:.0f} times")
        click.echo(f"throughput over Polars:         {polars_s / extract_s:.2f} (wanted: at least 0.25)")
        click.echo(
            f"peak memory: {_peak_mib():.0f} MiB, {before:.0f} before {copies} more passes (wanted: below 1024)"
        )


if __name__ == "__main__":
    main()

"""Every trends table once more, from the span tables of the lake, with Polars and plain Python instead of `sql/`."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl

from pipelines import schema
from pipelines.lake.tables import LakeTable

Key = tuple[object, ...]
POPULATIONS = {"arxiv", "arxiv_snapshot", "huggingface_daily"}
STRENGTH = ["mentions", "uses", "proposes"]
ROLES = [*STRENGTH, "any"]
BINS = [(1e7, "under 10M"), (3e7, "10M-30M"), (1e8, "30M-100M"), (3e8, "100M-300M"), (1e9, "300M-1B"), (3e9, "1B-3B"),
        (1e10, "3B-10B"), (3e10, "10B-30B"), (1e11, "30B-100B"), (3e11, "100B-300B"), (1e12, "300B-1T"),
        (math.inf, "1T and over")]  # fmt: skip


def read(parquet: Path, name: str) -> pl.DataFrame:
    """Return a lake table's rows."""
    files = LakeTable(parquet, schema.TABLES[name]).files()
    empty = pl.from_arrow(schema.TABLES[name].arrow.empty_table())
    assert isinstance(empty, pl.DataFrame)
    return pl.concat(
        [empty, *(pl.read_parquet(f, hive_partitioning=False) for f in files)], how="vertical_relaxed"
    )


def wilson(k: int, n: int) -> tuple[float, float]:
    """Return the Wilson 95 % interval as its textbook formula has it."""
    z = 1.959963984540054
    p, d = k / n, 1 + z * z / n
    middle, half = (p + z * z / (2 * n)) / d, z / d * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def quantile(values: Iterable[float], q: float) -> float:
    """Return a quantile with linear interpolation between the sorted values."""
    ordered = sorted(values)
    place = q * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


class Rederived:
    """The trends of a lake, each table as a mapping from its key to its other columns."""

    def __init__(self, parquet: Path) -> None:
        papers = read(parquet, "papers").with_columns(
            month=pl.when(pl.col("published_precision").is_in(["day", "month"])).then(pl.col("published_date").dt.truncate("1mo"))
        )  # fmt: skip
        self.month: dict[str, date | None] = dict(papers.select("paper_id", "month").iter_rows())
        categories: dict[str, list[str]] = dict(papers.select("paper_id", "categories").iter_rows())
        self.scopes: dict[str, set[str]] = defaultdict(set)
        for paper, source in read(parquet, "appearances").select("paper_id", "source").iter_rows():
            if source in POPULATIONS:
                self.scopes[paper] |= {source, "all"}
            if source == "starter":
                self.scopes[paper].add("starter")
            if source in {"arxiv", "arxiv_snapshot"}:
                self.scopes[paper] |= {f"arxiv:{c}" for c in categories[paper]}
        self.total: Counter[Key] = Counter(
            (self.month[p], s)
            for p, scopes in self.scopes.items()
            for s in scopes
            if self.month[p] is not None
        )
        catalogue = read(parquet, "methods").filter("is_counted").select("method", "family")
        self.family: dict[str, str] = dict(catalogue.iter_rows())
        self.roles: dict[tuple[str, str], str] = {}
        spans = read(parquet, "method_mentions").filter("is_known").select("paper_id", "method", "role")
        for paper, method, role in spans.iter_rows():
            if method in self.family:
                self.roles[paper, method] = max(
                    self.roles.get((paper, method), role), role, key=STRENGTH.index
                )
        sizes = read(parquet, "quantities").filter(
            (pl.col("kind") == "model_size") & pl.col("qualifier").ne_missing("active")
        )
        self.sizes: set[tuple[str, float]] = set(sizes.select("paper_id", "value").iter_rows())

    def _cells(self, paper: str) -> list[Key]:
        return [(self.month[paper], s) for s in self.scopes.get(paper, ()) if self.month[paper] is not None]

    def population_monthly(self) -> dict[Key, Key]:
        """Return (month, scope) -> (n_papers)."""
        return {k: (n,) for k, n in self.total.items()}

    def method_monthly(self) -> dict[Key, Key]:
        """Return (month, scope, method, role) -> (family, n_papers, n_total, share, share_low, share_high)."""
        counts: Counter[Key] = Counter()
        first: dict[Key, date] = {}
        for (paper, method), role in self.roles.items():
            for month, scope in self._cells(paper):
                assert isinstance(month, date)
                counts[month, scope, method, role] += 1
                counts[month, scope, method, "any"] += 1
                first[scope, method] = min(first.get((scope, method), month), month)
        rows: dict[Key, Key] = {}
        for (scope, method), first_month in first.items():
            for (month, other), n in self.total.items():
                if other == scope and isinstance(month, date) and month >= first_month:
                    for role in ROLES:
                        k = counts[month, scope, method, role]
                        rows[month, scope, method, role] = (
                            self.family[str(method)],
                            k,
                            n,
                            k / n,
                            *wilson(k, n),
                        )
        return rows

    def model_size_monthly(self) -> dict[Key, Key]:
        """Return (month, scope) -> (n_papers, n_total, n_sizes, p10, p25, p50, p75, p90, max)."""
        votes: dict[Key, list[tuple[str, float]]] = defaultdict(list)
        for paper, value in self.sizes:
            for cell in self._cells(paper):
                votes[cell].append((paper, value))
        rows: dict[Key, Key] = {}
        for cell, n in self.total.items():
            cast = votes.get(cell, [])
            logs = [math.log(v) for _, v in cast]
            quantiles = [
                round(math.exp(quantile(logs, q))) if logs else None for q in (0.1, 0.25, 0.5, 0.75, 0.9)
            ]
            largest = max((v for _, v in cast), default=None)
            rows[cell] = (len({p for p, _ in cast}), n, len(cast), *quantiles, largest)
        return rows

    def model_size_bins_monthly(self) -> dict[Key, Key]:
        """Return (month, scope, bin) -> (bin_order, n_papers, n_total, n_with_size, share, share_low, share_high)."""
        within: dict[Key, set[str]] = defaultdict(set)
        for paper, value in self.sizes:
            name = next(name for edge, name in BINS if value < edge)
            for cell in self._cells(paper):
                within[(*cell, name)].add(paper)
                within[(*cell, None)].add(paper)
        return {
            (*cell, name): (
                i,
                k := len(within[(*cell, name)]),
                n,
                len(within[(*cell, None)]),
                k / n,
                *wilson(k, n),
            )
            for cell, n in self.total.items()
            for i, (_, name) in enumerate(BINS, start=1)
        }

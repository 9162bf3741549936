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


def wilson(k: float, n: float) -> tuple[float, float]:
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

    def __init__(self, parquet: Path, accuracy: dict[str, tuple[float, float, int]] | None = None) -> None:
        """Read the lake below `parquet`; `accuracy` gives precision, recall and number of labels a field."""
        self.accuracy = accuracy or {}
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
        self.uses: dict[tuple[str, float], str] = {}
        self.active: set[tuple[str, float]] = set()
        self.values: set[tuple[str, str, float]] = set()
        quantities = read(parquet, "quantities").select("paper_id", "kind", "value", "qualifier", "role")
        for paper, kind, value, qualifier, role in quantities.iter_rows():
            if kind != "model_size":
                self.values.add((paper, kind, value))
            elif qualifier == "active":
                self.active.add((paper, value))
            else:
                self.uses[paper, value] = max(
                    self.uses.get((paper, value), ""), role or "", key=["", *STRENGTH].index
                )
        self.sizes = set(self.uses)
        self.models: set[tuple[str, str]] = set(
            read(parquet, "model_mentions").select("paper_id", "model").iter_rows()
        )
        self.candidates: set[tuple[str, str]] = set(
            read(parquet, "candidates").select("paper_id", "candidate").iter_rows()
        )
        self.candidate_family: dict[str, str | None] = {}
        earliest = (
            read(parquet, "candidates")
            .join(papers.select("paper_id", "published_date"), on="paper_id")
            .sort("published_date", "paper_id", nulls_last=True)
        )
        for candidate, family in earliest.select("candidate", "family").iter_rows():
            self.candidate_family[candidate] = self.candidate_family.get(candidate) or family
        self.coded = set(read(parquet, "links").filter(pl.col("kind") == "code")["paper_id"])
        self.catalogue_month = {
            method: date(2000 + int(arxiv_id[:2]), int(arxiv_id[2:4]), 1)
            for method, arxiv_id in read(parquet, "methods").select("method", "arxiv_id").iter_rows()
            if arxiv_id and "." in arxiv_id
        }

    def _cells(self, paper: str) -> list[Key]:
        return [(self.month[paper], s) for s in self.scopes.get(paper, ()) if self.month[paper] is not None]

    def population_monthly(self) -> dict[Key, Key]:
        """Return (month, scope) -> (n_papers)."""
        return {k: (n,) for k, n in self.total.items()}

    def _series(self, named: Iterable[tuple[str, str, str]]) -> dict[Key, tuple[int, int]]:
        """Return (month, scope, name, role) -> (papers, total), with zeros, of (paper, name, role) triples."""
        counts: Counter[Key] = Counter()
        first: dict[Key, date] = {}
        for paper, name, role in named:
            for month, scope in self._cells(paper):
                assert isinstance(month, date)
                counts[month, scope, name, role] += 1
                counts[month, scope, name, "any"] += 1
                first[scope, name] = min(first.get((scope, name), month), month)
        return {
            (month, scope, name, role): (counts[month, scope, name, role], n)
            for (scope, name), first_month in first.items()
            for (month, other), n in self.total.items()
            if other == scope and isinstance(month, date) and month >= first_month
            for role in ROLES
        }

    def _corrected(self, k: int, n: int, role: object) -> Key:
        """Return the share with its bounds, corrected for precision and recall."""
        if (measured := self.accuracy.get("peft" if role == "any" else "peft_role")) is None:
            return (None, None, None)
        precision, recall, labels = measured
        found = recall * labels
        (p_low, p_high), (r_low, r_high) = wilson(found, found / precision), wilson(found, labels)
        low, high = wilson(k, n)
        return (
            min(1, k / n * precision / recall), min(1, low * p_low / r_high), min(1, high * p_high / r_low),
        )  # fmt: skip

    def method_monthly(self) -> dict[Key, Key]:
        """Return (month, scope, method, role) -> (family, counts, share with bounds, corrected share with bounds)."""
        series = self._series((paper, method, role) for (paper, method), role in self.roles.items())
        return {
            key: (self.family[str(key[2])], k, n, k / n, *wilson(k, n), *self._corrected(k, n, key[3]))
            for key, (k, n) in series.items()
        }

    def _families(self) -> dict[tuple[str, str], str]:
        families: dict[tuple[str, str], str] = {}
        for (paper, method), role in self.roles.items():
            for family in (self.family[method], "any"):
                families[paper, family] = max(families.get((paper, family), role), role, key=STRENGTH.index)
        return families

    def family_monthly(self) -> dict[Key, Key]:
        """Return (month, scope, family, role) -> (n_papers, n_total, share, share_low, share_high)."""
        series = self._series((paper, family, role) for (paper, family), role in self._families().items())
        return {key: (k, n, k / n, *wilson(k, n)) for key, (k, n) in series.items()}

    def model_monthly(self) -> dict[Key, Key]:
        """Return (month, scope, model) -> (n_papers, n_total, share, share_low, share_high)."""
        series = self._series((paper, model, "uses") for paper, model in self.models)
        return {key[:3]: (k, n, k / n, *wilson(k, n)) for key, (k, n) in series.items() if key[3] == "any"}

    def code_monthly(self) -> dict[Key, Key]:
        """Return (month, scope, about) -> (n_papers, n_total, share, share_low, share_high)."""
        peft = {
            paper
            for (paper, family), role in self._families().items()
            if family == "any" and role != "mentions"
        }
        totals: Counter[Key] = Counter()
        coded: Counter[Key] = Counter()
        for paper in self.scopes:
            for cell in self._cells(paper):
                for about in ["all", "peft"] if paper in peft else ["all"]:
                    totals[(*cell, about)] += 1
                    coded[(*cell, about)] += paper in self.coded
        return {key: (coded[key], n, coded[key] / n, *wilson(coded[key], n)) for key, n in totals.items()}

    def _votes(self, sizes: Iterable[tuple[str, float]]) -> dict[Key, list[tuple[str, float]]]:
        votes: dict[Key, list[tuple[str, float]]] = defaultdict(list)
        for paper, value in sizes:
            for cell in self._cells(paper):
                votes[cell].append((paper, value))
        return votes

    def _distribution(self, cell: Key, cast: list[tuple[str, float]]) -> Key:
        logs = [math.log(v) for _, v in cast]
        quantiles = [
            round(math.exp(quantile(logs, q))) if logs else None for q in (0.1, 0.25, 0.5, 0.75, 0.9)
        ]
        largest = max((v for _, v in cast), default=None)
        return (len({p for p, _ in cast}), self.total[cell], len(cast), *quantiles, largest)

    def model_size_monthly(self) -> dict[Key, Key]:
        """Return (month, scope) -> (n_papers, n_total, n_sizes, p10, p25, p50, p75, p90, max)."""
        votes = self._votes(self.sizes)
        return {cell: self._distribution(cell, votes.get(cell, [])) for cell in self.total}

    def model_size_by_use_monthly(self) -> dict[Key, Key]:
        """Return (month, scope, use) -> the same columns."""
        words = {"proposes": "introduced", "uses": "used", "mentions": "mentioned", "": "unknown"}
        by_use: dict[str, set[tuple[str, float]]] = defaultdict(set, {"active": self.active})
        for vote, role in self.uses.items():
            by_use[words[role]].add(vote)
        return {
            (*cell, use): self._distribution(cell, cast)
            for use, votes in by_use.items()
            for cell, cast in self._votes(votes).items()
        }

    def quantity_monthly(self) -> dict[Key, Key]:
        """Return (month, scope, kind) -> (n_papers, n_total, n_values, min, p25, p50, p75, max)."""
        rows: dict[Key, Key] = {}
        for kind in {k for _, k, _ in self.values}:
            for cell, cast in self._votes((p, v) for p, k, v in self.values if k == kind).items():
                quantiles = [quantile((v for _, v in cast), q) for q in (0, 0.25, 0.5, 0.75, 1)]
                rows[(*cell, kind)] = (len({p for p, _ in cast}), self.total[cell], len(cast), *quantiles)
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

    def method_by_size(self) -> dict[Key, Key]:
        """Return (quarter, scope, method, bin) -> (bin_order, n_papers, n_total, share, share_low, share_high)."""
        within: dict[Key, set[str]] = defaultdict(set)
        for (paper, method), role in self.roles.items():
            bins = {next(name for edge, name in BINS if v < edge) for p, v in self.sizes if p == paper}
            for month, scope in self._cells(paper) if role != "mentions" and bins else []:
                assert isinstance(month, date)
                for name in [*bins, None]:
                    within[quarter_of(month), scope, method, name].add(paper)
        rows: dict[Key, Key] = {}
        for (quarter, scope, method, name), papers in list(within.items()):
            if name is None:
                for i, (_, b) in enumerate(BINS, start=1):
                    k, n = len(within.get((quarter, scope, method, b), ())), len(papers)
                    rows[quarter, scope, method, b] = (i, k, n, k / n, *wilson(k, n))
        return rows

    def method_pairs(self) -> dict[Key, Key]:
        """Return (scope, method, other) -> (counts, share, share_low, share_high, lift)."""
        totals: Counter[object] = Counter()
        for (_, scope), n in self.total.items():
            totals[scope] += n
        named: dict[str, dict[str, str]] = defaultdict(dict)
        for (paper, method), role in self.roles.items():
            named[paper][method] = role
        singles: Counter[Key] = Counter()
        pairs: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0])
        for paper, roles in named.items():
            for _, scope in self._cells(paper):
                for a, role in roles.items():
                    singles[scope, a] += 1
                    for b, other in roles.items():
                        if a != b:
                            found = pairs[scope, a, b]
                            found[0] += 1
                            found[1] += "mentions" not in (role, other)
                            found[2] += (role, other) == ("proposes", "uses")
        rows: dict[Key, Key] = {}
        for (scope, a, b), (both, compared, proposes) in pairs.items():
            x, y, n = singles[scope, a], singles[scope, b], totals[scope]
            rows[scope, a, b] = (
                both,
                compared,
                proposes,
                x,
                y,
                n,
                both / x,
                *wilson(both, x),
                both * n / (x * y),
            )
        return rows

    def _used(self) -> dict[tuple[object, str], list[date]]:
        used: dict[tuple[object, str], list[date]] = defaultdict(list)
        for (paper, method), role in self.roles.items():
            for month, scope in self._cells(paper) if role == "uses" else []:
                assert isinstance(month, date)
                used[scope, method].append(month)
        return used

    def method_life(self) -> dict[Key, Key]:
        """Return (scope, method) -> (n_papers, months of proposal, first and tenth use, peak, half, half-life)."""
        proposals: dict[str, date] = {}
        for (paper, method), role in self.roles.items():
            if role == "proposes" and (month := self.month[paper]):
                proposals[method] = min(proposals.get(method, month), month)
        quarters: Counter[Key] = Counter()
        for (month, scope), n in self.total.items():
            assert isinstance(month, date)
            quarters[scope, quarter_of(month)] += n
        rows: dict[Key, Key] = {}
        for (scope, method), months in self._used().items():
            proposed = self.catalogue_month.get(method) or proposals.get(method)
            since = sorted(m for m in months if proposed and m >= proposed)
            tenth = since[9] if len(since) >= 10 else None
            peak = half = peak_share = None
            if len(months) >= 20:
                counts = Counter(quarter_of(m) for m in months)
                shares = {
                    q: counts[q] / n
                    for (s, q), n in quarters.items()
                    if s == scope and n >= 30 and isinstance(q, date) and q >= quarter_of(min(months))
                }
                if shares:
                    peak_share = max(shares.values())
                    peak = min(q for q, share in shares.items() if share == peak_share)
                    last_above = max(q for q, share in shares.items() if share > peak_share / 2)
                    half = min((q for q in shares if q > last_above), default=None)
            rows[scope, method] = (
                len(months), proposed, min(months), tenth, apart(proposed, tenth) if proposed and tenth else None,
                peak, peak_share, half, apart(peak, half) // 3 if peak and half else None,
            )  # fmt: skip
        return rows

    def emerging_methods(self) -> dict[Key, Key]:
        """Return (scope, kind, name) -> the other columns of trends.emerging_methods, in their order."""
        named = {(p, "method", m) for p, m in self.roles} | {(p, "candidate", c) for p, c in self.candidates}
        counts: dict[Key, Counter[date]] = defaultdict(Counter)
        for paper, kind, name in named:
            for month, scope in self._cells(paper):
                assert isinstance(month, date)
                counts[scope, kind, name][month] += 1
        rows: dict[Key, Key] = {}
        tested: dict[object, list[tuple[float, object, object]]] = defaultdict(list)
        for (scope, kind, name), months in counts.items():
            last = max(m for m, s in self.total if s == scope and isinstance(m, date))
            age = {m: apart(m, last) for m, s in self.total if s == scope and isinstance(m, date)}
            recent, before = [m for m in age if age[m] < 3], [m for m in age if 3 <= age[m] < 15]
            k1, k0 = sum(months[m] for m in recent), sum(months[m] for m in before)
            n1, n0 = (sum(self.total[m, scope] for m in part) for part in (recent, before))
            growth: Key = (None, None, None)
            if k1 + k0 >= 5:
                log = math.log((k1 + 0.5) / (n1 + 0.5) / ((k0 + 0.5) / (n0 + 0.5)))
                half = 1.959963984540054 * math.sqrt(
                    1 / (k1 + 0.5) - 1 / (n1 + 0.5) + 1 / (k0 + 0.5) - 1 / (n0 + 0.5)
                )
                growth = (math.exp(log), math.exp(log - half), math.exp(log + half))
            window = sorted(m for m in age if age[m] < 24 and self.total[m, scope] >= 30)
            test: Key = (None, None, None)
            if len(window) >= 8 and sum(months[m] for m in window) >= 5:
                test = kendall(window, [months[m] / self.total[m, scope] for m in window])
                assert isinstance(test[2], float)
                tested[scope].append((test[2], kind, name))
            family = self.family[str(name)] if kind == "method" else self.candidate_family[str(name)]
            rows[scope, kind, name] = (
                family, min(months), sum(months.values()), k1, n1, k0, n0, *growth, len(window), *test,
            )  # fmt: skip
        q_values: dict[Key, float] = {}
        for scope, found in tested.items():
            smallest = 1.0
            for rank, (p, kind, name) in reversed(list(enumerate(sorted(found), start=1))):  # type: ignore[type-var]
                smallest = min(smallest, p * len(found) / rank)
                q_values[scope, kind, name] = smallest
        return {key: (*row, q_values.get(key)) for key, row in rows.items()}


def quarter_of(month: date) -> date:
    """Return the first day of the quarter."""
    return date(month.year, (month.month - 1) // 3 * 3 + 1, 1)


def apart(earlier: date, later: date) -> int:
    """Return the months from one month to another."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def kendall(months: list[date], shares: list[float]) -> tuple[float, float, float]:
    """Return Kendall's tau-b of shares over time, Sen's slope a year, and the two-sided p-value with ties corrected."""
    n = len(months)
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    s = sum((shares[j] > shares[i]) - (shares[j] < shares[i]) for i, j in pairs)
    slopes = [(shares[j] - shares[i]) * 12 / apart(months[i], months[j]) for i, j in pairs]
    ties = Counter(shares).values()
    tau = s / math.sqrt(len(pairs) * (len(pairs) - sum(t * (t - 1) // 2 for t in ties)))
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    z = (abs(s) - 1) / math.sqrt(variance) if s else 0.0
    return tau, quantile(slopes, 0.5), math.erfc(z / math.sqrt(2))

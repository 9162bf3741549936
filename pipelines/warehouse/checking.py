"""Checks of a build: the headers' promises and the queries of `sql/checks/` that return bad rows. Publishes nothing."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.warehouse.contract import SqlTable
from pipelines.warehouse.errors import ReleaseRefusedError

SAMPLE_ROWS = 3
#: A value of a sample is cut here: a whole abstract helps nobody find the row.
SAMPLE_CHARS = 80


@dataclass(frozen=True)
class CheckResult:
    """One rule: its name, whether it held, how many rows broke it, and a few of those."""

    name: str
    is_ok: bool
    n_bad: int
    sample: tuple[dict[str, object], ...]


def one_line(error: object) -> str:
    """Return a message of DuckDB as one line, without the echo of the query."""
    return " ".join(str(error).split("\n\nLINE ")[0].split())[:400]


def shown(row: dict[str, object]) -> str:
    """Return a row as one line of JSON that no terminal can be steered with."""
    texts = {k: str(v) for k, v in row.items()}
    short = {k: v if len(v) <= SAMPLE_CHARS else v[:SAMPLE_CHARS] + "…" for k, v in texts.items()}
    return json.dumps(short, ensure_ascii=True)


def _sample(con: duckdb.DuckDBPyConnection, query: str) -> tuple[dict[str, object], ...]:
    found = con.execute(f"select * from ({query}) limit {SAMPLE_ROWS}")
    names = [d[0] for d in found.description or ()]
    return tuple(dict(zip(names, row, strict=True)) for row in found.fetchall())


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0


def refuse(file: str, results: Iterable[CheckResult]) -> None:
    """Raise ReleaseRefusedError for the first rule that does not hold, with a sample of its bad rows."""
    broken = [r for r in results if not r.is_ok]
    if broken:
        first = broken[0]
        rows = "; ".join(shown(r) for r in first.sample)
        more = f" (and {len(broken) - 1} more rules do not hold)" if len(broken) > 1 else ""
        raise ReleaseRefusedError(
            file, first.name.removeprefix(f"{file} "), f"{first.n_bad} bad rows, such as {rows}{more}"
        )


def check_columns(con: duckdb.DuckDBPyConnection, table: SqlTable) -> None:
    """Compare the declared columns with the real ones: names, order and types. Raises ReleaseRefusedError."""
    real = [(r[0], r[1]) for r in con.execute(f"describe {table.full_name}").fetchall()]
    declared = [(c.name, c.type) for c in table.columns]
    if real == declared:
        return
    wrong = [
        f"declared {d} {t}, built {dict(real)[d]}"
        for d, t in declared
        if d in dict(real) and dict(real)[d] != t
    ]
    missing = [f"{d} is declared and not built" for d, _ in declared if d not in dict(real)]
    extra = [f"{r} is built and not declared" for r, _ in real if r not in dict(declared)]
    what = "; ".join(wrong + missing + extra) or "the columns stand in another order"
    raise ReleaseRefusedError(table.file, "columns", what)


def check_rows(con: duckdb.DuckDBPyConnection, table: SqlTable) -> list[CheckResult]:
    """Return what became of the not-null, unique and assert lines of `table`; an assertion must be true, not null."""
    conditions = {f"not null {n}": f"{n} is null" for n in table.not_null}
    conditions |= {f"assert {a}": f"({a}) is not true" for a in table.assertions}
    results = []
    if conditions:
        counts = con.execute(
            "select "
            + ", ".join(f"count(*) filter (where {c})" for c in conditions.values())
            + f" from {table.full_name}"
        ).fetchone()
        for (rule, condition), n_bad in zip(conditions.items(), counts or (), strict=True):
            sample = _sample(con, f"select * from {table.full_name} where {condition}") if n_bad else ()
            results.append(CheckResult(f"{table.file} {rule}", n_bad == 0, n_bad, sample))
    for key in table.unique:
        columns = ", ".join(key)
        bad = f"select {columns}, count(*) as n_rows from {table.full_name} group by all having count(*) > 1"
        n_bad = _count(con, f"select count(*) from ({bad})")
        sample = _sample(con, bad) if n_bad else ()
        results.append(CheckResult(f"{table.file} unique {columns}", n_bad == 0, n_bad, sample))
    return results


def check_evidence(con: duckdb.DuckDBPyConnection, table: SqlTable) -> list[CheckResult]:
    """Return whether the header's evidence query gives, for every row of `table`, exactly the papers counted."""
    if table.evidence is None:
        return []
    keys = ", ".join(table.unique[0])
    bad = (
        f"with counted as (select {keys}, count(distinct paper_id) as n_evidence from ({table.evidence}) group by all) "
        f"select {keys}, n_papers, coalesce(n_evidence, 0) as n_evidence "
        f"from {table.full_name} full join counted using ({keys}) where n_papers is distinct from coalesce(n_evidence, 0)"
    )
    n_bad = _count(con, f"select count(*) from ({bad})")
    sample = _sample(con, bad) if n_bad else ()
    return [CheckResult(f"{table.file} evidence", n_bad == 0, n_bad, sample)]


def check_queries(con: duckdb.DuckDBPyConnection, sql_dir: Path) -> list[CheckResult]:
    """Return what the queries of `sql/checks/` found. Raises ReleaseRefusedError where one cannot run."""
    results = []
    for path in sorted((sql_dir / "checks").glob("*.sql")):
        file, query = f"sql/checks/{path.name}", path.read_text(encoding="utf-8").rstrip().rstrip(";")
        try:
            n_bad = _count(con, f"select count(*) from (\n{query}\n)")
            sample = _sample(con, f"\n{query}\n") if n_bad else ()
        except duckdb.Error as error:
            raise ReleaseRefusedError(file, "SQL", one_line(error)) from error
        results.append(CheckResult(f"{file} returns no row", n_bad == 0, n_bad, sample))
        refuse(file, results[-1:])
    return results

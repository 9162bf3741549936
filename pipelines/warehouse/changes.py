"""What differs between two releases, and why: new or gone papers, changed sources, changed rules.

The rules of attribution are the SQL of meta.paper_changes and meta.changes, run here over any two releases.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import duckdb

from pipelines.settings import SQL_DIR, DataDir
from pipelines.warehouse.checking import one_line
from pipelines.warehouse.contract import SqlTable, load_contracts
from pipelines.warehouse.errors import NoReleaseError
from pipelines.warehouse.output import visible
from pipelines.warehouse.publish import release_path
from pipelines.warehouse.relations import PREVIOUS_ROWS, quoted

CAUSES = ("new paper", "gone paper", "changed source", "changed rules")
#: Cells and papers that a printed difference lists; the tables hold all.
SHOWN_CELLS, SHOWN_PAPERS = 20, 10


@dataclass(frozen=True)
class PaperChange:
    """A paper that differs: why, and what of it (title, abstract, date, scopes, methods, sizes)."""

    paper_id: str
    cause: str
    changed: tuple[str, ...]


@dataclass(frozen=True)
class CellChange:
    """A cell of a trend whose papers differ: the columns of meta.changes. The four causes add up to the difference."""

    table_name: str
    month: date
    scope: str
    method: str | None
    role: str | None
    n_before: int
    n_after: int
    by_new_papers: int
    by_gone_papers: int
    by_changed_source: int
    by_changed_rules: int

    @property
    def text(self) -> str:
        """Return the change as one line."""
        what = " ".join(w for w in (f"{self.month:%Y-%m}", self.scope, self.method, self.role) if w)
        counts = zip(
            (self.by_new_papers, self.by_gone_papers, self.by_changed_source, self.by_changed_rules),
            CAUSES,
            strict=True,
        )
        why = ", ".join(f"{n:+,} {cause}" for n, cause in counts if n) or "other papers, as many"
        return f"{self.table_name} {what}: {self.n_before:,} -> {self.n_after:,} ({why})"


@dataclass(frozen=True)
class Side:
    """One of the two releases, by what decided its rows."""

    release_id: str
    rules_version: str
    code_version: str
    inputs_sha256: str


@dataclass(frozen=True)
class Diff:
    """What differs between two releases. `cells` are those whose papers are not the same, largest differences first."""

    before: Side
    after: Side
    papers: tuple[PaperChange, ...]
    cells: tuple[CellChange, ...]

    @property
    def causes(self) -> dict[str, int]:
        """Return how many papers each cause has."""
        counts = Counter(p.cause for p in self.papers)
        return {cause: counts[cause] for cause in CAUSES if counts[cause]}


def _side(con: duckdb.DuckDBPyConnection, catalog: str) -> Side:
    row = con.execute(
        f"select release_id, rules_version, code_version, inputs_sha256 from {catalog}.meta.releases "
        "order by release_id desc limit 1"
    ).fetchone()
    if row is None:
        raise NoReleaseError(
            f"{catalog}: meta.releases is empty; build the release again with `papertrends run`"
        )
    return Side(*row)


def _attach(
    con: duckdb.DuckDBPyConnection, data: DataDir, before: str, after: str, tables: list[SqlTable]
) -> None:
    """Put the two releases where the SQL of the change tables looks for them, and run it."""
    for catalog, release_id in (("a", before), ("b", after)):
        con.execute(f"attach {quoted(release_path(data, release_id))} as {catalog} (read_only)")
    con.execute(
        "set enable_external_access = false; create schema core; create schema meta; create schema previous"
    )
    for name in PREVIOUS_ROWS:
        con.execute(f"create view previous.{name} as from a.core.{name}")
        con.execute(f"create view core.{name} as from b.core.{name}")
    for table in tables:
        con.execute(f"create table {table.full_name} as\n{table.sql}")


def diff(
    data: DataDir,
    before: str,
    after: str,
    *,
    method: str | None = None,
    month: date | None = None,
    scope: str | None = None,
) -> Diff:
    """Return what differs from release `before` to release `after` and why, in the cells that the filters leave.

    Raises NoReleaseError for a release that is not kept or that cannot be compared.
    """
    contracts = load_contracts(SQL_DIR)
    tables = [contracts["meta.paper_changes"], contracts["meta.changes"]]
    with duckdb.connect(":memory:") as con:
        try:
            _attach(con, data, before, after, tables)
            found = con.execute(
                """
                from meta.changes
                where ($1 is null or lower(method) = lower($1)) and ($2 is null or month = $2::date)
                    and ($3 is null or scope = $3)
                order by abs(n_after - n_before) desc, table_name, scope, method, role, month
                """,
                [method, month, scope],
            )
            cells = tuple(CellChange(*row) for row in found.fetchall())
            papers = con.execute("from meta.paper_changes order by paper_id").fetchall()
            return Diff(
                _side(con, "a"),
                _side(con, "b"),
                tuple(PaperChange(p, c, tuple(w)) for p, c, w in papers),
                cells,
            )
        except duckdb.Error as error:
            raise NoReleaseError(
                f"releases {before} and {after} cannot be compared: {one_line(error)}; "
                "build both with the same version of the program"
            ) from error


def format_diff(found: Diff) -> str:
    """Return a difference as text for a person: what was changed, how many papers, which cells moved most."""
    lines = [f"{found.before.release_id} -> {found.after.release_id}"]
    for name, a, b in (
        ("rules", found.before.rules_version, found.after.rules_version),
        ("code", found.before.code_version, found.after.code_version),
    ):
        lines.append(f"{name}: {a}, unchanged" if a == b else f"{name}: {a} -> {b}")
    if found.before.inputs_sha256 == found.after.inputs_sha256:
        lines.append("the inputs are the same, so every number is")
    lines.append(
        "papers: " + (", ".join(f"{n:,} {cause}" for cause, n in found.causes.items()) or "no difference")
    )
    for paper in found.papers[:SHOWN_PAPERS]:
        what = f" ({', '.join(paper.changed)})" if paper.changed else ""
        lines.append(f"  {paper.paper_id}: {paper.cause}{what}")
    if len(found.papers) > SHOWN_PAPERS:
        lines.append(f"  and {len(found.papers) - SHOWN_PAPERS:,} more")
    lines.append(f"cells of trends that differ: {len(found.cells):,}")
    lines += [f"  {cell.text}" for cell in found.cells[:SHOWN_CELLS]]
    if len(found.cells) > SHOWN_CELLS:
        lines.append(f"  and {len(found.cells) - SHOWN_CELLS:,} more")
    return visible("\n".join(lines), keep="\n") + "\n"

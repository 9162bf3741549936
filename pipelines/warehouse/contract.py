"""Contracts: what the header of a `sql/<schema>/<table>.sql` file promises, and in which order files build.

A header is the run of comment lines that opens a file. Its first lines, up to the first keyword, describe the table:

    -- Papers that name a method, month by month.
    -- grain: month x method
    -- column month DATE: month of first publication
    -- column share DOUBLE in fraction: n_papers / n_total
    -- not null: month, share
    -- unique: month, method
    -- assert: share between 0 and 1
    -- accuracy: peft
    -- evidence: select month, method, paper_id from ...

A line that begins with two or more blanks after the dashes continues the one before. A column without a text has
that of the first relation read which has a column of this name. Nothing here opens a database.
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import sqlglot
from sqlglot import exp

from pipelines import schema
from pipelines.settings import SQL_DIR
from pipelines.warehouse.errors import ContractError

SCHEMAS = ("core", "trends", "meta")
#: Relations that are there before the first file runs; `input` and `previous` are described in `relations`.
INPUT_SCHEMAS = ("lake", "input", "previous")

_KEYWORD = re.compile(r"(grain|column|not null|unique|assert|accuracy|evidence)\b:?\s*(.*)", re.DOTALL)
_COLUMN = re.compile(r"(\w+) ([A-Z]\w*(?:\(.*\))?(?:\[\])*)(?: in ([^:]+))?:\s*(.*)", re.DOTALL)
_TYPE_NAMES = {"TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE", "TEXT": "VARCHAR", "INT": "INTEGER"}


@dataclass(frozen=True)
class ColumnContract:
    """One promised column: name, DuckDB type, meaning and unit (None where it has none)."""

    name: str
    type: str
    meaning: str
    unit: str | None = None

    @property
    def text(self) -> str:
        """Return the meaning with its unit, as it stands in comments."""
        return f"{self.meaning} [{self.unit}]" if self.unit else self.meaning


@dataclass(frozen=True)
class SqlTable:
    """One table of the warehouse: its `sql/` file and what the header promises.

    `accuracy` names the fields of meta.accuracy that its numbers rest on. `evidence` is a query that gives, for every
    row of a trends table, its key columns and one `paper_id` a row for each paper counted in it. `references` are the
    relations read: `lake.x`, `input.x`, `previous.x`, or `core.x`.
    """

    schema: str
    name: str
    path: Path
    sql: str
    description: str
    grain: str
    columns: tuple[ColumnContract, ...]
    not_null: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...]
    assertions: tuple[str, ...]
    accuracy: tuple[str, ...]
    evidence: str | None
    references: frozenset[str]

    @property
    def full_name(self) -> str:
        """Return `schema.table`."""
        return f"{self.schema}.{self.name}"

    @property
    def file(self) -> str:
        """Return the file as messages name it."""
        return f"sql/{self.schema}/{self.name}.sql"


def _header(sql: str) -> list[str]:
    """Return the header's entries, continuation lines joined."""
    entries: list[str] = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        text = line[2:].rstrip()
        if entries and text.startswith("  "):
            entries[-1] += " " + text.strip()
        elif text.strip():
            entries.append(text.strip())
    return entries


@cache  # parsing is most of the time that a small build takes
def references_of(sql: str, file: str) -> frozenset[str]:
    """Return the relations that one SELECT reads, without the names of its own CTEs. Raises ContractError."""
    try:
        trees = [t for t in sqlglot.parse(sql, dialect="duckdb") if t is not None]
    except sqlglot.errors.ParseError as error:
        raise ContractError(
            f"{file}: SQL cannot be parsed: {' '.join(str(error).split())[:300]}; mend the file"
        ) from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise ContractError(
            f"{file}: must hold one SELECT and nothing else; it holds {len(trees)} statements"
        )
    ctes = {cte.alias for cte in trees[0].find_all(exp.CTE)}
    found = set()
    for table in trees[0].find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier):
            continue  # a table function
        if table.db:
            found.add(f"{table.db}.{table.name}")
        elif table.name not in ctes:
            raise ContractError(
                f"{file}: reads {table.name!r} without a schema; write core.{table.name} or another"
            )
    return frozenset(found)


def _read(path: Path) -> SqlTable:
    file, sql = f"sql/{path.parent.name}/{path.name}", path.read_text(encoding="utf-8")
    description: list[str] = []
    values: dict[str, list[str]] = {}
    for entry in _header(sql):
        if match := _KEYWORD.match(entry):
            values.setdefault(match[1], []).append(match[2])
        elif values:
            raise ContractError(
                f"{file}: header line {entry[:60]!r} begins with no keyword; see pipelines/warehouse/contract.py"
            )
        else:
            description.append(entry)
    if not description or len(values.get("grain", ())) != 1 or not values.get("column"):
        raise ContractError(f"{file}: the header needs a description, one grain line and column lines")
    columns = []
    for entry in values["column"]:
        if not (match := _COLUMN.fullmatch(entry)):
            raise ContractError(f"{file}: column line {entry[:60]!r} is not `name TYPE [in unit]: meaning`")
        columns.append(
            ColumnContract(match[1], _TYPE_NAMES.get(match[2], match[2]), match[4].strip(), match[3])
        )
    names = [c.name for c in columns]
    keys = [tuple(n.strip() for n in entry.split(",")) for entry in values.get("unique", ())]
    not_null = [n.strip() for entry in values.get("not null", ()) for n in entry.split(",")]
    for name in [*not_null, *(n for key in keys for n in key)]:
        if name not in names:
            raise ContractError(
                f"{file}: the header promises something of {name!r}, which is no column of it"
            )
    if len(set(names)) != len(names):
        raise ContractError(f"{file}: a column is declared twice")
    evidence = values.get("evidence", [])
    return SqlTable(
        path.parent.name, path.stem, path, sql, " ".join(description), values["grain"][0], tuple(columns),
        tuple(not_null), tuple(keys), tuple(values.get("assert", ())),
        tuple(n.strip() for entry in values.get("accuracy", ()) for n in entry.split(",")),
        evidence[0] if evidence else None, references_of(sql, file),
    )  # fmt: skip


def _meaning(reference: str, column: str, known: dict[str, SqlTable]) -> str | None:
    """Return what relation `reference` says of its column, or None when it has no such column."""
    if reference.startswith("lake."):
        return next((c.meaning for c in schema.TABLES[reference[5:]].columns if c.name == column), None)
    return (
        next((c.meaning for c in known[reference].columns if c.name == column), None)
        if reference in known
        else None
    )


def _with_meanings(table: SqlTable, known: dict[str, SqlTable]) -> SqlTable:
    """Fill in the texts that the header leaves to the relations it reads."""
    columns = []
    for column in table.columns:
        if column.meaning:
            columns.append(column)
            continue
        found = {text for r in sorted(table.references) if (text := _meaning(r, column.name, known))}
        if len(found) != 1:
            cause = "the relations that it reads differ" if found else "no relation that it reads has one"
            raise ContractError(f"{table.file}: column {column.name} has no text, and {cause}; write one")
        columns.append(replace(column, meaning=found.pop()))
    return replace(table, columns=tuple(columns))


def load_contracts(sql_dir: Path = SQL_DIR) -> dict[str, SqlTable]:
    """Return every table of `sql_dir` by full name, each after those that it reads. Raises ContractError."""
    read = [_read(p) for name in SCHEMAS for p in sorted((sql_dir / name).glob("*.sql"))]
    if not read:
        raise ContractError(
            f"{sql_dir}: no table is described there; the folder holds sql/<schema>/<table>.sql"
        )
    whole: dict[str, SqlTable] = {}
    for table in order({t.full_name: t for t in read}):
        whole[table.full_name] = _with_meanings(table, whole)
    return whole


def order(contracts: dict[str, SqlTable]) -> list[SqlTable]:
    """Return the tables so that each comes after those it reads. Raises ContractError for a cycle or a stranger."""
    graph: dict[str, set[str]] = {}
    for name, table in sorted(contracts.items()):
        for reference in sorted(table.references):
            is_input = reference.partition(".")[0] in INPUT_SCHEMAS
            is_known = reference in contracts or is_input
            if reference.startswith("lake."):
                is_known = reference.removeprefix("lake.") in schema.TABLES
            if not is_known:
                raise ContractError(
                    f"{table.file}: reads {reference}, which no file makes; add it or mend the name"
                )
        graph[name] = {r for r in table.references if r in contracts}
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        files = " -> ".join(contracts[n].file for n in error.args[1])
        raise ContractError(f"{files}: these files read each other in a circle; break it") from error
    ordered: list[SqlTable] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += [contracts[n] for n in ready]
        sorter.done(*ready)
    return ordered

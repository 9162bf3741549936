"""The relations that `sql/` files read and do not make: `lake`, `input` and `previous`.

`lake.<table>` is a view over the published Parquet; `input.<table>` holds what a run hands over; `previous.<table>`
is what the release before says, empty when there is none. They are attached to the build and never saved in it.
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from pipelines import schema
from pipelines.lake.tables import LakeDamagedError, LakeTable
from pipelines.settings import DataDir
from pipelines.warehouse.checking import one_line

#: What a run hands over, with DuckDB types.
INPUT_TABLES: dict[str, dict[str, str]] = {
    "captures": {"capture_sha256": "VARCHAR", "source": "VARCHAR", "origin": "VARCHAR"},
    "accuracy": {
        "field": "VARCHAR", "precision": "DOUBLE", "recall": "DOUBLE", "f1": "DOUBLE", "n": "BIGINT",
        "measured_at": "DATE", "rules_version": "VARCHAR",
    },
    "release": {
        "release_id": "VARCHAR", "built_at": "TIMESTAMP WITH TIME ZONE", "rules_version": "VARCHAR",
        "code_version": "VARCHAR", "inputs_sha256": "VARCHAR",
    },
    "table_rows": {"table_name": "VARCHAR", "n_rows": "BIGINT"},
}  # fmt: skip
#: The relation that is filled after every other table is built; files that read it run last.
TABLE_ROWS = "input.table_rows"

#: What is read of the release before: table, then columns with their types, under the same schema and name.
PREVIOUS_RELEASES = {
    "releases": {
        "release_id": "VARCHAR", "built_at": "TIMESTAMP WITH TIME ZONE", "rules_version": "VARCHAR",
        "code_version": "VARCHAR", "inputs_sha256": "VARCHAR", "n_captures": "BIGINT",
        "table_rows": "MAP(VARCHAR, BIGINT)",
    },
}  # fmt: skip
PREVIOUS_ROWS = {
    "papers": {
        "paper_id": "VARCHAR", "title": "VARCHAR", "abstract": "VARCHAR", "published_date": "DATE",
        "published_precision": "VARCHAR",
    },
    "populations": {"paper_id": "VARCHAR", "scope": "VARCHAR", "month": "DATE"},
    "paper_methods": {"paper_id": "VARCHAR", "method": "VARCHAR", "role": "VARCHAR", "is_counted": "BOOLEAN"},
    "paper_sizes": {"paper_id": "VARCHAR", "value": "DOUBLE", "is_active": "BOOLEAN", "use": "VARCHAR"},
}  # fmt: skip
PREVIOUS_TABLES = PREVIOUS_RELEASES | PREVIOUS_ROWS


@dataclass(frozen=True)
class InputCapture:
    """A capture that the release rests on."""

    sha256: str
    source: str
    origin: str


@dataclass(frozen=True)
class AccuracyRow:
    """What `evaluate` measured of one field: precision, recall and f1 in 0..1; the labels hold `n` values."""

    field: str
    precision: float
    recall: float
    f1: float
    n: int
    measured_at: date
    rules_version: str


@dataclass(frozen=True)
class ReleaseInputs:
    """What the lake cannot say of itself. `built_at` (UTC) enters meta.releases and the release id only."""

    captures: tuple[InputCapture, ...]
    rules_version: str
    code_version: str
    accuracy: tuple[AccuracyRow, ...]
    built_at: datetime


def quoted(text: str | Path) -> str:
    """Return `text` as a SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


def _duckdb_type(arrow_type: object) -> str:
    return {
        "string": "VARCHAR", "int32": "INTEGER", "int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN",
        "date32[day]": "DATE", "timestamp[us, tz=UTC]": "TIMESTAMP WITH TIME ZONE",
    }.get(str(arrow_type)) or "VARCHAR[]"  # fmt: skip


def attach_lake(con: duckdb.DuckDBPyConnection, data: DataDir) -> None:
    """Attach `lake`: one view a table over exactly the files that its manifest names.

    Raises LakeDamagedError when a published file is missing, is not byte for byte what was published, or has other
    columns than this version of the program gives them.
    """
    con.execute("attach ':memory:' as lake")
    for name, table in schema.TABLES.items():
        lake_table = LakeTable(data.parquet, table)
        if damaged := lake_table.damaged():
            raise LakeDamagedError(
                f"{damaged[0]} is missing or changed; run `papertrends check` for what mends it"
            )
        columns = ", ".join(f'"{c.name}"' for c in table.columns)
        if files := lake_table.files():
            listed = ", ".join(quoted(f) for f in files)
            source = f"select {columns} from read_parquet([{listed}], hive_partitioning = false)"
        else:
            typed = ", ".join(f'null::{_duckdb_type(c.type)} as "{c.name}"' for c in table.columns)
            source = f"select {typed} where false"
        try:
            con.execute(f'create view lake."{name}" as {source}')
        except duckdb.BinderException as error:
            raise LakeDamagedError(
                f"{lake_table.folder}: {one_line(error)}; another version of the program wrote it, `papertrends run` makes it anew"
            ) from error


def _create(
    con: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str], rows: Sequence[Sequence[object]]
) -> None:
    con.execute(f"create table {name} ({', '.join(f'{c} {t}' for c, t in columns.items())})")
    if rows:
        con.executemany(
            f"insert into {name} values ({', '.join('?' * len(columns))})", [list(r) for r in rows]
        )


def attach_inputs(
    con: duckdb.DuckDBPyConnection, inputs: ReleaseInputs, release_id: str, inputs_sha256: str
) -> None:
    """Attach `input` with what the run hands over, in a fixed order."""
    con.execute("attach ':memory:' as input")
    rows: dict[str, list[Sequence[object]]] = {
        "captures": [*sorted((c.sha256, c.source, c.origin) for c in set(inputs.captures))],
        "accuracy": [
            (a.field, a.precision, a.recall, a.f1, a.n, a.measured_at, a.rules_version)
            for a in inputs.accuracy
        ],
        "release": [(release_id, inputs.built_at, inputs.rules_version, inputs.code_version, inputs_sha256)],
    }
    for name, columns in INPUT_TABLES.items():
        _create(con, f"input.{name}", columns, rows.get(name, []))


def link_previous(data: DataDir, place: Path) -> Path | None:
    """Give the last release a second name `place` and return it, or None when there is no release.

    DuckDB refuses to open a file twice in one process by the same name, and a reader in this process may have the
    last release open.
    """
    if not data.warehouse.exists():
        return None
    try:
        os.link(data.warehouse.resolve(), place)
    except OSError:
        shutil.copyfile(data.warehouse.resolve(), place)  # a file system without hard links
    return place


def attach_previous(con: duckdb.DuckDBPyConnection, file: Path | None) -> None:
    """Attach `previous`: views over the release in `file`, or empty tables where there is none.

    A release that lacks a column, because an older program made it, cannot be compared: it counts as none, except
    that its history is still read where that can be.
    """
    con.execute("attach ':memory:' as previous")
    has: dict[tuple[str, str], dict[str, str]] = {}
    if file is not None:
        con.execute(f"attach {quoted(file)} as previous_release (read_only)")
        rows = con.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() "
            "where database_name = 'previous_release'"
        ).fetchall()
        for part, table, column, data_type in rows:
            has.setdefault((part, table), {})[column] = data_type
    for part, tables in (("meta", PREVIOUS_RELEASES), ("core", PREVIOUS_ROWS)):
        is_whole = all(
            columns.items() <= has.get((part, name), {}).items() for name, columns in tables.items()
        )
        for name, columns in tables.items():
            if is_whole:
                listed = ", ".join(columns)
                con.execute(
                    f"create view previous.{name} as select {listed} from previous_release.{part}.{name}"
                )
            else:
                _create(con, f"previous.{name}", columns, [])

"""Builds a release: Parquet and `sql/` into a new DuckDB file, checked, then published by swapping a link."""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from pipelines import schema
from pipelines.lake.durable import DiskError, explain
from pipelines.lake.tables import LakeTable
from pipelines.settings import DUCKDB_MEMORY_LIMIT, SQL_DIR, DataDir
from pipelines.warehouse.checking import (
    CheckResult,
    check_columns,
    check_evidence,
    check_queries,
    check_rows,
    one_line,
    refuse,
)
from pipelines.warehouse.contract import SqlTable, load_contracts, order
from pipelines.warehouse.errors import ReleaseRefusedError
from pipelines.warehouse.publish import BUILDING, new_release_id, prune, publish, sweep
from pipelines.warehouse.relations import (
    TABLE_ROWS,
    AccuracyRow,
    InputCapture,
    ReleaseInputs,
    attach_inputs,
    attach_lake,
    attach_previous,
    link_previous,
    quoted,
)

__all__ = ["AccuracyRow", "CheckResult", "InputCapture", "Release", "ReleaseInputs", "build_release"]

#: The newest file format that the released command-line clients of DuckDB still open.
STORAGE_VERSION = "v1.5.0"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Release:
    """A published release: rows a table (by full name), the checks that it passed, and how long it took."""

    release_id: str
    path: Path
    rows: dict[str, int]
    checks: tuple[CheckResult, ...]
    seconds: float


def inputs_digest(data: DataDir, inputs: ReleaseInputs, sql_dir: Path = SQL_DIR) -> str:
    """Return the SHA-256 (hex) of all that decides a release's rows: lake, handed-over inputs, SQL; not the time."""
    digest = hashlib.sha256()
    for name, table in schema.TABLES.items():
        files = LakeTable(data.parquet, table).manifest().files
        digest.update(json.dumps([name, sorted((f, e.sha256) for f, e in files.items())]).encode())
    said = {k: v for k, v in asdict(inputs).items() if k != "built_at"}
    for row in said["accuracy"]:
        del row["measured_at"]  # a time as well: the same measurement made on another day
    digest.update(json.dumps(said, default=str, sort_keys=True).encode())
    for path in sorted(sql_dir.rglob("*.sql")):
        digest.update(path.relative_to(sql_dir).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _script(con: duckdb.DuckDBPyConnection, sql_dir: Path, name: str) -> None:
    path = sql_dir / name
    if path.is_file():
        try:
            con.execute(path.read_text(encoding="utf-8"))
        except duckdb.Error as error:
            raise ReleaseRefusedError(f"sql/{name}", "SQL", one_line(error)) from error


def comment_of(table: SqlTable) -> str:
    """Return what the comment of `table` says, without the accuracy."""
    return f"{table.description} One row a {table.grain}."


def _make_table(con: duckdb.DuckDBPyConnection, table: SqlTable) -> int:
    """Create one table with its comments and check its header's promises; return its rows."""
    con.execute(f"create schema if not exists {table.schema}")
    try:
        con.execute(f"create table {table.full_name} as\n{table.sql}")
    except duckdb.IOException:
        raise
    except duckdb.Error as error:
        raise ReleaseRefusedError(table.file, "SQL", one_line(error)) from error
    check_columns(con, table)
    con.execute(f"comment on table {table.full_name} is {quoted(comment_of(table))}")
    for column in table.columns:
        con.execute(f"comment on column {table.full_name}.{column.name} is {quoted(column.text)}")
    row = con.execute(f"select count(*) from {table.full_name}").fetchone()
    return int(row[0]) if row else 0


def _say_accuracy(con: duckdb.DuckDBPyConnection, tables: list[SqlTable], inputs: ReleaseInputs) -> None:
    """Write beside each table's numbers, in its comment, how well what they rest on is read."""
    measured = {a.field: a for a in inputs.accuracy}
    for table in tables:
        said = [
            f"{a.field} precision {a.precision:.2f}, recall {a.recall:.2f} ({a.n} labels)"
            for name in table.accuracy
            if (a := measured.get(name))
        ]
        if said:
            text = f"{comment_of(table)} Accuracy of the extractor on labelled papers: {'; '.join(said)}."
            con.execute(f"comment on table {table.full_name} is {quoted(text)}")


def _checked(con: duckdb.DuckDBPyConnection, table: SqlTable) -> list[CheckResult]:
    try:
        results = check_rows(con, table) + check_evidence(con, table)
    except duckdb.IOException:
        raise
    except duckdb.Error as error:
        raise ReleaseRefusedError(table.file, "header", one_line(error)) from error
    refuse(table.file, results)
    return results


def _open(file: Path, data: DataDir) -> duckdb.DuckDBPyConnection:
    """Open a new database that may read and write below the data folder's parquet/ and releases/ and nowhere else."""
    con = duckdb.connect(
        str(file),
        config={
            "storage_compatibility_version": STORAGE_VERSION,
            "memory_limit": DUCKDB_MEMORY_LIMIT,
            "temp_directory": f"{file}.spill",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    allowed = ", ".join(quoted(f"{p}/") for p in (data.parquet, data.releases))
    con.execute("set TimeZone = 'UTC'")
    con.execute(f"set allowed_directories = [{allowed}]")
    con.execute("set enable_external_access = false")
    return con


def _fill(
    con: duckdb.DuckDBPyConnection, sql_dir: Path, inputs: ReleaseInputs, progress: Progress
) -> tuple[dict[str, int], list[CheckResult]]:
    ordered = order(load_contracts(sql_dir))
    last = [t for t in ordered if TABLE_ROWS in t.references]
    rows: dict[str, int] = {}
    checks: list[CheckResult] = []

    def make(tables: list[SqlTable]) -> None:
        for table in tables:
            progress(table.full_name)
            rows[table.full_name] = _make_table(con, table)
            checks.extend(_checked(con, table))

    # one transaction: hundreds of comments would else be as many synced writes
    con.execute("begin")
    _script(con, sql_dir, "functions.sql")
    make([t for t in ordered if t not in last])
    con.execute("commit")  # DuckDB writes to one database a transaction, and the next statement is another's
    con.executemany(f"insert into {TABLE_ROWS} values (?, ?)", [list(r) for r in sorted(rows.items())])
    con.execute("begin")
    make(last)
    _say_accuracy(con, ordered, inputs)
    _script(con, sql_dir, "macros.sql")
    con.execute("commit")
    progress("checks")
    checks += check_queries(con, sql_dir)
    return rows, checks


def build_release(
    data: DataDir,
    *,
    sql_dir: Path = SQL_DIR,
    inputs: ReleaseInputs,
    progress: Progress | None = None,
) -> Release:
    """Build and publish a release of what the lake holds. `progress` hears the name of each table as it begins.

    The caller holds the run lock. Raises ReleaseRefusedError (a rule does not hold, or SQL fails), ContractError,
    LakeDamagedError or DiskError; then the last release is untouched and nothing is left of the build.
    """
    began = time.perf_counter()
    digest = inputs_digest(data, inputs, sql_dir)
    release_id = new_release_id(data, inputs.built_at, digest)
    sweep(data.releases)
    building = data.releases / f"{BUILDING}{release_id}.duckdb"
    previous = data.releases / f"{BUILDING}previous.duckdb"
    con: duckdb.DuckDBPyConnection | None = None
    try:
        con = _open(building, data)
        attach_lake(con, data)
        attach_inputs(con, inputs, release_id, digest)
        attach_previous(con, link_previous(data, previous))
        rows, checks = _fill(con, sql_dir, inputs, progress or (lambda _: None))
        con.execute("checkpoint")
        con.close()
        path = publish(data, building, release_id)
    except duckdb.IOException as error:
        raise DiskError(
            f"cannot build {building}: {one_line(error)}; the last release is untouched"
        ) from error
    except duckdb.OutOfMemoryException as error:
        raise DiskError(
            f"cannot build {building}: {one_line(error)}; free memory or disk and run again, the last release is untouched"
        ) from error
    except OSError as error:
        raise error if isinstance(error, DiskError) else explain(error, building) from error
    finally:
        if con is not None:
            con.close()
        sweep(data.releases)
    prune(data)
    return Release(release_id, path, rows, tuple(checks), time.perf_counter() - began)

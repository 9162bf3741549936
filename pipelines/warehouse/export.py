"""The trend tables as files for everyone: Parquet, CSV, and a Frictionless data package that describes them."""

import json
import shutil
from pathlib import Path

import duckdb

from pipelines.lake.durable import explain, write_bytes
from pipelines.settings import DataDir
from pipelines.warehouse.checking import one_line
from pipelines.warehouse.contract import SqlTable, load_contracts
from pipelines.warehouse.errors import WarehouseError
from pipelines.warehouse.publish import release_path
from pipelines.warehouse.relations import quoted

#: What is written beside the trends: without these a trend cannot be judged.
BESIDE_TRENDS = (
    "core.methods",
    "core.size_bins",
    "core.sources",
    "meta.coverage",
    "meta.accuracy",
    "meta.releases",
)
PACKAGE = "datapackage.json"
_FIELD_TYPES = {
    "VARCHAR": "string", "DATE": "date", "TIMESTAMP WITH TIME ZONE": "datetime", "BIGINT": "integer",
    "INTEGER": "integer", "DOUBLE": "number", "BOOLEAN": "boolean",
}  # fmt: skip


class ExportError(WarehouseError):
    """A folder that cannot be written, or holds something else."""


def _field(table: SqlTable, name: str, sql_type: str, meaning: str) -> dict[str, object]:
    kind = _FIELD_TYPES.get(sql_type, "array" if sql_type.endswith("[]") else "object")
    field: dict[str, object] = {"name": name, "type": kind, "description": meaning}
    if name in table.not_null:
        field["constraints"] = {"required": True}
    return field


def _resource(table: SqlTable, n_rows: int) -> dict[str, object]:
    name = f"{table.schema}.{table.name}"
    schema: dict[str, object] = {
        "fields": [_field(table, c.name, c.type, c.text) for c in table.columns],
        "missingValues": [""],
    }
    if table.unique and set(table.unique[0]) <= set(table.not_null):
        schema["primaryKey"] = list(table.unique[0])
    return {
        "name": name.replace(".", "-").replace("_", "-"),
        "title": name,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "description": f"{table.description} One row a {table.grain}. The same rows as Parquet: {name}.parquet.",
        "rows": n_rows,
        "schema": schema,
    }


def _cell(name: str, sql_type: str) -> str:
    """Return a column of a CSV file as the Frictionless types have it: nested values as JSON, INF, times with Z."""
    if sql_type.endswith("[]") or sql_type.startswith("MAP"):
        return f"to_json({name})::varchar as {name}"
    if sql_type == "DOUBLE":
        return f"case when isinf({name}) then 'INF' else {name}::varchar end as {name}"
    if sql_type.startswith("TIMESTAMP"):
        return f"strftime({name} at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as {name}"
    return name


def export(data: DataDir, folder: Path, release_id: str | None = None) -> list[Path]:
    """Write the trend tables of a release, with what they cannot be read without, into `folder`; return the files.

    The folder is made; one that exists must be empty or hold an earlier export, which is replaced. Raises
    NoReleaseError, ExportError and DiskError.
    """
    release = release_path(data, release_id)
    if folder.exists() and any(folder.iterdir()) and not (folder / PACKAGE).is_file():
        raise ExportError(f"{folder}: holds other files; name an empty folder or one that does not exist yet")
    contracts = load_contracts()
    tables = [t for t in contracts.values() if t.schema == "trends" or t.full_name in BESIDE_TRENDS]
    staging = folder.with_name(f".{folder.name}.exporting")
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        resources = _write_tables(release, tables, staging)
        package = {
            "profile": "tabular-data-package",
            "name": "papertrends",
            "title": "papertrends: how often PEFT methods are proposed, used and mentioned in papers, and model sizes",
            "version": release.stem,
            "resources": resources,
        }
        write_bytes(staging / PACKAGE, (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode())
        if folder.exists():
            shutil.rmtree(folder)
        staging.rename(folder)
    except OSError as error:
        raise explain(error, folder) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return sorted(folder.iterdir())


def _write_tables(release: Path, tables: list[SqlTable], folder: Path) -> list[dict[str, object]]:
    resources = []
    try:
        with duckdb.connect(str(release), read_only=True) as con:
            con.execute(
                f"set TimeZone = 'UTC'; set allowed_directories = [{quoted(f'{folder.absolute()}/')}]"
            )
            con.execute("set enable_external_access = false")
            for table in sorted(tables, key=lambda t: t.full_name):
                cells = ", ".join(_cell(c.name, c.type) for c in table.columns)
                columns = ", ".join(c.name for c in table.columns)
                place = folder.absolute() / table.full_name
                con.execute(
                    f"copy (select {columns} from {table.full_name}) to {quoted(f'{place}.parquet')} "
                    "(format parquet, compression zstd)"
                )
                con.execute(
                    f"copy (select {cells} from {table.full_name}) to {quoted(f'{place}.csv')} (format csv)"
                )
                row = con.execute(f"select count(*) from {table.full_name}").fetchone()
                resources.append(_resource(table, int(row[0]) if row else 0))
    except duckdb.Error as error:
        raise ExportError(
            f"{release}: {one_line(error)}; export a release that this version of the program built"
        ) from error
    return resources

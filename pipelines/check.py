"""Do captures, manifests, Parquet and the published release agree? Reads everything, changes nothing but with `mend`.

What is found is told with the command that mends it. Parquet and releases are made again from captures; captures
cannot be made again, so a damaged one is the only real loss.
"""

from dataclasses import dataclass

from pipelines import freshness, schema
from pipelines.lake.captures import CaptureStore
from pipelines.lake.tables import LakeTable
from pipelines.settings import DataDir


@dataclass(frozen=True)
class Findings:
    """Lines for a person, and whether anything is damaged."""

    lines: tuple[str, ...]
    is_damaged: bool


def _release_findings(data: DataDir) -> list[str]:
    """Return what is wrong with the published release."""
    from pipelines.warehouse.query import connect

    if not data.warehouse.is_symlink() and not data.warehouse.exists():
        return [f"{data.warehouse}: there is no release yet; `papertrends run` makes one"]
    try:
        with connect(data) as connection:
            counted = {
                name: connection.sql(f"select count(*) from core.{name}").fetchall()[0][0]  # noqa: S608 - constant names
                for name in ("papers", "appearances", "method_mentions", "quantities")
            }
            # reading every column of every row verifies DuckDB's own block checksums
            for (table,) in connection.sql(
                "select schema_name || '.' || table_name from duckdb_tables() where not internal"
            ).fetchall():
                connection.sql(f"select hash(columns(*)) from {table}").to_arrow_table()  # noqa: S608 - DuckDB's own names
    except Exception as error:
        return [
            f"{data.warehouse}: {' '.join(str(error).split())}; `papertrends check --mend`, then `papertrends run`"
        ]
    return [
        f"core.{name} has {n:,} rows, its Parquet {rows:,}; `papertrends run` builds a release that agrees"
        for name, n in counted.items()
        if n != (rows := LakeTable(data.parquet, schema.TABLES[name]).manifest().rows)
    ]


def findings(data: DataDir, mend: bool = False) -> Findings:
    """Return what does not agree. With `mend`, damaged Parquet and a damaged release are forgotten, to be made anew."""
    lines = [
        f"capture {sha256[:12]}: stored bytes are missing or changed; put its file into the inbox again"
        for sha256 in CaptureStore(data.raw).damaged()
    ]
    for table in schema.TABLES.values():
        lake_table = LakeTable(data.parquet, table)
        if damaged := lake_table.damaged():
            lines += [
                f"{path.relative_to(data.root)}: missing or not what was published; "
                + ("forgotten, " if mend else "`papertrends check --mend`, then ")
                + "`papertrends run` makes it anew"
                for path in damaged
            ]
            if mend:
                lake_table.forget(damaged)
    releases = _release_findings(data)
    if mend and releases and data.warehouse.is_symlink():
        data.warehouse.unlink()
    lines += releases
    if mend and lines:
        freshness.forget(data)
    return Findings(tuple(lines) or ("all agree: captures, manifests, Parquet, release",), bool(lines))

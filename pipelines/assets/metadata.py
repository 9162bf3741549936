"""What a person sees of an asset in the Dagster UI: kinds, descriptions, column schemas, row counts, samples."""

from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg
import pyarrow as pa

from pipelines import schema
from pipelines.lake.tables import LakeTable
from pipelines.settings import DataDir

SAMPLE_ROWS = 5
SAMPLE_CHARS = 80


def column_schema(columns: Iterable[tuple[str, str, str, bool]]) -> dg.TableSchema:
    """Return the UI's column schema for (name, type, meaning, is_nullable) rows."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name, type_, description=meaning, constraints=dg.TableColumnConstraints(nullable=is_nullable)
            )
            for name, type_, meaning, is_nullable in columns
        ]
    )


def sample_markdown(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as a Markdown table; scraped text is cut, and kept from being read as Markdown or HTML."""

    def cell(value: object) -> str:
        text = "" if value is None else str(value)
        if len(text) > SAMPLE_CHARS:
            text = text[: SAMPLE_CHARS - 1] + "…"
        for char, entity in (
            ("&", "&amp;"),
            ("<", "&lt;"),
            (">", "&gt;"),
            ("|", "&#124;"),
            ("`", "&#96;"),
            ("\n", " "),
        ):
            text = text.replace(char, entity)
        return text

    rows = list(rows)
    if not rows:
        return "(no rows)"
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    lines += ["| " + " | ".join(cell(row[n]) for n in names) + " |" for row in rows]
    return "\n".join(lines)


def lake_spec(table: schema.Table, group: str, deps: Iterable[dg.AssetKey]) -> dg.AssetSpec:
    """Return the asset of a lake table: its texts are the schema's own."""
    place = f"data/parquet/{table.name}/" + (f"{table.partition}=…/" if table.partition else "")
    return dg.AssetSpec(
        ["lake", table.name],
        deps=list(deps),
        group_name=group,
        kinds={"parquet", "polars"} if table in schema.EXTRACTED else {"parquet"},
        description=f"{table.meaning}\n\nOne row a {table.grain}; Parquet in `{place}`.",
        metadata={
            "dagster/column_schema": column_schema(
                (c.name, str(c.type), c.meaning, c.is_nullable) for c in table.columns
            )
        },
    )


def lake_metadata(data: DataDir, table: schema.Table) -> dict[str, Any]:
    """Return what a materialization of a lake table shows: rows, files, bytes, and a sample of its newest rows."""
    lake_table = LakeTable(data.parquet, table)
    manifest = lake_table.manifest()
    filled = [name for name, entry in sorted(manifest.files.items()) if entry.rows]
    sample: list[dict[str, Any]] = []
    if filled:
        # `unknown` sorts last and is the least telling partition
        name = next((n for n in reversed(filled) if schema.UNKNOWN_MONTH not in n), filled[-1])
        rows = pa.parquet.ParquetFile(lake_table.folder / name)
        sample = next(rows.iter_batches(SAMPLE_ROWS)).to_pylist()
    return {
        "dagster/row_count": manifest.rows,
        "files": len(manifest.files),
        "size_bytes": sum(entry.n_bytes for entry in manifest.files.values()),
        "folder": dg.MetadataValue.path(lake_table.folder),
        "sample": dg.MetadataValue.md(sample_markdown(sample)),
    }

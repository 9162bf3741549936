"""An export is readable by anyone: plain files, and a description that is true of them."""

import csv
import json
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from pipelines.warehouse.build import Release
from pipelines.warehouse.contract import load_contracts
from pipelines.warehouse.export import ExportError, export
from pipelines.warehouse.query import connect
from tests.warehouse.small_lake import SmallLake

READ = {
    "string": str, "integer": int, "number": float, "date": date.fromisoformat, "datetime": str,
    "boolean": lambda t: {"true": True, "false": False}[t], "array": json.loads, "object": json.loads,
}  # fmt: skip


def test_every_file_is_what_the_package_says(built: tuple[SmallLake, Release], tmp_path: Path) -> None:
    """Every trend table is there, and each CSV has the columns, types, required values, key and rows described."""
    files = export(built[0].data, tmp_path / "out")
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8"))
    assert package["version"] == built[1].release_id
    trends = {t.full_name for t in load_contracts().values() if t.schema == "trends"}
    assert trends <= {r["title"] for r in package["resources"]}
    assert len(files) == 2 * len(package["resources"]) + 1
    for resource in package["resources"]:
        with (tmp_path / "out" / resource["path"]).open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        fields = resource["schema"]["fields"]
        assert header == [f["name"] for f in fields]
        assert (
            len(rows)
            == resource["rows"]
            == pq.read_metadata(tmp_path / "out" / f"{resource['title']}.parquet").num_rows
        )
        for row in rows:
            for text, field in zip(row, fields, strict=True):
                assert text or not field.get("constraints", {}).get("required"), (
                    resource["title"],
                    field,
                    row,
                )
                if text:
                    READ[field["type"]](text)
        if key := resource["schema"].get("primaryKey"):
            places = [header.index(k) for k in key]
            assert len({tuple(r[p] for p in places) for r in rows}) == len(rows)


def test_parquet_and_csv_hold_the_numbers_of_the_release(
    built: tuple[SmallLake, Release], tmp_path: Path
) -> None:
    """The exported shares are the release's, to the last digit, in both formats."""
    export(built[0].data, tmp_path / "out")
    with connect(built[0].data) as con:
        shares = [s for (s,) in con.execute("select share_low from trends.method_monthly").fetchall()]
    name = tmp_path / "out" / "trends.method_monthly"
    assert pl.read_parquet(f"{name}.parquet")["share_low"].to_list() == shares
    assert pl.read_csv(f"{name}.csv")["share_low"].to_list() == shares


def test_an_export_is_replaced_and_other_files_are_not(
    built: tuple[SmallLake, Release], tmp_path: Path
) -> None:
    """An earlier export is replaced whole; a folder with anything else in it is left alone."""
    export(built[0].data, tmp_path / "out")
    (tmp_path / "out" / "trends.old.csv").write_text("n\n", encoding="utf-8")
    assert tmp_path / "out" / "trends.old.csv" not in export(built[0].data, tmp_path / "out")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ExportError, match="holds other files"):
        export(built[0].data, tmp_path / "mine")
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["thesis.txt"]

"""The written reference says what the tables are."""

from pipelines import schema
from pipelines.settings import SQL_DIR
from pipelines.warehouse.build import Release
from pipelines.warehouse.contract import load_contracts
from pipelines.warehouse.docs import TABLES_FILE, macros, tables_markdown
from pipelines.warehouse.query import connect
from tests.warehouse.small_lake import SmallLake


def test_the_reference_is_current() -> None:
    """docs/tables.md is what the headers make; when it is not, `python -m pipelines.warehouse.docs` mends it."""
    assert TABLES_FILE.read_text(encoding="utf-8") == tables_markdown(SQL_DIR)


def test_every_table_and_column_is_in_the_reference() -> None:
    """No table of the warehouse or of the lake is left out, and no column of it."""
    text = tables_markdown()
    for table in load_contracts().values():
        assert f"### {table.full_name}\n" in text
        assert all(f"| `{c.name}` |" in text for c in table.columns)
    assert all(f"### {name} (Parquet)\n" in text for name in schema.TABLES)


def test_the_reference_lists_the_macros_of_a_release(built: tuple[SmallLake, Release]) -> None:
    """Every macro in a release is in the reference with a text, and the other way round."""
    with connect(built[0].data) as con:
        found = con.execute(
            "select distinct function_name from duckdb_functions() where not internal"
        ).fetchall()
    listed = macros()
    assert {signature.partition("(")[0] for signature, _ in listed} == {name for (name,) in found}
    assert all(text for _, text in listed)

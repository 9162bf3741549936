"""What a header promises and where the files stand in line."""

from pathlib import Path

import pytest

from pipelines.warehouse.contract import load_contracts, order
from pipelines.warehouse.errors import ContractError
from pipelines.warehouse.lineage import column_lineage

METHODS = """-- Methods.
-- grain: method
-- column method VARCHAR:
-- column n BIGINT in papers: how many,
--   counted twice
-- not null: method
-- unique: method
-- assert: n > 0
select method, count(*) as n from lake.method_mentions group by method
"""


def write(folder: Path, **files: str) -> Path:
    """Write `files` (core__name=text) as sql/<schema>/<name>.sql."""
    for name, text in files.items():
        path = folder.joinpath(*name.split("__")).with_suffix(".sql")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def reading(*relations: str) -> str:
    """Return a file that reads `relations`."""
    joined = " cross join ".join(relations)
    return f"-- A table.\n-- grain: row\n-- column n BIGINT: rows\nselect count(*) as n from {joined}\n"


def test_a_header_is_read_whole(tmp_path: Path) -> None:
    """Every line of a header arrives, and a column without a text has the lake's."""
    table = load_contracts(write(tmp_path, core__methods=METHODS))["core.methods"]
    assert (table.description, table.grain, table.assertions) == ("Methods.", "method", ("n > 0",))
    assert (table.not_null, table.unique) == (("method",), (("method",),))
    assert [c.meaning for c in table.columns] == ["canonical name", "how many, counted twice"]
    assert [(c.type, c.unit) for c in table.columns] == [("VARCHAR", None), ("BIGINT", "papers")]
    assert table.references == {"lake.method_mentions"}


def test_files_stand_in_the_order_of_what_they_read(tmp_path: Path) -> None:
    """A file comes after those it reads, whatever their names; the names of its CTEs are no references."""
    cte = reading("b").replace("select", "with b as (select * from core.b)\nselect")
    folder = write(tmp_path, core__a=cte, core__b=reading("meta.c"), meta__c=reading("lake.papers"))
    assert [t.full_name for t in order(load_contracts(folder))] == ["meta.c", "core.b", "core.a"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"core__a": reading("core.b"), "core__b": reading("core.a")}, "in a circle"),
        ({"core__a": reading("core.missing")}, "sql/core/a.sql: reads core.missing"),
        ({"core__a": reading("lake.no_such")}, "sql/core/a.sql: reads lake.no_such"),
        ({"core__a": reading("papers")}, "without a schema"),
        ({"core__a": reading("core.b").replace("count(*)", "count(* from")}, "sql/core/a.sql: SQL cannot be parsed"),
        ({"core__a": reading("lake.papers") + "; drop table x"}, "one SELECT and nothing else"),
        ({"core__a": reading("core.b").replace("select", "create table x as select")}, "one SELECT and nothing else"),
        ({"core__a": "-- Nothing.\nselect 1 as n"}, "one grain line and column lines"),
        ({"core__a": METHODS.replace("-- unique: method", "-- unique: family")}, "'family', which is no column"),
        ({"core__a": METHODS.replace("n BIGINT in papers:", "n:")}, "is not `name TYPE"),
        ({"core__a": METHODS.replace("-- grain", "-- grane")}, "the header needs"),
        ({"core__a": METHODS.replace("-- assert", "-- asert")}, "begins with no keyword"),
        ({"core__a": METHODS.replace(" in papers: how many,\n--   counted twice", ":")}, "column n has no text"),
        ({}, "no table is described"),
    ],
)  # fmt: skip
def test_a_bad_file_is_named(tmp_path: Path, files: dict[str, str], said: str) -> None:
    """A file that cannot be used is an error of one line that names it and the cause."""
    with pytest.raises(ContractError) as caught:
        order(load_contracts(write(tmp_path, **files)))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_lineage_follows_ctes_and_joins(tmp_path: Path) -> None:
    """A column's lineage is the columns it is computed from, through CTEs and joins."""
    sql = """-- A table.
-- grain: paper
-- column paper_id VARCHAR:
-- column words VARCHAR: both texts
with named as (select paper_id, surface from lake.method_mentions)
select p.paper_id, p.title || n.surface as words from lake.papers as p join named as n using (paper_id)
"""
    found = column_lineage(load_contracts(write(tmp_path, core__a=sql)), "core.a")
    assert found["words"] == [("lake.method_mentions", "surface"), ("lake.papers", "title")]
    assert ("lake.papers", "paper_id") in found["paper_id"]


def test_every_file_of_the_project_has_lineage() -> None:
    """The lineage of every column of every table can be followed, and every table reads something it names."""
    contracts = load_contracts()
    for name, table in contracts.items():
        found = column_lineage(contracts, name)
        assert set(found) == {c.name for c in table.columns}
        assert {relation for pairs in found.values() for relation, _ in pairs} <= table.references


def test_every_trends_table_leads_to_its_evidence() -> None:
    """Every trends table that counts papers says in its header which query gives the papers counted."""
    missing = [
        t.file
        for t in load_contracts().values()
        if t.schema == "trends" and "n_papers" in {c.name for c in t.columns} and t.evidence is None
    ]
    assert missing == []

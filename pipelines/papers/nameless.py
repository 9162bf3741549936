"""Papers that came without an arXiv id: which they are, and what stored look-ups say of them.

Which records are one paper is decided in `identity`, what an answer proves in `resolution`; here the two meet the
lake. Nothing is asked of any network.
"""

from pathlib import Path

import duckdb

from pipelines import schema
from pipelines.lake.captures import CaptureStore
from pipelines.lake.tables import LakeTable, Publication
from pipelines.papers.identity import Nameless, paper_ids
from pipelines.papers.resolution import Unresolved, resolutions_table, resolve

_NAMELESS = (
    "select distinct title_key, abstract, authors from records where arxiv_id is null and not is_deleted"
)
_TITLES = (
    "select title_key, min(title) from records where arxiv_id is null and not is_deleted group by title_key"
)


def view_records(con: duckdb.DuckDBPyConnection, parquet: Path) -> bool:
    """Make the view `records` over the published, filled files; say whether there is any."""
    table = LakeTable(parquet, schema.RECORDS)
    entries = [entry for _, entry in sorted(table.manifest().files.items())]
    files = [file for file, entry in zip(table.files(), entries, strict=True) if entry.rows]
    listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    if files:
        con.execute(
            f"create view records as from read_parquet([{listed}], hive_partitioning = true, "
            "hive_types = {'capture': varchar})"
        )
    return bool(files)


def nameless_ids(con: duckdb.DuckDBPyConnection) -> dict[Nameless, str]:
    """Return the paper id of everything that the view `records` says of papers without an arXiv id."""
    said = con.execute(_NAMELESS).fetchall()
    return paper_ids(Nameless(key, abstract, tuple(authors)) for key, abstract, authors in said)


def unresolved(parquet: Path) -> list[Unresolved]:
    """Return the papers without an arXiv id, by paper id, each with the fullest text that any record has."""
    with duckdb.connect() as con:
        if not view_records(con, parquet):
            return []
        titles = dict(con.execute(_TITLES).fetchall())
        fullest: dict[str, Nameless] = {}
        for said, paper_id in nameless_ids(con).items():
            held = fullest.get(paper_id)
            if held is None or _fullness(said) > _fullness(held):
                fullest[paper_id] = said
    return [
        Unresolved(paper_id, titles[said.title_key], said.abstract, said.authors)
        for paper_id, said in sorted(fullest.items())
    ]


def _fullness(said: Nameless) -> tuple[int, str, tuple[str, ...]]:
    return len(said.abstract or ""), said.abstract or "", said.authors


def publish_resolutions(parquet: Path, store: CaptureStore) -> int:
    """Publish what stored answers say of papers without an id as `resolutions`; return how many matched."""
    rows = resolutions_table(resolve(unresolved(parquet), store))
    publication = Publication(LakeTable(parquet, schema.RESOLUTIONS), rules="1", inputs="look_up")
    publication.write(None, rows)
    publication.commit()
    return sum(state == "matched" for state in rows.column("state").to_pylist())

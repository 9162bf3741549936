"""Records of all captures into the lake tables `papers` and `appearances`: one row a work, whatever named it.

DuckDB does the grouping, so memory stays bounded for millions of records. What a field's winner is, is stated in
`precedence`; which records without an id are one paper, in `identity`.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines import schema
from pipelines.lake.tables import LakeTable, Publication
from pipelines.papers.nameless import nameless_ids, view_records
from pipelines.papers.precedence import SOURCE_PRECEDENCE, precedence_of
from pipelines.settings import DUCKDB_MEMORY_LIMIT

#: Raise it when a change below gives other rows for the same records.
MERGE_VERSION = "3"
ROWS_PER_BATCH = 10_000

_KEYED = """
create temp table keyed as
select r.capture, r.rank, coalesce('arxiv:' || coalesce(r.arxiv_id, m.arxiv_id), n.paper_id) as paper_id,
       coalesce(r.arxiv_id, m.arxiv_id) as arxiv_id, r.source,
       p.precedence, r.capture_sha256, r.captured_at, coalesce(r.arxiv_version, 0) as arxiv_version,
       r.abstract is not null as has_abstract, len(r.authors) > 0 as has_authors,
       len(r.categories) > 0 as has_categories, r.url, r.is_deleted,
       coalesce(r.published_date, m.published_date) as published_date,
       case when r.published_date is null then m.published_precision else r.published_precision end as published_precision,
       m.authors as found_authors, m.categories as found_categories,
       -- every choice below ends in this, so that no tie is left to chance
       {a: r.captured_at, b: r.capture_sha256, c: -r.rank, d: r.capture} as latest
from records r
left join nameless n
  on r.arxiv_id is null and n.title_key = r.title_key and n.abstract is not distinct from r.abstract
 and n.authors = r.authors
-- a doubtful look-up is recorded and merges nothing
left join resolutions m on m.paper_id = n.paper_id and m.state = 'matched'
join precedence p on p.source = r.source
"""

_CHOSEN = """
create temp table chosen as
select *, coalesce(case when published.precision in ('day', 'month') then strftime(published.day, '%Y-%m') end,
                   'unknown') as published_month
from (
select paper_id, any_value(arxiv_id) as arxiv_id,
       arg_max({capture: capture, rank: rank},
               {a: has_abstract, p: precedence, v: arxiv_version, l: latest}) filter (where not is_deleted) as text_of,
       arg_max({capture: capture, rank: rank}, {p: precedence, l: latest}) filter (where has_authors) as authors_of,
       arg_max({capture: capture, rank: rank}, {p: precedence, l: latest}) filter (where has_categories) as categories_of,
       -- the finest precision wins, then the source; a source's own earliest date is its first version's
       arg_max({day: published_date, precision: published_precision},
               {f: case published_precision when 'day' then 3 when 'month' then 2 else 1 end, p: precedence,
                d: -epoch_us(published_date::timestamp), l: latest}) filter (where published_date is not null) as published,
       arg_max(url, {p: precedence, l: latest}) filter (where url is not null) as url,
       any_value(found_authors) as found_authors, any_value(found_categories) as found_categories,
       min(captured_at) as first_seen_at, max(captured_at) as last_seen_at,
       coalesce(arg_max(is_deleted, {p: precedence, l: latest}), false) as is_deleted
from keyed
group by paper_id
having text_of is not null
)
"""

_PAPERS = """
select c.published_month,
       c.paper_id, c.arxiv_id, t.title, t.abstract, t.title_raw, t.abstract_raw, t.source as text_source,
       c.published.day as published_date, c.published.precision as published_precision,
       coalesce(g.categories, c.found_categories, []) as categories,
       coalesce(a.authors, c.found_authors, []) as authors,
       coalesce('https://arxiv.org/abs/' || c.arxiv_id, c.url) as url,
       c.first_seen_at, c.last_seen_at, c.is_deleted
from chosen c
join records t on t.capture = c.text_of.capture and t.rank = c.text_of.rank
left join records a on a.capture = c.authors_of.capture and a.rank = c.authors_of.rank
left join records g on g.capture = c.categories_of.capture and g.rank = c.categories_of.rank
order by c.published_month, c.paper_id
"""

_APPEARANCES = """
select c.published_month,
       k.paper_id, r.source, r.query, r.listing_date, r.rank, r.upvotes, r.captured_at, r.capture_sha256,
       k.capture as capture_id
-- a listing that names a paper twice (it moved while the pages were read) is one appearance, at its best place
from (select paper_id, capture, min(rank) as rank from keyed group by all) k
join chosen c using (paper_id)
join records r on r.capture = k.capture and r.rank = k.rank
order by c.published_month, k.paper_id, r.captured_at, k.capture
"""


@dataclass(frozen=True)
class MergeReport:
    """What the merge did: whether there was anything to do, and the rows it published."""

    was_unchanged: bool
    n_papers: int
    n_appearances: int


def _connect(temporary: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"memory_limit": DUCKDB_MEMORY_LIMIT, "temp_directory": str(temporary)})
    con.execute("set timezone = 'UTC'")
    return con


def _prepare(con: duckdb.DuckDBPyConnection, resolutions: pa.Table) -> None:
    """Make the relations that the queries above read, besides `records`."""
    con.execute("create temp table precedence (source varchar, precedence integer)")
    sources = {s for (s,) in con.execute("select distinct source from records").fetchall()}
    ranks = [[s, precedence_of(s)] for s in sorted(sources | set(SOURCE_PRECEDENCE))]
    con.executemany("insert into precedence values (?, ?)", ranks)
    ids = nameless_ids(con)
    rows = pa.table(
        {
            "title_key": pa.array([r.title_key for r in ids], pa.string()),
            "abstract": pa.array([r.abstract for r in ids], pa.string()),
            "authors": pa.array([list(r.authors) for r in ids], schema.STRINGS),
            "paper_id": pa.array(list(ids.values()), pa.string()),
        }
    )
    con.register("nameless", rows)
    con.register("resolutions", resolutions)
    con.execute(_KEYED)
    con.execute(_CHOSEN)


def _by_month(
    con: duckdb.DuckDBPyConnection, query: str, table: schema.Table
) -> Iterator[tuple[str, Iterator[pa.RecordBatch]]]:
    """Yield (month, its batches) of a query that is ordered by published_month."""

    def slices() -> Iterator[tuple[str, pa.RecordBatch]]:
        for batch in con.sql(query).to_arrow_reader(ROWS_PER_BATCH):
            months = batch.column(schema.PUBLISHED_MONTH).to_pylist()
            start = 0
            for month, run in groupby(months):
                length = sum(1 for _ in run)
                rows = pa.Table.from_batches([batch.slice(start, length)]).drop_columns(
                    [schema.PUBLISHED_MONTH]
                )
                yield from ((month, b) for b in rows.cast(table.arrow).to_batches())
                start += length

    for month, group in groupby(slices(), key=lambda pair: pair[0]):
        yield month, (batch for _, batch in group)


def merge(
    parquet: Path,
    temporary: Path,
    on_progress: Callable[[str], None] | None = None,
    is_replay: bool = False,
) -> MergeReport:
    """Publish `papers` and `appearances` from `records` and `resolutions`, unless they are made from just those.

    With `is_replay` they are made again in any case.

    `parquet` is the folder of lake tables, `temporary` where DuckDB may spill. Raises LakeDamagedError when a
    records file is not the one that was published.
    """
    records, papers, appearances = (
        LakeTable(parquet, t) for t in (schema.RECORDS, schema.PAPERS, schema.APPEARANCES)
    )
    manifest, looked_up = records.manifest(), LakeTable(parquet, schema.RESOLUTIONS)
    entries = [*sorted(manifest.files.items()), *sorted(looked_up.manifest().files.items())]
    inputs = hashlib.sha256(
        "\n".join(f"{name} {entry.sha256}" for name, entry in entries).encode()
    ).hexdigest()
    held = [t.manifest() for t in (papers, appearances)]
    is_made_of_these = all(m.rules == MERGE_VERSION and m.inputs == inputs for m in held)
    if is_made_of_these and not is_replay and not (papers.is_cut() or appearances.is_cut()):
        return MergeReport(True, held[0].rows, held[1].rows)
    if on_progress:
        on_progress(f"merging {manifest.rows:,} records")
    temporary.mkdir(parents=True, exist_ok=True)
    totals = []
    with _connect(temporary) as con:
        if has_records := view_records(con, parquet):
            _prepare(
                con,
                looked_up.read() if looked_up.manifest().files else schema.RESOLUTIONS.arrow.empty_table(),
            )
        for lake_table, query in ((papers, _PAPERS), (appearances, _APPEARANCES)):
            publication = Publication(lake_table, MERGE_VERSION, inputs)
            if has_records:
                for month, batches in _by_month(con, query, lake_table.table):
                    publication.write(month, batches)
            totals.append(publication.commit().rows)
    return MergeReport(False, totals[0], totals[1])

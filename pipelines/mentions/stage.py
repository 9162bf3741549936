"""The lake tables that the extractor fills, month by month: only months whose texts or rules changed are read again.

What counts as a mention is decided in `extract` and below it; this module only feeds it and publishes.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import schema
from pipelines.lake.tables import LakeTable, Publication
from pipelines.mentions import catalogue
from pipelines.mentions.extract import extract, rules_version

#: Papers that are extracted in one go: months are joined up to this many, for a call has a cost of its own.
PAPERS_PER_CALL = 20_000


@dataclass(frozen=True)
class ExtractReport:
    """How many months were read anew and how many were kept, and the rows of each table."""

    n_extracted: int
    n_kept: int
    rows: dict[str, int]


def text_key(papers: pa.Table) -> str:
    """Return a digest of what the extractor reads of `papers`: ids, titles and abstracts, in order."""
    digest = hashlib.sha256()
    for name in ("paper_id", "title", "abstract"):
        digest.update("\x1f".join(v or "" for v in papers.column(name).to_pylist()).encode(errors="replace"))
        digest.update(b"\x1e")
    return digest.hexdigest()


def _publish_methods(parquet: Path) -> int:
    methods = catalogue.load_catalogue()
    publication = Publication(LakeTable(parquet, schema.METHODS), rules=methods.digest, inputs="catalogue")
    if publication.is_current(None, methods.digest):
        publication.keep(None)
    else:
        publication.write(None, methods.table(), key=methods.digest)
    return publication.commit().rows


def extract_mentions(
    parquet: Path, on_progress: Callable[[str], None] | None = None, is_replay: bool = False
) -> ExtractReport:
    """Publish `methods` and every table of schema.EXTRACTED from the published `papers`.

    With `is_replay` every month is extracted again.
    """
    papers = LakeTable(parquet, schema.PAPERS)
    publications = {
        t.name: Publication(LakeTable(parquet, t), rules_version(), "papers", is_replay)
        for t in schema.EXTRACTED
    }
    n_methods = _publish_methods(parquet)
    waiting: list[tuple[str, str, str, pa.Table]] = []
    n_kept = n_extracted = n_done = 0

    def work_off() -> None:
        nonlocal n_done
        if not waiting:
            return
        found = extract(pa.concat_tables([rows for *_, rows in waiting]))
        # months come in order and papers are unique, so each month's rows are picked by its paper ids
        for month, key, sha256, rows in waiting:
            for name, publication in publications.items():
                table = found[name]
                mine = table.filter(
                    pc.is_in(table.column("paper_id"), value_set=rows.column("paper_id").combine_chunks())
                )
                publication.write(month, mine, key=key, note={"papers_sha256": sha256})
        n_done += sum(rows.num_rows for *_, rows in waiting)
        if on_progress:
            on_progress(f"extracted {n_done:,} papers")
        waiting.clear()

    for month, entry in papers.partitions().items():
        first = publications[schema.METHOD_MENTIONS.name]
        note = first.note_of(month)
        is_same_file = note.get("papers_sha256") == entry.sha256
        rows = None if is_same_file else papers.read(month).select(["paper_id", "title", "abstract"])
        key = first.key_of(month) if rows is None else text_key(rows)
        if all(p.is_current(month, key) for p in publications.values()):
            for publication in publications.values():
                publication.keep(month, {"papers_sha256": entry.sha256})
            n_kept += 1
            continue
        if rows is None:
            rows = papers.read(month).select(["paper_id", "title", "abstract"])
        waiting.append((month, key, entry.sha256, rows))
        n_extracted += 1
        if sum(r.num_rows for *_, r in waiting) >= PAPERS_PER_CALL:
            work_off()
    work_off()
    rows_by_table = {name: publication.commit().rows for name, publication in publications.items()}
    return ExtractReport(n_extracted, n_kept, {schema.METHODS.name: n_methods, **rows_by_table})

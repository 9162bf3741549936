"""Whole tables of papers into the tables of `schema.EXTRACTED`: a filter in Rust, then exact work where it is due.

Texts without a trigger never reach Python. The rules are elsewhere: `methods`, `quantities`, `links`, `models`.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

import polars as pl
import pyarrow as pa

from pipelines import schema
from pipelines.mentions.catalogue import Catalogue, load_catalogue
from pipelines.mentions.links import LINK_TRIGGER, find_links
from pipelines.mentions.methods import find_methods
from pipelines.mentions.models import MODEL_TRIGGER, find_models
from pipelines.mentions.quantities import QUANTITY_TRIGGER, find_quantities
from pipelines.mentions.spans import Field, Span
from pipelines.mentions.triggers import after_cleaning, may_name_methods
from pipelines.version import digest_of

Row = tuple[object, ...]


@cache
def _code_digest() -> str:
    return digest_of([Path(__file__).parent])


def rules_version() -> str:
    """Return the version of the rules in force: it changes with the code, the lexicon and the user's catalogue."""
    return f"{_code_digest()[:12]}-{load_catalogue().digest[:12]}"


def _span(span: Span) -> Row:
    return span.field, span.start, span.end, span.surface


def _flags(frame: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    title, abstract = pl.col("title"), pl.col("abstract")
    texts = frame.select(
        title, abstract, pl.concat_str([title, pl.lit(" . "), abstract]).str.to_lowercase().alias("lower")
    )
    # a model's name and a method's are looked for in lower-cased text, several times as fast as folding case in the
    # pattern; where sentences end, which the pattern of quantities asks, only the text as printed shows
    flags = texts.select(
        title.str.contains(QUANTITY_TRIGGER).alias("quantities:title"),
        abstract.str.contains(QUANTITY_TRIGGER).alias("quantities:abstract"),
        title.str.contains(LINK_TRIGGER).alias("links:title"),
        abstract.str.contains(LINK_TRIGGER).alias("links:abstract"),
        pl.col("lower").str.contains(MODEL_TRIGGER.removeprefix("(?i)")).alias("models"),
        **may_name_methods(pl.col("lower"), catalogue),
    )
    may = after_cleaning(texts["lower"], flags["methods"], flags["is_unclean"], catalogue)
    return flags.with_columns(may.alias("methods"))


class _Rows:
    """Rows of one output table, gathered and then sorted by its key."""

    def __init__(self, table: schema.Table) -> None:
        self._table = table
        self._rows: list[Row] = []
        self.add = self._rows.append

    def arrow(self) -> pa.Table:
        names = [c.name for c in self._table.columns]
        keys = [names.index(k) for k in (*self._table.key, *(n for n in ("end_char",) if n in names))]
        self._rows.sort(key=lambda row: tuple(row[k] for k in keys))
        unique = list(
            {
                tuple(row[names.index(k)] for k in self._table.key): row for row in reversed(self._rows)
            }.values()
        )
        columns: Iterable[Sequence[object]] = (
            zip(*reversed(unique), strict=True) if unique else ([] for _ in names)
        )
        arrays = [pa.array(values, c.type) for values, c in zip(columns, self._table.columns, strict=True)]
        return pa.Table.from_arrays(arrays, schema=self._table.arrow)


def extract(batch: pa.RecordBatch | pa.Table) -> dict[str, pa.Table]:
    """Return the tables of `schema.EXTRACTED`, by name, for papers with paper_id, title and abstract.

    Every table has its exact schema and is sorted by its key, so that the order of the papers does not matter. A
    null title or abstract reads as empty.
    """
    table = pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch
    frame = pl.DataFrame(table.select(["paper_id", "title", "abstract"])).with_columns(
        pl.col("paper_id").cast(pl.String), pl.col("title", "abstract").cast(pl.String).fill_null("")
    )
    catalogue = load_catalogue()
    out = {t.name: _Rows(t) for t in schema.EXTRACTED}
    flags = _flags(frame, catalogue)

    def flagged(name: str) -> Iterable[tuple[str, str, str]]:
        return frame.filter(flags[name]).iter_rows()

    _add_methods(out, flagged("methods"), catalogue)
    quantities, refusals, links, models = (
        out[n] for n in ("quantities", "refusals", "links", "model_mentions")
    )
    fields: tuple[tuple[Field, int], ...] = (("title", 1), ("abstract", 2))
    for field, position in fields:
        for row in flagged(f"quantities:{field}"):
            found, refused = find_quantities(row[position], field)
            for q in found:
                quantities.add((row[0], q.kind, q.value, q.role, q.qualifier, *_span(q.span), q.rule))
            for r in refused:
                refusals.add((row[0], r.kind, *_span(r.span), r.reason))
        for row in flagged(f"links:{field}"):
            for link in find_links(row[position], field):
                links.add((row[0], link.url, link.kind, *_span(link.span)))
    for paper_id, title, abstract in flagged("models"):
        for model in find_models(title, abstract):
            models.add((paper_id, model.model, *_span(model.span)))
    return {name: rows.arrow() for name, rows in out.items()}


def _add_methods(out: dict[str, _Rows], papers: Iterable[tuple[str, str, str]], catalogue: Catalogue) -> None:
    add_mention: Callable[[Row], None] = out["method_mentions"].add
    add_refusal, add_candidate = out["refusals"].add, out["candidates"].add
    for paper_id, title, abstract in papers:
        mentions, refusals, candidates = find_methods(title, abstract, paper_id, catalogue)
        for m in mentions:
            add_mention((paper_id, m.method, m.is_known, m.role, *_span(m.span), m.rule, m.cue))
        for r in refusals:
            add_refusal((paper_id, r.kind, *_span(r.span), r.reason))
        for c in candidates:
            add_candidate((c.candidate, paper_id, *_span(c.span), c.evidence, c.family, c.sentence))

"""Whole tables of papers into the tables of `schema.EXTRACTED`: a filter in Rust, then exact work where it is due.

Texts without a trigger never reach Python. The rules are elsewhere: `methods`, `quantities`, `links`, `models`.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import compress
from pathlib import Path

import polars as pl
import pyarrow as pa

from pipelines import schema
from pipelines.mentions.catalogue import Catalogue, load_catalogue
from pipelines.mentions.introduced_models import which_may_introduce_models, with_introduced
from pipelines.mentions.links import LINK_TRIGGER, find_links
from pipelines.mentions.methods import find_methods
from pipelines.mentions.models import LOWER_MODEL_TRIGGER, PRINTED_MODEL_TRIGGER, find_models
from pipelines.mentions.quantities import find_quantities
from pipelines.mentions.quantity_trigger import QUANTITY_TRIGGER
from pipelines.mentions.spans import Field
from pipelines.mentions.triggers import may_name_methods
from pipelines.version import digest_of

Row = tuple[object, ...]

#: Papers that are filtered at a time, from the first step, which exact work waits for, to the widest. Few steps, for
#: each has the two threads hand Python's lock to and fro some forty times.
_FIRST_STEP, _WIDEST_STEP = 2_000, 16_000


@cache
def _code_digest() -> str:
    return digest_of([Path(__file__).parent])


def rules_version() -> str:
    """Return the version of the rules in force: it changes with the code, the lexicon and the user's catalogue."""
    return f"{_code_digest()[:12]}-{load_catalogue().digest[:12]}"


def _number_flags(frame: pl.DataFrame) -> pl.DataFrame:
    """Return which papers of `frame` quantities are due on, a column of booleans a field.

    Where sentences end, which the pattern of quantities asks, only the text as printed shows.
    """
    return pl.DataFrame(
        {
            f"quantities:{field}": frame[field].str.contains(QUANTITY_TRIGGER)
            for field in ("title", "abstract")
        }
    )


def _name_flags(frame: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return which papers of `frame` links and names of models and methods are due on, a column of booleans a kind.

    They are looked for in lower-cased text, several times as fast as folding case in the pattern.
    """
    printed = frame["title"] + " . " + frame["abstract"]
    lower = printed.str.to_lowercase()
    return pl.DataFrame(
        {
            "links": lower.str.contains(LINK_TRIGGER),
            "models:printed": printed.str.contains(PRINTED_MODEL_TRIGGER),
            "models:lower": lower.str.contains(LOWER_MODEL_TRIGGER),
            "models:introduced": which_may_introduce_models(frame["title"], frame["abstract"]),
            "methods": may_name_methods(lower, catalogue),
        }
    )


class _Rows:
    """Rows of one output table, gathered in any order."""

    def __init__(self, table: schema.Table) -> None:
        self._table = table
        self._rows: list[Row] = []
        self.add = self._rows.append

    def arrow(self) -> pa.Table:
        """Return the rows sorted by the table's key; of several with one key, the one with the shortest span."""
        names, key = self._table.arrow.names, list(self._table.key)
        columns: Iterable[Sequence[object]] = (
            zip(*self._rows, strict=True) if self._rows else ([] for _ in names)
        )
        arrays = [pa.array(values, c.type) for values, c in zip(columns, self._table.columns, strict=True)]
        frame = pl.DataFrame(pa.Table.from_arrays(arrays, schema=self._table.arrow))
        frame = frame.sort(*key, *(n for n in ("end_char",) if n in names))
        return frame.unique(key, keep="first", maintain_order=True).to_arrow().cast(self._table.arrow)


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
    # the filters run in Rust without holding Python's lock: a thread keeps them ahead of the exact work, which waits for
    # nothing but the quicker ones of the first step
    steps = list(_steps(frame))
    submit = _filters().submit
    names = [submit(_name_flags, steps[0], catalogue)]
    numbers: list[Future[pl.DataFrame]] = []
    for papers in steps[1:]:
        numbers.append(submit(_number_flags, papers))
        names.append(submit(_name_flags, papers, catalogue))
    with _without_collector():
        _add_numbers(out, steps[0], _number_flags(steps[0]))
        _add_names(out, steps[0], names[0].result(), catalogue)
        for papers, of_numbers, of_names in zip(steps[1:], numbers, names[1:], strict=True):
            _add_numbers(out, papers, of_numbers.result())
            _add_names(out, papers, of_names.result(), catalogue)
        # the rows of a table go when it is made, before the collector may look through them
        return {name: out.pop(name).arrow() for name in tuple(out)}


@cache
def _filters() -> ThreadPoolExecutor:
    """Return the thread of the filters: the same for all calls, for Rust keeps compiled patterns by thread."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="filters")


@contextmanager
def _without_collector() -> Iterator[None]:
    """Keep Python's collector of reference cycles from running: some hundredths of the time.

    Views, finds and records never refer to each other in a circle, so that all of them go when they are no longer
    used; the collector would look through every row gathered so far, time and again, and find nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _steps(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the papers of `frame` in a few steps, each three times as wide as all before it; the first may be empty.

    The last papers first: tables mostly go by id, and the newest papers have the most to read, so that the filters, which
    take as long for every paper, get ahead of the exact work.
    """
    end = frame.height
    while True:
        step = min(max(3 * (frame.height - end), _FIRST_STEP), _WIDEST_STEP, end)
        yield frame.slice(end - step, step)
        end -= step
        if end == 0:
            return


def _due(
    papers: pl.DataFrame, flags: pl.DataFrame
) -> tuple[list[tuple[str, str, str]], dict[str, list[bool]]]:
    """Return the papers that any work is due on, and for each kind whether it is."""
    is_due = flags.select(pl.any_horizontal(pl.all())).to_series()
    return papers.filter(is_due).rows(), flags.filter(is_due).to_dict(as_series=False)


# One kind of work after the other, for the automata and patterns of a kind fill the processor's caches.


def _add_numbers(out: dict[str, _Rows], papers: pl.DataFrame, flags: pl.DataFrame) -> None:
    """Read the quantities of the papers that they are due on."""
    rows, has = _due(papers, flags)
    add_quantity, add_refusal = out["quantities"].add, out["refusals"].add
    fields: tuple[tuple[Field, int], ...] = (("title", 1), ("abstract", 2))
    for field, position in fields:
        for row in compress(rows, has[f"quantities:{field}"]):
            found, refused = find_quantities(row[position], field)
            for q in found:
                add_quantity((row[0], q.kind, q.value, q.role, q.qualifier, *q.span, q.rule))
            for r in refused:
                add_refusal((row[0], r.kind, *r.span, r.reason))


def _add_names(
    out: dict[str, _Rows], papers: pl.DataFrame, flags: pl.DataFrame, catalogue: Catalogue
) -> None:
    """Read the links and the names of methods and models in the papers that they are due on."""
    rows, has = _due(papers, flags)
    add_link = out["links"].add
    for paper_id, title, abstract in compress(rows, has["links"]):
        for link in (*find_links(title, "title"), *find_links(abstract, "abstract")):
            add_link((paper_id, link.url, link.kind, *link.span))
    _add_methods(out, compress(rows, has["methods"]), catalogue)
    add_model = out["model_mentions"].add
    triggers = zip(rows, has["models:printed"], has["models:lower"], has["models:introduced"], strict=True)
    for (paper_id, title, abstract), may_print, may_lower, may_introduce in triggers:
        if not (may_print or may_lower or may_introduce):
            continue
        models = find_models(title, abstract, may_print=may_print, may_lower=may_lower)
        if may_introduce:
            models = with_introduced(title, abstract, models)
        for model in models:
            add_model((paper_id, model.model, *model.span))


def _add_methods(out: dict[str, _Rows], papers: Iterable[tuple[str, str, str]], catalogue: Catalogue) -> None:
    add_mention: Callable[[Row], None] = out["method_mentions"].add
    add_refusal, add_candidate = out["refusals"].add, out["candidates"].add
    for paper_id, title, abstract in papers:
        mentions, refusals, candidates = find_methods(title, abstract, paper_id, catalogue)
        for m in mentions:
            add_mention((paper_id, m.method, m.is_known, m.role, *m.span, m.rule, m.cue))
        for r in refusals:
            add_refusal((paper_id, r.kind, *r.span, r.reason))
        for c in candidates:
            add_candidate((c.candidate, paper_id, *c.span, c.evidence, c.family, c.sentence))

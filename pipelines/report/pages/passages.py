"""The sentences behind the report's numbers: for each cell its papers, and in each paper the counted spans, marked.

Papers are grouped as they are counted: a method's by month and by the paper's role, sizes by month.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

import duckdb

from pipelines.report.wording import params_text, published_text
from pipelines.warehouse.query import SENTENCES

FETCHED_ROWS = 2_000

# What each query's `spans` hold: subject, month, part, paper_id, field, start_char, end_char, said, params.
_METHODS = """
select
    m.method as subject, s.month, m.role as part, paper_id, v.field, v.start_char, v.end_char,
    v.role || coalesce(' (' || v.cue || ')', '') as said, null as params
from core.populations as s
join core.paper_methods as m using (paper_id)
join core.method_mentions as v using (paper_id, method)
where s.scope = $scope and m.is_counted
"""
_METHODS_ORDER = """
subject, month desc nulls last, role_strength(part) desc, published_date desc, paper_id, field desc, start_char
"""
_SIZES = """
select
    'sizes' as subject, s.month, null as part, paper_id, q.field, q.start_char, q.end_char,
    concat_ws(', ', q.role, replace(q.qualifier, '_', ' ')) as said, q.value as params
from core.populations as s
join core.quantities as q using (paper_id)
where s.scope = $scope and q.kind = 'model_size' and q.value > 0
    and paper_id in (select paper_id from core.paper_sizes where not is_active)
"""
_SIZES_ORDER = "month desc nulls last, published_date desc, paper_id, field desc, start_char, params"
_CANDIDATES = """
select
    c.candidate as subject, null as month, null as part, paper_id, c.field, c.start_char, c.end_char,
    c.evidence as said, null as params
from core.populations as s
join core.candidate_spans as c using (paper_id)
where s.scope = $scope
"""
_CANDIDATES_ORDER = "lower(subject), subject, published_date, paper_id, field desc, start_char"


@dataclass(frozen=True)
class Sentence:
    """A sentence as pieces, each (text, is_counted), and what the counted spans of it say."""

    field: str
    pieces: tuple[tuple[str, bool], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Heading:
    """What tells a paper from others. `text_source` starter means a summary written for this project."""

    paper_id: str
    title: str
    url: str | None
    published_date: date | None
    published_precision: str | None
    text_source: str

    @property
    def published(self) -> str:
        """Return the date of publication as finely as it is known."""
        return published_text(self.published_date, self.published_precision)


@dataclass(frozen=True)
class Paper(Heading):
    """A paper behind a number, with the sentences that are counted."""

    sentences: tuple[Sentence, ...]


Papers = tuple[Paper, ...]


@dataclass(frozen=True)
class Part:
    """The papers of a month that have one role; sizes have no role."""

    role: str | None
    papers: Papers


@dataclass(frozen=True)
class Month:
    """The papers behind the numbers of a month; `month` is null for papers that no month counts."""

    month: date | None
    parts: tuple[Part, ...]

    @property
    def n_papers(self) -> int:
        """Return how many papers there are: each is in one part."""
        return sum(len(p.papers) for p in self.parts)

    @property
    def n_sentences(self) -> int:
        """Return how many sentences there are to show."""
        return sum(len(paper.sentences) for part in self.parts for paper in part.papers)


def pieces(text: str, spans: Iterable[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    """Return `text` cut at `spans` (code points, end excluded), which may overlap; each piece says if it is in one."""
    found: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        if start > at:
            found.append((text[at:start], False))
        found.append((text[max(start, at) : end], True))
        at = end
    if at < len(text):
        found.append((text[at:], False))
    return tuple(p for p in found if p[0])


class _Row(NamedTuple):
    """A row of `_streamed`: one counted span, in the order of the pages."""

    subject: str
    month: date | None
    part: str | None
    heading: Heading
    field: str
    begins: int
    sentence: str
    start: int
    end: int
    said: str
    params: float | None

    @property
    def note(self) -> str:
        """Return what the span says: its role and cue, or the size that was read from it."""
        return (
            self.said
            if self.params is None
            else ", ".join(t for t in (params_text(self.params), self.said) if t)
        )


def _sentences(rows: Iterable[_Row]) -> tuple[Sentence, ...]:
    """Return one sentence for all spans that stand in it."""
    found = []
    for (field, _), spans in groupby(rows, key=lambda r: (r.field, r.begins)):
        mine = list(spans)
        longest = max((r.sentence for r in mine), key=len)
        notes = tuple(dict.fromkeys(r.note for r in mine))
        found.append(Sentence(field, pieces(longest, ((r.start, r.end) for r in mine)), notes))
    return tuple(found)


def _papers(rows: Iterable[_Row]) -> Papers:
    found = []
    for heading, spans in groupby(rows, key=lambda r: r.heading):
        found.append(Paper(**vars(heading), sentences=_sentences(spans)))
    return tuple(found)


def _months(rows: Iterable[_Row]) -> list[Month]:
    return [
        Month(month, tuple(Part(role, _papers(r)) for role, r in groupby(of_month, key=lambda r: r.part)))
        for month, of_month in groupby(rows, key=lambda r: r.month)
    ]


def _streamed(
    connection: duckdb.DuckDBPyConnection, spans: str, order: str, scope: str
) -> Iterator[tuple[str, list[Month]]]:
    # a cursor of its own: the pages ask for other numbers while this one is read
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            with spans as ({spans}),
            {SENTENCES}
            select
                subject, month, part, paper_id, title, url, published_date, published_precision, text_source,
                field, begins, sentence, start_in_sentence, end_in_sentence, said, params
            from quoted
            order by {order}
            """,  # noqa: S608 - of constants of this module
            {"scope": scope},
        )

        def rows() -> Iterator[_Row]:
            while found := cursor.fetchmany(FETCHED_ROWS):
                for subject, month, part, *rest in found:
                    yield _Row(subject, month, part, Heading(*rest[:6]), *rest[6:])

        for subject, of_subject in groupby(rows(), key=lambda r: r.subject):
            yield subject, _months(of_subject)


def method_passages(connection: duckdb.DuckDBPyConnection, scope: str) -> Iterator[tuple[str, list[Month]]]:
    """Yield each counted method with its months, newest first; one method is in memory at a time."""
    return _streamed(connection, _METHODS, _METHODS_ORDER, scope)


def size_passages(connection: duckdb.DuckDBPyConnection, scope: str) -> list[Month]:
    """Return the months of the papers that state a model size, newest first."""
    return next((months for _, months in _streamed(connection, _SIZES, _SIZES_ORDER, scope)), [])


def candidate_passages(connection: duckdb.DuckDBPyConnection, scope: str) -> list[tuple[str, Papers]]:
    """Return each candidate of the scope with the papers that introduce it, oldest first."""
    streamed = _streamed(connection, _CANDIDATES, _CANDIDATES_ORDER, scope)
    return [(name, months[0].parts[0].papers) for name, months in streamed]

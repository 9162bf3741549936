"""What a digest tells: the papers that are new in a scope, what they propose and use, their model sizes, what grows."""

from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from pipelines.report.pages.grounds import accuracy
from pipelines.report.pages.numbers import Emerging, emerging, rows
from pipelines.report.pages.passages import Heading, pieces
from pipelines.warehouse.query import SENTENCES
from pipelines.warehouse.relations import AccuracyRow

SHOWN_PROPOSALS = 25
SHOWN_METHODS = 10


@dataclass(frozen=True)
class Proposal:
    """A name that a new paper proposes, and the sentence of its abstract that says so, as pieces of (text, is_the_name).

    There is no sentence where only the title says so.
    """

    name: str
    is_known: bool
    paper: Heading
    sentence: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Use:
    """A method in the new papers that propose or use it, beside the earlier papers of the scope; shares are fractions."""

    method: str
    n_papers: int
    share: float
    n_before: int
    share_before: float | None


@dataclass(frozen=True)
class Sizes:
    """Model sizes of the new papers: papers that state one, and the median and the largest, in parameters."""

    n_papers: int
    median: float | None
    largest: float | None


@dataclass(frozen=True)
class Digest:
    """Everything that the mail tells. `since` is when the last digest was told, or the moment after which a paper is new."""

    scope: str
    release_id: str
    since: datetime
    n_new: int
    n_new_with_method: int
    proposals: list[Proposal]
    uses: list[Use]
    sizes: Sizes
    emerging: list[Emerging]
    accuracy: list[AccuracyRow]


def digest_of(
    connection: duckdb.DuckDBPyConnection,
    scope: str,
    release_id: str,
    told: pa.Table,
    since: datetime,
    *,
    is_by_date: bool,
) -> Digest:
    """Return what is new in `scope`: papers that are not in `told` (paper_id), whatever their dates say.

    With `is_by_date` those that were first seen after `since`; else `since` only says when `told` was told.
    """
    connection.register("told_papers", told)
    connection.execute(
        """
        create or replace temp table scope_papers as
        select
            paper_id,
            case when $is_by_date then p.first_seen_at > $since
            else paper_id not in (select paper_id from told_papers) end as is_new
        from core.populations as s
        join core.papers as p using (paper_id)
        where s.scope = $scope
        """,
        {"scope": scope, "since": since, "is_by_date": is_by_date},
    )
    [(n_new, n_with_method)] = connection.execute(
        """
        select
            count(*),
            count(*) filter (where paper_id in (select paper_id from core.paper_methods where is_counted))
        from scope_papers
        where is_new
        """
    ).fetchall()
    [sizes] = rows(
        connection,
        Sizes,
        """
        select count(distinct z.paper_id), round(exp(median(ln(z.value)))), max(z.value)
        from core.paper_sizes as z
        join scope_papers using (paper_id)
        where is_new and not z.is_active
        """,
    )
    return Digest(
        scope,
        release_id,
        since,
        n_new,
        n_with_method,
        _proposals(connection),
        _uses(connection),
        sizes,
        emerging(connection, scope),
        accuracy(connection),
    )


def _proposals(connection: duckdb.DuckDBPyConnection) -> list[Proposal]:
    """Return what new papers propose, catalogued or not, the newest first."""
    found = connection.execute(
        f"""
        with proposed as (
            select paper_id, method as name, is_known, field, start_char, end_char
            from core.method_mentions
            where role = 'proposes'
            union all
            select paper_id, candidate, false, field, start_char, end_char from core.candidate_spans
        ),
        spans as (
            select proposed.*
            from proposed
            join scope_papers using (paper_id)
            where is_new
            qualify row_number() over (
                partition by paper_id, lower(name) order by field = 'title', start_char, not is_known
            ) = 1
        ),
        {SENTENCES}
        select
            name, is_known, field, sentence, start_in_sentence, end_in_sentence,
            paper_id, title, url, published_date, published_precision, text_source
        from quoted
        order by published_date desc nulls last, paper_id, name
        """  # noqa: S608 - SENTENCES is a constant
    ).fetchall()
    return [
        Proposal(
            name, is_known, Heading(*paper), () if field == "title" else pieces(sentence, [(start, end)])
        )
        for name, is_known, field, sentence, start, end, *paper in found
    ]


def _uses(connection: duckdb.DuckDBPyConnection) -> list[Use]:
    """Return the methods that most new papers propose or use."""
    return rows(
        connection,
        Use,
        """
        with whole as (
            select count(*) filter (where is_new) as n_new, count(*) filter (where not is_new) as n_before
            from scope_papers
        ),
        used as (
            select
                m.method,
                count(*) filter (where p.is_new) as n_papers,
                count(*) filter (where not p.is_new) as n_papers_before
            from core.paper_methods as m
            join scope_papers as p using (paper_id)
            where m.is_counted and m.role <> 'mentions' and m.family <> 'generic'
            group by m.method
        )
        select
            method, n_papers, n_papers / n_new, n_papers_before,
            case when n_before > 0 then n_papers_before / n_before end
        from used
        cross join whole
        where n_papers > 0
        order by n_papers desc, method
        limit $top
        """,
        {"top": SHOWN_METHODS},
    )

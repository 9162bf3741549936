"""What the report's numbers rest on: the release and its scope, measured accuracy, coverage, what changed and why."""

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from pipelines.report.pages.numbers import rows
from pipelines.warehouse.errors import QueryError
from pipelines.warehouse.relations import AccuracyRow


@dataclass(frozen=True)
class Overview:
    """One scope of one release. Dates are first days of months; null where no paper of the scope has a month."""

    release_id: str
    built_at: datetime
    rules_version: str
    scope: str
    n_papers: int
    n_dated: int
    n_months: int
    first_month: date | None
    last_month: date | None
    n_with_method: int
    n_with_size: int


@dataclass(frozen=True)
class Coverage:
    """meta.coverage, a source: papers, and those with what a trend needs; `n_undated` are in no month."""

    source: str
    is_population: bool
    n_papers: int
    n_with_abstract: int
    n_undated: int
    n_with_method: int
    n_with_size: int
    first_month: date | None
    last_month: date | None


@dataclass(frozen=True)
class Change:
    """meta.changes summed over a table: cells of the scope that differ from the release before, and why."""

    table_name: str
    n_cells: int
    by_new_papers: int
    by_gone_papers: int
    by_changed_source: int
    by_changed_rules: int


def chosen_scope(connection: duckdb.DuckDBPyConnection, asked: str | None) -> str:
    """Return the scope `asked` for, or the widest there is. Raises QueryError for one that holds no paper."""
    found = connection.execute("select scope from core.populations group by scope order by scope").fetchall()
    scopes = [str(scope) for (scope,) in found]
    if asked is None:
        return str(connection.execute("select default_scope()").fetchall()[0][0])
    if asked not in scopes:
        wide = ", ".join(s for s in scopes if not s.startswith("arxiv:")) or "none"
        raise QueryError(
            f"{asked!r} is no scope of this release; there are {wide}, and arXiv categories such as arxiv:cs.CL"
        )
    return asked


def overview(connection: duckdb.DuckDBPyConnection, scope: str) -> Overview:
    """Return what the scope holds."""
    [found] = rows(
        connection,
        Overview,
        """
        with last as (select * from meta.releases order by release_id desc limit 1),
        papers as (select paper_id, month from core.populations where scope = $scope)
        select
            release_id, built_at, rules_version, $scope::varchar,
            (select count(*) from papers), (select count(month) from papers),
            (select count(distinct month) from papers), (select min(month) from papers),
            (select max(month) from papers),
            (select count(*) from papers where paper_id in (select paper_id from core.paper_methods where is_counted)),
            (select count(*) from papers where paper_id in (select paper_id from core.paper_sizes where not is_active))
        from last
        """,
        {"scope": scope},
    )
    return found


def accuracy(connection: duckdb.DuckDBPyConnection) -> list[AccuracyRow]:
    """Return how accurate the extractor was measured to be, a field."""
    return rows(
        connection,
        AccuracyRow,
        "select field, precision, recall, f1, n, measured_at, rules_version from meta.accuracy order by field",
    )


def coverage(connection: duckdb.DuckDBPyConnection) -> list[Coverage]:
    """Return what each source gave."""
    return rows(
        connection,
        Coverage,
        """
        select
            source, bool_or(is_population), sum(n_papers)::bigint, sum(n_with_abstract)::bigint,
            coalesce(sum(n_papers) filter (where month is null), 0)::bigint,
            sum(n_with_method)::bigint, sum(n_with_size)::bigint, min(month), max(month)
        from meta.coverage
        group by source
        order by source
        """,
    )


def changes(connection: duckdb.DuckDBPyConnection, scope: str) -> list[Change]:
    """Return why numbers differ from the release before, a table; nothing when none of the scope's does."""
    return rows(
        connection,
        Change,
        """
        select
            table_name, count(*), sum(by_new_papers)::bigint, sum(by_gone_papers)::bigint,
            sum(by_changed_source)::bigint, sum(by_changed_rules)::bigint
        from meta.changes
        where scope = $scope and role is distinct from 'any'
        group by table_name
        order by table_name
        """,
        {"scope": scope},
    )

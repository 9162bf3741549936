"""What the report's pages count: rows of the trends for one scope of a release. No HTML, no sentences.

What these numbers rest on is in `grounds`.
"""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar

import duckdb

ROLES = ("proposes", "uses", "mentions")
#: Methods and candidates that the front page lists as growing or new; the rest is on their own pages.
TOP_EMERGING = 15

Row = TypeVar("Row")


@dataclass(frozen=True)
class MethodTotals:
    """A counted method in a scope: dated papers by their role for it (these the trends count), and undated ones."""

    method: str
    family: str
    arxiv_id: str | None
    year: int | None
    aliases: list[str]
    n_papers: int
    n_proposes: int
    n_uses: int
    n_mentions: int
    n_undated: int
    share: float | None
    share_low: float | None
    share_high: float | None


@dataclass(frozen=True)
class MethodMonth:
    """A row of trends.method_monthly with its three roles beside the role `any`."""

    month: date
    n_total: int
    n_papers: int
    n_proposes: int
    n_uses: int
    n_mentions: int
    share: float
    share_low: float
    share_high: float


@dataclass(frozen=True)
class Trailing:
    """Twelve months of a method that end with `month`; the share is null where they hold no paper of the scope."""

    month: date
    n_papers: int
    n_total: int
    share: float | None
    share_low: float | None
    share_high: float | None


@dataclass(frozen=True)
class SizeMonth:
    """Sizes of a month, or of the twelve that end with it: papers that state one, votes, quantiles in parameters."""

    month: date
    n_papers: int
    n_sizes: int
    p10: float
    p25: float
    p50: float
    p75: float
    p90: float
    n_total: int | None = None


@dataclass(frozen=True)
class Emerging:
    """A row of trends.emerging_methods."""

    kind: str
    name: str
    family: str | None
    first_seen: date
    n_papers: int
    n_recent: int
    n_total_recent: int
    n_before: int
    n_total_before: int
    growth: float | None
    growth_low: float | None
    growth_high: float | None
    q_value: float | None


def rows(
    connection: duckdb.DuckDBPyConnection, kind: type[Row], sql: str, named: dict[str, Any] | None = None
) -> list[Row]:
    """Return what `sql` gives as `kind`, whose fields are the query's columns in their order."""
    found = connection.execute(sql, named).fetchall()
    if found and len(found[0]) != len(fields(kind)):  # type: ignore[arg-type]
        raise AssertionError(f"{kind.__name__} has other fields than its query has columns")
    return [kind(*row) for row in found]


def method_totals(connection: duckdb.DuckDBPyConnection, scope: str) -> list[MethodTotals]:
    """Return every counted method that a paper of the scope names, the most named first."""
    return rows(
        connection,
        MethodTotals,
        """
        with named as (
            select
                m.method,
                count(s.month) as n_papers,
                count(s.month) filter (where m.role = 'proposes') as n_proposes,
                count(s.month) filter (where m.role = 'uses') as n_uses,
                count(s.month) filter (where m.role = 'mentions') as n_mentions,
                count(*) filter (where s.month is null) as n_undated
            from core.populations as s
            join core.paper_methods as m using (paper_id)
            where s.scope = $scope and m.is_counted
            group by m.method
        ),
        whole as (select count(month) as n_total from core.populations where scope = $scope)
        select
            n.method, m.family, m.arxiv_id, m.year, m.aliases,
            n.n_papers, n.n_proposes, n.n_uses, n.n_mentions, n.n_undated,
            case when n_total > 0 then n.n_papers / n_total end,
            wilson_low(n.n_papers, n_total), wilson_high(n.n_papers, n_total)
        from named as n
        cross join whole
        join core.methods as m using (method)
        order by n.n_papers desc, n.method
        """,
        {"scope": scope},
    )


def method_months(connection: duckdb.DuckDBPyConnection, scope: str) -> dict[str, list[MethodMonth]]:
    """Return, for each method, the months of the scope in which a paper names it, newest first."""
    found = connection.execute(
        """
        select
            method, month, any_value(n_total),
            max(n_papers) filter (where role = 'any') as n_any,
            max(n_papers) filter (where role = 'proposes'),
            max(n_papers) filter (where role = 'uses'),
            max(n_papers) filter (where role = 'mentions'),
            max(share) filter (where role = 'any'),
            max(share_low) filter (where role = 'any'),
            max(share_high) filter (where role = 'any')
        from trends.method_monthly
        where scope = $scope
        group by method, month
        having n_any > 0
        order by method, month desc
        """,
        {"scope": scope},
    ).fetchall()
    months: dict[str, list[MethodMonth]] = {}
    for method, *row in found:
        months.setdefault(method, []).append(MethodMonth(*row))
    return months


def method_trailing(connection: duckdb.DuckDBPyConnection, scope: str, method: str) -> list[Trailing]:
    """Return twelve months up to each month of the scope, from its first to its last."""
    return rows(
        connection,
        Trailing,
        """
        select month, n_papers, n_total, share, share_low, share_high
        from trend_trailing($method, in_scope := $scope)
        """,
        {"scope": scope, "method": method},
    )


def size_months(connection: duckdb.DuckDBPyConnection, scope: str) -> list[SizeMonth]:
    """Return the months in which a paper of the scope states a model size, newest first."""
    return rows(
        connection,
        SizeMonth,
        """
        select month, n_papers, n_sizes, p10, p25, p50, p75, p90, n_total
        from trends.model_size_monthly
        where scope = $scope and n_papers > 0
        order by month desc
        """,
        {"scope": scope},
    )


def size_trailing(connection: duckdb.DuckDBPyConnection, scope: str) -> list[SizeMonth]:
    """Return twelve months of sizes up to each month of the scope, from its first to its last."""
    return rows(
        connection,
        SizeMonth,
        """
        select month, n_papers, n_sizes, p10, p25, p50, p75, p90, null
        from sizes_trailing(in_scope := $scope)
        """,
        {"scope": scope},
    )


def emerging(connection: duckdb.DuckDBPyConnection, scope: str) -> list[Emerging]:
    """Return what grows most surely: names whose growth is above 1 with its whole interval, the surest first."""
    return rows(
        connection,
        Emerging,
        """
        select
            kind, name, family, first_seen, n_papers, n_recent, n_total_recent, n_before, n_total_before,
            growth, growth_low, growth_high, q_value
        from trends.emerging_methods
        where scope = $scope and growth_low > 1 and coalesce(family, '') <> 'generic'
        order by growth_low desc, name
        limit $top
        """,
        {"scope": scope, "top": TOP_EMERGING},
    )

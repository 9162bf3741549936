"""Reads published releases: connections that can only read, ad-hoc SQL, and the evidence of a number."""

from dataclasses import dataclass
from datetime import date

import duckdb

from pipelines.settings import DataDir
from pipelines.warehouse.checking import one_line
from pipelines.warehouse.errors import NoReleaseError, QueryError
from pipelines.warehouse.output import FORMATS, Rows, format_rows
from pipelines.warehouse.publish import release_ids, release_path

__all__ = [
    "FORMATS",
    "SENTENCES",
    "Evidence",
    "Rows",
    "connect",
    "evidence",
    "format_rows",
    "releases",
    "run_query",
]

#: A reader opens the file that the link names; a run may publish and prune in between, so it asks again.
OPEN_ATTEMPTS = 3

#: Two common table expressions behind one called `spans` (paper_id, field, start_char, end_char and more): `quoted` has
#: its rows with what tells the paper, the sentence around each span, where that `begins` in its field, and where in it
#: the span is, in code points.
SENTENCES = """
placed as (
    select
        spans.*, p.title, p.url, p.published_date, p.published_precision, p.text_source,
        case spans.field when 'title' then p.title else p.abstract end as words,
        sentence_start(words, spans.start_char) as begins, sentence_end(words, spans.end_char) as ends
    from spans
    join core.papers as p using (paper_id)
),
quoted as (
    select
        *, substring(words, begins + 1, ends - begins) as sentence,
        start_char - begins as start_in_sentence, end_char - begins as end_in_sentence
    from placed
)
"""


@dataclass(frozen=True)
class Evidence:
    """One span behind a number: the paper, the sentence, and where in it the span is (code points, end excluded).

    `role` is the paper's role for the method (its strongest), `span_role` what this span says. `text_source` is the
    source of the text: `starter` means a summary written for this project.
    """

    paper_id: str
    title: str
    url: str | None
    published_date: date | None
    method: str
    role: str
    span_role: str
    field: str
    sentence: str
    start: int
    end: int
    text_source: str


def releases(data: DataDir) -> list[str]:
    """Return the ids of the releases that are kept as files, newest first."""
    return release_ids(data)


def connect(data: DataDir, release_id: str | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection on the last release, or on `release_id`, that can read it and nothing else.

    It keeps its release whatever is published meanwhile. Raises NoReleaseError.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    for attempt in range(OPEN_ATTEMPTS):
        path = release_path(data, release_id)
        try:
            connection = duckdb.connect(str(path), read_only=True, config=config)
        except duckdb.Error as error:
            if path.exists() or attempt + 1 == OPEN_ATTEMPTS:
                raise NoReleaseError(
                    f"{path}: {one_line(error)}; run `papertrends run` to build a release again"
                ) from error
            continue
        # connections of one process on one file share its settings, which the first of them has locked
        if not connection.execute("select current_setting('lock_configuration')").fetchall()[0][0]:
            connection.execute("set global TimeZone = 'UTC'; set lock_configuration = true")
        return connection
    raise AssertionError  # the loop returns or raises


def run_query(connection: duckdb.DuckDBPyConnection, sql: str, limit: int | None = None) -> Rows:
    """Return what the last statement of `sql` gives, at most `limit` rows of it.

    Raises QueryError with DuckDB's message in one line.
    """
    try:
        cursor = connection.execute(sql)
        described = (cursor.description if cursor is not None else None) or []  # None for an empty statement
        found = (cursor.fetchall() if limit is None else cursor.fetchmany(limit + 1)) if described else []
    except duckdb.Error as error:
        cure = "; `show all tables` lists what there is" if isinstance(error, duckdb.CatalogException) else ""
        raise QueryError(one_line(error) + cure) from error
    cut = found if limit is None else found[:limit]
    return Rows(
        tuple(d[0] for d in described), tuple(str(d[1]) for d in described), cut, len(cut) < len(found)
    )


def known_method(connection: duckdb.DuckDBPyConnection, typed: str) -> str | None:
    """Return the name under which the release holds what a person typed, or None when it holds no such method."""
    row = connection.execute(
        "select method from core.methods where method = method_named($1) union "
        "select method from core.paper_methods where lower(method) = lower($1)",
        [typed],
    ).fetchone()
    return str(row[0]) if row else None


def evidence(
    data: DataDir,
    method: str,
    month: date | None = None,
    role: str | None = None,
    *,
    release_id: str | None = None,
    scope: str | None = None,
) -> list[Evidence]:
    """Return the spans behind a number: every mention of `method`, in order of date, paper and place.

    With a month, a role and a scope its papers are exactly those counted in that cell of trends.method_monthly;
    without a scope every paper of the warehouse is searched. Raises QueryError for a method that nobody names.
    """
    with connect(data, release_id) as con:
        name = known_method(con, method)
        if name is None:
            raise QueryError(
                f'{method!r} is no method of this release; `papertrends sql "select method from core.methods"` lists them'
            )
        found = con.execute(
            f"""
            with spans as (
                select paper_id, role, span_role, field, start_char, end_char
                from evidence($1, in_month := $2::date, in_role := $3, in_scope := $4)
            ),
            {SENTENCES}
            select
                paper_id, title, url, published_date, $1::varchar as method, role, span_role, field,
                sentence, start_in_sentence, end_in_sentence, text_source
            from quoted
            order by published_date nulls last, paper_id, field desc, start_char
            """,
            [name, month, role or "any", scope],
        ).fetchall()
    return [Evidence(*row) for row in found]

"""Reads published releases: connections that can only read, ad-hoc SQL, its output, and the evidence of a number."""

from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

from pipelines.settings import DataDir

FORMATS = ("table", "csv", "json")


@dataclass(frozen=True)
class Evidence:
    """One counted span: the paper, the sentence, and where in the sentence the span is (characters, end excluded)."""

    paper_id: str
    title: str
    url: str | None
    published_date: date | None
    method: str
    role: str
    field: str
    sentence: str
    start: int
    end: int


def releases(data: DataDir) -> list[str]:
    """Return the ids of the releases that are kept as files, newest first."""
    raise NotImplementedError


def connect(data: DataDir, release_id: str | None = None) -> duckdb.DuckDBPyConnection:
    """Return a read-only connection on the last release, or on `release_id`. Raises NoReleaseError."""
    raise NotImplementedError


def run_query(connection: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    """Return what `sql` gives. Raises QueryError with DuckDB's message in one line."""
    raise NotImplementedError


def format_rows(rows: pl.DataFrame, style: str, width: int | None = None) -> str:
    """Return `rows` as text in one of FORMATS; numbers are written exactly."""
    raise NotImplementedError


def evidence(
    data: DataDir,
    method: str,
    month: date | None = None,
    role: str | None = None,
    release_id: str | None = None,
) -> list[Evidence]:
    """Return the spans behind a number: every counted mention of `method`, in order of date, paper and place."""
    raise NotImplementedError

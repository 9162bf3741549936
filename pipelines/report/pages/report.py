"""One report: read a release, write its pages, put them on the shelf. What a page shows is in the modules beside it."""

import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.report.pages import shelf
from pipelines.report.pages.grounds import chosen_scope
from pipelines.report.pages.render import Pages
from pipelines.settings import DataDir
from pipelines.warehouse.checking import one_line
from pipelines.warehouse.errors import QueryError
from pipelines.warehouse.publish import release_path
from pipelines.warehouse.query import connect

#: What the pages read: the asset's dependencies.
TABLES = (
    "core.candidate_spans", "core.method_mentions", "core.methods", "core.paper_methods", "core.paper_sizes",
    "core.papers", "core.populations", "core.quantities", "meta.accuracy", "meta.changes", "meta.coverage",
    "meta.releases", "trends.emerging_methods", "trends.method_monthly", "trends.model_size_monthly",
    "trends.population_monthly",
)  # fmt: skip


@dataclass(frozen=True)
class Report:
    """A written report: its front page, the release and the scope it is about, and how many pages it has."""

    page: Path
    release_id: str
    scope: str
    n_pages: int
    took_s: float


def write_report(data: DataDir, scope: str | None = None, release_id: str | None = None) -> Report:
    """Write the report on the last release, or on `release_id`, for its widest scope, or for `scope`.

    A report on the last release takes the link `latest`, one for a scope that was asked for a link with its name. It
    has a lock of its own, so that it waits for another report and for no run. Raises NoReleaseError, QueryError,
    DiskError and DataDirBusyError.
    """
    started = time.perf_counter()
    with shelf.locked(data, release_id) as path, connect(data, path.stem) as connection:
        chosen = chosen_scope(connection, scope)
        with shelf.new_folder(data) as folder:
            pages = Pages(connection, chosen, folder)
            try:
                pages.write()
            except duckdb.Error as error:
                raise QueryError(
                    f"{path}: {one_line(error)}; report on a release that this version of the program built"
                ) from error
            link = shelf.link_of(data, scope) if path == release_path(data) else None
            front = shelf.publish(data, folder, path.stem, link)
        shelf.prune(data)
    return Report(front, path.stem, chosen, pages.n_pages, time.perf_counter() - started)

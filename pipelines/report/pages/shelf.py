"""The folder `reports/`: one folder a report, and a link to the last; names, swaps, what is kept. No page is made here.

A reader finds the old report or the new one under the link, never a part of either.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.lake.durable import explain, turn
from pipelines.lake.lock import run_lock
from pipelines.report.pages.places import slugs
from pipelines.settings import DataDir
from pipelines.warehouse.publish import BUILDING, RELEASE_ID, release_ids, release_path, sweep

LATEST = "latest"
FRONT_PAGE = "index.html"


def link_of(data: DataDir, scope: str | None = None) -> Path:
    """Return the link to the last report: of the widest scope, or of `scope`."""
    return data.reports / (LATEST if scope is None else f"{LATEST}-{slugs([scope])[scope]}")


def front_page(data: DataDir) -> Path | None:
    """Return the page that a person opens first, None when there is no report."""
    page = link_of(data) / FRONT_PAGE
    return page if page.is_file() else None


def is_current(data: DataDir, release_id: str) -> bool:
    """Say whether the last report is about the release."""
    return front_page(data) is not None and link_of(data).resolve().name.startswith(f"{release_id}-")


@contextmanager
def locked(data: DataDir, release_id: str | None = None) -> Iterator[Path]:
    """Hold the lock of the reports, which is not a run's, and yield the file of the last release, or of `release_id`.

    Raises NoReleaseError, before a folder is made, and DataDirBusyError.
    """
    release_path(data, release_id)
    with run_lock(data.reports / ".lock"):
        yield release_path(data, release_id)


@contextmanager
def new_folder(data: DataDir) -> Iterator[Path]:
    """Yield an empty folder to write a report into; what is left of it when the block ends is removed. Raises DiskError.

    The caller holds the lock of the reports.
    """
    sweep(data.reports)
    try:
        folder = Path(tempfile.mkdtemp(prefix=BUILDING, dir=data.reports))
        folder.chmod(0o755)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise explain(error, data.reports) from error


def publish(data: DataDir, built: Path, release_id: str, link: Path | None) -> Path:
    """Give the finished folder `built` its name, turn `link` to it where there is one, and return its front page.

    The name holds a digest of the pages: the same pages are kept once, and a folder that has a name never changes.
    Pages are not synced to the disk one by one, for they can be written again at any time.
    """
    digest = hashlib.sha256()
    for page in sorted(p for p in built.rglob("*") if p.is_file()):
        digest.update(page.relative_to(built).as_posix().encode() + b"\x1f" + page.read_bytes() + b"\x1e")
    folder = data.reports / f"{release_id}-{digest.hexdigest()[:8]}"
    if not folder.is_dir():
        built.replace(folder)
    if link is None:
        return folder / FRONT_PAGE
    turn(link, Path(folder.name), data.reports / f"{BUILDING}link")
    return link / FRONT_PAGE


def prune(data: DataDir) -> list[str]:
    """Remove reports about releases that are no longer kept, never one that a link points to; return their names."""
    linked = {p.resolve().name for p in data.reports.glob(f"{LATEST}*")}
    kept = set(release_ids(data))
    gone = [
        p.name
        for p in sorted(data.reports.iterdir())
        if (release := RELEASE_ID.match(p.name)) and release[0] not in kept and p.name not in linked
    ]  # fmt: skip
    for name in gone:
        shutil.rmtree(data.reports / name, ignore_errors=True)
    return gone

"""The folder `releases/` and the link to the last one: names, swaps, what is kept. What a release holds is not here."""

import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.lake.durable import explain, sync_folder, turn
from pipelines.settings import RELEASES_KEPT, DataDir
from pipelines.warehouse.errors import NoReleaseError

RELEASE_ID = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}", re.ASCII)
BUILDING = ".building-"


def new_release_id(data: DataDir, built_at: datetime, inputs_sha256: str) -> str:
    """Return an id that no file has: it sorts by time of building and tells equal inputs from others."""
    at = built_at.astimezone(UTC).replace(microsecond=0)
    while True:
        release_id = f"{at:%Y%m%dT%H%M%S}-{inputs_sha256[:8]}"
        if not (data.releases / f"{release_id}.duckdb").exists():
            return release_id
        at += timedelta(seconds=1)


def built_at(release_id: str) -> datetime:
    """Return when a release was built: its id says so, also after its file is gone."""
    return datetime.strptime(release_id[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def release_ids(data: DataDir) -> list[str]:
    """Return the ids of the releases that are kept as files, newest first."""
    found = (p.stem for p in data.releases.glob("*.duckdb"))
    return sorted((i for i in found if RELEASE_ID.fullmatch(i)), reverse=True)


def release_path(data: DataDir, release_id: str | None = None) -> Path:
    """Return the file of `release_id` (its beginning is enough when only one has it), or of the last release.

    Raises NoReleaseError that names what there is.
    """
    if release_id is None:
        if not data.warehouse.exists():
            raise NoReleaseError(f"{data.warehouse}: there is no release yet; run `papertrends run` first")
        return data.warehouse.resolve()
    matching = [i for i in release_ids(data) if i == release_id or i.startswith(release_id)]
    if len(matching) != 1:
        kept = ", ".join(release_ids(data)) or "none"
        cause = "is not kept" if not matching else "is the beginning of several"
        raise NoReleaseError(f"release {release_id!r} {cause} in {data.releases}; those kept are: {kept}")
    return data.releases / f"{matching[0]}.duckdb"


def sweep(folder: Path) -> None:
    """Remove what a build that died has left in `folder`. The caller holds its lock, so no build is under way."""
    for path in folder.glob(f"{BUILDING}*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def publish(data: DataDir, built: Path, release_id: str) -> Path:
    """Make the finished file `built` the last release, durably, and return its path. Raises DiskError.

    A reader finds the old release or the new one under the link, never neither.
    """
    path = data.releases / f"{release_id}.duckdb"
    try:
        with built.open("rb") as file:
            os.fsync(file.fileno())
        built.replace(path)
        sync_folder(data.releases)
        turn(data.warehouse, path.relative_to(data.root), data.releases / f"{BUILDING}link")
    except OSError as error:
        raise explain(error, path) from error
    return path


def prune(data: DataDir, keep: int = RELEASES_KEPT) -> list[str]:
    """Remove all but the newest `keep` releases, never the one that the link points to; return the ids removed."""
    linked = data.warehouse.resolve().stem
    gone = [i for i in release_ids(data)[keep:] if i != linked]
    for release_id in gone:
        (data.releases / f"{release_id}.duckdb").unlink(missing_ok=True)
    return gone

"""Fixtures of the warehouse: a small lake of invented papers, and a release of it."""

import shutil
from pathlib import Path

import pytest

from pipelines.warehouse.build import Release, build_release
from tests.warehouse.small_lake import SmallLake, standard_papers


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[SmallLake, Release]:
    """Return a lake of the standard papers and its release, for tests that only read."""
    small = SmallLake(tmp_path_factory.mktemp("built") / "data", standard_papers())
    return small, build_release(small.write(), inputs=small.inputs())


@pytest.fixture
def published(built: tuple[SmallLake, Release], tmp_path: Path) -> tuple[SmallLake, Release]:
    """Return a copy of the built lake and its release, for tests that publish or spoil."""
    original, release = built
    shutil.copytree(original.root, tmp_path / "data", symlinks=True)
    small = SmallLake(tmp_path / "data", standard_papers())
    path = small.data.releases / release.path.name
    return small, Release(release.release_id, path, release.rows, release.checks, release.seconds)


@pytest.fixture
def lake(published: tuple[SmallLake, Release]) -> SmallLake:
    """Return a written lake of the standard papers without a release."""
    small, release = published
    small.data.warehouse.unlink()
    release.path.unlink()
    return small

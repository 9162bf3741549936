"""Fixtures of the warehouse: a small lake of invented papers, and a release of it."""

from pathlib import Path

import pytest

from pipelines.warehouse.build import Release, build_release
from tests.warehouse.small_lake import SmallLake, standard_papers


@pytest.fixture
def lake(tmp_path: Path) -> SmallLake:
    """Return a written lake of the standard papers."""
    small = SmallLake(tmp_path / "data", standard_papers())
    small.write()
    return small


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[SmallLake, Release]:
    """Return a lake and its release, for tests that only read."""
    small = SmallLake(tmp_path_factory.mktemp("built") / "data", standard_papers())
    return small, build_release(small.write(), inputs=small.inputs())

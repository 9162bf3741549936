"""Builds a release: Parquet and `sql/` into a new DuckDB file, checked, then published by swapping a link."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipelines.settings import SQL_DIR, DataDir


@dataclass(frozen=True)
class InputCapture:
    """A capture that the release rests on."""

    sha256: str
    source: str
    origin: str


@dataclass(frozen=True)
class AccuracyRow:
    """What `evaluate` measured of one field: precision, recall and f1 in 0..1, over `n` labelled papers."""

    field: str
    precision: float
    recall: float
    f1: float
    n: int
    measured_at: date
    rules_version: str


@dataclass(frozen=True)
class ReleaseInputs:
    """What the lake cannot say of itself. `built_at` (UTC) enters meta.releases and the release id only."""

    captures: tuple[InputCapture, ...]
    rules_version: str
    code_version: str
    accuracy: tuple[AccuracyRow, ...]
    built_at: datetime


@dataclass(frozen=True)
class CheckResult:
    """One rule: its name, whether it held, how many rows broke it, and a few of those."""

    name: str
    is_ok: bool
    n_bad: int
    sample: tuple[dict[str, object], ...]


@dataclass(frozen=True)
class Release:
    """A published release: rows a table (by full name), the checks that it passed, and how long it took."""

    release_id: str
    path: Path
    rows: dict[str, int]
    checks: tuple[CheckResult, ...]
    seconds: float


def build_release(
    data: DataDir,
    *,
    sql_dir: Path = SQL_DIR,
    inputs: ReleaseInputs,
    progress: Callable[[str], None] | None = None,
) -> Release:
    """Build and publish a release of what the lake holds. `progress` hears the name of each table as it begins.

    The caller holds the run lock. Raises ReleaseRefusedError (a rule does not hold, or SQL fails), ContractError,
    LakeDamagedError or DiskError; then the last release is untouched and nothing is left of the build.
    """
    raise NotImplementedError

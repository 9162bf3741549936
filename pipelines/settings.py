"""Where things are and how much is allowed: paths, limits and pace, from the environment, with defaults.

Everything a person can set is here and nowhere else. What a table looks like is in `schema`; what the text
rules are is in `mentions`.
"""

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from dotenv import dotenv_values

PROJECT_DIR = Path(__file__).resolve().parent.parent
SQL_DIR = PROJECT_DIR / "sql"
STARTER_FILE = PROJECT_DIR / "data" / "starter" / "papers.jsonl"

#: The largest unpacked text of one inbox file that is read into memory at once (bulk snapshots are streamed).
MAX_PAGE_BYTES = 64 * 1024 * 1024
#: The longest line of a JSONL file; a longer one is refused, for it is no paper.
MAX_LINE_BYTES = 4 * 1024 * 1024
#: DuckDB's memory while it merges papers and builds a release; beyond it spills to disk inside the data folder.
DUCKDB_MEMORY_LIMIT = "1GB"


class SettingsError(ValueError):
    """A setting that cannot be used: the message names the variable, the value and what is expected."""


def environment() -> dict[str, str]:
    """Return the process environment over the project's `.env` file (the process wins)."""
    from_file = {k: v for k, v in dotenv_values(PROJECT_DIR / ".env").items() if v is not None}
    return {**from_file, **os.environ}


def parse_day(text: str, name: str) -> date:
    """Return the day that `text` spells as YYYY-MM-DD, or raise SettingsError naming `name`."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise SettingsError(
            f"{name}: {text!r} is not a valid day; write it as YYYY-MM-DD, such as 2026-03-13"
        )
    return day


def today_utc() -> date:
    """Return today in UTC, or the day that PAPERTRENDS_TODAY puts in its place."""
    text = environment().get("PAPERTRENDS_TODAY", "").strip()
    return parse_day(text, "PAPERTRENDS_TODAY") if text else datetime.now(UTC).date()


@dataclass(frozen=True)
class DataDir:
    """The data folder: every path below it that the pipeline reads or writes. Nothing is written outside."""

    root: Path
    starter_file: Path = field(default=STARTER_FILE)

    @property
    def inbox(self) -> Path:
        """Files that a person drops in to be captured."""
        return self.root / "inbox"

    @property
    def raw(self) -> Path:
        """Captures, by SHA-256, and their journal."""
        return self.root / "raw"

    @property
    def parquet(self) -> Path:
        """One folder a lake table."""
        return self.root / "parquet"

    @property
    def releases(self) -> Path:
        """Published builds of the warehouse."""
        return self.root / "releases"

    @property
    def warehouse(self) -> Path:
        """The link that readers open: it points at the last release."""
        return self.root / "warehouse.duckdb"

    @property
    def reports(self) -> Path:
        """Pages people look at."""
        return self.root / "reports"

    @property
    def dagster(self) -> Path:
        """All of Dagster's state."""
        return self.root / "dagster"

    @property
    def lock(self) -> Path:
        """The file whose lock says that a run is writing."""
        return self.root / ".lock"

    def make(self) -> "DataDir":
        """Make every folder that is missing, and return self; raise SettingsError where that cannot be done."""
        try:
            for folder in (self.inbox, self.raw, self.parquet, self.releases, self.reports, self.dagster):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"data folder {self.root}: {error.strerror}; name a writable one with --data-dir or PAPERTRENDS_DATA"
            ) from error
        return self


def data_dir(option: str | Path | None = None) -> DataDir:
    """Return the data folder: `option`, else PAPERTRENDS_DATA, else the project's own `data/`."""
    chosen = option or environment().get("PAPERTRENDS_DATA") or PROJECT_DIR / "data"
    return DataDir(Path(chosen).expanduser().absolute())

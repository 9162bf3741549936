"""The stages in order, as plain functions over one data folder: what Dagster's assets and the command line call.

Each stage does only what is not done yet, and publishes what it made in one step. The lock of the data folder is
taken here, so that two runs never write at once, however they were started.
"""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import freshness, schema
from pipelines.lake.captures import CaptureStore
from pipelines.lake.lock import run_lock
from pipelines.lake.tables import LakeTable
from pipelines.papers.reading import Outcome, read_captures
from pipelines.settings import SQL_DIR, DataDir, today_utc
from pipelines.sources import inbox, starter
from pipelines.version import code_version

if TYPE_CHECKING:
    from pipelines.mentions.stage import ExtractReport
    from pipelines.papers.merge import MergeReport
    from pipelines.papers.resolution import LookUpReport
    from pipelines.report.digest.post import Sent
    from pipelines.report.pages.report import Report
    from pipelines.sources.ledger import Judgement
    from pipelines.sources.live import CaptureReport
    from pipelines.warehouse.build import Release

Progress = Callable[[str], None]
#: Lines of progress that one back-fill writes into Dagster's log.
LOGGED_STEPS = 40


def _silent(_: str) -> None:
    pass


@dataclass
class Stages:
    """One data folder and what a run was asked for. `on_progress` hears a line whenever a person would like one."""

    data: DataDir
    captured_on: date | None = None
    on_progress: Progress = _silent
    sql_dir: Path = SQL_DIR
    is_replay: bool = False
    _is_locked: bool = field(default=False, repr=False)

    @property
    def store(self) -> CaptureStore:
        """The captures."""
        return CaptureStore(self.data.raw)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the data folder's lock; within a block that holds it already this does nothing."""
        if self._is_locked:
            yield
            return
        with run_lock(self.data.lock, on_wait=self.on_progress):
            self._is_locked = True
            try:
                yield
            finally:
                self._is_locked = False

    def capture_starter(self) -> bool:
        """Capture the starter corpus; say whether it was new."""
        with self.locked():
            return starter.capture(self.data.starter_file, self.store) is not None

    def capture_inbox(self) -> inbox.InboxReport:
        """Capture every new file of the inbox."""
        with self.locked():
            return inbox.capture(self.data.inbox, self.store, self.captured_on)

    def capture_live(
        self,
        source: str,
        days: Sequence[date],
        accept_shrink: Collection[date] = (),
        log: Progress = _silent,
    ) -> "CaptureReport":
        """Ask a live source for those of `days` that are missing, bad, or may have grown. Raises SettingsError.

        `log` hears of progress too, but at most LOGGED_STEPS times: each line of Dagster's log costs a transaction.
        """
        from pipelines.settings import live_settings
        from pipelines.sources.live import capture_source

        settings, started = live_settings(), time.monotonic()

        def tell(judged: "Judgement", n_done: int, n_days: int) -> None:
            left_s = (time.monotonic() - started) / n_done * (n_days - n_done)
            said = f": {'; '.join(judged.reasons)}" if judged.reasons else f", {judged.n_records:,} papers"
            line = f"asking {source} {n_done:,} of {n_days:,} ({left_s:,.0f} s left): {judged.day} {judged.state}{said}"
            self.on_progress(line)
            if n_done % -(-n_days // LOGGED_STEPS) == 0:
                log(line)

        with self.locked():
            return capture_source(source, self.store, settings, days, tell, accept_shrink=accept_shrink)

    def read(self) -> list[Outcome]:
        """Read captures into records, those that this version of the parsers has not read."""
        with self.locked():
            return read_captures(self.store, self.data.parquet, self.on_progress, self.is_replay)

    def look_up(self) -> "LookUpReport":
        """Ask for papers that came without an id, by title: Hugging Face's search, then arXiv's."""
        from pipelines.papers.nameless import unresolved
        from pipelines.papers.resolution import Resolution, look_up
        from pipelines.settings import live_settings
        from pipelines.sources.session import Session

        def tell(found: Resolution, n_done: int, n_papers: int) -> None:
            self.on_progress(f"looking up {n_done:,} of {n_papers:,}: {found.state}, {found.title[:60]}")

        with self.locked(), Session(live_settings()) as session:
            return look_up(unresolved(self.data.parquet), self.store, session, tell)

    def resolve(self) -> int:
        """Publish what stored look-ups say of papers without an id; return how many have one now."""
        from pipelines.papers.nameless import publish_resolutions

        with self.locked():
            return publish_resolutions(self.data.parquet, self.store)

    def merge(self) -> "MergeReport":
        """Merge records into papers and appearances."""
        from pipelines.papers.merge import merge

        with self.locked():
            return merge(
                self.data.parquet, self.data.parquet / ".staging" / "duckdb", self.on_progress, self.is_replay
            )

    def extract(self) -> "ExtractReport":
        """Find mentions and quantities in months whose texts or rules are new."""
        from pipelines.mentions.stage import extract_mentions

        with self.locked():
            return extract_mentions(self.data.parquet, self.on_progress, self.is_replay)

    def release(self) -> "Release":
        """Build, check and publish a release of the warehouse from the lake."""
        from pipelines.mentions.accuracy import measured
        from pipelines.mentions.extract import rules_version
        from pipelines.warehouse.build import AccuracyRow, InputCapture, ReleaseInputs, build_release

        with self.locked():
            captures = LakeTable(self.data.parquet, schema.CAPTURES).read().to_pylist()
            inputs = ReleaseInputs(
                captures=tuple(
                    InputCapture(c["capture_sha256"], c["source"], c["origin"])
                    for c in captures
                    if c["n_records"]
                ),
                rules_version=rules_version(),
                code_version=code_version(),
                accuracy=tuple(
                    AccuracyRow(
                        name,
                        s.precision,
                        s.recall,
                        s.f1,
                        s.n_right + s.n_missed,
                        today_utc(),
                        rules_version(),
                    )
                    for name, s in measured().items()
                ),
                built_at=datetime.now(UTC),
            )
            release = build_release(
                self.data,
                sql_dir=self.sql_dir,
                inputs=inputs,
                progress=lambda name: self.on_progress(f"building {name}"),
            )
            freshness.remember(self.data, release.release_id)
            return release

    def report(self) -> "Report":
        """Write the report on the last release; it takes the lock of the reports alone, readers and runs go on."""
        from pipelines.report.pages.report import write_report

        self.on_progress("writing the report")
        return write_report(self.data)

    def digest(self) -> "Sent":
        """Send the digest to those that the settings name."""
        from pipelines.report.digest.post import send_digest
        from pipelines.report.digest.server import mail_settings

        return send_digest(self.data, mail_settings())

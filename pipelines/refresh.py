"""One refresh from the command line: the Dagster job in this process, with progress a person can read.

What the stages do is in `stages`; how the result is told is in `report.summary`.
"""

import logging
import time
import warnings
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pipelines import freshness
from pipelines.lake.captures import CaptureStore
from pipelines.report.pages.shelf import is_current
from pipelines.settings import DataDir, SettingsError
from pipelines.sources import inbox
from pipelines.stages import Progress, Stages


class RefreshFailedError(RuntimeError):
    """A stage failed: the message is the stage's own."""


@dataclass(frozen=True)
class Refresh:
    """What a refresh came to. `problems` are lines on captures that could not be read, wholly or in part."""

    release_id: str
    is_new: bool
    took_s: float
    problems: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Request:
    """What a person asks a refresh for: live sources and their days, how new files are dated, look-ups, a replay."""

    sources: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    captured_on: date | None = None
    accept_shrink: tuple[date, ...] = ()
    is_replay: bool = False
    has_look_ups: bool = False


def problems_of(data: DataDir, captured_on: date | None = None) -> tuple[str, ...]:
    """Return a line for each file that could not be read, wholly or in part, for copies, and for each bad day."""
    from pipelines import schema
    from pipelines.lake.tables import LakeTable
    from pipelines.papers.reading import PARTIAL, REFUSED, place_of
    from pipelines.sources.ledger import BAD, Ledger
    from pipelines.sources.live import LIVE_SOURCES

    table = LakeTable(data.parquet, schema.CAPTURES)
    rows = table.read().to_pylist() if table.manifest().files else []
    lines = [
        f"{place_of(row['channel'], row['origin'])}: {row['state']}: {row['reason']}"
        for row in rows
        if row["state"] in (PARTIAL, REFUSED) and row["channel"] not in LIVE_SOURCES
    ]
    copies = inbox.scan(data.inbox, CaptureStore(data.raw), captured_on).notices
    bad_days = [
        f"{d.source} {f'({d.query}) ' if d.query else ''}{d.day}: {d.state}: {'; '.join(d.reasons)}"
        for d in Ledger(data.raw).states()
        if d.state in BAD
    ]
    return (*sorted(lines), *copies, *bad_days)


def _quiet() -> None:
    """Keep Dagster's own log lines and warnings off the terminal; they are in its event log."""
    warnings.simplefilter("ignore")
    logging.getLogger("alembic").setLevel(logging.WARNING)


def refresh(data: DataDir, request: Request, on_progress: Progress) -> Refresh:
    """Bring the data folder up to date and return what was done. A run that would change nothing does nothing.

    Raises SettingsError before anything is asked, DataDirBusyError, RefreshFailedError and DiskError.
    """
    started = time.perf_counter()
    asked = {name: _days(name, request) for name in request.sources}
    stages = Stages(data.make(), request.captured_on, on_progress, is_replay=request.is_replay)
    with stages.locked():
        for source, days in asked.items():
            if due := _due(stages, source, days, request):
                on_progress(f"starting Dagster to ask {source}")
                _quiet()
                _ask(stages, source, due if days else None, request)
        if request.has_look_ups:
            on_progress("starting Dagster to look up papers")
            _quiet()
            # a page that was just dropped in has no records yet, and only records can be looked up
            stages.capture_inbox()
            stages.read()
            from pipelines.assets.automation import LOOK_UP_JOB

            _execute(stages, LOOK_UP_JOB)
        current = None if request.is_replay else freshness.current_release(data, request.captured_on)
        if not current:
            on_progress("starting Dagster")
            _quiet()
            from pipelines.assets.automation import JOB

            _execute(stages, JOB)
        release_id = current or data.warehouse.resolve().stem
        if not is_current(data, release_id):
            # of an older version of the program, or removed by a person
            stages.report()
        problems = problems_of(data, request.captured_on)
        return Refresh(release_id, not current, time.perf_counter() - started, problems)


def _days(source: str, request: Request) -> tuple[date, date] | None:
    """Return the first and last day to ask `source` for; None for one that shows only its present state."""
    from pipelines.settings import live_settings
    from pipelines.sources.live import LIVE_SOURCES
    from pipelines.sources.record import ARXIV_SNAPSHOT

    if source == ARXIV_SNAPSHOT:
        raise SettingsError(f"{source} is a file: put it into the inbox and leave out --source")
    if source not in LIVE_SOURCES:
        raise SettingsError(f"{source!r} is no live source; there are {', '.join(sorted(LIVE_SOURCES))}")
    settings, known = live_settings(), LIVE_SOURCES[source]
    if known.cadence != "day":
        if request.first_day or request.last_day:
            raise SettingsError(f"{source} shows only its present state; leave out --from and --to")
        return None
    newest = settings.today - timedelta(days=1)
    last = request.last_day or newest
    first = request.first_day or max(known.first_date, last - timedelta(days=settings.reread_days - 1))
    if not known.first_date <= first <= last <= newest:
        raise SettingsError(
            f"{source}: {first} to {last} is no range of its closed days, which are {known.first_date} to {newest} (UTC)"
        )
    return first, last


def _due(
    stages: Stages, source: str, days: tuple[date, date] | None, request: Request
) -> tuple[date, date] | None:
    """Return the shortest range that holds every day there is reason to ask for, None when there is none."""
    from pipelines.settings import live_settings
    from pipelines.sources.live import due_days

    settings = live_settings()
    first, last = days or (settings.today, settings.today)
    wanted = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    due = sorted({*due_days(source, stages.store, settings, wanted), *request.accept_shrink})
    return (due[0], due[-1]) if due else None


def _ask(stages: Stages, source: str, days: tuple[date, date] | None, request: Request) -> None:
    """Run the source's own job over its days, as the UI's backfill does."""
    from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

    tags = {}
    if days:
        tags = {
            ASSET_PARTITION_RANGE_START_TAG: days[0].isoformat(),
            ASSET_PARTITION_RANGE_END_TAG: days[1].isoformat(),
        }
    accepted = [d.isoformat() for d in request.accept_shrink]
    _execute(stages, source, tags, {f"raw__{source}": {"config": {"accept_shrink": accepted}}})


def _execute(
    stages: Stages, job_name: str, tags: dict[str, str] | None = None, ops: dict[str, Any] | None = None
) -> None:
    """Run one job in this process, recorded in the data folder's own Dagster instance."""
    import dagster as dg

    from pipelines.dagster_home import prepare
    from pipelines.definitions import build_definitions

    home = prepare(stages.data)
    # Dagster's own log lines are in its event log; on the terminal they would be noise
    config = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}, "ops": ops or {}}
    with dg.DagsterInstance.from_config(str(home)) as instance:
        job = build_definitions(stages).resolve_job_def(job_name)
        result = job.execute_in_process(instance=instance, run_config=config, tags=tags, raise_on_error=False)
        if result.success:
            return
        for event in result.all_events:
            if event.is_step_failure and event.step_failure_data.error:
                error = event.step_failure_data.error
                raise RefreshFailedError(f"{event.step_key}: {(error.cause or error).message.strip()}")
        raise RefreshFailedError(f"the run failed; `papertrends ui` shows it (run {result.run_id})")

"""One refresh from the command line: the Dagster job in this process, with progress a person can read.

What the stages do is in `stages`; how the result is told is in `report.summary`.
"""

import logging
import time
import warnings
from dataclasses import dataclass, field
from datetime import date

from pipelines import freshness
from pipelines.lake.captures import CaptureStore
from pipelines.settings import DataDir
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


def problems_of(data: DataDir, captured_on: date | None = None) -> tuple[str, ...]:
    """Return a line for each capture that was refused or is partial, and for each file of the inbox that is a copy."""
    from pipelines import schema
    from pipelines.lake.tables import LakeTable

    table = LakeTable(data.parquet, schema.CAPTURES)
    lines = []
    if table.manifest().files:
        for row in table.read().to_pylist():
            if row["reason"]:
                place = row["origin"] if row["origin"].startswith("starter/") else f"inbox/{row['origin']}"
                lines.append(f"{place}: {row['state']}: {row['reason']}")
    copies = inbox.scan(data.inbox, CaptureStore(data.raw), captured_on).notices
    return tuple(sorted(lines)) + tuple(copies)


def _quiet() -> None:
    """Keep Dagster's own log lines and warnings off the terminal; they are in its event log."""
    warnings.simplefilter("ignore")
    logging.getLogger("alembic").setLevel(logging.WARNING)


def refresh(data: DataDir, captured_on: date | None, on_progress: Progress) -> Refresh:
    """Bring the data folder up to date and return what was done. A run that would change nothing does nothing.

    Raises DataDirBusyError, RefreshFailedError and DiskError.
    """
    started = time.perf_counter()
    stages = Stages(data.make(), captured_on, on_progress)
    with stages.locked():
        current = freshness.current_release(data, captured_on)
        if current:
            return Refresh(current, False, time.perf_counter() - started, problems_of(data, captured_on))
        on_progress("starting Dagster")
        _quiet()
        _execute(stages)
        release_id = data.warehouse.resolve().stem
        return Refresh(release_id, True, time.perf_counter() - started, problems_of(data, captured_on))


def _execute(stages: Stages) -> None:
    """Run the refresh job in this process, recorded in the data folder's own Dagster instance."""
    import dagster as dg

    from pipelines.assets.automation import JOB
    from pipelines.dagster_home import prepare
    from pipelines.definitions import build_definitions

    home = prepare(stages.data)
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with dg.DagsterInstance.from_config(str(home)) as instance:
        job = build_definitions(stages).resolve_job_def(JOB)
        result = job.execute_in_process(instance=instance, run_config=quiet, raise_on_error=False)
        if result.success:
            return
        for event in result.all_events:
            if event.is_step_failure and event.step_failure_data.error:
                error = event.step_failure_data.error
                cause = error.cause or error
                raise RefreshFailedError(f"{event.step_key}: {cause.message.strip()}")
        raise RefreshFailedError(f"the run failed; `papertrends ui` shows it (run {result.run_id})")

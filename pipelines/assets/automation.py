"""What starts a run without a person: the daily schedule and the sensor that watches the inbox.

Both are off until a person switches them on in the UI.
"""

import hashlib
from collections.abc import Iterator

import dagster as dg

from pipelines.settings import daily_cron
from pipelines.sources.inbox import files_of
from pipelines.stages import Stages

JOB = "refresh"
SENSOR_INTERVAL_S = 60


def inbox_sensor(stages: Stages) -> dg.SensorDefinition:
    """Return the sensor that asks for a run when the inbox's files changed and have stopped changing."""

    @dg.sensor(
        name="inbox_files",
        job_name=JOB,
        minimum_interval_seconds=SENSOR_INTERVAL_S,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="Runs the refresh job when files were put into the inbox.",
    )
    def inbox_files(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
        files = files_of(stages.data.inbox)
        state = hashlib.sha256(
            "\n".join(f"{p}|{p.stat().st_size}|{p.stat().st_mtime_ns}" for p in files).encode(
                errors="replace"
            )
        ).hexdigest()[:16]
        seen, _, asked = (context.cursor or "").partition(" ")
        if not files:
            yield dg.SkipReason("the inbox is empty")
        elif state == asked:
            yield dg.SkipReason(f"{len(files):,} files, none new")
        elif state != seen:
            # a file that is still being copied changes until the next look
            context.update_cursor(f"{state} {asked}")
            yield dg.SkipReason(f"{len(files):,} files, changed since the last look: waiting until they rest")
        else:
            context.update_cursor(f"{state} {state}")
            yield dg.RunRequest(run_key=f"inbox-{state}")

    return inbox_files


def automation(stages: Stages) -> dg.Definitions:
    """Return the one job, the daily schedule and the inbox sensor."""
    return dg.Definitions(
        jobs=[
            dg.define_asset_job(
                JOB,
                selection=dg.AssetSelection.all(),
                description="Every stage, from listings to trends; each does only what is not done yet.",
            )
        ],
        schedules=[
            dg.ScheduleDefinition(
                name="daily",
                job_name=JOB,
                cron_schedule=daily_cron(),
                execution_timezone="UTC",
                description="The refresh job every day, at 05:30 UTC unless PAPERTRENDS_DAILY_CRON says otherwise.",
                default_status=dg.DefaultScheduleStatus.STOPPED,
            )
        ],
        sensors=[inbox_sensor(stages)],
    )

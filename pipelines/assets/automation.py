"""What starts a run without a person: the daily schedules, the weekly mail, and the sensor that watches the inbox.

All are off until a person switches them on in the UI.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, timedelta

import dagster as dg

from pipelines.assets.listings import LOOK_UP_KEY, live_key
from pipelines.settings import daily_cron, digest_cron
from pipelines.sources.channel import LiveSource
from pipelines.sources.inbox import files_of
from pipelines.sources.live import LIVE_SOURCES
from pipelines.stages import Stages

#: The job that the command line, the schedule and the sensor all run.
JOB = "refresh"
LOOK_UP_JOB = "look_up"
DIGEST_JOB = "digest"
SENSOR_INTERVAL_S = 60
#: Before the daily refresh, and after the hour of arXiv's announcement, when its servers are slow.
ASKING_CRON = "40 4 * * *"


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


def digest_job(stages: Stages) -> dg.JobDefinition:
    """Return the job that mails the digest; a mail is no asset."""

    @dg.op(description="Sends what is new since the last digest to PAPERTRENDS_DIGEST_TO.")
    def send_digest(context: dg.OpExecutionContext) -> None:
        context.log.info(str(stages.digest()))

    @dg.job(name=DIGEST_JOB, description="Mails the digest: what is new since the last one.")
    def digest() -> None:
        send_digest()

    return digest


def _asking_schedule(source: LiveSource) -> dg.ScheduleDefinition:
    """Return the daily schedule that asks one live source for its newest closed day, or for its present state."""

    @dg.schedule(
        name=f"ask_{source.name}",
        job_name=source.name,
        cron_schedule=ASKING_CRON,
        execution_timezone="UTC",
        description=f"Asks {source.name} every day at 04:40 UTC, before the daily refresh.",
        default_status=dg.DefaultScheduleStatus.STOPPED,
    )
    def ask(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        newest = (context.scheduled_execution_time.astimezone(UTC) - timedelta(days=1)).date().isoformat()
        return dg.RunRequest(run_key=newest, partition_key=newest if source.cadence == "day" else None)

    return ask


def automation(stages: Stages) -> dg.Definitions:
    """Return the jobs, the schedules, and the inbox sensor."""
    live = dg.AssetSelection.assets(*(live_key(name) for name in LIVE_SOURCES))
    looking_up = dg.AssetSelection.assets(LOOK_UP_KEY)
    asking = [
        dg.define_asset_job(
            LOOK_UP_JOB, selection=looking_up, description="Looks up papers without an id by title."
        ),
        *(
            dg.define_asset_job(
                name,
                selection=dg.AssetSelection.assets(live_key(name)),
                description=f"Asks {name} and captures its answers.",
            )
            for name in LIVE_SOURCES
        ),
    ]
    mailing = digest_job(stages)
    return dg.Definitions(
        jobs=[
            dg.define_asset_job(
                JOB,
                selection=dg.AssetSelection.all() - live - looking_up,
                description="Every stage after the asking, from captures to trends; each does only what is not done yet.",
            ),
            *asking,
            mailing,
        ],
        schedules=[
            *(_asking_schedule(source) for source in LIVE_SOURCES.values()),
            dg.ScheduleDefinition(
                name="daily",
                job_name=JOB,
                cron_schedule=daily_cron(),
                execution_timezone="UTC",
                description="The refresh job every day, at 05:30 UTC unless PAPERTRENDS_DAILY_CRON says otherwise.",
                default_status=dg.DefaultScheduleStatus.STOPPED,
            ),
            dg.ScheduleDefinition(
                name="weekly_digest",
                job=mailing,
                cron_schedule=digest_cron(),
                execution_timezone="UTC",
                description="Mails the digest on Mondays at 07:00 UTC unless PAPERTRENDS_DIGEST_CRON says otherwise.",
                default_status=dg.DefaultScheduleStatus.STOPPED,
            ),
        ],
        sensors=[inbox_sensor(stages)],
    )

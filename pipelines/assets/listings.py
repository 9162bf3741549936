"""The assets of the first layer: what was captured, a file or a listing at a time."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import dagster as dg
from pydantic import Field

from pipelines.settings import parse_day, today_utc
from pipelines.sources.channel import LiveSource
from pipelines.sources.ledger import GOOD, Judgement
from pipelines.sources.live import LIVE_SOURCES
from pipelines.stages import Stages

GROUP = "listings"
DAYS_CHECK = "no_day_was_refused"
LOOK_UP_KEY = dg.AssetKey(["raw", "look_up"])


class LiveConfig(dg.Config):
    """What a person may tell a run of a live source."""

    accept_shrink: list[str] = Field(
        default=[],
        description="Days (YYYY-MM-DD) whose smaller or emptier answer is to be taken; it is recorded.",
    )


def live_key(source: str) -> dg.AssetKey:
    """Return the asset of a live source."""
    return dg.AssetKey(["raw", source])


def days_of(source: LiveSource) -> dg.DailyPartitionsDefinition | None:
    """Return the days of a source as partitions (UTC, closed days only); None for one that shows only its present."""
    if source.cadence != "day":
        return None
    return dg.DailyPartitionsDefinition(start_date=source.first_date.isoformat(), timezone="UTC")


def _day_metadata(day: Judgement) -> dict[str, Any]:
    return {
        "papers": day.n_records,
        "state": day.state,
        "reasons": dg.MetadataValue.json(list(day.reasons)),
        "rejected_records": day.n_rejected,
        "drift": dg.MetadataValue.json(day.drift),
        "was_overridden": day.is_overridden,
    }


def live_asset(stages: Stages, source: LiveSource) -> dg.AssetsDefinition:
    """Return the asset of one live source. A range of days is one run; a day that was refused is not materialized."""
    key = live_key(source.name)
    partitions = days_of(source)

    @dg.asset(
        key=key,
        group_name=GROUP,
        kinds={"http", "json"},
        description=f"{source.description}\n\n"
        + (
            "A population: shares are counted on it."
            if source.is_population
            else "No population: it enters no share."
        ),
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        # only days whose answer was taken become materialized, each by an event of its own
        output_required=False,
        check_specs=[
            dg.AssetCheckSpec(
                DAYS_CHECK,
                asset=key,
                description="No day that was asked was refused or failed; good data stays.",
            )
        ],
    )
    def raw_live(context: dg.AssetExecutionContext, config: LiveConfig) -> Iterator[dg.AssetCheckResult]:
        newest = today_utc() - timedelta(days=1)
        days = {date.fromisoformat(k) for k in context.partition_keys} if partitions else {today_utc()}
        if partitions and newest in days:
            # a day grows for some days after it ended
            days |= {newest - timedelta(days=n) for n in range(source.reread_days)}
        days = {d for d in days if d >= source.first_date}
        accepted = [parse_day(text, "accept_shrink") for text in config.accept_shrink]
        report = stages.capture_live(source.name, sorted(days), accepted, context.log.info)
        last_of = {day.day: day for day in report.days}
        for day in report.days:
            if day in report.bad:
                context.log.warning(f"{day.day} {day.state}: {'; '.join(day.reasons)}")
            # a day of several queries is materialized when all of them are good
            if last_of[day.day] is day and all(d.state in GOOD for d in report.days if d.day == day.day):
                context.log_event(
                    dg.AssetMaterialization(
                        key,
                        metadata=_day_metadata(day),
                        partition=day.day.isoformat() if partitions else None,
                    )
                )
        yield dg.AssetCheckResult(
            passed=not report.bad,
            check_name=DAYS_CHECK,
            metadata={
                "asked": len(report.days),
                "good_already": report.n_skipped,
                "requests": report.n_requests,
                "bytes_on_the_wire": report.n_wire_bytes,
                "bad_days": dg.MetadataValue.json(
                    [f"{d.day} {d.state}: {'; '.join(d.reasons)}" for d in report.bad]
                ),
                "drift": dg.MetadataValue.json(report.drift),
            },
        )

    return raw_live


def listing_assets(stages: Stages) -> list[dg.AssetsDefinition]:
    """Return the assets that capture: the starter corpus, the inbox, and one a live source."""

    @dg.asset(
        key=["raw", "starter"],
        group_name=GROUP,
        kinds={"file", "json"},
        description="The starter corpus: real papers summarised in this project's own words. "
        "Its trends demonstrate and do not measure.",
    )
    def raw_starter() -> dg.MaterializeResult[None]:
        is_new = stages.capture_starter()
        return dg.MaterializeResult(metadata={"is_new": is_new, "file": str(stages.data.starter_file)})

    @dg.asset(
        key=["raw", "inbox"],
        group_name=GROUP,
        kinds={"file"},
        description="Every file that a person dropped into the inbox, captured once by its SHA-256: saved Hugging Face "
        "pages, saved API answers, arXiv's bulk snapshot.",
    )
    def raw_inbox(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        report = stages.capture_inbox()
        for notice in report.notices:
            context.log.warning(notice)
        return dg.MaterializeResult(
            metadata={
                "new_captures": len(report.new),
                "known_captures": report.n_known,
                "new_files": dg.MetadataValue.json([c.origin for c in report.new[:50]]),
                "copies": dg.MetadataValue.json(report.notices[:50]),
            }
        )

    return [raw_starter, raw_inbox, *(live_asset(stages, source) for source in LIVE_SOURCES.values())]

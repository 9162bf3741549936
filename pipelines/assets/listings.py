"""The assets of the first layer: what was captured, a file or a listing at a time."""

import dagster as dg

from pipelines.stages import Stages

GROUP = "listings"


def listing_assets(stages: Stages) -> list[dg.AssetsDefinition]:
    """Return the assets that capture: the starter corpus and the inbox."""

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

    return [raw_starter, raw_inbox]

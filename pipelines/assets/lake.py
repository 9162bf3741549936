"""The assets of the Parquet layer: records, papers, appearances, and what the extractor finds in them."""

from collections.abc import Iterator

import dagster as dg

from pipelines import schema
from pipelines.assets.listings import GROUP as LISTINGS_GROUP
from pipelines.assets.listings import LOOK_UP_KEY, live_key
from pipelines.assets.metadata import lake_metadata, lake_spec
from pipelines.papers.reading import REFUSED
from pipelines.sources.live import LIVE_SOURCES
from pipelines.stages import Stages

PAPERS_GROUP = "papers"
MENTIONS_GROUP = "mentions"
RAW_KEYS = (
    dg.AssetKey(["raw", "starter"]),
    dg.AssetKey(["raw", "inbox"]),
    *(live_key(name) for name in LIVE_SOURCES),
)


def _lake_key(table: schema.Table) -> dg.AssetKey:
    return dg.AssetKey(["lake", table.name])


def lake_assets(stages: Stages) -> list[dg.AssetsDefinition]:
    """Return the assets that read, merge and extract."""
    papers_key = _lake_key(schema.PAPERS)

    @dg.asset(
        key=LOOK_UP_KEY,
        group_name=LISTINGS_GROUP,
        deps=[_lake_key(schema.RECORDS)],
        kinds={"http", "json"},
        description="Answers to searches by title for papers that came without an arXiv id: Hugging Face's search, "
        "then arXiv's. They are no listings; a match needs the same title and an author or the abstract that agrees.",
    )
    def look_up_papers(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        report = stages.look_up()
        for line in report.failed:
            context.log.warning(line)
        return dg.MaterializeResult(
            metadata={"asked": report.n_asked, "failed": dg.MetadataValue.json(report.failed[:50])}
        )

    @dg.multi_asset(
        specs=[lake_spec(t, PAPERS_GROUP, RAW_KEYS) for t in (schema.CAPTURES, schema.RECORDS)],
        check_specs=[
            dg.AssetCheckSpec(
                "every_capture_was_understood",
                asset=_lake_key(schema.CAPTURES),
                description="No captured file had to be refused; a refused one is kept and stops nothing else.",
            )
        ],
        name="read_captures",
    )
    def read_captures(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        outcomes = stages.read()
        bad = [o for o in outcomes if o.is_problem]
        for outcome in bad:
            context.log.warning(outcome.line)
        for table in (schema.CAPTURES, schema.RECORDS):
            yield dg.MaterializeResult(asset_key=_lake_key(table), metadata=lake_metadata(stages.data, table))
        yield dg.AssetCheckResult(
            passed=not any(o.state == REFUSED for o in bad),
            asset_key=_lake_key(schema.CAPTURES),
            check_name="every_capture_was_understood",
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"problems": dg.MetadataValue.json([o.line for o in bad[:50]]), "n_problems": len(bad)},
        )

    @dg.multi_asset(
        specs=[lake_spec(schema.RESOLUTIONS, PAPERS_GROUP, (_lake_key(schema.RECORDS), LOOK_UP_KEY))],
        name="resolve_papers",
    )
    def resolve_papers() -> dg.MaterializeResult[None]:
        n_matched = stages.resolve()
        metadata = {"matched": n_matched, **lake_metadata(stages.data, schema.RESOLUTIONS)}
        return dg.MaterializeResult(asset_key=_lake_key(schema.RESOLUTIONS), metadata=metadata)

    @dg.multi_asset(
        specs=[
            lake_spec(t, PAPERS_GROUP, (_lake_key(schema.RECORDS), _lake_key(schema.RESOLUTIONS)))
            for t in (schema.PAPERS, schema.APPEARANCES)
        ],
        name="merge_papers",
    )
    def merge_papers() -> Iterator[dg.MaterializeResult[None]]:
        report = stages.merge()
        for table in (schema.PAPERS, schema.APPEARANCES):
            yield dg.MaterializeResult(
                asset_key=_lake_key(table),
                metadata={"was_unchanged": report.was_unchanged, **lake_metadata(stages.data, table)},
            )

    @dg.multi_asset(
        specs=[
            lake_spec(schema.METHODS, MENTIONS_GROUP, ()),
            *(
                lake_spec(t, MENTIONS_GROUP, (papers_key, _lake_key(schema.METHODS)))
                for t in schema.EXTRACTED
            ),
        ],
        name="extract_mentions",
    )
    def extract_mentions() -> Iterator[dg.MaterializeResult[None]]:
        report = stages.extract()
        for table in (schema.METHODS, *schema.EXTRACTED):
            yield dg.MaterializeResult(
                asset_key=_lake_key(table),
                metadata={
                    "months_extracted": report.n_extracted,
                    "months_kept": report.n_kept,
                    **lake_metadata(stages.data, table),
                },
            )

    return [look_up_papers, read_captures, resolve_papers, merge_papers, extract_mentions]

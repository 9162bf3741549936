"""The asset of the report: the pages about the last release, after the tables that they show."""

import dagster as dg

from pipelines.report.pages.report import TABLES
from pipelines.stages import Stages


def report_assets(stages: Stages) -> list[dg.AssetsDefinition]:
    """Return the one asset that writes the pages."""

    @dg.asset(
        key=["report", "pages"],
        deps=[dg.AssetKey(name.split(".")) for name in TABLES],
        group_name="report",
        kinds={"html"},
        description="The pages people look at, in `data/reports/latest/`: trends, model sizes, new methods, accuracy and "
        "coverage of the last release, every number a link to the sentences that it counts.",
    )
    def pages(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        report = stages.report()
        context.log.info(f"wrote {report.n_pages:,} pages in {report.took_s:.1f} s")
        return dg.MaterializeResult(
            metadata={
                "front page": dg.MetadataValue.path(str(report.page)),
                "pages": report.n_pages,
                "release": report.release_id,
                "scope": report.scope,
            }
        )

    return [pages]

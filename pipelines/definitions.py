"""build_definitions(): the only place that assembles Dagster objects; nothing runs at import but this assembly.

`definitions` is what `dagster` and `dg` look for when they are pointed at this module.
"""

import dagster as dg

from pipelines.assets.automation import automation
from pipelines.assets.lake import lake_assets
from pipelines.assets.listings import listing_assets
from pipelines.assets.report import report_assets
from pipelines.assets.warehouse import warehouse_assets
from pipelines.settings import data_dir
from pipelines.stages import Stages


def build_definitions(stages: Stages | None = None) -> dg.Definitions:
    """Return every asset, check, job, schedule and sensor over one data folder.

    Without `stages` the data folder is the environment's. Raises ContractError for a `sql/` file that cannot be used.
    """
    stages = stages or Stages(data_dir().make())
    assets = dg.Definitions(
        assets=[
            *listing_assets(stages),
            *lake_assets(stages),
            *warehouse_assets(stages),
            *report_assets(stages),
        ],
        # one process a run: a process a step would cost seconds each, and two would fight over one file
        executor=dg.in_process_executor,
    )
    return dg.Definitions.merge(assets, automation(stages))


@dg.definitions
def definitions() -> dg.Definitions:
    """Return the definitions of the environment's data folder; called by Dagster, not at import."""
    return build_definitions()

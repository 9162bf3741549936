"""The assets of the warehouse: one a `sql/` file, built and published together as one release.

They are one Dagster step because a release is published whole or not at all; the lineage between the tables is
read from the SQL.
"""

from collections.abc import Iterator

import dagster as dg

from pipelines.assets.metadata import column_schema, sample_markdown
from pipelines.mentions.accuracy import FLOORS, below_floor, measured
from pipelines.stages import Stages
from pipelines.warehouse.contract import SqlTable, load_contracts, order
from pipelines.warehouse.errors import ReleaseRefusedError
from pipelines.warehouse.lineage import column_lineage
from pipelines.warehouse.query import connect

LAKE = "lake"
CONTRACT_CHECK = "contract"
ACCURACY_CHECK = "f1_is_not_below_its_floor"
ACCURACY_KEY = dg.AssetKey(["meta", "accuracy"])


def _key(full_name: str) -> dg.AssetKey:
    return dg.AssetKey(full_name.split("."))


def _lineage_markdown(contracts: dict[str, SqlTable], table: SqlTable) -> str:
    """Return the column lineage as a table to read: the open-source UI draws none."""
    lines = ["| column | comes from |", "| --- | --- |"]
    for column, parents in column_lineage(contracts, table.full_name).items():
        sources = ", ".join(f"`{relation}.{name}`" for relation, name in parents) or "(computed here)"
        lines.append(f"| `{column}` | {sources} |")
    return "\n".join(lines)


def _spec(contracts: dict[str, SqlTable], table: SqlTable) -> dg.AssetSpec:
    deps = [r for r in sorted(table.references) if r in contracts or r.startswith(f"{LAKE}.")]
    lineage = column_lineage(contracts, table.full_name)
    return dg.AssetSpec(
        _key(table.full_name),
        deps=[_key(r) for r in deps],
        group_name=table.schema,
        kinds={"duckdb", "sql"},
        description=f"{table.description}\n\nOne row a {table.grain}; `sql/{table.schema}/{table.name}.sql`.",
        metadata={
            "dagster/column_schema": column_schema(
                (c.name, c.type, c.meaning + (f" ({c.unit})" if c.unit else ""), c.name not in table.not_null)
                for c in table.columns
            ),
            "dagster/column_lineage": dg.TableColumnLineage(
                {
                    column: [dg.TableColumnDep(_key(relation), name) for relation, name in parents]
                    for column, parents in lineage.items()
                }
            ),
            "columns come from": dg.MetadataValue.md(_lineage_markdown(contracts, table)),
        },
    )


def warehouse_assets(stages: Stages) -> list[dg.AssetsDefinition]:
    """Return the one definition that builds every table of `sql/`. Raises ContractError for a file it cannot use."""
    contracts = load_contracts()
    # in the order in which they are built, for Dagster wants a table reported after what it reads
    checked = [table.full_name for table in order(contracts)]

    @dg.multi_asset(
        specs=[_spec(contracts, contracts[name]) for name in checked],
        check_specs=[
            dg.AssetCheckSpec(
                CONTRACT_CHECK,
                asset=_key(name),
                description="The table has the columns, the keys and the values that its header promises.",
            )
            for name in checked
        ]
        + [
            dg.AssetCheckSpec(
                ACCURACY_CHECK,
                asset=ACCURACY_KEY,
                description="On the project's own labelled texts no field's F1 is below its floor.",
            )
        ],
        name="publish_release",
    )
    def publish_release(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        try:
            release = stages.release()
        except ReleaseRefusedError as refusal:
            # a check that fails after the fact would come too late: nothing was published, so nothing is reported made
            raise dg.Failure(str(refusal), allow_retries=False) from refusal
        context.log.info(f"published {release.path.name} in {release.seconds:.1f} s")
        with connect(stages.data, release.release_id) as connection:
            for name in checked:
                sample = connection.sql(f"select * from {name} limit 5").pl().to_dicts()  # noqa: S608 - our own table names
                yield dg.MaterializeResult(
                    asset_key=_key(name),
                    metadata={
                        "dagster/row_count": release.rows[name],
                        "release": release.release_id,
                        "sample": dg.MetadataValue.md(sample_markdown(sample)),
                    },
                )
        for name in checked:
            mine = [c for c in release.checks if c.name.startswith(f"{contracts[name].file} ")]
            n_bad = sum(c.n_bad for c in mine)
            yield dg.AssetCheckResult(
                passed=n_bad == 0,
                asset_key=_key(name),
                check_name=CONTRACT_CHECK,
                metadata={"rules": len(mine), "bad_rows": n_bad},
            )

        fallen = below_floor()
        yield dg.AssetCheckResult(
            passed=not fallen,
            asset_key=ACCURACY_KEY,
            check_name=ACCURACY_CHECK,
            metadata={
                "f1": dg.MetadataValue.json({name: round(s.f1, 4) for name, s in measured().items()}),
                "floors": dg.MetadataValue.json(FLOORS),
                "below": dg.MetadataValue.json(fallen),
            },
        )

    return [publish_release]

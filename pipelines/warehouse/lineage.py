"""Column lineage: from which columns of which relations a column of the warehouse is computed. Reads SQL only."""

from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from pipelines import schema
from pipelines.warehouse.contract import SqlTable
from pipelines.warehouse.errors import ContractError
from pipelines.warehouse.relations import INPUT_TABLES, PREVIOUS_TABLES

ColumnRef = tuple[str, str]


@cache  # a definition of all assets asks for every table, each with the same contracts
def _known_columns(contracts: tuple[SqlTable, ...]) -> MappingSchema:
    """Return every relation that a file may read, with its columns, as sqlglot wants it."""
    known: dict[str, dict[str, dict[str, str]]] = {"lake": {}, "input": {}, "previous": {}}
    for name, table in schema.TABLES.items():
        known["lake"][name] = {c.name: "text" for c in table.columns}
    for part, tables in (("input", INPUT_TABLES), ("previous", PREVIOUS_TABLES)):
        for name, columns in tables.items():
            known[part][name] = dict.fromkeys(columns, "text")
    for contract in contracts:
        known.setdefault(contract.schema, {})[contract.name] = {c.name: "text" for c in contract.columns}
    return MappingSchema(dict(known), dialect="duckdb")


def _leaves(node: Node) -> set[ColumnRef]:
    found: set[ColumnRef] = set()
    for inner in node.walk():
        if isinstance(inner.expression, exp.Table) and inner.expression.db:
            column = exp.to_column(inner.name).name
            if column != "*":
                found.add((f"{inner.expression.db}.{inner.expression.name}", column))
    return found


@cache
def _lineage(contracts: tuple[SqlTable, ...], table: SqlTable) -> dict[str, list[ColumnRef]]:
    known = _known_columns(contracts)
    tree = qualify(
        sqlglot.parse_one(table.sql, dialect="duckdb"),
        schema=known,
        dialect="duckdb",
        validate_qualify_columns=False,
        identify=False,
    )
    return {
        c.name: sorted(_leaves(lineage(c.name, tree.copy(), known, dialect="duckdb"))) for c in table.columns
    }


def column_lineage(contracts: dict[str, SqlTable], name: str) -> dict[str, list[ColumnRef]]:
    """Return for each column of table `name` the (relation, column) pairs it is computed from, sorted.

    A column that is computed from no column (a literal, a count of rows) has an empty list. Raises ContractError for
    SQL that cannot be followed.
    """
    table = contracts[name]
    try:
        found = _lineage(tuple(contracts.values()), table)
    except (sqlglot.errors.SqlglotError, ValueError) as error:
        raise ContractError(f"{table.file}: lineage: {' '.join(str(error).split())[:300]}") from error
    return {column: list(pairs) for column, pairs in found.items()}

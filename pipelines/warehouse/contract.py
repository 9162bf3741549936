"""Contracts: what the header of a `sql/<schema>/<table>.sql` file promises, and in which order files build.

Nothing here opens a database.
"""

from dataclasses import dataclass
from pathlib import Path

from pipelines.settings import SQL_DIR


@dataclass(frozen=True)
class ColumnContract:
    """One promised column: name, DuckDB type, meaning and unit (None where it has none)."""

    name: str
    type: str
    meaning: str
    unit: str | None = None


@dataclass(frozen=True)
class SqlTable:
    """One table of the warehouse: its `sql/` file and what the header promises.

    `references` are the relations it reads: `lake.x`, `input.x`, `previous.x`, or another table of the warehouse.
    """

    schema: str
    name: str
    path: Path
    sql: str
    description: str
    grain: str
    columns: tuple[ColumnContract, ...]
    not_null: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...]
    assertions: tuple[str, ...]
    references: frozenset[str]

    @property
    def full_name(self) -> str:
        """Return `schema.table`."""
        return f"{self.schema}.{self.name}"


def load_contracts(sql_dir: Path = SQL_DIR) -> dict[str, SqlTable]:
    """Return every table of `sql_dir` by full name. Raises ContractError naming the file."""
    raise NotImplementedError


def order(contracts: dict[str, SqlTable]) -> list[SqlTable]:
    """Return the tables so that each comes after those it reads. Raises ContractError for a cycle or a stranger."""
    raise NotImplementedError


def column_lineage(contracts: dict[str, SqlTable], name: str) -> dict[str, list[tuple[str, str]]]:
    """Return for each column of table `name` the (relation, column) pairs it is computed from."""
    raise NotImplementedError

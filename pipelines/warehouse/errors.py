"""What can go wrong with the warehouse. Every message is one line: the thing, the cause, the next step."""


class WarehouseError(RuntimeError):
    """Anything about the warehouse that a person can act on."""


class ContractError(WarehouseError):
    """A `sql/` file whose header or references cannot be used: the message begins with the file."""


class ReleaseRefusedError(WarehouseError):
    """A build that was not published; the last release is untouched. Names the file, the rule and sample rows."""

    def __init__(self, file: str, rule: str, detail: str) -> None:
        self.file, self.rule, self.detail = file, rule, detail
        super().__init__(f"{file}: {rule}: {detail}; the last release is untouched")


class NoReleaseError(WarehouseError):
    """There is no release to read, or not the one that was asked for."""


class QueryError(WarehouseError):
    """A query that DuckDB refused."""

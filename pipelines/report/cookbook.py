"""docs/cookbook.md: worked questions. The page holds the SQL; what it gives over the starter corpus is filled in here.

`make docs` writes the answers; a test runs every question again.
"""

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from pipelines.refresh import Request, refresh
from pipelines.settings import PROJECT_DIR, DataDir
from pipelines.warehouse.output import format_rows
from pipelines.warehouse.query import connect, run_query

COOKBOOK = PROJECT_DIR / "docs" / "cookbook.md"
_WORKED = re.compile(r"```sql\n(?P<sql>.*?)```\n\n```text\n(?P<answer>.*?)```\n", re.DOTALL)


def questions(text: str) -> list[str]:
    """Return the SQL of every worked question of the page."""
    return [m["sql"] for m in _WORKED.finditer(text)]


def answered(text: str, answer: Callable[[str], str]) -> str:
    """Return the page with every question answered anew."""
    return _WORKED.sub(lambda m: f"```sql\n{m['sql']}```\n\n```text\n{answer(m['sql'])}```\n", text)


def current(text: str) -> str:
    """Return the page with its true answers over a release of the starter corpus. Raises QueryError."""
    with tempfile.TemporaryDirectory() as folder:
        data = DataDir(Path(folder)).make()
        refresh(data, Request(), lambda _: None)
        with connect(data) as connection:
            return answered(text, lambda sql: format_rows(run_query(connection, sql), "table", 118))


if __name__ == "__main__":
    COOKBOOK.write_text(current(COOKBOOK.read_text(encoding="utf-8")), encoding="utf-8")

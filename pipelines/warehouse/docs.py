"""The reference of all tables as Markdown, made from the headers of `sql/`, from `schema` and from the macros.

`python -m pipelines.warehouse.docs` writes docs/tables.md; with a data folder that holds the starter corpus alone, it
also writes the answers in docs/cookbook.md. Tests fail when either is not what this makes.
"""

import re
import sys
from pathlib import Path

import duckdb

from pipelines import schema
from pipelines.lake.durable import write_bytes
from pipelines.settings import PROJECT_DIR, SQL_DIR, data_dir
from pipelines.warehouse.contract import SCHEMAS, SqlTable, load_contracts
from pipelines.warehouse.output import format_rows
from pipelines.warehouse.query import connect, run_query

TABLES_FILE = PROJECT_DIR / "docs" / "tables.md"
COOKBOOK_FILE = PROJECT_DIR / "docs" / "cookbook.md"
_QUESTION = re.compile(r"```sql\n(?P<sql>.*?)```\n\n```text\n(?P<answer>.*?)```", re.DOTALL)

_INTRODUCTION = """# Tables

This file is made from the headers of `sql/` by `python -m pipelines.warehouse.docs`; change those, not this.

`data/warehouse.duckdb` is a link to the last release, a DuckDB file that never changes once it is there. Any DuckDB
client opens it read-only while a run publishes the next one; who has it open keeps it, who opens the link anew gets the
new one. `core` holds papers and what was found in them, `trends` what is counted, `meta` where it comes from.

Rules that hold everywhere:

- A **scope** is the population that a share is a share of: a source (`huggingface_daily`, `arxiv`, `arxiv_snapshot`),
  an arXiv category (`arxiv:cs.CL`), `starter`, or `all`, the union of the real populations. What a search gave or a
  person saved is no population.
- A **month** is the month of first publication. A month without papers has no row: it is a gap. A month with papers and
  none of the method has a row with 0, from the method's first paper in the scope on. Papers without a month are in no
  trend; `meta.coverage` counts them.
- A paper has **one role** for a method, the strongest of its spans: proposes, else uses, else mentions. `any` is their sum.
- `share_low` and `share_high` are the Wilson 95 % interval of `n_papers` out of `n_total`.
- Positions are Unicode code points from 0: `substring(text, start_char + 1, end_char - start_char)` is the surface.

"""

_LAKE = """## Parquet

The warehouse is built from `data/parquet/`, which any tool reads without this project. A table is a folder; most are
Hive-partitioned by `published_month` (`2024-03`, or `unknown`), which is in the path and not in the files. The files of a
table are those that its `_manifest.json` names, with rows and SHA-256.

```python
polars.scan_parquet("data/parquet/papers/**/*.parquet", hive_partitioning=True)
pandas.read_parquet("data/parquet/papers")
spark.read.parquet("data/parquet/papers")
duckdb.sql("from read_parquet('data/parquet/papers/**/*.parquet', hive_partitioning = true)")
```

A table without partitions is one file, such as `data/parquet/methods/methods.parquet`.

"""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _table(table: SqlTable) -> str:
    lines = [
        f"### {table.full_name}",
        "",
        table.description,
        "",
        f"One row a {table.grain}. [{table.file}](../{table.file})",
    ]
    lines += ["", "| column | type | unit | meaning |", "| --- | --- | --- | --- |"]
    for c in table.columns:
        kind = c.type if c.name in table.not_null else f"{c.type}, nullable"
        lines.append(f"| `{c.name}` | {kind} | {c.unit or ''} | {_cell(c.meaning)} |")
    facts = [f"unique: {', '.join(k)}" for k in table.unique] + [f"always: `{a}`" for a in table.assertions]
    if table.accuracy:
        facts.append(f"accuracy: {', '.join(f'`{f}`' for f in table.accuracy)} in meta.accuracy")
    facts.append("made from: " + (", ".join(sorted(table.references)) or "nothing but its file"))
    lines += ["", *(f"- {f}" for f in facts)]
    if table.evidence:
        lines += [
            "",
            f"The papers counted in each row ({', '.join(table.unique[0])}):",
            "",
            "```sql",
            table.evidence,
            "```",
        ]
    return "\n".join(lines) + "\n"


def _lake_table(table: schema.Table) -> str:
    where = f"partitioned by `{table.partition}`" if table.partition else "one file"
    lines = [f"### {table.name} (Parquet)", "", f"{table.meaning} One row a {table.grain}; {where}.", ""]
    lines += ["| column | type | meaning |", "| --- | --- | --- |"]
    for c in table.columns:
        lines.append(f"| `{c.name}` | {c.type}{', nullable' if c.is_nullable else ''} | {_cell(c.meaning)} |")
    return "\n".join(lines) + "\n"


def macros(sql_dir: Path = SQL_DIR) -> list[tuple[str, str]]:
    """Return the macros that a release holds, each as (signature, what it gives)."""
    found = []
    for name in ("functions.sql", "macros.sql"):
        comment: list[str] = []
        for line in (sql_dir / name).read_text(encoding="utf-8").splitlines():
            if line.startswith("-- "):
                comment.append(line[3:])
            elif match := re.match(r"create macro (\w+\(.*?\)) as", line):
                found.append((match[1], " ".join(comment)))
            elif not line:
                comment = []
    return found


def tables_markdown(sql_dir: Path = SQL_DIR) -> str:
    """Return the reference of all tables and macros."""
    contracts = load_contracts(sql_dir)
    parts = [_INTRODUCTION]
    for name in SCHEMAS:
        parts.append(f"## {name}\n\n")
        parts += [
            _table(t) + "\n" for t in sorted(contracts.values(), key=lambda t: t.name) if t.schema == name
        ]
    parts.append("## Macros\n\nFor ad-hoc SQL, in every release.\n\n| macro | gives |\n| --- | --- |\n")
    parts += [f"| `{_cell(signature)}` | {_cell(text)} |\n" for signature, text in macros(sql_dir)]
    parts.append("\n" + _LAKE)
    parts.append("\n".join(_lake_table(t) for t in schema.TABLES.values()))
    return "".join(parts)


def write_docs(file: Path = TABLES_FILE) -> Path:
    """Write the reference to `file` and return it."""
    write_bytes(file, tables_markdown().encode())
    return file


def questions(text: str) -> list[tuple[str, str]]:
    """Return the questions of a cookbook, each as (SQL, answer)."""
    return [(m["sql"], m["answer"]) for m in _QUESTION.finditer(text)]


def answered(text: str, connection: duckdb.DuckDBPyConnection) -> str:
    """Return a cookbook with its answers as `connection` gives them now."""

    def again(match: re.Match[str]) -> str:
        found = format_rows(run_query(connection, match["sql"]), "table")
        return f"```sql\n{match['sql']}```\n\n```text\n{found}```"

    return _QUESTION.sub(again, text)


def write_cookbook(connection: duckdb.DuckDBPyConnection, file: Path = COOKBOOK_FILE) -> Path:
    """Write the answers that a release of the starter corpus gives into the cookbook `file`, and return it."""
    write_bytes(file, answered(file.read_text(encoding="utf-8"), connection).encode())
    return file


if __name__ == "__main__":
    write_docs()
    if len(sys.argv) > 1:
        with connect(data_dir(sys.argv[1])) as release:
            write_cookbook(release)

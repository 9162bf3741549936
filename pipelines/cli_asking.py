"""The commands of `papertrends` that only ask: SQL, evidence, differences, exports, pages, mails, the extractor by itself.

None of them changes what is known: `report` writes pages, `digest` notes what it told, `candidates --accept` writes the
user's own catalogue.
"""

import shutil
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO

import click

from pipelines.cli_options import Day, Month, data_option, release_option
from pipelines.settings import data_dir


@click.command()
@click.argument("query", required=False)
@click.option(
    "--format", "style", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
@release_option
@data_option
def sql(query: str | None, style: str, release_id: str | None, folder: Path | None) -> None:
    """Ask the last release, read only. Without QUERY, a prompt."""
    from pipelines.warehouse.query import connect, format_rows, run_query

    data = data_dir(folder)
    if query is None:
        from pipelines.warehouse.prompt import prompt

        prompt(data, release_id)
        return
    with connect(data, release_id) as connection:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        click.echo(format_rows(run_query(connection, query), style, width), nl=False)


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
def extract(file: IO[str]) -> None:
    """Read JSONL papers (id, title, abstract) from FILE or stdin; write what they say as JSONL."""
    import json

    from pipelines.mentions.lines import extract_lines

    for found in extract_lines(file):
        click.echo(json.dumps(found, ensure_ascii=False))


@click.command()
@click.option("--gold", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--papers", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--misses", is_flag=True, help="List what was missed and what was made up.")
def evaluate(gold: Path, papers: Path, misses: bool) -> None:
    """Measure the extractor against labelled papers: precision, recall and F1 a field."""
    from pipelines.mentions.evaluate import Labelled
    from pipelines.mentions.evaluate import evaluate as measure
    from pipelines.report.accuracy import accuracy_table

    click.echo(accuracy_table(measure(Labelled(gold, papers)), has_misses=misses))


@click.command()
@click.argument("method")
@click.option("--month", type=Month(), help="Only papers published in this month.")
@click.option(
    "--role", type=click.Choice(["proposes", "uses", "mentions"]), help="Only papers with this role for it."
)
@click.option("--scope", help="Only papers of this population.")
@release_option
@data_option
def evidence(  # noqa: PLR0917 - one a flag, and click names them
    method: str,
    month: date | None,
    role: str | None,
    scope: str | None,
    release_id: str | None,
    folder: Path | None,
) -> None:
    """Show the sentences behind a number, the counted span marked."""
    from pipelines.report.evidence import evidence_text
    from pipelines.warehouse.query import evidence as spans

    click.echo(
        evidence_text(
            method, spans(data_dir(folder), method, month, role, release_id=release_id, scope=scope)
        )
    )


@click.command()
@click.option(
    "--at-least", type=click.IntRange(1), default=1, show_default=True, help="Papers that must name it."
)
@click.option("--top", type=click.IntRange(1), default=50, show_default=True)
@click.option("--accept", "name", help="Add this one to your own catalogue (papertrends.toml).")
@click.option("--family", help="Family of the accepted method; the suggested one when left out.")
@data_option
def candidates(at_least: int, top: int, name: str | None, family: str | None, folder: Path | None) -> None:
    """List PEFT methods that papers introduce and the catalogue lacks; accept one."""
    from pipelines.warehouse.query import connect

    with connect(data_dir(folder)) as connection:
        if name is None:
            from pipelines.report.candidates import candidates_text

            click.echo(candidates_text(connection, at_least, top))
            return
        found = connection.execute(
            "select family, paper_ids[1], year(first_seen) from core.candidates where candidate = ?", [name]
        ).fetchall()
    if not found:
        raise click.UsageError(f"{name!r} is no candidate here; `papertrends candidates` lists them")
    from pipelines.mentions.acceptance import accept

    suggested, paper_id, year = found[0]
    arxiv_id = paper_id.removeprefix("arxiv:") if paper_id.startswith("arxiv:") else None
    path = accept(name, family or suggested or "other", arxiv_id=arxiv_id, year=year)
    click.echo(f"{name} is in {path} now; the next `papertrends run` reads history again with it")


@click.command()
@click.argument("before")
@click.argument("after", required=False)
@click.option("--method", help="Only cells of this method.")
@click.option("--month", type=Month(), help="Only cells of this month.")
@click.option("--scope", help="Only cells of this scope.")
@data_option
def diff(  # noqa: PLR0917 - one a flag, and click names them
    before: str,
    after: str | None,
    method: str | None,
    month: date | None,
    scope: str | None,
    folder: Path | None,
) -> None:
    """Explain what differs from release BEFORE to AFTER (default: the last): new papers, changed source, changed rules."""
    from pipelines.warehouse.changes import diff as differences
    from pipelines.warehouse.changes import format_diff
    from pipelines.warehouse.publish import release_path

    data = data_dir(folder)
    last = after or release_path(data).stem
    click.echo(
        format_diff(differences(data, before, last, method=method, month=month, scope=scope)), nl=False
    )


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@release_option
@data_option
def export(directory: Path, release_id: str | None, folder: Path | None) -> None:
    """Write the trend tables as Parquet and CSV into DIRECTORY, with a Frictionless data dictionary."""
    from pipelines.warehouse.export import export as write

    for path in write(data_dir(folder), directory, release_id):
        click.echo(path)


@click.command()
@click.option("--scope", help="Shares of this population instead of the widest, such as arxiv:cs.CL.")
@release_option
@data_option
def report(scope: str | None, release_id: str | None, folder: Path | None) -> None:
    """Write the pages about the last release: every number a link to its sentences. Prints the page to open."""
    from pipelines.report.pages.report import write_report

    click.echo(write_report(data_dir(folder), scope, release_id).page)


@click.command()
@click.option(
    "--to",
    "recipients",
    multiple=True,
    metavar="ADDRESS",
    help="Send it to this address; may be given again.",
)
@click.option("--send", "is_sent", is_flag=True, help="Send it to PAPERTRENDS_DIGEST_TO.")
@click.option(
    "--since", type=Day(), help="Papers first seen since this day (default: since the last digest)."
)
@click.option("--scope", help="Papers of this population instead of the widest, such as arxiv:cs.CL.")
@data_option
def digest(
    recipients: tuple[str, ...], is_sent: bool, since: date | None, scope: str | None, folder: Path | None
) -> None:
    """Show what is new since the last digest: proposed methods with their sentences, uses, sizes. Send it as a mail."""
    from pipelines.report.digest.post import digest_text, send_digest
    from pipelines.report.digest.server import mail_settings

    start = datetime(since.year, since.month, since.day, tzinfo=UTC) if since else None
    if not (recipients or is_sent):
        click.echo(digest_text(data_dir(folder), scope, start), nl=False)
        return
    click.echo(send_digest(data_dir(folder), mail_settings(), recipients, scope, start))


COMMANDS = (sql, extract, evaluate, evidence, candidates, diff, export, report, digest)

"""The command `papertrends`: words of a person in, plain functions called, exit status out. No work is done here.

Exit status 0 done, 1 failed, 2 wrong usage, 3 done in part. An error is one line on stderr.
"""

import sys
from datetime import date
from pathlib import Path
from typing import IO, Any

import click

from pipelines import __version__
from pipelines.settings import SettingsError, data_dir, parse_day

EXIT_FAILED, EXIT_PARTIAL = 1, 3

data_option = click.option(
    "--data-dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Data folder (default: PAPERTRENDS_DATA, else the project's data/).",
)


class Day(click.ParamType[date]):
    """A day written YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day, or fail as wrong usage."""
        if isinstance(value, date):
            return value
        try:
            return parse_day(value, param.opts[0] if param else "day")
        except SettingsError as error:
            self.fail(str(error), param, ctx)


class Month(click.ParamType[date]):
    """A month written YYYY-MM."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the month's first day, or fail as wrong usage."""
        try:
            return date.fromisoformat(f"{value}-01")
        except ValueError:
            self.fail(f"{value!r} is not a month; write it as YYYY-MM, such as 2024-03", param, ctx)


class _OneLineErrors(click.Group):
    """Every error becomes one line on stderr; --debug shows the traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except SettingsError as error:
            raise click.UsageError(" ".join(str(error).split())) from error
        except Exception as error:
            if ctx.params.get("debug"):
                raise
            text = " ".join(str(error).split()) or type(error).__name__
            raise click.ClickException(text) from error


@click.group(
    cls=_OneLineErrors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="papertrends")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def main(debug: bool) -> None:
    """Trends of PEFT methods and model sizes in machine-learning papers, each number one query from its evidence."""


@main.command()
@data_option
@click.option("--source", "sources", multiple=True, help="Ask this live source first; may be given again.")
@click.option(
    "--from", "first_day", type=Day(), help="First day to ask for (default: the last 7 closed days)."
)
@click.option("--to", "last_day", type=Day(), help="Last day to ask for (default: yesterday, UTC).")
@click.option(
    "--accept-shrink", type=Day(), multiple=True, help="Take this day's smaller answer; it is recorded."
)
@click.option("--replay", is_flag=True, help="Rebuild everything from the captures; no network is asked.")
@click.option("--captured-on", type=Day(), help="Day on which new files were captured (default: their own).")
@click.pass_context
def run(  # noqa: PLR0917 - one a flag, and click names them
    ctx: click.Context,
    folder: Path | None,
    sources: tuple[str, ...],
    first_day: date | None,
    last_day: date | None,
    accept_shrink: tuple[date, ...],
    replay: bool,
    captured_on: date | None,
) -> None:
    """Capture, read, merge, extract, load, check, publish: the starter corpus, data/inbox, and live sources."""
    from pipelines.refresh import Request, refresh
    from pipelines.report.progress import progress_lines
    from pipelines.report.summary import summary

    if replay and sources:
        raise click.UsageError("--replay asks no network; leave out --source")
    if (first_day or last_day or accept_shrink) and not sources:
        raise click.UsageError("--from, --to and --accept-shrink belong to a --source")
    data = data_dir(folder)
    request = Request(sources, first_day, last_day, captured_on, accept_shrink, replay)
    with progress_lines() as on_progress:
        done = refresh(data, request, on_progress)
    click.echo(summary(data, done))
    for line in done.problems:
        click.echo(line, err=True)
    if done.problems:
        ctx.exit(EXIT_PARTIAL)


@main.command()
@data_option
def status(folder: Path | None) -> None:
    """Show what is captured, refused, partial; what the last release holds and how accurate its extractor is."""
    from pipelines.report.status import status as text

    click.echo(text(data_dir(folder)))


@main.command()
@click.argument("query", required=False)
@click.option(
    "--format", "style", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
@click.option("--release", "release_id", help="Open this release instead of the last one.")
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
        click.echo(format_rows(run_query(connection, query), style), nl=False)


@main.command()
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
def extract(file: IO[str]) -> None:
    """Read JSONL papers (id, title, abstract) from FILE or stdin; write what they say as JSONL."""
    import json

    from pipelines.mentions.lines import extract_lines

    for found in extract_lines(file):
        click.echo(json.dumps(found, ensure_ascii=False))


@main.command()
@click.option("--gold", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--papers", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--misses", is_flag=True, help="List what was missed and what was made up.")
def evaluate(gold: Path, papers: Path, misses: bool) -> None:
    """Measure the extractor against labelled papers: precision, recall and F1 a field."""
    from pipelines.mentions.evaluate import evaluate as measure
    from pipelines.report.accuracy import accuracy_table

    click.echo(accuracy_table(measure(gold, papers), has_misses=misses))


@main.command()
@click.argument("method")
@click.option("--month", type=Month(), help="Only papers published in this month.")
@click.option("--role", type=click.Choice(["proposes", "uses", "mentions"]))
@click.option("--release", "release_id", help="Open this release instead of the last one.")
@data_option
def evidence(
    method: str, month: date | None, role: str | None, release_id: str | None, folder: Path | None
) -> None:
    """Show the sentences behind a number, the counted span marked."""
    from pipelines.report.evidence import evidence_text
    from pipelines.warehouse.query import evidence as spans

    click.echo(evidence_text(method, spans(data_dir(folder), method, month, role, release_id=release_id)))


@main.command()
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


@main.command()
@data_option
@click.option(
    "--mend", is_flag=True, help="Forget damaged Parquet and releases, so that the next run makes them anew."
)
@click.pass_context
def check(ctx: click.Context, folder: Path | None, mend: bool) -> None:
    """Compare captures, manifests, Parquet and DuckDB; name what does not agree and the command that mends it."""
    from pipelines.check import findings

    found = findings(data_dir(folder), mend)
    for line in found.lines:
        click.echo(line)
    if found.is_damaged:
        ctx.exit(EXIT_FAILED)


@main.command()
@data_option
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
@click.pass_context
def ui(ctx: click.Context, folder: Path | None, port: int) -> None:
    """Serve the Dagster UI with daemon and schedules on 127.0.0.1, until Ctrl-C."""
    from pipelines.dagster_home import serve

    ctx.exit(serve(data_dir(folder).make(), port))


if __name__ == "__main__":
    sys.exit(main())

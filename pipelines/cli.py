"""The command `papertrends`: words of a person in, plain functions called, exit status out. No work is done here.

Exit status 0 done, 1 failed, 2 wrong usage, 3 done in part. An error is one line on stderr.
"""

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from pipelines import __version__
from pipelines.cli_asking import COMMANDS
from pipelines.cli_options import Day, data_option
from pipelines.settings import SettingsError, data_dir

EXIT_FAILED, EXIT_PARTIAL = 1, 3


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
@click.option(
    "--look-up", is_flag=True, help="Ask Hugging Face and arXiv, by title, for papers without an id."
)
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
    look_up: bool,
    captured_on: date | None,
) -> None:
    """Capture, read, merge, extract, load, check, publish: the starter corpus, data/inbox, and live sources."""
    from pipelines.refresh import Request, refresh
    from pipelines.report.progress import progress_lines
    from pipelines.report.summary import summary

    if replay and (sources or look_up):
        raise click.UsageError("--replay asks no network; leave out --source and --look-up")
    if (first_day or last_day or accept_shrink) and not sources:
        raise click.UsageError("--from, --to and --accept-shrink belong to a --source")
    data = data_dir(folder)
    request = Request(sources, first_day, last_day, captured_on, accept_shrink, replay, look_up)
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


for _command in COMMANDS:
    main.add_command(_command)

if __name__ == "__main__":
    sys.exit(main())

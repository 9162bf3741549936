"""The words that several commands of `papertrends` share: the data folder, days, months, releases."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from pipelines.settings import SettingsError, parse_day

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


release_option = click.option("--release", "release_id", help="Open this release instead of the last one.")

"""What the README promises: its commands exist and its output is what they print."""

import re
from pathlib import Path

from pipelines.cli import main
from pipelines.report import readme

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_output_shown_is_true() -> None:
    """The README shows what a run over the starter corpus prints, and the accuracy that is measured; else `make docs`."""
    assert readme.current(TEXT) == TEXT


def test_every_command_is_in_the_readme() -> None:
    """Each command of `papertrends` has its line, and no line names a command that there is not."""
    assert sorted(re.findall(r"^\| `papertrends ([a-z]+)", TEXT, re.MULTILINE)) == sorted(main.commands)


def test_the_two_commands_are_targets() -> None:
    """`make run` and `make test` are there, and CI calls the same test target as the README."""
    makefile = (ROOT / "Makefile").read_text()
    assert re.search(r"^run:", makefile, re.MULTILINE)
    assert re.search(r"^test:", makefile, re.MULTILINE)
    assert "make test" in (ROOT / ".ci" / "run").read_text()

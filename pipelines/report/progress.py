"""Progress in the terminal: one living line where there is a terminal, plain lines where there is none."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text


@contextmanager
def progress_lines() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows what is being done; it writes to stderr, so that stdout stays the result's."""
    console = Console(stderr=True)
    if not console.is_terminal:

        def plain(line: str) -> None:
            print(f"  {line}", file=sys.stderr, flush=True)  # noqa: T201 - this is the terminal's own module

        yield plain
        return
    with console.status(Text("")) as living:
        yield lambda line: living.update(Text(line))

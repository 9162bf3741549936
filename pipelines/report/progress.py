"""Progress in the terminal: one living line where there is a terminal, a few plain lines where there is none."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

#: Without a terminal a line is shown when a new kind of work begins, and then not more often than this.
PLAIN_GAP_S = 2.0


@contextmanager
def progress_lines() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows what is being done; it writes to stderr, so that stdout stays the result's."""
    console = Console(stderr=True)
    if console.is_terminal:
        with console.status(Text("")) as living:
            yield lambda line: living.update(Text(line))
        return
    shown_work, shown_at = "", 0.0

    def plain(line: str) -> None:
        nonlocal shown_work, shown_at
        work, now = line.partition(" ")[0], time.monotonic()
        if work != shown_work or now - shown_at >= PLAIN_GAP_S:
            print(f"  {line}", file=sys.stderr, flush=True)  # noqa: T201 - this is the terminal's own module
            shown_work, shown_at = work, now

    yield plain

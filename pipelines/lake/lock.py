"""One writer at a time: the lock of a data folder, freed by the kernel when its holder dies."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

POLL_S = 0.2
DEFAULT_WAIT_S = 30.0


class DataDirBusyError(RuntimeError):
    """Another process writes this data folder: the message names it."""


@contextmanager
def run_lock(
    path: Path, wait_s: float = DEFAULT_WAIT_S, on_wait: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold the lock file at `path`; wait up to `wait_s` seconds, telling `on_wait` once who holds it.

    Raises DataDirBusyError with the holder's process id when the wait is over.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        deadline, told = time.monotonic() + wait_s, False
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                file.seek(0)
                holder = file.read().strip() or "another process"
                if time.monotonic() >= deadline:
                    raise DataDirBusyError(
                        f"{path.parent} is in use by {holder} (waited {wait_s:g} s); "
                        "try again when that run has ended, readers are not affected"
                    ) from None
                if on_wait and not told:
                    on_wait(f"waiting: {path.parent} is in use by {holder}")
                    told = True
                time.sleep(POLL_S)
        file.truncate(0)
        file.seek(0)
        file.write(f"PID {os.getpid()}")
        file.flush()
        yield
        file.truncate(0)

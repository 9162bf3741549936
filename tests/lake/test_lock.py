"""What the lock of a data folder promises: one writer, who is named; and no lock outlives its holder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.lake.lock import DataDirBusyError, run_lock

HOLD = "import sys; from pathlib import Path; from pipelines.lake.lock import run_lock\nwith run_lock(Path(sys.argv[1])):\n print('held', flush=True); sys.stdin.read()"


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    """Return another process that holds the lock until its standard input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / ".lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    """Let the holder go."""
    process.communicate()


def test_a_second_writer_is_told_who_writes(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    """While another process holds the lock, a run says which process that is, first when it waits and when it gives up."""
    told: list[str] = []
    with (
        pytest.raises(DataDirBusyError, match=f"in use by PID {holder.pid}"),
        run_lock(tmp_path / ".lock", 0, told.append),
    ):
        pass
    end(holder)


def test_the_lock_is_free_when_its_holder_ended(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    """A holder that ends lets the next run in."""
    end(holder)
    with run_lock(tmp_path / ".lock", 0):
        assert (tmp_path / ".lock").read_text() == f"PID {os.getpid()}"


def test_a_killed_holder_leaves_no_lock(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    """A kill -9 frees the lock: nobody has to remove a file by hand."""
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    end(holder)
    with run_lock(tmp_path / ".lock", 0):
        pass

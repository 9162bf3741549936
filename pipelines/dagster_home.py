"""Dagster's home inside a data folder, and the processes that are run with it. No assets here."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from pipelines.lake.durable import write_bytes
from pipelines.settings import PROJECT_DIR, DataDir

#: The place that `dagster.yaml` names for its state; a data folder's own path takes its stead.
DEFAULT_STATE = "data/dagster"


def prepare(data: DataDir) -> Path:
    """Write the data folder's own `dagster.yaml` from the project's, and return Dagster's home (absolute)."""
    home = data.dagster.resolve()
    home.mkdir(parents=True, exist_ok=True)
    text = (PROJECT_DIR / "dagster.yaml").read_text(encoding="utf-8")
    configured = text.replace(DEFAULT_STATE, str(home)).encode()
    path = home / "dagster.yaml"
    if not path.is_file() or path.read_bytes() != configured:
        write_bytes(path, configured)
    return home


def environment(data: DataDir) -> dict[str, str]:
    """Return the environment in which Dagster's own processes find this data folder and nothing else."""
    return {
        **os.environ,
        "DAGSTER_HOME": str(prepare(data)),
        "PAPERTRENDS_DATA": str(data.root.resolve()),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "PYTHONWARNINGS": "ignore",
    }


def serve(data: DataDir, port: int) -> int:
    """Run the Dagster UI with its daemon on 127.0.0.1 until it is stopped, and return its exit status."""
    command = [
        sys.executable,
        "-m",
        "dagster",
        "dev",
        "-m",
        "pipelines.definitions",
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    env = environment(data)
    # started from a background shell, SIGINT would be ignored and Dagster would then ignore SIGTERM too
    process = subprocess.Popen(  # noqa: S603 - our own command
        command,
        # not the project: Dagster would warn that the dagster.yaml there is not the one in use
        cwd=env["DAGSTER_HOME"],
        env=env,
        preexec_fn=lambda: (signal.signal(signal.SIGINT, signal.SIG_DFL), None)[1],  # noqa: PLW1509 - no threads yet
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: process.terminate())
    return process.wait()

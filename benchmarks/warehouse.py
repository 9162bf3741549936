"""Measures the warehouse of a data folder: building against bare copying, readers under publishes, numbers again.

    .venv/bin/python benchmarks/warehouse.py build DATA_DIR      # ratio of a build to COPY of the same Parquet
    .venv/bin/python benchmarks/warehouse.py rederive DATA_DIR   # every trends row once more, in Polars
    .venv/bin/python benchmarks/warehouse.py readers DATA_DIR    # readers in a loop during 20 publishes

DATA_DIR is a folder that `papertrends run` has filled; it is copied first, and never changed.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

PROJECT_DIR = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT_DIR))  # the rederivation is the tests' own

from pipelines import schema  # noqa: E402
from pipelines.lake.tables import LakeTable  # noqa: E402
from pipelines.settings import DUCKDB_MEMORY_LIMIT, DataDir  # noqa: E402
from pipelines.warehouse.build import STORAGE_VERSION, ReleaseInputs, build_release  # noqa: E402
from pipelines.warehouse.contract import load_contracts  # noqa: E402
from pipelines.warehouse.query import connect  # noqa: E402
from tests.warehouse.rederivation import Rederived  # noqa: E402
from tests.warehouse.test_publish import READER  # noqa: E402
from tests.warehouse.test_trends import REDERIVED, equal, table  # noqa: E402

N_ROUNDS = 7
N_PUBLISHES = 20
N_READERS = 2


def inputs() -> ReleaseInputs:
    """Return inputs that say nothing but the time."""
    return ReleaseInputs((), "benchmark", "benchmark", (), datetime.now(UTC))


def bare_copy(data: DataDir, file: Path, names: Iterable[str]) -> float:
    """Return the seconds that it takes to COPY lake tables into bare DuckDB tables, checkpointed and closed."""
    began = time.perf_counter()
    con = duckdb.connect(
        str(file),
        config={"storage_compatibility_version": STORAGE_VERSION, "memory_limit": DUCKDB_MEMORY_LIMIT},
    )
    for name in names:
        lake = schema.TABLES[name]
        files = [str(f) for f in LakeTable(data.parquet, lake).files()]
        if files:
            con.execute(
                f"create table {name} as select * from read_parquet($1, hive_partitioning = false) limit 0",
                [files],
            )
            pattern = str(data.parquet / name / ("*/*.parquet" if lake.partition else "*.parquet"))
            con.execute(f"copy {name} from '{pattern}' (format parquet)")
    con.execute("checkpoint")
    con.close()
    seconds = time.perf_counter() - began
    file.unlink()
    return seconds


def measure_build(data: DataDir) -> None:
    """Print the seconds of builds and of bare copies, taken in turns, and the ratios of their medians."""
    read = {
        r.removeprefix("lake.")
        for t in load_contracts().values()
        for r in t.references
        if r.startswith("lake.")
    }
    builds, copies, copies_all = [], [], []
    for _ in range(N_ROUNDS):
        copies.append(bare_copy(data, data.releases / "bare.duckdb", sorted(read)))
        copies_all.append(bare_copy(data, data.releases / "bare.duckdb", schema.TABLES))
        began = time.perf_counter()
        build_release(data, inputs=inputs())
        builds.append(time.perf_counter() - began)
    build = statistics.median(builds)
    print(f"build {build:.3f} s (from {min(builds):.3f} to {max(builds):.3f}), {N_ROUNDS} rounds")
    for what, found in (("the Parquet that it reads", copies), ("all Parquet", copies_all)):
        copy = statistics.median(found)
        print(
            f"COPY of {what} {copy:.3f} s (from {min(found):.3f} to {max(found):.3f}): ratio {build / copy:.2f}"
        )


def measure_rederivation(data: DataDir) -> None:
    """Print how many rows of each trends table come out the same of other code, and exit 1 when one does not."""
    build_release(data, inputs=inputs())
    derived = Rederived(data.parquet)
    n_wrong = 0
    with connect(data) as con:
        for name in REDERIVED:
            expected, found = getattr(derived, name)(), table(con, name)
            wrong = [k for k in expected if k not in found or not all(map(equal, found[k], expected[k]))]
            wrong += [k for k in found if k not in expected]
            n_wrong += len(wrong)
            print(f"trends.{name}: {len(found):,} rows, {len(wrong)} differ {wrong[:3] if wrong else ''}")
    sys.exit(1 if n_wrong else 0)


def measure_readers(data: DataDir) -> None:
    """Publish again and again while processes read the link in a loop; print what they saw, exit 1 for an error."""
    build_release(data, inputs=inputs())
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(data.warehouse)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(N_READERS)
    ]  # fmt: skip
    for reader in readers:
        if reader.stdout is None or reader.stdout.readline() != "ready\n":
            sys.exit(f"a reader did not start: {reader.communicate()[1]}")
    for n in range(N_PUBLISHES):
        build_release(data, inputs=replace(inputs(), rules_version=f"benchmark-{n}"))
    is_good = True
    for reader in readers:
        out, err = reader.communicate("\n")
        n_reads, *seen = out.split() or ["0"]
        print(
            f"reader: {n_reads} reads, {len(seen)} releases in order, exit {reader.returncode} {err.strip()[-300:]}"
        )
        is_good &= reader.returncode == 0 and seen == sorted(set(seen))
    sys.exit(0 if is_good else 1)


def main() -> None:
    """Measure what the command line asks for on a copy of the data folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["build", "rederive", "readers"])
    parser.add_argument("data_dir", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(chosen.data_dir / "parquet", Path(folder) / "parquet")
        data = DataDir(Path(folder)).make()
        {"build": measure_build, "rederive": measure_rederivation, "readers": measure_readers}[chosen.what](
            data
        )


if __name__ == "__main__":
    main()

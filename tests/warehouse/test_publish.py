"""Readers are never blocked by a publish, and never see anything but a whole release."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from pipelines.lake.durable import DiskError
from pipelines.warehouse.build import Release, build_release
from pipelines.warehouse.errors import NoReleaseError
from pipelines.warehouse.publish import release_ids, release_path
from pipelines.warehouse.query import connect
from tests.warehouse.small_lake import Paper, SmallLake

N_PUBLISHES = 3

#: Opens the link again and again as any client does, and says what it saw until its input ends.
READER = """
import select, sys, duckdb
seen, n_reads, kept = [], 0, duckdb.connect(sys.argv[1], read_only=True)
first = kept.execute("select max(release_id) from meta.releases").fetchone()[0]
print("ready", flush=True)
while not select.select([sys.stdin], [], [], 0)[0]:
    con = duckdb.connect(sys.argv[1], read_only=True)
    release, n_said = con.execute(
        "select release_id, table_rows['core.papers'] from meta.releases order by release_id desc limit 1"
    ).fetchone()
    n_papers, n_counted = con.execute(
        "select (select count(*) from core.papers), (select count(distinct paper_id) from core.appearances)"
    ).fetchone()
    assert n_papers == n_said == n_counted, (release, n_papers, n_said, n_counted)
    assert kept.execute("select max(release_id) from meta.releases").fetchone()[0] == first
    assert kept.execute("select sum(length(title)) from core.papers").fetchone()[0] > 0
    con.close()
    n_reads += 1
    if not seen or seen[-1] != release:
        seen.append(release)
print(n_reads, *seen)
"""


def growing(root: Path, n: int) -> SmallLake:
    """Return a lake of `n` papers."""
    return SmallLake(root, [Paper(i, "2024-01-05", methods=(("LoRA", "uses"),)) for i in range(1, n + 1)])


def test_a_reader_in_a_loop_sees_only_whole_releases(tmp_path: Path) -> None:
    """A process that opens the link during publishes has no error, sees whole releases only, and keeps an open one."""
    root = tmp_path / "data"
    made = [build_release(growing(root, 1).write(), inputs=growing(root, 1).inputs()).release_id]
    reader = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(READER), str(root / "warehouse.duckdb")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert reader.stdout is not None
    assert reader.stdout.readline() == "ready\n"
    for n in range(2, N_PUBLISHES + 2):
        lake = growing(root, n)
        made.append(build_release(lake.write(), inputs=lake.inputs(minute=n)).release_id)
    out, err = reader.communicate("\n", timeout=60)
    assert (reader.returncode, err) == (0, "")
    n_reads, *seen = out.split()
    assert int(n_reads) >= N_PUBLISHES
    assert seen == sorted(set(seen))
    assert set(seen) <= set(made)
    assert len(seen) > 1


def test_a_folder_without_a_release_says_what_to_do(tmp_path: Path) -> None:
    """Reading before the first run is one line that names the command."""
    with pytest.raises(NoReleaseError, match="run `papertrends run` first"):
        connect(SmallLake(tmp_path / "data").data)


def test_a_release_is_named_by_its_beginning(published: tuple[SmallLake, Release]) -> None:
    """Part of an id finds the release when only one has it; else the message lists those kept."""
    lake, release = published
    other = build_release(lake.data, inputs=lake.inputs(minute=9)).release_id
    assert release_path(lake.data, release.release_id[:13]) == release.path
    assert release_ids(lake.data) == [other, release.release_id]
    with pytest.raises(NoReleaseError, match="is the beginning of several"):
        release_path(lake.data, "2026")
    with pytest.raises(NoReleaseError, match=f"those kept are: {other}"):
        release_path(lake.data, "../../etc/passwd")


def test_a_damaged_release_is_named(published: tuple[SmallLake, Release]) -> None:
    """A release whose file is no database any more is one line that names the file."""
    lake, release = published
    release.path.write_bytes(b"no database")
    with pytest.raises(NoReleaseError, match=release.path.name):
        connect(lake.data)


def test_a_folder_that_cannot_be_written_changes_nothing(
    published: tuple[SmallLake, Release], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link that cannot be swapped leaves the last release where it was and says what failed."""
    lake, release = published

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    with pytest.raises(DiskError, match="No space left on device"):
        build_release(lake.data, inputs=lake.inputs(minute=1))
    assert lake.data.warehouse.resolve() == release.path

"""What the inbox promises: every file is captured once, dated once, and left where it is."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.lake.captures import CaptureStore
from pipelines.sources import inbox

MARCH = datetime(2026, 3, 13, 17, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty inbox."""
    path = tmp_path / "inbox"
    path.mkdir()
    return path


@pytest.fixture
def store(tmp_path: Path) -> CaptureStore:
    """Return an empty capture store."""
    return CaptureStore(tmp_path / "raw")


def put(folder: Path, name: str, data: bytes = b"a page", at: datetime = MARCH) -> Path:
    """Put a file with the given time of change into the inbox."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def test_a_file_is_captured_once_and_stays(folder: Path, store: CaptureStore) -> None:
    """The bytes are stored, a second look finds nothing new, and the file is still there."""
    path = put(folder, "page.txt")
    first, second = inbox.capture(folder, store), inbox.capture(folder, store)
    assert [c.origin for c in first.new] == ["page.txt"]
    assert (second.new, second.n_known) == ((), 1)
    assert store.open(first.new[0].capture_sha256).read() == path.read_bytes()


def test_the_date_is_the_files_own(folder: Path, store: CaptureStore) -> None:
    """Without another word a capture has the day of the file, in UTC, and says so."""
    put(folder, "page.txt")
    [item] = inbox.capture(folder, store).new
    assert (item.captured_at, item.date_basis) == (datetime(2026, 3, 13, tzinfo=UTC), "file-date")


def test_a_given_date_wins_and_stays(folder: Path, store: CaptureStore) -> None:
    """--captured-on dates a capture, also one that is known; a later run without it keeps that date."""
    put(folder, "page.txt")
    inbox.capture(folder, store)
    inbox.capture(folder, store, date(2024, 3, 20))
    assert inbox.capture(folder, store).new == ()
    [item] = store.captures()
    assert (item.captured_at.date(), item.date_basis) == (date(2024, 3, 20), "captured-on")


def test_a_touched_file_keeps_its_date(folder: Path, store: CaptureStore) -> None:
    """Copying the file again, which changes its time, gives no second capture and no other date."""
    put(folder, "page.txt")
    inbox.capture(folder, store)
    put(folder, "page.txt", at=datetime(2026, 9, 1, tzinfo=UTC))
    assert inbox.capture(folder, store).new == ()
    assert store.captures()[0].captured_at.date() == date(2026, 3, 13)


def test_copies_are_one_capture_and_one_notice(folder: Path, store: CaptureStore) -> None:
    """A thousand files of the same bytes are captured once and reported in one line."""
    for n in range(1000):
        put(folder, f"copy-{n:04}.json")
    report = inbox.capture(folder, store)
    assert len(report.new) == 1
    [line] = report.notices
    assert "999 more files hold the same bytes" in line


@pytest.mark.parametrize(
    "name", [".hidden", "README.md", "page.html.crdownload", "page.part", ".cache/page.txt"]
)
def test_what_is_no_listing_is_left_alone(folder: Path, store: CaptureStore, name: str) -> None:
    """Hidden files, the folder's own README and unfinished downloads are not captured."""
    put(folder, name)
    assert inbox.capture(folder, store).new == ()


def test_folders_inside_are_read(folder: Path, store: CaptureStore) -> None:
    """A file in a folder inside the inbox is captured under its path."""
    put(folder, "march/page.txt")
    assert [c.origin for c in inbox.capture(folder, store).new] == ["march/page.txt"]


def test_a_scan_writes_nothing(folder: Path, store: CaptureStore) -> None:
    """Asking what is new leaves no trace."""
    put(folder, "page.txt")
    assert len(inbox.scan(folder, store).new) == 1
    assert not store.folder.exists()

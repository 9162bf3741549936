"""What the capture store promises: bytes come back as they came, whatever they are, and nothing is overwritten."""

import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.lake.captures import Capture, CaptureDamagedError, CaptureStore


def capture(sha256: str, **changes: object) -> Capture:
    """Return a capture of those bytes."""
    values: dict[str, object] = {
        "capture_sha256": sha256,
        "channel": "inbox",
        "origin": "page.txt",
        "captured_at": datetime(2026, 3, 13, tzinfo=UTC),
        "n_bytes": 3,
    }
    return Capture(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("data", [b"", b"abc", b"x" * 3_000_000, gzip.compress(b"abc"), b"\x00\xff" * 1000])
def test_bytes_come_back(tmp_path: Path, data: bytes) -> None:
    """Any bytes are read back as they came, packed ones still packed."""
    store = CaptureStore(tmp_path)
    blob = store.put_bytes(data)
    with store.open(blob.sha256) as stream:
        assert stream.read() == data
    assert blob.n_bytes == len(data)


def test_same_bytes_are_stored_once(tmp_path: Path) -> None:
    """Bytes that are stored already are not stored again, and no temporary file is left."""
    store = CaptureStore(tmp_path)
    assert not store.put_bytes(b"abc").was_known
    assert store.put_bytes(b"abc").was_known
    assert len([p for p in tmp_path.rglob("*") if p.is_file()]) == 1


def test_same_bytes_of_two_listings_are_two_captures(tmp_path: Path) -> None:
    """Two empty days hold the same bytes and are still two captures."""
    store = CaptureStore(tmp_path)
    sha256 = store.put_bytes(b"[]").sha256
    days = [capture(sha256, listing_date=date(2026, 3, day)) for day in (14, 15)]
    store.record(days)
    assert store.captures() == days


def test_a_torn_line_is_passed_over(tmp_path: Path) -> None:
    """A journal line that a crash cut short hides no other line, before or after it."""
    store = CaptureStore(tmp_path)
    first, second = capture("a" * 64), capture("b" * 64)
    store.record([first])
    with (tmp_path / "captures.jsonl").open("a") as file:
        file.write(second.to_json()[:40])
    store.record([second])
    assert store.captures() == [first, second]


def test_damage_is_found(tmp_path: Path) -> None:
    """A capture whose stored bytes changed or vanished is named; opening a vanished one says what to do."""
    store = CaptureStore(tmp_path)
    whole, changed, gone = (store.put_bytes(data).sha256 for data in (b"whole", b"changed", b"gone"))
    store.record([capture(s) for s in (whole, changed, gone)])
    path = store.path_of(changed)
    assert path is not None
    path.write_bytes(b"other")
    lost = store.path_of(gone)
    assert lost is not None
    lost.unlink()
    assert store.damaged() == sorted([changed, gone])
    with pytest.raises(CaptureDamagedError, match="inbox"):
        store.open(gone)

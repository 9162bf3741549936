"""The inbox: every file a person drops there is a capture. What a file says is found out later, by content.

A capture's date is the one given with --captured-on, else the file's own date, in whole days of UTC, so that a
copy of the file gives the same rows. Files stay where they are.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from pipelines.lake.captures import Capture, CaptureStore
from pipelines.lake.durable import sha256_of_file

CHANNEL = "inbox"
#: Files that are in the folder for other reasons than to be captured.
NOT_LISTINGS = ("README.md",)
#: What browsers and other tools call a file that is still being written.
UNFINISHED_SUFFIXES = (".part", ".partial", ".crdownload", ".download", ".tmp")
#: Files at least this large are not hashed again while their name, size and time of change are the recorded ones.
LARGE_BYTES = 4 * 1024 * 1024

CAPTURED_ON = "captured-on"
FILE_DATE = "file-date"


@dataclass(frozen=True)
class InboxReport:
    """What the inbox held: captures that are new, the number known before, and files that are copies of others."""

    new: tuple[Capture, ...]
    n_known: int
    copies: dict[str, tuple[str, ...]]

    @property
    def notices(self) -> list[str]:
        """One line for each file that has copies."""
        return [
            f"inbox/{name}: {len(others):,} more {'file holds' if len(others) == 1 else 'files hold'} the same bytes "
            f"(first inbox/{others[0]}); read once, remove the copies"
            for name, others in sorted(self.copies.items())
        ]


def files_of(inbox: Path) -> list[Path]:
    """Return the files that are to be captured, in order of name; hidden and unfinished ones are not."""
    return sorted(
        p
        for p in inbox.rglob("*")
        if p.is_file()
        and not any(part.startswith(".") for part in p.relative_to(inbox).parts)
        and p.relative_to(inbox).as_posix() not in NOT_LISTINGS
        and not p.name.lower().endswith(UNFINISHED_SUFFIXES)
    )


def _date_of(path: Path, captured_on: date | None) -> tuple[datetime, str]:
    day = captured_on or datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
    return datetime.combine(day, time(), UTC), CAPTURED_ON if captured_on else FILE_DATE


def scan(inbox: Path, store: CaptureStore, captured_on: date | None = None) -> InboxReport:
    """Say what `capture` would do, writing nothing. Reads the bytes of files that are not surely known."""
    known = {c.capture_sha256: c for c in store.captures() if c.channel == CHANNEL}
    recorded = {(c.origin, c.n_bytes, c.request.get("modified_ns")): c.capture_sha256 for c in known.values()}
    names: dict[str, list[Path]] = defaultdict(list)
    for path in files_of(inbox):
        stat = path.stat()
        sha256 = None
        if stat.st_size >= LARGE_BYTES:
            sha256 = recorded.get((path.relative_to(inbox).as_posix(), stat.st_size, stat.st_mtime_ns))
        names[sha256 or sha256_of_file(path)].append(path)
    new, copies = [], {}
    for sha256, paths in names.items():
        # the copy that was captured first stays the capture's origin, as long as it is there
        held = known.get(sha256)
        origin = next((p for p in paths if held and p.relative_to(inbox).as_posix() == held.origin), paths[0])
        name = origin.relative_to(inbox).as_posix()
        if len(paths) > 1:
            copies[name] = tuple(p.relative_to(inbox).as_posix() for p in paths if p != origin)
        captured_at, basis = _date_of(origin, captured_on)
        # a file that was touched or copied since keeps the date of its first capture; a person may give another
        if held and not (captured_on and (held.captured_at, held.date_basis) != (captured_at, basis)):
            continue
        stat = origin.stat()
        new.append(
            Capture(
                capture_sha256=sha256,
                channel=CHANNEL,
                origin=name,
                captured_at=captured_at,
                n_bytes=stat.st_size,
                date_basis=basis,
                request={"modified_ns": stat.st_mtime_ns},
            )
        )
    return InboxReport(tuple(new), len(names) - len(new), copies)


def capture(inbox: Path, store: CaptureStore, captured_on: date | None = None) -> InboxReport:
    """Store every new file's bytes, then record them as captures. Raises DiskError when that cannot be done."""
    report = scan(inbox, store, captured_on)
    for item in report.new:
        store.put_file(inbox / item.origin)
    store.record(report.new)
    return report

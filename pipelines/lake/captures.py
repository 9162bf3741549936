"""Captures: the bytes of listings as they came, addressed by SHA-256, and the journal of when and whence.

`raw/<aa>/<sha256>.zst` holds bytes (already packed ones as they are, `.bin`); `raw/captures.jsonl` has a line a
capture and is only ever appended to. What the bytes say is not this module's business.
"""

import gzip
import hashlib
import io
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from pipelines.lake.durable import CHUNK_BYTES, append_line, replacing

#: Bytes that begin packed data: packing it again would only cost time.
PACKED_MAGIC = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04")
JOURNAL = "captures.jsonl"


def _compressor(file: BinaryIO) -> BinaryIO:
    stream: BinaryIO = pa.CompressedOutputStream(pa.PythonFile(file, "w"), "zstd")
    return stream


class CaptureDamagedError(RuntimeError):
    """The stored bytes of a capture are missing or are no longer the ones that were captured."""


@dataclass(frozen=True)
class Blob:
    """Stored bytes: their SHA-256 (hex), size as they came, and whether they were here already."""

    sha256: str
    n_bytes: int
    was_known: bool


@dataclass(frozen=True)
class Capture:
    """One capture. `channel` says how it came (starter, inbox, or a live source); `request` what was asked and answered.

    `captured_at` is when a live answer came; for a file it is midnight UTC of the file's own date (or of the date
    that a person gave), so that the same file gives the same rows wherever it is read.
    """

    capture_sha256: str
    channel: str
    origin: str
    captured_at: datetime
    n_bytes: int
    query: str | None = None
    listing_date: date | None = None
    date_basis: str | None = None
    request: dict[str, Any] = field(default_factory=dict)

    @property
    def capture_id(self) -> str:
        """16 hex digits that tell this listing's capture from others that happen to hold the same bytes.

        Of a live listing that is asked again and again, each reading's pages are captures of their own.
        """
        parts = [self.channel, self.query or "", str(self.listing_date or ""), self.capture_sha256]
        parts += [str(reading)] if (reading := self.request.get("reading")) else []
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]

    def to_json(self) -> str:
        """Return the journal's line."""
        return json.dumps(asdict(self), default=lambda v: v.isoformat(), ensure_ascii=True, sort_keys=True)

    @classmethod
    def from_json(cls, line: str) -> "Capture":
        """Return the capture that a line of the journal holds."""
        values = json.loads(line)
        values["captured_at"] = datetime.fromisoformat(values["captured_at"]).astimezone(UTC)
        if values["listing_date"]:
            values["listing_date"] = date.fromisoformat(values["listing_date"])
        return cls(**values)


class CaptureStore:
    """The folder `raw/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._journal = folder / JOURNAL

    def _place(self, sha256: str, suffix: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256}{suffix}"

    def path_of(self, sha256: str) -> Path | None:
        """Return the file that stores `sha256`, or None."""
        return next((p for s in (".zst", ".bin") if (p := self._place(sha256, s)).is_file()), None)

    def put(self, stream: BinaryIO) -> Blob:
        """Store what is left in `stream` unless it is stored already. Memory stays bounded however long it is."""
        digest, n_bytes = hashlib.sha256(), 0
        head = stream.read(CHUNK_BYTES)
        suffix = ".bin" if head.startswith(PACKED_MAGIC) else ".zst"
        incoming = self.folder / f".incoming{suffix}"
        with replacing(incoming) as file:
            # closing a compressor closes the file under it, so it gets a descriptor of its own
            sink = file if suffix == ".bin" else _compressor(os.fdopen(os.dup(file.fileno()), "wb"))
            chunk = head
            while chunk:
                digest.update(chunk)
                n_bytes += len(chunk)
                sink.write(chunk)
                chunk = stream.read(CHUNK_BYTES)
            if sink is not file:
                sink.close()
        sha256 = digest.hexdigest()
        was_known = self.path_of(sha256) is not None
        if was_known:
            incoming.unlink()
        else:
            target = self._place(sha256, suffix)
            target.parent.mkdir(parents=True, exist_ok=True)
            incoming.replace(target)
        return Blob(sha256, n_bytes, was_known)

    def put_bytes(self, data: bytes) -> Blob:
        """Store `data` unless it is stored already."""
        return self.put(io.BytesIO(data))

    def put_file(self, path: Path) -> Blob:
        """Store the content of the file at `path` unless it is stored already."""
        with path.open("rb") as file:
            return self.put(file)

    def open(self, sha256: str) -> BinaryIO:
        """Return a stream of the bytes as they came. Raises CaptureDamagedError when they are not stored."""
        path = self.path_of(sha256)
        if path is None:
            raise CaptureDamagedError(
                f"capture {sha256[:12]} has no bytes under {self.folder}; put its file into the inbox again"
            )
        if path.suffix == ".bin":
            return path.open("rb")
        return pa.input_stream(str(path), compression="zstd")  # type: ignore[no-any-return]

    def record(self, captures: Iterable[Capture]) -> None:
        """Append `captures` to the journal."""
        if lines := [c.to_json() for c in captures]:
            append_line(self._journal, "\n".join(lines))

    def captures(self) -> list[Capture]:
        """Return the captures in journal order, the last line of each capture id; a line cut short is passed over."""
        found: dict[str, Capture] = {}
        if self._journal.is_file():
            for line in self._journal.read_text(encoding="utf-8").splitlines():
                try:
                    capture = Capture.from_json(line)
                except (ValueError, TypeError, KeyError):
                    continue  # the process died while it wrote this line; the capture is made again
                found[capture.capture_id] = capture
        return list(found.values())

    def damaged(self) -> list[str]:
        """Return the SHA-256 of captures whose stored bytes are missing or changed. Reads everything."""
        bad = []
        for sha256 in {c.capture_sha256 for c in self.captures()}:
            try:
                with self.open(sha256) as stream:
                    digest = hashlib.sha256()
                    while chunk := stream.read(CHUNK_BYTES):
                        digest.update(chunk)
                is_whole = digest.hexdigest() == sha256
            except (OSError, CaptureDamagedError, pa.ArrowException, gzip.BadGzipFile):
                is_whole = False
            if not is_whole:
                bad.append(sha256)
        return sorted(bad)

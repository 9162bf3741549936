"""Files that are whole or absent: temporary name, fsync, rename, fsync of the folder; links too. Nothing else.

`kill -9` at any point leaves the old file or the new one under its name, never a part of either.
"""

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

CHUNK_BYTES = 1024 * 1024


class DiskError(OSError):
    """The disk refused a write: the message names the file, the reason and what to do."""


def explain(error: OSError, path: Path) -> DiskError:
    """Return `error` as a one-line message that names `path`."""
    cure = {
        errno.ENOSPC: "free some space and run again",
        errno.EFBIG: "raise the file size limit and run again",
        errno.EACCES: "make the folder writable or name another with --data-dir",
        errno.EROFS: "name a writable folder with --data-dir",
    }.get(error.errno or 0, "mend that and run again; what was published before is untouched")
    return DiskError(f"cannot write {path}: {error.strerror or error}; {cure}")


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that takes the name `path` when the block ends well, and leaves no trace when it does not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise explain(error, path) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_bytes(path: Path, data: bytes) -> None:
    """Put `data` under the name `path`, whole or not at all."""
    with replacing(path) as file:
        file.write(data)


def turn(link: Path, target: Path, by_way_of: Path) -> None:
    """Point the link `link` at `target`, durably; a reader finds the old target or the new one, never neither.

    `target` is relative to the link's folder; `by_way_of` is the name that the new link has before it takes its own.
    """
    by_way_of.unlink(missing_ok=True)
    by_way_of.symlink_to(target)
    by_way_of.replace(link)
    sync_folder(link.parent)


def append_line(path: Path, line: str) -> None:
    """Append one line durably; an earlier append that was cut short is ended first, so lines never run together."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("a+b") as file:
            if file.tell() > 0:
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    file.write(b"\n")
            file.write(line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise explain(error, path) from error


def sha256_of(stream: IO[bytes]) -> tuple[str, int]:
    """Return the SHA-256 (hex) and the size in bytes of what is left in `stream`."""
    digest, n_bytes = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK_BYTES):
        digest.update(chunk)
        n_bytes += len(chunk)
    return digest.hexdigest(), n_bytes


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 (hex) of the file at `path`."""
    with path.open("rb") as file:
        return sha256_of(file)[0]

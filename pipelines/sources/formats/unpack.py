"""Bytes as they came into plain bytes and text: compression, foreign file kinds, character encodings, bounds.

Nothing here knows what a listing looks like.
"""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa

from pipelines.settings import MAX_PAGE_BYTES
from pipelines.sources.record import UnreadableListing

CHUNK_BYTES = 64 * 1024
#: Text of papers packs to a third or a tenth. What unpacks to more than this many times its size, once it is
#: large at all, was made to fill a disk.
MAX_UNPACK_RATIO = 200
UNPACK_RATIO_FROM_BYTES = 32 * 1024 * 1024

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_FOREIGN = (
    (b"PK\x03\x04", "a zip archive: unpack it and use the file inside"),
    (b"BZh", "bzip2 data: unpack it, or pack it with gzip or zstd"),
    (b"\xfd7zXZ\x00", "xz data: unpack it, or pack it with gzip or zstd"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it and use the file inside"),
    (b"%PDF", "a PDF document, not a listing"),
    (b"PAR1", "a Parquet file, not a listing"),
    (b"SQLite format 3\x00", "an SQLite database, not a listing"),
    (b"\x89PNG", "a PNG image, not a listing"),
    (b"\xff\xd8\xff", "a JPEG image, not a listing"),
    (b"GIF8", "a GIF image, not a listing"),
)
_MIN_MOSTLY_UTF8 = 3  # fewer multi-byte characters than this prove nothing about the encoding


class StreamFlaw(Exception):  # noqa: N818 - a state of the data, reported beside what could be read
    """The compressed data breaks off, or something else follows it; what was yielded before is as it was packed."""


def _damaged(packing: str, error: Exception) -> UnreadableListing:
    """Return the refusal of data whose checksum fails: any of the text before may be wrong, so none is kept."""
    return UnreadableListing(
        f"{packing} data is damaged ({' '.join(str(error).split())}), so nothing of it is kept: download it again"
    )


def _gzip_chunks(stream: BinaryIO, start: bytes) -> Iterator[bytes]:
    """Yield unpacked pieces of bounded size; every member's checksum is verified by zlib."""
    packed = start
    unpacker = zlib.decompressobj(wbits=31)
    while True:
        try:
            piece = unpacker.decompress(packed, CHUNK_BYTES)
        except zlib.error as error:
            raise _damaged("gzip", error) from error
        if piece:
            yield piece
        if unpacker.eof:
            packed = unpacker.unused_data.lstrip(b"\0") or stream.read(CHUNK_BYTES).lstrip(b"\0")
            if not packed:
                return
            if packed[:1] != GZIP[:1]:
                raise StreamFlaw("something that is not gzip follows the gzip data")
            unpacker = zlib.decompressobj(wbits=31)
            continue
        packed = unpacker.unconsumed_tail or stream.read(CHUNK_BYTES)
        if not packed and not piece:
            raise StreamFlaw("gzip stream ends early")


class _Rest:
    """The rest of a stream with the bytes that were read to recognise it put back."""

    closed = False

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        self._start, self._stream = start, stream

    def close(self) -> None:
        """Do nothing: whoever opened the stream closes it."""

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes (all when negative), b"" at the end."""
        if self._start:
            taken = self._start if size < 0 else self._start[:size]
            self._start = self._start[len(taken) :]
            return taken + self._stream.read() if size < 0 else taken
        return self._stream.read(size)


def _zstd_chunks(stream: BinaryIO, start: bytes) -> Iterator[bytes]:
    with pa.CompressedInputStream(pa.PythonFile(_Rest(start, stream), mode="r"), "zstd") as unpacked:
        while True:
            try:
                piece = unpacked.read(CHUNK_BYTES)
            except (OSError, pa.ArrowException) as error:
                if "truncated" in str(error).lower():
                    raise StreamFlaw("zstd stream ends early") from error
                raise _damaged("zstd", error) from error
            if not piece:
                return
            yield piece


def _bounded(chunks: Iterator[bytes], stream: BinaryIO) -> Iterator[bytes]:
    """Pass `chunks` on until they outgrow any honest compression of what was read from `stream`."""
    n_bytes = 0
    for chunk in chunks:
        n_bytes += len(chunk)
        if n_bytes > UNPACK_RATIO_FROM_BYTES:
            try:
                n_packed = stream.tell()
            except (OSError, ValueError, AttributeError):
                n_packed = 0
            if n_packed and n_bytes > MAX_UNPACK_RATIO * n_packed:
                raise UnreadableListing(
                    f"unpacks to more than {MAX_UNPACK_RATIO} times its size: refused as a decompression bomb"
                )
        yield chunk


def unpacked_chunks(stream: BinaryIO) -> tuple[Iterator[bytes], str | None]:
    """Return the unpacked pieces of `stream` and the name of its compression (None for none).

    The pieces may end in StreamFlaw. Raises UnreadableListing for an empty file and for kinds of file that hold
    no listing.
    """
    start = stream.read(CHUNK_BYTES)
    if not start.strip():
        rest = stream.read(CHUNK_BYTES) if start else b""
        if not rest.strip():
            raise UnreadableListing("empty file" if not start else "empty file: nothing but blanks")
        start += rest
    for magic, what in _FOREIGN:
        if start.startswith(magic):
            raise UnreadableListing(what)
    if start.startswith(GZIP):
        return _bounded(_gzip_chunks(stream, start), stream), "gzip"
    if start.startswith(ZSTD):
        return _bounded(_zstd_chunks(stream, start), stream), "zstd"
    return _plain_chunks(stream, start), None


def _plain_chunks(stream: BinaryIO, start: bytes) -> Iterator[bytes]:
    while start:
        yield start
        start = stream.read(CHUNK_BYTES)


def whole(chunks: Iterator[bytes], head: bytes = b"") -> bytes:
    """Return all of a page, `head` first; raise UnreadableListing when it is cut, damaged or too large."""
    page = bytearray(head)
    try:
        for chunk in chunks:
            page += chunk
            if len(page) > MAX_PAGE_BYTES:
                raise UnreadableListing(
                    f"larger than {MAX_PAGE_BYTES // 2**20} MiB, which no page is; a bulk file must be JSON lines"
                )
    except StreamFlaw as flaw:
        raise UnreadableListing(
            f"{flaw}, so nothing of this page is kept: save or download it again"
        ) from flaw
    return bytes(page)


def _utf16_without_mark(data: bytes) -> str | None:
    """Return the UTF-16 flavour that every other byte being NUL betrays, if any."""
    sample = data[:2000]
    n_pairs = max(len(sample) // 2, 1)
    if sample[1::2].count(0) > 0.4 * n_pairs and sample[::2].count(0) < 0.05 * n_pairs:
        return "utf-16-le"
    if sample[::2].count(0) > 0.4 * n_pairs and sample[1::2].count(0) < 0.05 * n_pairs:
        return "utf-16-be"
    return None


def decode_text(data: bytes) -> str:
    """Return `data` as text with bare line feeds and no byte-order mark: UTF-8, UTF-16, UTF-32 or Windows-1252.

    Raises UnreadableListing for bytes that are no text.
    """
    encoding = None
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        encoding = "utf-32"
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif not data.startswith(b"\xef\xbb\xbf"):
        encoding = _utf16_without_mark(data)
    try:
        text = data.decode(encoding or "utf-8-sig")
    except UnicodeDecodeError as error:
        if encoding:
            raise UnreadableListing(f"breaks off or is damaged: not valid {encoding}") from error
        text = _not_quite_utf8(data)
    n_controls = sum(text.count(c) for c in "\0\x01\x02\x03\x04\x05\x06\x07\x0e\x0f\x10\x11\x12\x14\x15\x16")
    if n_controls > 8 + len(text) / 1000:
        raise UnreadableListing("a binary file, not a listing")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _not_quite_utf8(data: bytes) -> str:
    """Return Windows-1252 text, or UTF-8 with a few bytes lost, whichever the bytes look like."""
    text = data.decode("utf-8", "replace")
    n_broken = text.count("\ufffd")
    n_whole = sum(1 for c in text[:200_000] if ord(c) > 127) - n_broken
    if n_whole >= _MIN_MOSTLY_UTF8 and n_broken * 10 < n_whole:
        return text
    if n_broken > 0.1 * len(text):
        raise UnreadableListing("a binary file, not a listing")
    return data.decode("cp1252", "replace")

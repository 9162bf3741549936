"""The bytes of an answer, unpacked and bounded, and whole: what was cut on the way is never given on.

What the bytes say is the formats' business; only their last characters are looked at here, where nothing else
tells that an answer came to its end.
"""

import json
import re
import zlib
from typing import Literal

import httpx

Kind = Literal["json", "xml", "html"]

_CHUNK_BYTES = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b"


class BodyTooLargeError(RuntimeError):
    """The answer is larger than it may be; reading stopped there."""


class BodyTruncatedError(RuntimeError):
    """The answer ended before its end."""


class BodyEncodingError(RuntimeError):
    """The answer is packed in a way that was not asked for."""


class _Gunzip:
    """Unpacks gzip, of one member or several, never more than it may."""

    def __init__(self) -> None:
        self._member: zlib._Decompress = zlib.decompressobj(wbits=31)
        self._is_fresh = False

    def feed(self, data: bytes, room: int) -> bytes:
        """Return what `data` unpacks to, at most `room` + 1 bytes."""
        out = bytearray()
        while data and len(out) <= room:
            if self._member.eof:
                if not data.startswith(_GZIP_MAGIC[: len(data)]):
                    break  # padding after the end, which gzip files may have
                self._member = zlib.decompressobj(wbits=31)
            try:
                out += self._member.decompress(data, room + 1 - len(out))
            except zlib.error as error:
                raise BodyTruncatedError(f"the packed answer is damaged ({error})") from error
            data = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        return bytes(out)

    @property
    def is_whole(self) -> bool:
        return self._member.eof


def read_body(
    response: httpx.Response, kind: Kind, max_wire_bytes: int, max_body_bytes: int
) -> tuple[bytes, int]:
    """Return the unpacked body of a streamed `response` and its size on the wire.

    Memory stays within the caps whatever is sent. Raises BodyTooLargeError, BodyTruncatedError, BodyEncodingError,
    and httpx's own errors (a body shorter than announced is its RemoteProtocolError).
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "", "gzip", "x-gzip"):
        raise BodyEncodingError(f"the answer is packed as {encoding[:40]!r}, which was not asked for")
    gunzip = _Gunzip() if encoding in ("gzip", "x-gzip") else None
    body, n_wire = bytearray(), 0
    for chunk in response.iter_raw(_CHUNK_BYTES):
        n_wire += len(chunk)
        if n_wire > max_wire_bytes:
            raise BodyTooLargeError(f"the answer is longer than {max_wire_bytes:,} bytes")
        body += gunzip.feed(chunk, max_body_bytes - len(body)) if gunzip else chunk
        if len(body) > max_body_bytes:
            raise BodyTooLargeError(f"the answer unpacks to more than {max_body_bytes:,} bytes")
    if gunzip and n_wire and not gunzip.is_whole:
        raise BodyTruncatedError("the packed answer ends before its end")
    has_end = (
        gunzip is not None
        or "content-length" in response.headers
        or "chunked" in response.headers.get("transfer-encoding", "").lower()
    )
    data = bytes(body)
    # 204 and 304 have no body; an error page's end matters to nobody
    if not has_end and response.status_code == 200 and not _ends_well(data, kind):
        raise BodyTruncatedError("the connection closed before the answer came to its end")
    return data, n_wire


def _ends_well(data: bytes, kind: Kind) -> bool:
    """Say whether a body that nothing delimits is whole, as far as its own syntax tells."""
    if kind == "json" and not data.lstrip().startswith(b"<"):
        try:
            json.loads(data)
        except (ValueError, RecursionError):
            return False
        return True
    if kind == "xml":
        root = re.search(rb"<([A-Za-z][\w:.-]*)", data)
        return root is not None and data.rstrip().endswith(b"</" + root[1] + b">")
    return data.rstrip().lower().endswith(b"</html>")

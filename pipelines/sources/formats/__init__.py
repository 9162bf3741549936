"""Recognises what a file is by its content and hands it to the format's own reader. One file a format beside this."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from pipelines.sources.formats import (
    arxiv_atom,
    arxiv_html,
    arxiv_jsonl,
    arxiv_oai,
    hf_html,
    hf_json,
    hf_text,
    unpack,
)
from pipelines.sources.formats.fields import (
    BadJson,
    decode_json,
    keys_of,
    list_of,
    object_of,
    one_line,
    refuse_error_object,
)
from pipelines.sources.record import ARXIV_SNAPSHOT, Listing, UnreadableListing

#: So many lines may be bad before the first good one of a bulk file.
_PROBED_LINES = 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")

Lines = Iterator[tuple[bytes | None, bool]]


def read_listing(stream: BinaryIO, name_hint: str) -> Listing:
    """Return the listing that `stream` (bytes, plain, gzip or zstd) holds, recognised by content.

    `name_hint` is what a person calls it; it never decides. Raises UnreadableListing with the reason on one line.
    The records of a bulk file are read from `stream` as they are asked for, so keep it open until then.
    """
    try:
        chunks, packing = unpack.unpacked_chunks(stream)
        head = _head(chunks)
        start = head.removeprefix(_BYTE_ORDER_MARK).lstrip()
        if packing and start.startswith((unpack.GZIP, unpack.ZSTD)):
            raise UnreadableListing("compressed twice: unpack it once")
        if start.startswith(b"{") and not head.startswith(_WIDE):
            return _json_lines_or_object(head.removeprefix(_BYTE_ORDER_MARK).lstrip(), chunks)
        return _page(unpack.whole(chunks, head))
    except UnreadableListing as refusal:
        raise UnreadableListing(one_line(refusal.reason, 400)) from refusal
    except MemoryError as error:
        raise UnreadableListing(f"{one_line(name_hint, 80)} does not fit in memory") from error


def _head(chunks: Iterator[bytes]) -> bytes:
    """Return the first pieces, until there is something other than blanks to recognise."""
    head = b""
    try:
        for chunk in chunks:
            head += chunk
            if head.strip() or len(head) > 16 * unpack.CHUNK_BYTES:
                break
    except unpack.StreamFlaw as flaw:
        raise UnreadableListing(f"{flaw} before anything could be read: download it again") from flaw
    if not head.strip():
        raise UnreadableListing("empty file: nothing but blanks")
    return head


def _json_lines_or_object(head: bytes, chunks: Iterator[bytes]) -> Listing:
    """Return the listing of a text that starts with a brace: a bulk snapshot, or one JSON object."""

    def with_head() -> Iterator[bytes]:
        yield head
        yield from chunks

    first, lines = arxiv_jsonl.first_lines(arxiv_jsonl.lines_of(with_head()), _PROBED_LINES)
    decoded = []
    for line, _ in first:
        try:
            decoded.append(arxiv_jsonl.decode_line(line.strip()) if line and line.strip() else None)
        except BadJson:
            decoded.append(None)
    if any(arxiv_jsonl.is_paper(item) for item in decoded):
        records = arxiv_jsonl.records_of_lines(lines)
        return Listing(arxiv_jsonl.FORMAT, ARXIV_SNAPSHOT, records)
    objects = [item for item in decoded if isinstance(item, dict)]
    if len(objects) > 1 and all(hf_json.is_item(item) for item in objects):
        raise UnreadableListing("Hugging Face's answers one a line: put them in one JSON list")
    if len(objects) > 1:
        raise UnreadableListing(
            f"JSON lines of another shape than papers; the first has: {keys_of(objects[0])}"
        )
    return _json(unpack.decode_text(unpack.whole(_joined(lines))))


def _joined(lines: Lines) -> Iterator[bytes]:
    for line, has_end in lines:
        if line is None:
            raise UnreadableListing("JSON with a line longer than any paper")
        yield line + b"\n" if has_end else line


def _json(text: str) -> Listing:
    """Return the listing of one JSON value: Hugging Face's answers, or an array of snapshot objects."""
    try:
        body = decode_json(text)
    except BadJson as error:
        raise UnreadableListing(f"{error}; if the file was cut short, save it again") from error
    items = list_of(body)
    if isinstance(body, dict):
        if hf_json.is_item(body) and not arxiv_jsonl.is_paper(body):
            return hf_json.listing_of(body)
        if arxiv_jsonl.is_paper(body):
            return Listing(arxiv_jsonl.ARRAY_FORMAT, ARXIV_SNAPSHOT, arxiv_jsonl.records_of_array([body]))
        refuse_error_object(body)
        raise UnreadableListing(f"JSON of another shape than a listing; its keys: {keys_of(body)}")
    if isinstance(body, list):
        if not items:
            return hf_json.listing_of([])
        if any(hf_json.is_item(item) for item in items[:_PROBED_LINES]):
            return hf_json.listing_of(items)
        if any(arxiv_jsonl.is_paper(item) for item in items[:_PROBED_LINES]):
            return Listing(arxiv_jsonl.ARRAY_FORMAT, ARXIV_SNAPSHOT, arxiv_jsonl.records_of_array(items))
        first = object_of(items[0])
        what = (
            f"the keys of the first: {keys_of(first)}" if first else f"the first is {type(items[0]).__name__}"
        )
        raise UnreadableListing(f"a JSON list of other things than papers; {what}")
    raise UnreadableListing(f"JSON of another shape than a listing: {type(body).__name__}")


def _page(data: bytes) -> Listing:
    """Return the listing of a page that fits in memory: JSON, XML, HTML or copied text."""
    text = unpack.decode_text(data)
    start = text.lstrip()
    if start.startswith(("[", "{")):
        try:
            return _json(text)
        except UnreadableListing:
            if not re.match(r"\[[A-Za-z]", start):  # copied text may open with a bracket
                raise
    lowered = start[:4000].lower()
    if re.match(
        r"(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:\w+:)?(?:feed|oai-pmh|rss)\b", lowered, re.DOTALL
    ):
        return arxiv_oai.listing_of(data) if "<oai-pmh" in lowered else arxiv_atom.listing_of(data)
    if lowered.startswith("<?xml") and "<html" not in lowered:
        return arxiv_atom.listing_of(data)  # says what root it has instead
    if (
        re.match(r"<(?:!doctype html|!--|html|head|body|main|div|article|meta|script)\b", lowered)
        or "<html" in lowered
    ):
        return arxiv_html.parse(text) if arxiv_html.is_listing_page(text) else hf_html.parse(data)
    return hf_text.parse(text)

"""What is no listing is refused in one clear line, whatever it is, and never with a traceback."""

import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from listings import copied, feed_like, hf_item, page, read, snapshot, snapshot_line

from pipelines.settings import MAX_PAGE_BYTES
from pipelines.sources.formats import read_listing, unpack
from pipelines.sources.record import UnreadableListing

REFUSALS = {
    "empty": (b"", "empty file"),
    "blank": (b" \n\r\n\t", "nothing but blanks"),
    "packed nothing": (gzip.compress(b""), "nothing but blanks"),
    "binary": (bytes(range(256)) * 20, "a binary file"),
    "nul": (b"\0" * 5000, "a binary file"),
    "pdf": (b"%PDF-1.7 x", "a PDF document"),
    "zip": (b"PK\x03\x04rest", "a zip archive: unpack it"),
    "parquet": (b"PAR1rest", "a Parquet file"),
    "packed twice": (gzip.compress(gzip.compress(b"x" * 99)), "compressed twice"),
    "cut packed page": (
        gzip.compress(copied().encode())[:-20],
        "gzip stream ends early, so nothing of this page is kept",
    ),
    "gzip in name only": (b"\x1f\x8bnot really", "gzip data is damaged"),
    "zstd in name only": (b"\x28\xb5\x2f\xfdno", "zstd"),
    "text": (b"just some words\n", "no papers were recognised"),
    "other object": (b'{"alpha": 1, "beta": 2}', "its keys: alpha, beta"),
    "other lines": (b'{"alpha": 1}\n{"alpha": 2}\n', "the first has: alpha"),
    "other list": (b'[{"alpha": 1}]', "the keys of the first: alpha"),
    "list of numbers": (b"[1, 2]", "the first is int"),
    "deep list": (b"[" * 200_000, "nested too deeply"),
    "deep object": (b'{"a":' * 100_000, "nested too deeply"),
    "huge number": (b"[" + b"9" * 6000 + b"]", "number too long"),
    "cut object": (b'{"paper": {"id": "2603.9', "cut short"),
    "cut list": (b'[{"id": "2603.90001", "title": "x"}', "cut short"),
    "server error": (
        b'{"error": "Internal\\nError"}',
        "answered with an error, not a listing: Internal Error",
    ),
    "other xml": (b'<?xml version="1.0"?><kml/>', "its root is kml"),
    "endless nesting": (b"<html>" + b"<div>" * 300_000 + b"</html>", "tags that are never closed"),
    "other html": (b"<!doctype html><html><title>Hi</title></html>", "lists no papers (title: Hi)"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refusal(case: str) -> None:
    """The reason is one line that names what was found."""
    data, words = REFUSALS[case]
    with pytest.raises(UnreadableListing) as refusal:
        read(data)
    assert words in refusal.value.reason
    assert "\n" not in refusal.value.reason
    assert len(refusal.value.reason) <= 400


def test_page_beyond_the_limit() -> None:
    """A page larger than any page is refused before it is all in memory."""
    with pytest.raises(UnreadableListing, match="larger than 64 MiB"):
        read(b"x " * (MAX_PAGE_BYTES // 2 + 1))


def test_decompression_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packed data that unpacks out of all proportion is refused on the way, in a streamed file too."""
    monkeypatch.setattr(unpack, "UNPACK_RATIO_FROM_BYTES", 2**20)
    bomb = gzip.compress(snapshot(snapshot_line()) + b"\n" * 2**22)
    with pytest.raises(UnreadableListing, match="decompression bomb"):
        read(bomb)


@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(lambda t: t.encode("utf-8", "replace")),
        st.tuples(st.sampled_from(feed_like()), st.integers(0, 4000), st.binary(max_size=4)).map(
            lambda t: t[0][: t[1]] + t[2] + t[0][t[1] + 4 :]
        ),
    )
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Whatever the bytes, and wherever a listing is damaged, there is a listing or a reason, and no other error."""
    reason = None
    try:
        positions = [record.position for record in read_listing(io.BytesIO(data), "any").records]
    except UnreadableListing as refusal:
        positions, reason = [], refusal.reason
    assert reason is None or (reason and "\n" not in reason)
    assert all(position >= 1 for position in positions)


def test_every_sample_is_a_listing() -> None:
    """The samples that the test above damages are listings as long as nothing damages them."""
    assert all(read(data)[1] for data in feed_like())
    assert read(page({"dailyPapers": [hf_item()]}))[1]

"""arXiv's bulk snapshot. Each test is a quirk of the file, or a way in which it arrives broken."""

import gzip
import itertools
import json
import tracemalloc
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa
import pytest
from listings import read, records, snapshot, snapshot_line

from pipelines.settings import MAX_LINE_BYTES
from pipelines.sources.formats import arxiv_jsonl, read_listing
from pipelines.sources.record import Record, Rejected, UnreadableListing


def many(n: int) -> bytes:
    """Return a snapshot of `n` papers that do not pack well."""
    return snapshot(*(snapshot_line(id=f"2603.{i:05}", abstract=f"x{i**9}" * 20) for i in range(1, n + 1)))


def test_a_line_is_a_paper() -> None:
    """A line gives id, latest version, first date, authors, categories, and what else is filled."""
    (found,) = records(snapshot(snapshot_line()))
    assert (found.arxiv_id, found.arxiv_version, found.published_date) == ("0704.9001", 2, date(2007, 4, 2))
    assert (found.authors, found.categories) == (("Ana Example", "Jürgen Prüfung Jr"), ("cs.CL", "cs.LG"))
    assert found.abstract_raw == "  A fully invented calculation over\n$10^{9}$ tokens.\n"
    assert found.url == "https://arxiv.org/abs/0704.9001"
    assert found.extra == {"comments": "37 pages", "update_date": "2008-11-26"}


def test_raw_author_string_when_the_parsed_list_is_empty() -> None:
    """Commas and "and" part the authors; affiliations in parentheses, nested too, are left out."""
    (found,) = records(snapshot(snapshot_line(authors_parsed=[])))
    assert found.authors == ("Ana Example", 'J\\"urgen Pr\\"ufung', "Zo{\\'e} Li")


def test_null_fields_and_old_ids() -> None:
    """Null fields are nothing; an old id keeps its archive; without versions there is no day."""
    line = snapshot_line(
        id="hep-th/9901999", authors=None, authors_parsed=None, versions=[], categories=None, abstract=None
    )
    (found,) = records(snapshot(line))
    assert (found.arxiv_id, found.authors, found.categories) == ("hep-th/9901999", (), ())
    assert (found.published_date, found.abstract_raw, found.arxiv_version) == (None, None, None)


def test_nan_is_a_missing_value() -> None:
    """NaN, which pandas writes for a missing value and JSON does not know, is nothing."""
    (found,) = records(snapshot(snapshot_line(comments=float("nan"), categories=float("nan"))))
    assert (found.categories, "comments" in found.extra) == ((), False)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": 704.001}, "the id is a number, which has lost its zeros; arXiv ids are text"),
        ({"id": "0713.0001"}, "the id is not an arXiv id"),
        ({"title": None}, "no title"),
        ({"title": ["x"]}, "no title"),
        ({"abstract": 5.7}, "the abstract is not text but float"),
    ],
)
def test_wrong_types_are_rejected_with_their_line(changes: dict[str, object], reason: str) -> None:
    """A value of a wrong type is never turned into text: the line is rejected, the next is read."""
    _, found = read(snapshot(snapshot_line(), snapshot_line(**changes), snapshot_line(id="0704.9002")))
    assert found[1] == Rejected(2, reason)
    assert [type(r) for r in found] == [Record, Rejected, Record]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "0704.9003", "title": ', "not valid JSON"),
        (b'["a", "b"]', "not a JSON object"),
        (b'{"id": "0704.9003", "n": ' + b"9" * 5000 + b"}", "JSON with a number too long for any listing"),
        (b'{"id": ' + b"[" * 200_000 + b"}", "JSON nested too deeply for any listing"),
        (b'{"id": "\xff\xfe"}', "the line is not UTF-8"),
        (b'{"x": "' + b"x" * MAX_LINE_BYTES + b'"}', "the line is longer than 4 MiB, which no paper is"),
    ],
)
def test_bad_lines_are_rejected_one_by_one(line: bytes, reason: str) -> None:
    """A line that is no usable JSON is rejected with its number, whether it comes second or first."""
    good = snapshot(snapshot_line())
    _, found = read(good + line + b"\n\r\n" + good)
    assert found[1] == Rejected(2, reason)
    assert [r.position for r in found] == [1, 2, 4]
    if line.startswith(b"["):
        return  # as the first line it makes the file another format
    _, found = read(line + b"\n" + good)
    assert found[0] == Rejected(1, reason)
    assert isinstance(found[1], Record)


def test_truncated_last_line_is_reported() -> None:
    """A last line that breaks off is reported, and the whole lines before it are kept."""
    _, found = read(many(3)[:-30])
    assert [type(r) for r in found] == [Record, Record, Rejected]
    assert found[2] == Rejected(3, "the last line breaks off: the file was cut short")


def test_last_line_without_an_end_is_whole() -> None:
    """A file whose last line merely lacks its newline is whole."""
    assert len(records(many(3).rstrip(b"\n"))) == 3


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: pa.compress(data, codec="zstd", asbytes=True)])
def test_packed_files_are_recognised_by_content(pack: "type[bytes]") -> None:
    """Both gzip and zstd are recognised by their first bytes, whatever the file is called."""
    listing, found = read(pack(many(5)), "papers.txt")
    assert (listing.format, listing.source, len(found)) == ("arxiv_jsonl", "arxiv_snapshot", 5)


def test_gzip_of_several_members() -> None:
    """A gzip file of several members, as parallel packers write it, is read to its end."""
    data = many(6)
    assert len(records(gzip.compress(data[:700]) + gzip.compress(data[700:]))) == 6


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_packed_file_that_ends_early(name: str) -> None:
    """A packed file that was cut gives its whole lines, and says after how many papers it ends."""
    data = many(20_000)
    packed = gzip.compress(data) if name == "gzip" else pa.compress(data, codec="zstd", asbytes=True)
    _, found = read(packed[: len(packed) // 2])
    n_papers = len(found) - 1
    assert n_papers > 5_000
    assert all(isinstance(r, Record) for r in found[:-1])
    assert found[-1] == Rejected(
        n_papers + 1,
        f"{name} stream ends early after {n_papers:,} papers: download it again; those papers are kept",
    )


def test_damaged_gzip_is_refused_whole() -> None:
    """Packed data whose checksum fails may be wrong anywhere, so nothing of it is kept."""
    packed = bytearray(gzip.compress(many(2000)))
    packed[-6] ^= 0xFF
    with pytest.raises(UnreadableListing, match="gzip data is damaged"):
        read(bytes(packed))


def test_array_of_the_same_objects() -> None:
    """A JSON array of snapshot objects is read like the lines."""
    listing, found = read(json.dumps([snapshot_line(), snapshot_line(id="0704.9002")], indent=1))
    assert (listing.format, listing.source, len(found)) == ("arxiv_json", "arxiv_snapshot", 2)


def test_byte_order_mark_and_one_line() -> None:
    """A byte-order mark before the first line does no harm."""
    assert len(records(b"\xef\xbb\xbf" + snapshot(snapshot_line()))) == 1


class Endless:
    """A file without an end, of which no more is read than was asked for."""

    def __init__(self, line: bytes) -> None:
        self.block = line * (65536 // len(line) + 1)
        self.n_bytes = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        assert size > 0, "a stream must be read piece by piece"
        self.n_bytes += size
        return self.block[:size] if size < len(self.block) else self.block


def test_records_are_read_as_they_are_asked_for() -> None:
    """A bulk file is streamed: the first papers come from the first bytes, and memory stays bounded."""
    stream = Endless(snapshot(snapshot_line()))
    listing = read_listing(cast("BinaryIO", stream), "endless")
    assert len(list(itertools.islice(listing.records, 50))) == 50
    assert stream.n_bytes < 10 * 65536
    tracemalloc.start()
    for _ in itertools.islice(listing.records, 3_000):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 2**20


def test_one_endless_line_is_not_gathered() -> None:
    """A line that never ends is dropped as it comes, not collected."""

    def blocks() -> Iterator[bytes]:
        yield from itertools.repeat(b"x" * 65536, 400)

    tracemalloc.start()
    assert list(arxiv_jsonl.lines_of(blocks())) == [(None, False)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * MAX_LINE_BYTES


def test_the_corpus_is_read_whole(shared: Path) -> None:
    """The real sample gives its 16,772 papers and rejects none."""
    with (shared / "corpus" / "arxiv-metadata-sample.jsonl.gz").open("rb") as stream:
        listing = read_listing(stream, "sample")
        assert sum(isinstance(r, Record) for r in listing.records) == 16_772

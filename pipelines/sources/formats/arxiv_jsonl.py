"""arXiv's bulk metadata snapshot: one JSON object a line (or a JSON array of the same objects), read as a stream.

What cannot be read of it (a bad line, a cut end) is reported in its place; the whole lines before it are kept.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from pipelines.papers.dates import parse_iso, parse_rfc2822
from pipelines.papers.ids import split_version
from pipelines.settings import MAX_LINE_BYTES
from pipelines.sources.formats.fields import BadJson, count_of, decode_json, list_of, object_of, text_of
from pipelines.sources.formats.unpack import StreamFlaw
from pipelines.sources.record import Record, Rejected

FORMAT, ARRAY_FORMAT = "arxiv_jsonl", "arxiv_json"

_EXTRA_KEYS = ("comments", "journal-ref", "doi", "report-no", "license", "submitter", "update_date")
_PARENTHESES = re.compile(r"\s*\([^()]*\)")
_AUTHOR_SPLIT = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+")
_PAGE_OF = "https://arxiv.org/abs/"


def is_paper(value: object) -> bool:
    """Say whether a JSON value looks like a line of the snapshot."""
    item = object_of(value)
    has_text = "abstract" in item or "authors_parsed" in item or "categories" in item
    return "id" in item and "title" in item and has_text and "paper" not in item and "summary" not in item


def split_authors(raw: str) -> tuple[str, ...]:
    """Return the names in arXiv's author string: commas and "and" between them, affiliations in parentheses."""
    text, n_left = raw, 5
    while "(" in text and n_left:  # affiliations may hold parentheses themselves
        text, n_left = _PARENTHESES.sub("", text), n_left - 1
    return tuple(name for part in _AUTHOR_SPLIT.split(" ".join(text.split())) if (name := part.strip()))


def _authors(item: Mapping[str, Any]) -> tuple[str, ...]:
    names = []
    for parts in list_of(item.get("authors_parsed")):
        last, first, suffix = [p if isinstance(p, str) else "" for p in (*list_of(parts), "", "", "")[:3]]
        name = " ".join(f"{first} {last} {suffix}".split())
        if name:
            names.append(name)
    if names:
        return tuple(names)
    listed = item.get("authors")
    if isinstance(listed, list):
        return tuple(name for name in listed if text_of(name))
    return split_authors(text_of(listed) or "")


def record_of(item: object, position: int) -> Record | Rejected:
    """Return what one object of the snapshot says of its paper, or why it says nothing."""
    paper = object_of(item)
    if not paper:
        return Rejected(position, "not a JSON object")
    spelled, title, abstract = paper.get("id"), text_of(paper.get("title")), paper.get("abstract")
    if isinstance(spelled, int | float):
        return Rejected(position, "the id is a number, which has lost its zeros; arXiv ids are text")
    if title is None:
        return Rejected(position, "no title")
    if abstract is not None and not isinstance(abstract, str):
        return Rejected(position, f"the abstract is not text but {type(abstract).__name__}")
    arxiv_id, version = split_version(spelled) if isinstance(spelled, str) else (None, None)
    if isinstance(spelled, str) and spelled.strip() and arxiv_id is None:
        return Rejected(position, "the id is not an arXiv id")
    first_at, versions = None, [object_of(v) for v in list_of(paper.get("versions"))]
    for entry in versions:
        created = parse_rfc2822(entry["created"]) if isinstance(entry.get("created"), str) else None
        if created and (first_at is None or created < first_at):
            first_at = created
    if first_at is None and isinstance(paper.get("published"), str):
        first_at = parse_iso(paper["published"])
    numbers = [v["version"][1:] for v in versions if isinstance(v.get("version"), str)]
    stated = [int(n) for n in numbers if n.isascii() and n.isdigit() and len(n) < 6]
    categories = paper.get("categories")
    words = categories.split() if isinstance(categories, str) else list_of(categories)
    extra: dict[str, object] = {k.replace("-", "_"): v for k in _EXTRA_KEYS if (v := text_of(paper.get(k)))}
    return Record(
        position=position,
        title_raw=title,
        abstract_raw=text_of(abstract),
        arxiv_id=arxiv_id,
        arxiv_version=max(stated) if stated else version,
        authors=_authors(paper),
        categories=tuple(w for w in words if isinstance(w, str)),
        published_date=first_at.date() if first_at else None,
        published_precision="day" if first_at else None,
        url=_PAGE_OF + arxiv_id if arxiv_id else text_of(paper.get("url")),
        upvotes=count_of(paper.get("upvotes")),
        extra=extra,
    )


def lines_of(chunks: Iterable[bytes]) -> Iterator[tuple[bytes | None, bool]]:
    """Yield (line without its end, whether an end was there); None in place of a line beyond MAX_LINE_BYTES.

    Memory is bounded by the longest line allowed. StreamFlaw passes through, after what was whole before it.
    """
    pending, is_skipping = bytearray(), False
    for chunk in chunks:
        pending += chunk
        if b"\n" in chunk:
            *complete, rest = bytes(pending).split(b"\n")
            for line in complete:
                yield (None if is_skipping or len(line) > MAX_LINE_BYTES else line), True
                is_skipping = False
            pending = bytearray(rest)
        if len(pending) > MAX_LINE_BYTES:
            pending, is_skipping = bytearray(), True
    if pending or is_skipping:
        yield (None if is_skipping else bytes(pending)), False


def decode_line(line: bytes) -> object:
    """Return the JSON value of a line; raise BadJson, in words that do not vary with the place of the fault."""
    try:
        return decode_json(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadJson("the line is not UTF-8") from error


def records_of_lines(lines: Iterable[tuple[bytes | None, bool]]) -> Iterator[Record | Rejected]:
    """Yield the records of a stream of lines, lazily; a position is a line number. A flaw of the stream ends it."""
    number = n_papers = 0
    try:
        for line, has_end in lines:
            number += 1
            if line is None:
                yield Rejected(
                    number, f"the line is longer than {MAX_LINE_BYTES // 2**20} MiB, which no paper is"
                )
                continue
            text = line.strip()
            if not text:
                continue
            try:
                item = decode_line(text)
            except BadJson as error:
                reason = str(error).partition(" (")[0]
                is_cut = not has_end and not text.endswith(b"}")
                yield Rejected(
                    number, "the last line breaks off: the file was cut short" if is_cut else reason
                )
                continue
            record = record_of(item, number)
            n_papers += isinstance(record, Record)
            yield record
    except StreamFlaw as flaw:
        yield Rejected(
            number + 1, f"{flaw} after {n_papers:,} papers: download it again; those papers are kept"
        )


def records_of_array(items: Iterable[object]) -> Iterator[Record | Rejected]:
    """Yield the records of a decoded JSON array of snapshot objects."""
    return (record_of(item, position) for position, item in enumerate(items, 1))


def first_lines(
    lines: Iterator[tuple[bytes | None, bool]], n: int
) -> tuple[list[tuple[bytes | None, bool]], Iterator[tuple[bytes | None, bool]]]:
    """Return the first `n` lines and an iterator over all lines; a flaw among the first comes again in the second."""
    head: list[tuple[bytes | None, bool]] = []
    try:
        for line in lines:
            head.append(line)
            if len(head) >= n:
                break
    except StreamFlaw as flaw:
        return head, chain(head, _raising(flaw))
    return head, chain(head, lines)


def _raising(flaw: StreamFlaw) -> Iterator[tuple[bytes | None, bool]]:
    raise flaw
    yield  # makes this an iterator, which raises where it is read

"""Every lake table once: columns, Arrow types, units, keys, meaning.

A lake table is a folder `data/parquet/<name>/`, the asset `["lake", "<name>"]` and, while a release is built,
the relation `lake.<name>` that `sql/` reads. The warehouse's own tables are described by the headers in `sql/`,
which may leave a column's text out when it is this file's. Nothing here reads or writes.
"""

from dataclasses import dataclass

import pyarrow as pa

TIMESTAMP = pa.timestamp("us", tz="UTC")
STRINGS = pa.list_(pa.string())

#: Partition of papers whose publication date is unknown.
UNKNOWN_MONTH = "unknown"


@dataclass(frozen=True)
class Column:
    """One column: its name (with the unit in it), Arrow type, meaning, and whether it may be null."""

    name: str
    type: pa.DataType
    meaning: str
    is_nullable: bool = False


@dataclass(frozen=True)
class Table:
    """One lake table: what a row is, how it is partitioned (Hive style, not repeated in the files), its columns."""

    name: str
    meaning: str
    grain: str
    partition: str | None
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema of its Parquet files; column meanings travel as field metadata."""
        return pa.schema(
            [pa.field(c.name, c.type, c.is_nullable, metadata={"meaning": c.meaning}) for c in self.columns]
        )


PUBLISHED_MONTH = "published_month"

_PAPER_ID = Column("paper_id", pa.string(), "canonical id: arxiv:<id without version>, else title:<key>")
_SPAN = (
    Column("field", pa.string(), "title or abstract"),
    Column("start_char", pa.int32(), "first character of the span, in Unicode code points from 0"),
    Column("end_char", pa.int32(), "one past the last character of the span, in Unicode code points"),
    Column(
        "surface", pa.string(), "the span as printed: substring(text, start_char + 1, end_char - start_char)"
    ),
)

CAPTURES = Table(
    "captures",
    "Every listing that was captured, whether it could be read or not.",
    "capture",
    None,
    ("capture_id",),
    (
        Column(
            "capture_id",
            pa.string(),
            "16 hex digits: this listing with these bytes; the partition of its records",
        ),
        Column("capture_sha256", pa.string(), "SHA-256 of the bytes as they came"),
        Column("channel", pa.string(), "how it came: starter, inbox, or the name of a live source"),
        Column(
            "source",
            pa.string(),
            "where it is from: starter, saved_page, arxiv_snapshot, huggingface_daily, ...",
        ),
        Column("query", pa.string(), "what was asked of the source, where something was", True),
        Column("listing_date", pa.date32(), "the day the listing is of, where it has one", True),
        Column(
            "date_basis",
            pa.string(),
            "what the year of listing_date rests on: listing, captured-on, file-date",
            True,
        ),
        Column("origin", pa.string(), "file name or URL it came from"),
        Column("captured_at", TIMESTAMP, "when it was captured; for a file, midnight UTC of its own date"),
        Column("format", pa.string(), "recognised format, null when it could not be understood", True),
        Column("n_bytes", pa.int64(), "size of the bytes as they came"),
        Column("n_records", pa.int64(), "papers read from it"),
        Column(
            "state",
            pa.string(),
            "ok, partial (read, with something to say), refused; of a live listing also unchanged, empty_confirmed, open, failed",
        ),
        Column("reason", pa.string(), "why it was refused or is partial", True),
    ),
)

RECORDS = Table(
    "records",
    "What each capture says of each paper, text normalized, nothing merged yet.",
    "capture x position",
    "capture",
    ("capture", "rank"),
    (
        Column("capture_sha256", pa.string(), "the capture it was read from"),
        Column("source", pa.string(), "the capture's source"),
        Column("query", pa.string(), "the capture's query", True),
        Column("listing_date", pa.date32(), "the day the listing is of", True),
        Column("captured_at", TIMESTAMP, "when the capture was made"),
        Column("rank", pa.int32(), "position in the listing, from 1"),
        Column("arxiv_id", pa.string(), "canonical arXiv id without version", True),
        Column("arxiv_version", pa.int32(), "version of the text, where the listing says", True),
        Column("title_key", pa.string(), "title casefolded, letters and digits only"),
        Column("title", pa.string(), "normalized title"),
        Column("abstract", pa.string(), "normalized abstract, null when the listing has none", True),
        Column("title_raw", pa.string(), "title as the listing has it"),
        Column("abstract_raw", pa.string(), "abstract as the listing has it", True),
        Column("authors", STRINGS, "author names in order, empty when the listing has none"),
        Column("categories", STRINGS, "arXiv categories, primary first, empty when unknown"),
        Column(
            "published_date",
            pa.date32(),
            "first publication; the first of the month or year when only that is known",
            True,
        ),
        Column("published_precision", pa.string(), "day, month or year", True),
        Column("url", pa.string(), "page of the paper, where known", True),
        Column("upvotes", pa.int32(), "upvotes when captured", True),
        Column("is_deleted", pa.bool_(), "the source says that the record was removed"),
        Column(
            "extra",
            pa.string(),
            "the site's own further words as a JSON object (AI keywords, repository, ...)",
            True,
        ),
    ),
)

PAPERS = Table(
    "papers",
    "One row a work, whatever listings and versions it appears in.",
    "paper",
    PUBLISHED_MONTH,
    ("paper_id",),
    (
        _PAPER_ID,
        Column("arxiv_id", pa.string(), "canonical arXiv id without version", True),
        Column("title", pa.string(), "normalized title"),
        Column("abstract", pa.string(), "normalized abstract", True),
        Column("title_raw", pa.string(), "title as its source has it"),
        Column("abstract_raw", pa.string(), "abstract as its source has it", True),
        Column("text_source", pa.string(), "source that the title and abstract are from"),
        Column(
            "published_date",
            pa.date32(),
            "first publication; first of the month or year when only that is known",
            True,
        ),
        Column("published_precision", pa.string(), "day, month, year; null when unknown", True),
        Column("categories", STRINGS, "arXiv categories, primary first, empty when unknown"),
        Column("authors", STRINGS, "author names in order, empty when unknown"),
        Column("url", pa.string(), "page of the paper", True),
        Column("first_seen_at", TIMESTAMP, "earliest capture that lists it"),
        Column("last_seen_at", TIMESTAMP, "latest capture that lists it"),
        Column(
            "is_deleted",
            pa.bool_(),
            "the latest record of a source says that it was removed; the paper is kept",
        ),
    ),
)

APPEARANCES = Table(
    "appearances",
    "Every paper in every listing that names it.",
    "paper x listing",
    PUBLISHED_MONTH,
    ("paper_id", "capture_id"),
    (
        _PAPER_ID,
        Column("source", pa.string(), "source of the listing"),
        Column("query", pa.string(), "what was asked of the source", True),
        Column("listing_date", pa.date32(), "the day the listing is of", True),
        Column("rank", pa.int32(), "best position in the listing, from 1"),
        Column("upvotes", pa.int32(), "upvotes when captured", True),
        Column("captured_at", TIMESTAMP, "when the listing was captured"),
        Column("capture_sha256", pa.string(), "the capture's bytes"),
        Column(
            "capture_id", pa.string(), "the capture: a listing read again may hold the same bytes as before"
        ),
    ),
)

RESOLUTIONS = Table(
    "resolutions",
    "What searches by title say of papers that came without an arXiv id.",
    "paper",
    None,
    ("paper_id",),
    (
        _PAPER_ID,
        Column("title", pa.string(), "title that was looked up"),
        Column("state", pa.string(), "matched, doubtful (recorded, merges nothing) or not_found"),
        Column("evidence", pa.string(), "what the match rests on, or why there is none"),
        Column("arxiv_id", pa.string(), "canonical arXiv id of the match or of the doubtful candidate", True),
        Column("matched_title", pa.string(), "title of that paper as the search gave it", True),
        Column("published_date", pa.date32(), "first publication of that paper", True),
        Column("published_precision", pa.string(), "day, month or year", True),
        Column("authors", STRINGS, "authors of that paper"),
        Column("categories", STRINGS, "arXiv categories of that paper, where the search gave them"),
        Column("asked_of", pa.string(), "huggingface_search or arxiv_api", True),
        Column("captured_at", TIMESTAMP, "when the answer came", True),
        Column("capture_sha256", pa.string(), "the captured answer", True),
    ),
)

METHODS = Table(
    "methods",
    "The catalogue of PEFT methods that the extractor knows.",
    "catalogued method",
    None,
    ("method",),
    (
        Column("method", pa.string(), "canonical name"),
        Column(
            "family",
            pa.string(),
            "additive-adapter, soft-prompt, reparameterized, selective, rescaling, hybrid, other, generic",
        ),
        Column("arxiv_id", pa.string(), "paper that proposed it", True),
        Column("year", pa.int32(), "year of that paper", True),
        Column("aliases", STRINGS, "other spellings and expansions"),
        Column(
            "is_counted",
            pa.bool_(),
            "counted as a PEFT method (false: training efficiency listed beside them)",
        ),
    ),
)

METHOD_MENTIONS = Table(
    "method_mentions",
    "Spans that name a PEFT method.",
    "span",
    PUBLISHED_MONTH,
    ("paper_id", "field", "start_char", "method"),
    (
        _PAPER_ID,
        Column("method", pa.string(), "canonical name"),
        Column(
            "is_known",
            pa.bool_(),
            "in the catalogue; false for a method this paper introduces that the catalogue lacks",
        ),
        Column("role", pa.string(), "what this span says: proposes, uses or mentions"),
        *_SPAN,
        Column("rule", pa.string(), "rule that took the span for this method"),
        Column("cue", pa.string(), "rule and words that decided the role", True),
    ),
)

QUANTITIES = Table(
    "quantities",
    "Spans that state a typed number.",
    "span x value",
    PUBLISHED_MONTH,
    ("paper_id", "field", "start_char", "kind", "value"),
    (
        _PAPER_ID,
        Column(
            "kind",
            pa.string(),
            "model_size, trainable_params, trainable_pct, training_tokens, context_tokens or bits",
        ),
        Column("value", pa.float64(), "parameters, per cent, tokens or bits, by kind"),
        Column(
            "role", pa.string(), "for model sizes: proposes (a model introduced here), uses or mentions", True
        ),
        Column(
            "qualifier",
            pa.string(),
            "total or active (mixture of experts), range_low or range_high, null otherwise",
            True,
        ),
        *_SPAN,
        Column("rule", pa.string(), "rule that read the number"),
    ),
)

REFUSALS = Table(
    "refusals",
    "Spans that looked like a method or a typed number and were refused.",
    "span",
    PUBLISHED_MONTH,
    ("paper_id", "field", "start_char", "kind"),
    (
        _PAPER_ID,
        Column("kind", pa.string(), "what it looked like: method or a kind of quantity"),
        *_SPAN,
        Column("reason", pa.string(), "why it was refused"),
    ),
)

LINKS = Table(
    "links",
    "URLs that a paper prints: code, data, models, project pages.",
    "span",
    PUBLISHED_MONTH,
    ("paper_id", "field", "start_char"),
    (
        _PAPER_ID,
        Column("url", pa.string(), "as printed, trailing punctuation removed"),
        Column("kind", pa.string(), "code, model_or_data, project or other"),
        *_SPAN,
    ),
)

MODEL_MENTIONS = Table(
    "model_mentions",
    "Spans that name a pretrained model or model family.",
    "span",
    PUBLISHED_MONTH,
    ("paper_id", "field", "start_char", "model"),
    (_PAPER_ID, Column("model", pa.string(), "family and version as the field writes it"), *_SPAN),
)

CANDIDATES = Table(
    "candidates",
    "Evidence for PEFT methods that papers introduce and the catalogue lacks.",
    "span",
    PUBLISHED_MONTH,
    ("candidate", "paper_id"),
    (
        Column("candidate", pa.string(), "the name as the paper writes it"),
        _PAPER_ID,
        *_SPAN,
        Column("evidence", pa.string(), "kind of evidence: expansion, title-head, subject, ..."),
        Column("family", pa.string(), "suggested family", True),
        Column("sentence", pa.string(), "the introducing sentence"),
    ),
)

#: The tables that the extractor fills, in the order in which they are published.
EXTRACTED = (METHOD_MENTIONS, QUANTITIES, REFUSALS, LINKS, MODEL_MENTIONS, CANDIDATES)
TABLES = {t.name: t for t in (CAPTURES, RECORDS, RESOLUTIONS, PAPERS, APPEARANCES, METHODS, *EXTRACTED)}

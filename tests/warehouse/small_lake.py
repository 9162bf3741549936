"""A small lake of invented papers, written with the pipeline's own publications."""

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines import schema
from pipelines.lake.tables import LakeTable, Publication
from pipelines.settings import DataDir
from pipelines.warehouse.build import AccuracyRow, InputCapture, ReleaseInputs

CAPTURED_AT = datetime(2026, 3, 1, tzinfo=UTC)
CATALOGUE = {
    "LoRA": ("reparameterized", True),
    "QLoRA": ("reparameterized", True),
    "Adapter": ("additive-adapter", True),
    "Prompt Tuning": ("soft-prompt", True),
    "PEFT (generic)": ("generic", True),
    "GaLore": ("other", False),
}


@dataclass
class Paper:
    """An invented paper. Each of `methods` is (method, role), `sizes` (printed, value, qualifier, role)."""

    number: int
    published: str | None
    sources: tuple[str, ...] = ("huggingface_daily",)
    categories: tuple[str, ...] = ()
    methods: tuple[tuple[str, str], ...] = ()
    sizes: tuple[tuple[str, float, str | None, str | None], ...] = ()
    shares: tuple[tuple[str, float], ...] = ()
    candidate: str | None = None
    code: str | None = None
    models: tuple[str, ...] = ()
    has_abstract: bool = True
    note: str = ""

    @property
    def paper_id(self) -> str:
        """Return the canonical id."""
        return f"arxiv:2401.{self.number:05d}"

    @property
    def title(self) -> str:
        """Return the title."""
        return f"An invented study, number {self.number}"

    @property
    def abstract(self) -> str:
        """Return a text that holds every span once."""
        said = [f"Here we speak of {method} once." for method, _ in self.methods]
        said += [f"A model with {printed} stands here." for printed, *_ in self.sizes]
        said += [f"Only {printed} of it is trained." for printed, _ in self.shares]
        said += [f"We introduce {self.candidate} as our own."] if self.candidate else []
        said += [f"Find it at {self.code} now."] if self.code else []
        said += [f"It is built on {model} too." for model in self.models]
        return f"Naïve 𝒳 opening. {self.note}" + " ".join(said)

    @property
    def precision(self) -> str | None:
        """Return how finely the date is known."""
        return None if self.published is None else {4: "year", 7: "month", 10: "day"}[len(self.published)]

    @property
    def date(self) -> date | None:
        """Return the date of publication."""
        return None if self.published is None else date.fromisoformat((self.published + "-01-01")[:10])

    @property
    def partition(self) -> str:
        """Return the partition of its rows."""
        known = self.precision in {"month", "day"} and self.published
        return self.published[:7] if known and self.published else schema.UNKNOWN_MONTH


def _capture(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()


def _empty_row(table: schema.Table) -> dict[str, Any]:
    """Return a row that says as little as its columns let it."""
    least = {pa.string(): "-", pa.int32(): 0, pa.int64(): 0, pa.bool_(): False}
    row: dict[str, Any] = {}
    for column in table.columns:
        row[column.name] = (
            [] if column.type == schema.STRINGS else None if column.is_nullable else least.get(column.type)
        )
    return row


@dataclass
class SmallLake:
    """The papers of a lake, and the data folder that `write` puts it into."""

    root: Path
    papers: list[Paper] = field(default_factory=list)
    catalogue: dict[str, tuple[str, bool]] = field(default_factory=lambda: dict(CATALOGUE))

    @property
    def data(self) -> DataDir:
        """Return the data folder, made when missing."""
        return DataDir(self.root).make()

    def inputs(self, minute: int = 0, rules: str = "rules-1", f1: float = 0.9) -> ReleaseInputs:
        """Return what a run would hand over at `minute` past nine."""
        sources = sorted({s for p in self.papers for s in p.sources})
        return ReleaseInputs(
            tuple(InputCapture(_capture(s), s, f"{s}.json") for s in sources),
            rules,
            "code-1",
            (AccuracyRow("peft", 0.95, 0.9, f1, 40, date(2026, 3, 1), rules),),
            datetime(2026, 3, 2, 9, minute, tzinfo=UTC),
        )

    def rows(self) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """Return the rows of every table by partition, with only the columns that are not empty."""
        rows: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
        for source in sorted({s for p in self.papers for s in p.sources}):
            rows["captures"][""].append({
                "capture_id": _capture(source)[:16], "capture_sha256": _capture(source), "source": source,
                "origin": f"{source}.json", "captured_at": CAPTURED_AT, "n_bytes": 10, "n_records": 1, "state": "ok",
            })  # fmt: skip
        for method, (family, is_counted) in self.catalogue.items():
            rows["methods"][""].append({"method": method, "family": family, "is_counted": is_counted})
        for paper in sorted(self.papers, key=lambda p: p.number):
            self._paper_rows(paper, rows)
        return rows

    def _paper_rows(self, paper: Paper, rows: dict[str, dict[str, list[dict[str, Any]]]]) -> None:
        part, text = paper.partition, paper.abstract if paper.has_abstract else None
        rows["papers"][part].append({
            "paper_id": paper.paper_id, "arxiv_id": paper.paper_id[6:], "title": paper.title, "abstract": text,
            "title_raw": paper.title, "abstract_raw": text, "text_source": paper.sources[0],
            "published_date": paper.date, "published_precision": paper.precision,
            "categories": list(paper.categories), "authors": ["A. Nobody"],
            "first_seen_at": CAPTURED_AT, "last_seen_at": CAPTURED_AT, "is_deleted": False,
        })  # fmt: skip
        for source in paper.sources:
            rows["appearances"][part].append({
                "paper_id": paper.paper_id, "source": source, "rank": paper.number, "upvotes": None,
                "captured_at": CAPTURED_AT, "capture_sha256": _capture(source), "capture_id": _capture(source)[:16],
            })  # fmt: skip
        if not paper.has_abstract:
            return

        seen: dict[str, int] = defaultdict(int)

        def span(surface: str) -> dict[str, Any]:
            """Return the next place of `surface` in the text that has not been used yet."""
            found = re.compile(rf"\b{re.escape(surface)}(?!\w)").search(paper.abstract, seen[surface])
            assert found is not None
            seen[surface] = found.end()
            return {"paper_id": paper.paper_id, "field": "abstract", "start_char": found.start(),
                    "end_char": found.end(), "surface": surface}  # fmt: skip

        for method, role in paper.methods:
            named = {"method": method, "is_known": method in self.catalogue, "role": role, "rule": "name"}
            rows["method_mentions"][part].append(span(method) | named)
        for printed, value, qualifier, role in paper.sizes:
            size = {
                "kind": "model_size",
                "value": value,
                "qualifier": qualifier,
                "role": role,
                "rule": "size",
            }
            rows["quantities"][part].append(span(printed) | size)
        for printed, value in paper.shares:
            share = {"kind": "trainable_pct", "value": value, "rule": "share"}
            rows["quantities"][part].append(span(printed) | share)
        if paper.candidate:
            introduced = {"candidate": paper.candidate, "evidence": "subject",
                          "sentence": f"We introduce {paper.candidate} as our own."}  # fmt: skip
            rows["candidates"][part].append(span(paper.candidate) | introduced)
        for model in paper.models:
            rows["model_mentions"][part].append(span(model) | {"model": model})
        if paper.code:
            rows["links"][part].append(span(paper.code) | {"url": paper.code, "kind": "code"})

    def write(self) -> DataDir:
        """Publish every table."""
        rows = self.rows()
        for name, table in schema.TABLES.items():
            publication = Publication(LakeTable(self.data.parquet, table), "rules", "inputs")
            for part, found in sorted(rows[name].items()):
                whole = [_empty_row(table) | r for r in sorted(found, key=lambda r: r.get("start_char", 0))]
                batch = pa.Table.from_pylist(whole, schema=table.arrow)
                publication.write(part or None, batch)
            publication.commit()
        return self.data


def standard_papers() -> list[Paper]:
    """Return papers that show every rule of counting: gaps, roles, undated ones, sources that are no population."""
    return [
        Paper(1, "2024-01-05", methods=(("LoRA", "proposes"),), sizes=(("7B", 7e9, None, "uses"),)),
        Paper(2, "2024-01-20", methods=(("LoRA", "uses"), ("LoRA", "mentions"), ("Adapter", "mentions"))),
        Paper(3, "2024-01-21", categories=("cs.CL",)),
        Paper(4, "2024-02-02", sources=("huggingface_daily", "arxiv"), categories=("cs.CL", "cs.LG"),
              sizes=(("70B", 7e10, None, "uses"), ("7B", 7e9, None, "mentions"), ("13B", 1.3e10, "active", "uses"))),
        # no paper at all in March: a gap
        Paper(5, "2024-04-09", sources=("arxiv_snapshot",), categories=("cs.CV",), methods=(("LoRA", "uses"),
              ("QLoRA", "proposes")), sizes=(("0.5B", 5e8, "range_low", "proposes"), ("32B", 3.2e10, "range_high", "proposes")),
              shares=(("0.05%", 0.05),), code="https://example.org/five"),
        Paper(6, "2024-04", sources=("arxiv",), categories=("cs.CL",), methods=(("PEFT (generic)", "uses"), ("GaLore", "uses"))),
        Paper(7, "2023", methods=(("LoRA", "uses"),)),  # only a year: in no month
        Paper(8, None, sources=("saved_page",), methods=(("Adapter", "uses"),)),
        Paper(9, "2024-02-10", sources=("huggingface_search",), methods=(("LoRA", "proposes"),)),
        Paper(10, "2024-02-11", sources=("starter",), methods=(("Prompt Tuning", "uses"),), sizes=(("3B", 3e9, None, None),)),
        Paper(11, "2024-05-11", candidate="ZebraTune", methods=(("ZebraTune", "proposes"), ("LoRA", "mentions"))),
        Paper(12, "2024-05-12", has_abstract=False),
        Paper(13, "2024-05-30", methods=(("QLoRA", "uses"),), sizes=(("7B", 7e9, None, "uses"),)),
    ]  # fmt: skip

"""The ledger: what was judged of each reading of a live listing, one line a reading, only ever appended to.

`raw/ledger.jsonl` says which captures count and why others do not, so a replay needs no network and no luck. How a
judgement is come to is in `guards`. A line that a crash cut short is passed over: its day is asked again.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from pipelines.lake.durable import append_line

LEDGER = "ledger.jsonl"

#: State of one day of one listing. `open` is a day that has not ended, or an empty one that is yet to be confirmed;
#: `refused` answers came and were not believed; `failed` ones never came whole.
State = Literal["ok", "unchanged", "empty_confirmed", "open", "refused", "failed"]
GOOD: tuple[State, ...] = ("ok", "unchanged", "empty_confirmed")
BAD: tuple[State, ...] = ("refused", "failed")
#: States whose captures are read into records. What is unchanged was read already.
READ: tuple[State, ...] = ("ok", "empty_confirmed", "open")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was judged of one reading of one day (of one query, where a source asks several).

    `read_on` is the UTC day that the run took for today. `is_whole` says that all pages came and could be read.
    `fingerprint` is equal for readings that say the same, `ids_digest` for those that name the same papers.
    `missing_shares` is the share of records that lack a field that should be there. `removed` are ids that the
    last good reading of the day held and this one does not. `drift` counts fields by kind, then by name.
    """

    source: str
    query: str | None
    day: date
    reading: str
    read_at: datetime
    read_on: date
    state: State
    reasons: tuple[str, ...] = ()
    n_records: int = 0
    n_rejected: int = 0
    captures: tuple[str, ...] = ()
    is_whole: bool = False
    fingerprint: str = ""
    ids_digest: str = ""
    missing_shares: dict[str, float] = field(default_factory=dict)
    #: of a source whose days keep their papers
    ids: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    drift: dict[str, dict[str, int]] = field(default_factory=dict)
    rejected: tuple[str, ...] = ()
    is_overridden: bool = False
    parser: str = ""

    @property
    def key(self) -> tuple[str, str | None, date]:
        """What is judged: source, query, day."""
        return self.source, self.query, self.day

    def to_json(self) -> str:
        """Return the ledger's line."""
        return json.dumps(asdict(self), default=lambda v: v.isoformat(), ensure_ascii=True, sort_keys=True)

    @classmethod
    def from_json(cls, line: str) -> "Judgement":
        """Return the judgement that a line holds."""
        values: dict[str, Any] = json.loads(line)
        values["day"] = date.fromisoformat(values["day"])
        values["read_on"] = date.fromisoformat(values["read_on"])
        values["read_at"] = datetime.fromisoformat(values["read_at"]).astimezone(UTC)
        for name in ("reasons", "captures", "ids", "removed", "rejected"):
            values[name] = tuple(values[name])
        return cls(**values)


class Ledger:
    """All judgements, in the order in which they were made."""

    def __init__(self, raw: Path) -> None:
        self._path = raw / LEDGER
        self._all: list[Judgement] = []
        self._by_key: dict[tuple[str, str | None, date], list[Judgement]] = {}
        self._good: dict[tuple[str, str | None], dict[date, Judgement]] = {}
        if self._path.is_file():
            for line in self._path.read_text(encoding="utf-8").splitlines():
                try:
                    self._keep(Judgement.from_json(line))
                except (ValueError, TypeError, KeyError, AttributeError):
                    continue

    def _keep(self, judgement: Judgement) -> None:
        self._all.append(judgement)
        self._by_key.setdefault(judgement.key, []).append(judgement)
        if judgement.state in READ:
            self._good.setdefault((judgement.source, judgement.query), {})[judgement.day] = judgement

    def add(self, judgement: Judgement) -> None:
        """Append one judgement durably."""
        append_line(self._path, judgement.to_json())
        self._keep(judgement)

    def of(self, source: str, query: str | None, day: date) -> list[Judgement]:
        """Return the judgements of one day, oldest first."""
        return self._by_key.get((source, query, day), [])

    def last(self, source: str, query: str | None, day: date) -> Judgement | None:
        """Return the last judgement of one day."""
        return next(reversed(self.of(source, query, day)), None)

    def good(self, source: str, query: str | None) -> Mapping[date, Judgement]:
        """Return, for each day that has one, the last judgement whose captures were taken."""
        return self._good.get((source, query), {})

    def states(self) -> Iterable[Judgement]:
        """Return the last judgement of every day of every source."""
        return [self._by_key[key][-1] for key in sorted(self._by_key, key=lambda k: (k[0], k[1] or "", k[2]))]

    def by_capture(self) -> dict[str, Judgement]:
        """Return the last judgement of each capture id."""
        return {capture: judgement for judgement in self._all for capture in judgement.captures}

"""What is there: captures by state, what the last release holds, and how accurate the extractor was measured to be."""

from collections import Counter

import duckdb

from pipelines import freshness, schema
from pipelines.lake.captures import CaptureStore
from pipelines.lake.tables import LakeTable
from pipelines.refresh import problems_of
from pipelines.report.pages.grounds import accuracy
from pipelines.report.pages.shelf import front_page
from pipelines.report.wording import STARTER_NOTE
from pipelines.settings import DataDir
from pipelines.sources import inbox
from pipelines.sources.drift import add_drift
from pipelines.sources.ledger import Ledger
from pipelines.warehouse.output import visible
from pipelines.warehouse.publish import release_ids
from pipelines.warehouse.query import connect

SHOWN_PROBLEMS = 20
SHOWN_FIELDS = 8
HELD = ("core.papers", "core.appearances", "core.method_mentions", "core.quantities", "core.candidates")


def _captures(data: DataDir) -> list[str]:
    table = LakeTable(data.parquet, schema.CAPTURES)
    if not table.manifest().files:
        return ["captures: none yet; `papertrends run` makes the first"]
    rows = table.read().to_pylist()
    states = Counter((r["source"], r["state"]) for r in rows)
    n_records: Counter[str] = Counter()
    for row in rows:
        n_records[row["source"]] += row["n_records"]
    lines = [f"{'captures':<24}{'ok':>6}{'partial':>9}{'refused':>9}{'records':>11}"]
    for source in sorted({r["source"] for r in rows}):
        counts = (states[source, s] for s in ("ok", "partial", "refused"))
        ok, partial, refused = counts
        lines.append(f"  {source:<22}{ok:>6,}{partial:>9,}{refused:>9,}{n_records[source]:>11,}")
    problems = problems_of(data)
    lines += _live_days(data) + [f"  {line}" for line in problems[:SHOWN_PROBLEMS]]
    if len(problems) > SHOWN_PROBLEMS:
        more = 'papertrends sql "from core.captures where reason is not null"'
        lines.append(f"  and {len(problems) - SHOWN_PROBLEMS:,} more: {more}")
    return lines


def _live_days(data: DataDir) -> list[str]:
    """Return a line for each live source that was ever asked: its days by state."""
    days = list(Ledger(data.raw).states())
    if not days:
        return []
    lines = ["", f"{'live days':<24}{'first':>12}{'last':>12}   states"]
    for source in sorted({d.source for d in days}):
        mine = [d for d in days if d.source == source]
        states = Counter(d.state for d in mine)
        said = ", ".join(f"{n:,} {state}" for state, n in states.most_common())
        lines.append(
            f"  {source:<22}{min(d.day for d in mine)!s:>12}{max(d.day for d in mine)!s:>12}   {said}"
        )
        drift: dict[str, dict[str, int]] = {}
        for day in mine:
            add_drift(drift, day.drift)
        for kind, names in drift.items():
            shown = ", ".join(f"{visible(name)} ({n:,})" for name, n in list(names.items())[:SHOWN_FIELDS])
            lines.append(f"    {kind} fields: {shown}")
    return lines


def _waiting(data: DataDir) -> list[str]:
    report = inbox.scan(data.inbox, CaptureStore(data.raw))
    return [f"inbox: {len(report.new):,} new files wait for `papertrends run`"] if report.new else []


def _accuracy(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = accuracy(connection)
    if not rows:
        return ["accuracy: not measured; the labelled texts are not installed"]
    lines = [
        f"{'accuracy':<24}{'precision':>10}{'recall':>8}{'F1':>8}{'labels':>8}   measured {rows[0].measured_at}"
    ]
    return lines + [f"  {a.field:<22}{a.precision:>10.3f}{a.recall:>8.3f}{a.f1:>8.3f}{a.n:>8,}" for a in rows]


def _release(data: DataDir) -> list[str]:
    if not data.warehouse.exists():
        return ["release: none yet; `papertrends run` publishes the first"]
    with connect(data) as connection:
        held = {name: connection.execute(f"select count(*) from {name}").fetchall()[0][0] for name in HELD}  # noqa: S608
        [(n_undated,)] = connection.execute(
            "select count(*) from core.papers where published_month is null"
        ).fetchall()
        scopes = dict(
            connection.execute("select scope, count(*) from core.populations group by all").fetchall()
        )
        measured = _accuracy(connection)
    stale = "" if freshness.current_release(data) else "; stale, `papertrends run` brings it up to date"
    wide = sorted((s for s in scopes if not s.startswith("arxiv:")), key=lambda s: -scopes[s])
    lines = [
        f"release {data.warehouse.resolve().stem}{stale}; {len(release_ids(data))} kept",
        "  " + ", ".join(f"{n:,} {name.partition('.')[2].replace('_', ' ')}" for name, n in held.items()),
        f"  scopes: {', '.join(f'{s} {scopes[s]:,}' for s in wide) or 'none'}; {n_undated:,} papers without a month",
    ]
    if scopes and "all" not in scopes:
        lines += [f"  {line}" for line in STARTER_NOTE.splitlines()]
    lines.append(f"  report: {front_page(data) or 'none; `papertrends report` writes it'}")
    return [*lines, "", *measured]


def status(data: DataDir) -> str:
    """Return the text of `papertrends status`."""
    return "\n".join([f"data folder {data.root}", "", *_captures(data), *_waiting(data), "", *_release(data)])

"""The sentences behind a number, for a terminal: the counted span stands between marks."""

from collections.abc import Sequence

from pipelines.warehouse.output import visible
from pipelines.warehouse.query import Evidence

OPEN_MARK, CLOSE_MARK = ">>", "<<"


def marked(item: Evidence) -> str:
    """Return the sentence with its span marked."""
    return visible(
        f"{item.sentence[: item.start]}{OPEN_MARK}{item.sentence[item.start : item.end]}{CLOSE_MARK}{item.sentence[item.end :]}"
    )


def evidence_text(method: str, spans: Sequence[Evidence]) -> str:
    """Return the spans paper by paper; what to do when there are none."""
    if not spans:
        return f"no span counts for {method!r} here; leave out --month or --role to see all"
    lines: list[str] = []
    last = None
    for item in spans:
        if item.paper_id != last:
            lines += ["", f"{item.published_date or 'undated'}  {item.paper_id}  {visible(item.title)}"]
            last = item.paper_id
        lines.append(f"  {item.role:<9} {item.field:<9} {marked(item)}")
    n_papers = len({s.paper_id for s in spans})
    lines += ["", f"{len(spans):,} spans in {n_papers:,} {'paper' if n_papers == 1 else 'papers'}"]
    return "\n".join(lines).lstrip("\n")

"""Candidates for the catalogue as text for a terminal: the best supported first, each with its introducing sentence."""

import duckdb

from pipelines.warehouse.output import visible

_QUERY = """
select candidate, family, n_papers, first_seen, evidence, paper_ids
from core.candidates
where n_papers >= $at_least
order by n_papers desc, first_seen desc nulls last, candidate
limit $top
"""


def candidates_text(connection: duckdb.DuckDBPyConnection, at_least: int = 1, top: int = 50) -> str:
    """Return the candidates that at least `at_least` papers introduce or use, at most `top` of them."""
    rows = connection.execute(_QUERY, {"at_least": at_least, "top": top}).fetchall()
    if not rows:
        return "no candidate has that much support"
    lines = []
    for name, family, n_papers, first_seen, sentence, paper_ids in rows:
        papers = f"{n_papers} {'paper' if n_papers == 1 else 'papers'}"
        lines.append(
            f"{visible(name)}  ({family or 'family unknown'}, {papers}, first {first_seen or 'undated'}, {paper_ids[0]})"
        )
        lines.append(f"    {visible(sentence)}")
    lines += ["", "papertrends candidates --accept NAME --family FAMILY adds one to your catalogue"]
    return "\n".join(lines)

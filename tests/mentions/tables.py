"""Papers as the table that the pipeline feeds to the extractor."""

from collections.abc import Sequence

import pyarrow as pa


def table(papers: Sequence[tuple[str, str, str | None]]) -> pa.Table:
    """Return papers, each an id, a title and an abstract, as a table."""
    ids, titles, abstracts = zip(*papers, strict=True) if papers else ((), (), ())
    return pa.table(
        {
            "paper_id": pa.array(ids, pa.string()),
            "title": pa.array(titles, pa.string()),
            "abstract": pa.array(abstracts, pa.string()),
        }
    )

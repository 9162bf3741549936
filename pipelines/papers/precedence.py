"""Which source is believed when several say different things of one paper: one table, highest first.

For each field the record wins that has it and whose source stands highest; within a source the newest text
(version, then capture) wins. So the order in which captures arrived never matters.
"""

#: Why this order: arXiv's own records are the originals; the bulk file lags behind them; Hugging Face copies them
#: with its mathematics stripped; a saved page is a person's copy of that; the starter corpus is our own summaries.
SOURCE_PRECEDENCE = (
    "arxiv",
    "arxiv_snapshot",
    "huggingface_daily",
    "huggingface_search",
    "huggingface_trending",
    "saved_page",
    "starter",
)


def precedence_of(source: str) -> int:
    """Return how much `source` is believed, higher first; an unknown one least."""
    return len(SOURCE_PRECEDENCE) - SOURCE_PRECEDENCE.index(source) if source in SOURCE_PRECEDENCE else 0

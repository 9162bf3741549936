"""Hugging Face's search for papers: the hits of each query of the settings on the day of the capture.

A search shows what its ranking likes, so it is no population and enters no share.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from pipelines.settings import HF_FIRST_DAY, LiveSettings
from pipelines.sources.channel import Asked, LiveSource, PageContent
from pipelines.sources.huggingface import json_page

#: Hugging Face's own code asks for no more; there are no pages.
MAX_HITS = 120


def search_url(settings: LiveSettings, query: str, n_hits: int = MAX_HITS) -> str:
    """Return the URL of a search."""
    return f"{settings.hf_url}/api/papers/search?{urlencode({'q': query, 'limit': n_hits})}"


class HuggingFaceSearch:
    """The channel `huggingface_search`."""

    source = LiveSource(
        name="huggingface_search",
        service="huggingface_search",
        cadence="snapshot",
        first_date=HF_FIRST_DAY,
        is_population=False,
        kind="json",
        description="hits of the searches in PAPERTRENDS_HF_QUERIES as they stand when captured; no population",
        is_lasting=False,
    )

    def queries(self, settings: LiveSettings) -> Sequence[str | None]:
        """Return the searches of the settings."""
        return settings.hf_queries

    def first_url(self, settings: LiveSettings, query: str | None, day: date) -> str:  # noqa: ARG002
        """Return the URL of a search."""
        return search_url(settings, query or "")

    def read_page(self, body: bytes, asked: Asked) -> PageContent:
        """Return the hits. No hits is a proper answer to a search."""
        return replace(json_page(body, asked, has_pages=False), is_empty_stated=True)

    def is_not_yet(self, status: int, body: bytes) -> bool:  # noqa: ARG002 - there is always a present
        """Return False: the present has always come."""
        return False

"""Hugging Face's daily papers: what people put on the list of one day, with upvotes, through the JSON API."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from pipelines.settings import HF_FIRST_DAY, LiveSettings
from pipelines.sources.channel import Asked, LiveSource, PageContent
from pipelines.sources.huggingface import json_page, says_not_yet, strict_items, todays_instead


class HuggingFaceDaily:
    """The channel `huggingface_daily`."""

    source = LiveSource(
        name="huggingface_daily",
        service="huggingface",
        cadence="day",
        first_date=HF_FIRST_DAY,
        is_population=True,
        kind="json",
        description="Hugging Face daily papers, the list of each day with upvotes",
        always=("abstract_raw", "authors", "published_date", "upvotes"),
    )

    def queries(self, settings: LiveSettings) -> Sequence[str | None]:  # noqa: ARG002 - it has one list
        """Return the one list that a day has."""
        return (None,)

    def first_url(self, settings: LiveSettings, query: str | None, day: date) -> str:  # noqa: ARG002
        """Return the URL of the first page of a day's list."""
        asked = {"date": day.isoformat(), "limit": settings.hf_page_size, "p": 0}
        return f"{settings.hf_url}/api/daily_papers?{urlencode(asked)}"

    def read_page(self, body: bytes, asked: Asked) -> PageContent:
        """Return what one page of a day holds; nothing in it names the day, so only a wrong one can be noticed."""
        page = json_page(body, asked, has_pages=True)
        doubt = todays_instead(strict_items(body, ""), asked)
        return replace(page, doubts=(doubt,)) if doubt else page

    def is_not_yet(self, status: int, body: bytes) -> bool:
        """Say whether the server says that the day has not come yet; its own day can lag behind UTC."""
        return says_not_yet(status, body)

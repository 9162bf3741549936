"""Hugging Face's trending papers as they stand on the day of the capture. Papers in it can be years old."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from pipelines.settings import HF_FIRST_DAY, LiveSettings
from pipelines.sources.channel import Asked, LiveSource, PageContent
from pipelines.sources.huggingface import json_page


class HuggingFaceTrending:
    """The channel `huggingface_trending`."""

    source = LiveSource(
        name="huggingface_trending",
        service="huggingface",
        cadence="snapshot",
        first_date=HF_FIRST_DAY,
        is_population=False,
        kind="json",
        description="Hugging Face trending papers as they stand when captured: what is read, not what was written",
        is_lasting=False,
    )

    def queries(self, settings: LiveSettings) -> Sequence[str | None]:  # noqa: ARG002 - it has one list
        """Return the one list that there is."""
        return (None,)

    def first_url(self, settings: LiveSettings, query: str | None, day: date) -> str:  # noqa: ARG002
        """Return the URL of the list; only its top is captured, for it goes on down to papers nobody reads now."""
        return f"{settings.hf_url}/api/daily_papers?{urlencode({'sort': 'trending', 'limit': settings.hf_page_size})}"

    def read_page(self, body: bytes, asked: Asked) -> PageContent:
        """Return what the list holds."""
        return json_page(body, asked, has_pages=False)

    def is_not_yet(self, status: int, body: bytes) -> bool:  # noqa: ARG002 - there is always a present
        """Return False: the present has always come."""
        return False

"""Hugging Face's daily pages, through the JSON that they embed: for days when the API does not answer.

The papers are those of `huggingface_daily` and are counted as such; reading a page is `formats.hf_html`'s.
"""

from collections.abc import Sequence
from datetime import date

from pipelines.settings import HF_FIRST_DAY, LiveSettings
from pipelines.sources.channel import Asked, LiveSource, PageContent
from pipelines.sources.formats import hf_html
from pipelines.sources.record import Record, Rejected


class HuggingFaceHtml:
    """The channel `huggingface_html`."""

    source = LiveSource(
        name="huggingface_html",
        service="huggingface_html",
        cadence="day",
        first_date=HF_FIRST_DAY,
        is_population=True,
        kind="html",
        description="Hugging Face daily pages, the same papers as huggingface_daily: for days when the API fails",
        always=("abstract_raw", "authors", "published_date", "upvotes"),
    )

    def queries(self, settings: LiveSettings) -> Sequence[str | None]:  # noqa: ARG002 - it has one list
        """Return the one list that a day has."""
        return (None,)

    def first_url(self, settings: LiveSettings, query: str | None, day: date) -> str:  # noqa: ARG002
        """Return the URL of a day's page."""
        return f"{settings.hf_url}/papers/date/{day}"

    def read_page(self, body: bytes, asked: Asked) -> PageContent:
        """Return the papers that a page embeds. It names its own day, for a wrong date is redirected to another."""
        listing = hf_html.parse(body)
        records: list[Record | Rejected] = [
            Rejected(r.position, "the item has no arXiv id")
            if isinstance(r, Record) and not r.arxiv_id
            else r
            for r in listing.records
        ]
        doubts = []
        if listing.listing_date is None:
            doubts.append(f"mislabelled: the page is not one of a day ({listing.query or 'it names none'})")
        elif listing.listing_date != asked.day:
            doubts.append(f"mislabelled: the page of {listing.listing_date} instead")
        return PageContent(
            records, listing.format, source="huggingface_daily", is_empty_stated=False, doubts=tuple(doubts)
        )

    def is_not_yet(self, status: int, body: bytes) -> bool:  # noqa: ARG002 - a page redirects instead
        """Return False: a day that has not come is redirected to another page."""
        return False

"""arXiv's daily changes over OAI-PMH: records of a set whose datestamp is one day, in the format arXivRaw.

A datestamp is the day a record last changed, so a replaced paper moves to a later day; its publication date is its
first version's. Reading an answer is `formats.arxiv_oai`'s.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from urllib.parse import quote, urlencode, urlsplit

from pipelines.settings import ARXIV_FIRST_DAY, LiveSettings
from pipelines.sources.channel import Asked, LiveSource, NotYetError, PageContent, StartAgainError
from pipelines.sources.drift import Shape, drift_of
from pipelines.sources.formats import arxiv_oai
from pipelines.sources.formats.xml_tree import local_name, parse_xml
from pipelines.sources.record import Record, UnreadableListing

#: Archives that are sets below `physics` rather than sets of their own.
_PHYSICS = frozenset(
    [
        "astro-ph",
        "cond-mat",
        "gr-qc",
        "hep-ex",
        "hep-lat",
        "hep-ph",
        "hep-th",
        "math-ph",
        "nlin",
        "nucl-ex",
        "nucl-th",
        "physics",
        "quant-ph",
    ]
)
_TEXT = ("text",)
_RAW = Shape(
    types=dict.fromkeys(
        [
            "id",
            "submitter",
            "version",
            "title",
            "authors",
            "categories",
            "comments",
            "proxy",
            "report-no",
            "msc-class",
            "acm-class",
            "journal-ref",
            "doi",
            "license",
            "abstract",
        ],
        _TEXT,
    ),
    always=frozenset(("id", "version", "title", "authors", "categories", "abstract")),
)
_RECORD = ".//{http://arxiv.org/OAI/arXivRaw/}arXivRaw"


def set_of(category: str) -> str:
    """Return the OAI set of an arXiv category or archive.

    >>> [set_of(c) for c in ("cs.CL", "cs", "hep-th", "astro-ph.GA", "stat.ML")]
    ['cs:cs:CL', 'cs', 'physics:hep-th', 'physics:astro-ph:GA', 'stat:stat:ML']
    """
    archive, _, subject = category.partition(".")
    group = "physics" if archive in _PHYSICS else archive
    if not subject:
        return group if archive in (group, "physics") else f"{group}:{archive}"
    return f"{group}:{archive}:{subject}"


class Arxiv:
    """The channel `arxiv`."""

    source = LiveSource(
        name="arxiv",
        service="arxiv",
        cadence="day",
        first_date=ARXIV_FIRST_DAY,
        is_population=True,
        kind="xml",
        description="arXiv records of the sets in PAPERTRENDS_ARXIV_SETS by the day they last changed",
        reread_days=2,
        is_lasting=False,
    )

    def queries(self, settings: LiveSettings) -> Sequence[str | None]:
        """Return the categories of the settings."""
        return settings.arxiv_sets

    def first_url(self, settings: LiveSettings, query: str | None, day: date) -> str:
        """Return the URL of the first page of one set and day; both ends of the window are included."""
        asked = {
            "verb": "ListRecords",
            "metadataPrefix": "arXivRaw",
            "set": set_of(query or ""),
            "from": day.isoformat(),
            "until": day.isoformat(),
        }
        return f"{settings.arxiv_oai_url}?{urlencode(asked)}"

    def read_page(self, body: bytes, asked: Asked) -> PageContent:
        """Return the records of a page; an error that says that nothing matches is an empty day."""
        page = arxiv_oai.parse(body)
        errors = [e for e in page.errors if e.code != arxiv_oai.NO_RECORDS]
        for error in errors:
            if error.code == "badResumptionToken":
                raise StartAgainError("arXiv's resumption token expired")
            if error.code == "badArgument" and "until date too late" in error.message.lower():
                raise NotYetError("arXiv says that this day has not come yet")
        if errors:
            raise UnreadableListing(f"arXiv answered {errors[0].code}: {errors[0].message}")
        if not page.records and not page.is_empty_day:
            raise UnreadableListing("an OAI-PMH answer with neither records nor an error")
        next_url = None
        if page.resumption_token:
            # the token is percent-encoded text already and is encoded once more, as a value has to be
            token = quote(page.resumption_token, safe="")
            next_url = (
                urlsplit(asked.url)._replace(query=f"verb=ListRecords&resumptionToken={token}").geturl()
            )
        return PageContent(
            page.records,
            arxiv_oai.FORMAT,
            next_url,
            is_promised=next_url is not None,
            is_empty_stated=page.is_empty_day,
            drift=_drift(body),
            doubts=tuple(_doubts(page, asked)),
        )

    def is_not_yet(self, status: int, body: bytes) -> bool:  # noqa: ARG002 - errors come with status 200
        """Return False: arXiv says so in an answer, not by a status."""
        return False


def _doubts(page: arxiv_oai.OaiPage, asked: Asked) -> list[str]:
    """Return what in a page speaks against its being of the day that was asked."""
    days = Counter(str(r.extra.get("datestamp", ""))[:10] for r in page.records if isinstance(r, Record))
    n_wrong = sum(
        n for day, n in days.items() if re.fullmatch(r"\d{4}-\d\d-\d\d", day) and day != str(asked.day)
    )
    if not n_wrong:
        return []
    return [f"mislabelled: {n_wrong} of {len(page.records)} records are of another day than {asked.day}"]


def _drift(body: bytes) -> dict[str, dict[str, int]]:
    """Return how the records' elements differ from those that arXivRaw is known to have."""
    found = [{local_name(e): "" for e in raw} for raw in parse_xml(body).iterfind(_RECORD)]
    return drift_of(found, _RAW)

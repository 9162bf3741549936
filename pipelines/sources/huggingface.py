"""What Hugging Face's listings have in common: strict JSON lists of items, and links to the next page.

A saved answer is read leniently by `formats.hf_json`; an answer that was asked for now has no excuse, so here
anything odd in its form is a reason not to believe it.
"""

import json
import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from pipelines.papers.dates import parse_iso
from pipelines.sources.channel import Asked, PageContent
from pipelines.sources.drift import drift_of
from pipelines.sources.formats import hf_json
from pipelines.sources.formats.fields import object_of, one_line, text_of
from pipelines.sources.formats.unpack import decode_text
from pipelines.sources.hf_shape import HF_ITEM
from pipelines.sources.record import Record, Rejected, UnreadableListing

_NEXT = re.compile(r'<([^<>]{1,2000})>\s*;[^,<]*\brel="?next"?', re.IGNORECASE)
#: A listing is put together within some days of its date; what is further off belongs to another day.
_NEAR = timedelta(days=7)


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has a key twice")
    return found


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON number")


def strict_json(body: bytes, content_type: str) -> object:
    """Return the JSON value of an answer. Raises UnreadableListing when it is none, naming what came instead."""
    stated = content_type.partition(";")[0].strip().lower()
    if "html" in stated or body.lstrip()[:1] == b"<":
        raise UnreadableListing(f"expected JSON, got {one_line(stated or 'markup', 40)}")
    try:
        value: object = json.loads(
            decode_text(body), object_pairs_hook=_without_twins, parse_constant=_no_constant
        )
    except RecursionError as error:
        raise UnreadableListing("malformed JSON: nested too deeply") from error
    except ValueError as error:
        raise UnreadableListing(f"malformed JSON: {one_line(str(error), 120)}") from error
    return value


def strict_items(body: bytes, content_type: str) -> list[object]:
    """Return the items of an answer that has to be a list. Raises UnreadableListing."""
    value = strict_json(body, content_type)
    if isinstance(value, dict):
        said = text_of(value.get("error"))
        raise UnreadableListing(
            f"the server answered with an error: {one_line(said)}"
            if said
            else f"expected a JSON list, got an object with the keys {one_line(', '.join(value), 120)}"
        )
    if not isinstance(value, list):
        raise UnreadableListing(f"expected a JSON list, got {type(value).__name__}")
    return value


def records_of(items: list[object]) -> list[Record | Rejected]:
    """Return the items' records; one without an arXiv id is rejected, for every paper there has one."""
    return [
        Rejected(r.position, "the item has no arXiv id") if isinstance(r, Record) and not r.arxiv_id else r
        for r in hf_json.records_of(items)
    ]


def next_page(asked: Asked, n_items: int) -> tuple[str | None, bool]:
    """Return the URL of the next page, and whether the server itself announced it.

    Without a Link header a full page is followed by another; `p` and `limit` are read from the asked URL.
    """
    parts = urlsplit(asked.url)
    if link := _NEXT.search(asked.headers.get("link", "")):
        target = urljoin(asked.url, link[1])
        if urlsplit(target)[:2] != parts[:2]:
            raise UnreadableListing(f"the next page is said to be at another place: {one_line(target, 120)}")
        return target, True
    asked_for = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    limit = asked_for.get("limit", "")
    if asked.page == 0 and "link" in asked.headers:
        return None, False
    if not limit.isdigit() or n_items < int(limit):
        return None, False
    page = int(asked_for.get("p", "0")) + 1
    return parts._replace(query=urlencode({**asked_for, "p": page})).geturl(), False


def todays_instead(items: list[object], asked: Asked) -> str | None:
    """Return a doubt when a past day's answer holds what is being listed now: the server ignored the date."""
    try:
        answered_on = parsedate_to_datetime(asked.headers.get("date", "")).date()
    except (ValueError, TypeError, IndexError):
        return None
    if answered_on - asked.day <= 2 * _NEAR:
        return None
    stamps = [
        at.date()
        for item in items
        if (at := parse_iso(text_of(object_of(object_of(item).get("paper")).get("submittedOnDailyAt")) or ""))
    ]
    n_new = sum(1 for day in stamps if abs(day - answered_on) <= _NEAR)
    if 2 * n_new <= len(items):
        return None
    return f"mislabelled: {n_new} of {len(items)} papers were put on the list around {answered_on}, not {asked.day}"


def json_page(body: bytes, asked: Asked, *, has_pages: bool) -> PageContent:
    """Return what one page of a JSON answer holds."""
    items = strict_items(body, asked.headers.get("content-type", ""))
    next_url, is_promised = next_page(asked, len(items)) if has_pages else (None, False)
    return PageContent(
        records_of(items), hf_json.FORMAT, next_url, is_promised, drift=drift_of(items, HF_ITEM)
    )


def says_not_yet(status: int, body: bytes) -> bool:
    """Say whether an answer is the 400 with which a day that has not come yet is refused."""
    if status != 400:
        return False
    try:
        value = strict_json(body, "")
    except UnreadableListing:
        return False
    return '"date" must be less than or equal to' in (text_of(object_of(value).get("error")) or "")

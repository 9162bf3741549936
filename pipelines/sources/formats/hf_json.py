"""Hugging Face's JSON answers: daily papers, search results, one paper. Also what the pages embed as JSON.

Items are wrappers around a `paper` object. The wrapper's own publishedAt is shifted to New York time yet labelled
UTC, so only the paper's counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipelines.papers.dates import parse_iso
from pipelines.papers.ids import split_version
from pipelines.sources.formats.fields import (
    BadJson,
    count_of,
    decode_json,
    keys_of,
    list_of,
    object_of,
    one_line,
    refuse_error_object,
    text_of,
)
from pipelines.sources.formats.unpack import decode_text
from pipelines.sources.record import SAVED_PAGE, Listing, Record, Rejected, UnreadableListing

FORMAT = "hf_json"
PAPER_URL = "https://huggingface.co/papers/"


def _load(data: bytes) -> object:
    try:
        return decode_json(decode_text(data))
    except BadJson as error:
        raise UnreadableListing(f"{error}; if the answer was cut short, ask again") from error


def _linked_models(paper: Mapping[str, Any]) -> list[dict[str, object]]:
    """Return the models that Hugging Face links to a paper: id and number of parameters where known."""
    models = []
    for item in list_of(paper.get("linkedModels"))[:100]:
        name = text_of(object_of(item).get("id"))
        if name:
            n_parameters = object_of(item).get("numParameters")
            is_number = isinstance(n_parameters, int) and not isinstance(n_parameters, bool)
            models.append({"id": name, "n_parameters": n_parameters if is_number else None})
    return models


def _extra(paper: Mapping[str, Any], item: Mapping[str, Any]) -> dict[str, object]:
    organization = object_of(paper.get("organization") or item.get("organization"))
    # The submitter's login is `user` beside the paper and `name` beside the item.
    submitter = object_of(paper.get("submittedOnDailyBy")) or object_of(item.get("submittedBy"))
    found: dict[str, object] = {
        "ai_summary": text_of(paper.get("ai_summary")),
        "ai_keywords": [k for k in list_of(paper.get("ai_keywords")) if text_of(k)],
        "github_repo": text_of(paper.get("githubRepo")),
        "github_stars": count_of(paper.get("githubStars")),
        "project_page": text_of(paper.get("projectPage")),
        "organization": text_of(organization.get("fullname")) or text_of(organization.get("name")),
        "submitter": text_of(submitter.get("user")) or text_of(submitter.get("name")),
        "submitted_on_daily_at": text_of(paper.get("submittedOnDailyAt")),
        "n_comments": count_of(item.get("numComments")),
        "linked_models": _linked_models(paper),
        "n_models": count_of(paper.get("numTotalModels")),
        "n_datasets": count_of(paper.get("numTotalDatasets")),
        "n_spaces": count_of(paper.get("numTotalSpaces")),
        "withdrawn_at": text_of(paper.get("withdrawnAt")),
    }
    return {name: value for name, value in found.items() if value is not None and value != []}


def record_of(item: object, position: int) -> Record | Rejected:
    """Return what one item (a wrapper, or a bare paper object) says of its paper."""
    wrapper = object_of(item)
    if not wrapper:
        return Rejected(position, "the item is not a JSON object")
    paper = object_of(wrapper.get("paper")) or wrapper
    title = text_of(paper.get("title")) or text_of(wrapper.get("title"))
    spelled = text_of(paper.get("id"))
    if title is None:
        return Rejected(position, f"the item {one_line(spelled or 'without id', 40)} has no title")
    arxiv_id, version = split_version(spelled, is_hugging_face=True) if spelled else (None, None)
    if spelled and arxiv_id is None:
        return Rejected(position, f"the id {one_line(spelled, 40)!r} is not an arXiv id")
    published = parse_iso(text_of(paper.get("publishedAt")) or "")
    names = (text_of(object_of(author).get("name")) for author in list_of(paper.get("authors")))
    return Record(
        position=position,
        title_raw=title,
        abstract_raw=text_of(paper.get("summary")) or text_of(wrapper.get("summary")),
        arxiv_id=arxiv_id,
        arxiv_version=version,
        authors=tuple(name for name in names if name),
        published_date=published.date() if published else None,
        published_precision="day" if published else None,
        url=PAPER_URL + arxiv_id if arxiv_id else None,
        upvotes=count_of(paper.get("upvotes")),
        extra=_extra(paper, wrapper),
    )


def records_of(items: Sequence[object]) -> Iterator[Record | Rejected]:
    """Yield the records of a list of items; of a paper that stands there twice the first counts."""
    seen: set[str] = set()
    for position, item in enumerate(items, 1):
        record = record_of(item, position)
        if isinstance(record, Record) and record.arxiv_id:
            if record.arxiv_id in seen:
                continue
            seen.add(record.arxiv_id)
        yield record


def parse_daily(data: bytes) -> list[Record | Rejected]:
    """Return the records of an answer of /api/daily_papers or /api/papers/search; an empty list is a quiet day.

    Raises UnreadableListing for anything but a JSON list, naming the server's error where it gave one.
    """
    body = _load(data)
    if isinstance(body, dict):
        refuse_error_object(body)
        raise UnreadableListing(f"a JSON object where a list of papers belongs; its keys: {keys_of(body)}")
    if not isinstance(body, list):
        raise UnreadableListing(
            f"JSON of another shape: {type(body).__name__} where a list of papers belongs"
        )
    return list(records_of(body))


parse_search = parse_daily


def parse_paper(data: bytes) -> Record:
    """Return the record of an answer of /api/papers/<id>; raise UnreadableListing when it is none."""
    body = _load(data)
    if isinstance(body, dict):
        refuse_error_object(body)
    record = record_of(body, 1)
    if isinstance(record, Rejected):
        raise UnreadableListing(record.reason)
    return record


def is_item(value: object) -> bool:
    """Say whether a JSON value looks like an item or a paper of Hugging Face."""
    item = object_of(value)
    paper = object_of(item.get("paper")) or item
    return isinstance(paper.get("title"), str) and (
        "summary" in paper or "publishedAt" in paper or "discussionId" in paper
    )


def listing_of(body: list[Any] | Mapping[str, Any]) -> Listing:
    """Return the listing of a decoded answer that `is_item` recognised (a list of items, or one paper)."""
    items = body if isinstance(body, list) else [body]
    return Listing(FORMAT, SAVED_PAGE, records_of(items))

"""JSONL papers in, one JSON object a paper out: the contract of the command `papertrends extract`.

Spans refer to title and abstract exactly as the input gives them. No warehouse is needed.
"""

import json
from collections.abc import Iterable, Iterator

from pipelines.mentions.catalogue import GENERIC, Catalogue, load_catalogue
from pipelines.mentions.findings import PaperFindings, extract_paper
from pipelines.mentions.spans import ROLE_STRENGTH, Mention, Quantity, Span

#: The output's list, and the name of the value in it, for each kind of quantity.
QUANTITY_LISTS = {
    "model_size": ("sizes", "params"),
    "trainable_params": ("trainable_params", "params"),
    "trainable_pct": ("trainable_pct", "pct"),
    "training_tokens": ("tokens", "tokens"),
    "context_tokens": ("contexts", "tokens"),
    "bits": ("bits", "bits"),
}


class LineError(ValueError):
    """An input line that is no paper: the message names the line and what is wrong with it."""


def read_paper(line: str, number: int) -> tuple[str, str, str]:
    """Return (id, title, abstract) of one input line, `number` counted from 1; raise LineError for any other."""
    try:
        paper = json.loads(line)
    except json.JSONDecodeError as error:
        raise LineError(
            f"line {number}: not JSON ({error.msg}); each line is one object with id, title, abstract"
        ) from error
    if not isinstance(paper, dict):
        raise LineError(
            f"line {number}: {type(paper).__name__} instead of an object with id, title, abstract"
        )
    paper_id = paper.get("id")
    if isinstance(paper_id, bool) or not isinstance(paper_id, str | int):
        raise LineError(f"line {number}: `id` must be a string or a whole number, not {paper_id!r}")
    texts = []
    for key in ("title", "abstract"):
        value = paper.get(key)
        if value is not None and not isinstance(value, str):
            raise LineError(f"line {number}: `{key}` must be a string, not {type(value).__name__}")
        texts.append(value or "")
    return str(paper_id), texts[0], texts[1]


def extract_lines(lines: Iterable[str]) -> Iterator[dict[str, object]]:
    """Yield what each paper says, in the order of the input; blank lines are passed by. Raise LineError for a bad line."""
    catalogue = load_catalogue()
    for number, line in enumerate(lines, 1):
        if line.strip():
            paper_id, title, abstract = read_paper(line, number)
            yield as_json(extract_paper(title, abstract, paper_id, catalogue), catalogue)


def as_json(found: PaperFindings, catalogue: Catalogue) -> dict[str, object]:
    """Return a paper's findings in the shape of the contract: one entry a paper and method, or value."""
    result: dict[str, object] = {"id": found.paper_id, "peft": _methods(found.mentions, catalogue)}
    lists: dict[str, dict[int | float, dict[str, object]]] = {name: {} for name, _ in QUANTITY_LISTS.values()}
    for quantity in found.quantities:
        list_name, value_name = QUANTITY_LISTS[quantity.kind]
        value = _number(quantity)
        lists[list_name].setdefault(value, {value_name: value, **_where(quantity.span)})
    result.update({name: list(entries.values()) for name, entries in lists.items()})
    result["code"] = list(dict.fromkeys(link.url for link in found.links))
    models: dict[str, dict[str, object]] = {}
    for model in found.models:
        models.setdefault(model.model, {"name": model.model, **_where(model.span)})
    result["models"] = list(models.values())
    return result


def _methods(mentions: list[Mention], catalogue: Catalogue) -> list[dict[str, object]]:
    strongest: dict[str, Mention] = {}
    for mention in mentions:
        method = catalogue.by_name(mention.method)
        if method is not None and not method.is_counted:
            continue  # listed beside PEFT methods, but none by the guide
        name = mention.method if method is None or mention.method == GENERIC else method.printed
        held = strongest.get(name)
        if held is None or ROLE_STRENGTH[mention.role] > ROLE_STRENGTH[held.role]:
            strongest[name] = mention
    return [
        {"name": name, "role": m.role, **_where(m.span), "known": m.is_known} for name, m in strongest.items()
    ]


def _where(span: Span) -> dict[str, object]:
    return {"surface": span.surface, "field": span.field, "start": span.start, "end": span.end}


def _number(quantity: Quantity) -> int | float:
    return int(quantity.value) if float(quantity.value).is_integer() else quantity.value

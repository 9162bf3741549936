"""Field drift: how far an answer's items differ in shape from what the source is known to send.

What is known stands here as data, one line a field. Drift is counted and shown; what follows from it is for `guards`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

NEW, MISSING, RETYPED = "new", "missing", "retyped"
#: Names are a server's own text: what is kept of them is bounded.
_MAX_NAMES = 40
_MAX_NAME = 80


@dataclass(frozen=True)
class Shape:
    """Fields by path (`paper.title`): the JSON types they may have, and whether every item has them."""

    types: Mapping[str, tuple[str, ...]]
    always: frozenset[str] = field(default_factory=frozenset)


def type_of(value: object) -> str:
    """Return the JSON type of a decoded value: object, list, text, truth, integer, fraction or null."""
    if isinstance(value, bool):
        return "truth"
    names = {dict: "object", list: "list", str: "text", int: "integer", float: "fraction"}
    return names.get(type(value), "null")


def _flat(item: Mapping[str, object], shape: Shape) -> Iterable[tuple[str, object]]:
    """Yield paths and values; objects are entered where the shape names something inside them."""
    for name, value in item.items():
        yield name, value
        if isinstance(value, dict) and any(path.startswith(f"{name}.") for path in shape.types):
            yield from ((f"{name}.{inner}", v) for inner, v in value.items())


def drift_of(items: Iterable[object], shape: Shape) -> dict[str, dict[str, int]]:
    """Return how many items had a new field, lacked one that is always there, or had one of another type."""
    counts: dict[str, Counter[str]] = {NEW: Counter(), MISSING: Counter(), RETYPED: Counter()}
    for item in items:
        if not isinstance(item, dict):
            counts[RETYPED]["(item)"] += 1
            continue
        seen = dict(_flat(item, shape))
        for path, value in seen.items():
            if path not in shape.types:
                counts[NEW][path[:_MAX_NAME]] += 1
            elif type_of(value) not in shape.types[path]:
                counts[RETYPED][path] += 1
        counts[MISSING].update(path for path in shape.always if path not in seen)
    return {kind: dict(sorted(c.most_common(_MAX_NAMES))) for kind, c in counts.items() if c}


def add_drift(to: dict[str, dict[str, int]], more: Mapping[str, Mapping[str, int]]) -> None:
    """Add the counts of `more` to `to`."""
    for kind, names in more.items():
        kept = to.setdefault(kind, {})
        for name, n in names.items():
            kept[name] = kept.get(name, 0) + n

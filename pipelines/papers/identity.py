"""Which records without an arXiv id are one paper: the same title key, and abstracts or authors that agree.

Records with an id are the paper of that id and are none of this module's business; a title alone never merges
two papers that have ids.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

#: Share of the words of the smaller abstract that the other must hold for the two to be one paper's.
AGREEING_SHARE = 0.5


@dataclass(frozen=True)
class Nameless:
    """One distinct thing said of a paper without an id."""

    title_key: str
    abstract: str | None
    authors: tuple[str, ...]


def _words(text: str) -> frozenset[str]:
    return frozenset(w for w in text.casefold().split() if len(w) > 3)


def agree(a: Nameless, b: Nameless) -> bool:
    """Say whether two records of one title can be of one paper: nothing known of one of them is agreement enough."""
    if a.authors and b.authors:
        last_names = [{name.split()[-1].casefold() for name in n.authors if name.split()} for n in (a, b)]
        if last_names[0] & last_names[1]:
            return True
    if not a.abstract or not b.abstract:
        return not (a.authors and b.authors)
    first, second = _words(a.abstract), _words(b.abstract)
    smaller = min(len(first), len(second))
    return smaller == 0 or len(first & second) >= AGREEING_SHARE * smaller


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]


def paper_ids(records: Iterable[Nameless]) -> dict[Nameless, str]:
    """Return a paper id (`title:` and hex digits) for each record, whatever the order they come in.

    Records of one title that agree, directly or through others, share an id. Where a title stands for several
    papers, each id also holds a digest of the smallest abstract of its group.
    """
    by_title: dict[str, list[Nameless]] = defaultdict(list)
    for record in sorted(set(records), key=lambda r: (r.title_key, r.abstract or "", r.authors)):
        by_title[record.title_key].append(record)
    ids: dict[Nameless, str] = {}
    for title_key, group in by_title.items():
        clusters: list[list[Nameless]] = []
        for record in group:
            joined = [c for c in clusters if any(agree(record, other) for other in c)]
            clusters = [c for c in clusters if c not in joined]
            clusters.append([record, *(other for c in joined for other in c)])
        for cluster in clusters:
            name = f"title:{_digest(title_key)}"
            if len(clusters) > 1:
                name += "-" + _digest(min(r.abstract or "" for r in cluster))[:8]
            ids.update(dict.fromkeys(cluster, name))
    return ids

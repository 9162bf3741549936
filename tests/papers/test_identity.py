"""What identity promises: one work without an id is one paper in whatever order its records come, and no two are one."""

import itertools

from pipelines.papers.identity import Nameless, paper_ids

RANK = (
    "We choose the rank of every adapter from the spectrum of its gradient while the backbone stays frozen."
)
OTHER = "A survey of irrigation schedules for greenhouse tomatoes under drought, with soil moisture sensors."


def nameless(abstract: str | None = None, authors: tuple[str, ...] = (), key: str = "sliderank") -> Nameless:
    """Return one record without an id."""
    return Nameless(key, abstract, authors)


def test_same_title_and_like_abstract_are_one_paper() -> None:
    """Two records of one title whose abstracts share most words get one id."""
    ids = paper_ids([nameless(RANK), nameless(RANK.replace("frozen", "untouched"))])
    assert len(set(ids.values())) == 1


def test_same_title_of_other_authors_is_another_paper() -> None:
    """Two works that happen to share a title stay two papers when neither authors nor abstracts agree."""
    ids = paper_ids([nameless(RANK, ("Ana Example",)), nameless(OTHER, ("Li Wei",))])
    assert len(set(ids.values())) == 2


def test_numbered_parts_are_two_papers() -> None:
    """Parts I and II of a series never merge, however alike their abstracts are."""
    assert (
        len(set(paper_ids([nameless(RANK, key="metricsi"), nameless(RANK, key="metricsii")]).values())) == 2
    )


def test_a_missing_abstract_agrees() -> None:
    """A listing without abstracts does not make a second paper of the same title."""
    assert len(set(paper_ids([nameless(RANK), nameless(None)]).values())) == 1


def test_authors_alone_can_agree() -> None:
    """A shared author's last name is agreement enough, whatever became of the abstract."""
    ids = paper_ids([nameless(RANK, ("Ana Example",)), nameless(OTHER, ("A. Example", "Li Wei"))])
    assert len(set(ids.values())) == 1


def test_order_does_not_matter() -> None:
    """Every order of arrival gives the same ids."""
    records = [
        nameless(RANK),
        nameless(OTHER, ("Li Wei",)),
        nameless(RANK + " Code is public."),
        nameless(OTHER),
    ]
    expected = paper_ids(records)
    assert all(paper_ids(order) == expected for order in itertools.permutations(records))

"""A number that changed can be explained: by its papers, their source, or the rules."""

from datetime import date

import pytest

from pipelines.warehouse.build import Release, build_release
from pipelines.warehouse.changes import Diff, diff, format_diff
from pipelines.warehouse.errors import NoReleaseError
from pipelines.warehouse.query import connect
from tests.warehouse.small_lake import Paper, SmallLake


@pytest.fixture
def changed(published: tuple[SmallLake, Release]) -> tuple[SmallLake, Release, Release]:
    """Return a lake with two releases between which everything happened that can happen to a paper."""
    lake, first = published
    by_number = {p.number: p for p in lake.papers}
    by_number[1].methods = (("LoRA", "uses"),)  # read otherwise: it proposed it before
    by_number[2].note = "Now in other words. "  # its source says something else, and it names Adapter no more
    by_number[2].methods = (("LoRA", "uses"),)
    by_number[3].published = "2024-02-21"  # another month
    del by_number[6]
    by_number[20] = Paper(20, "2024-05-20", methods=(("LoRA", "uses"),))
    lake.papers = list(by_number.values())
    return lake, first, build_release(lake.write(), inputs=lake.inputs(minute=5, rules="rules-2"))


def cell(found: Diff, month: date, method: str | None, role: str | None) -> tuple[int, ...] | None:
    """Return (before, after, new, gone, source, rules) of a cell of `all`, None when it is the same."""
    for c in found.cells:
        if (c.month, c.scope, c.method, c.role) == (month, "all", method, role):
            return (
                c.n_before,
                c.n_after,
                c.by_new_papers,
                c.by_gone_papers,
                c.by_changed_source,
                c.by_changed_rules,
            )
    return None


def test_each_paper_has_one_cause(changed: tuple[SmallLake, Release, Release]) -> None:
    """Every paper that differs is listed once, with the cause and with what of it differs."""
    lake, first, second = changed
    found = {
        p.paper_id[-2:]: (p.cause, p.changed)
        for p in diff(lake.data, first.release_id, second.release_id).papers
    }
    assert found == {
        "01": ("changed rules", ("methods",)),
        "02": ("changed source", ("abstract", "methods")),
        "03": ("changed source", ("date", "scopes")),
        "06": ("gone paper", ()),
        "20": ("new paper", ()),
    }


def test_each_number_is_explained(changed: tuple[SmallLake, Release, Release]) -> None:
    """The causes of a cell add up to its difference, and a cell whose papers are the same is not listed."""
    lake, first, second = changed
    found = diff(lake.data, first.release_id, second.release_id)
    assert all(
        c.n_after - c.n_before
        == c.by_new_papers + c.by_gone_papers + c.by_changed_source + c.by_changed_rules
        for c in found.cells
    )
    assert cell(found, date(2024, 1, 1), "LoRA", "proposes") == (1, 0, 0, 0, 0, -1)
    assert cell(found, date(2024, 1, 1), "LoRA", "uses") == (1, 2, 0, 0, 0, 1)
    assert cell(found, date(2024, 1, 1), "LoRA", "any") is None
    assert cell(found, date(2024, 1, 1), "Adapter", "any") == (1, 0, 0, 0, -1, 0)
    assert cell(found, date(2024, 1, 1), None, None) == (3, 2, 0, 0, -1, 0)
    assert cell(found, date(2024, 4, 1), "PEFT (generic)", "uses") == (1, 0, 0, -1, 0, 0)
    assert cell(found, date(2024, 5, 1), "LoRA", "any") == (1, 2, 1, 0, 0, 0)


def test_the_release_itself_holds_the_same(changed: tuple[SmallLake, Release, Release]) -> None:
    """meta.changes and meta.paper_changes of a release say what diff says of it and the one before; going back is the reverse."""
    lake, first, second = changed
    found = diff(lake.data, first.release_id, second.release_id)
    with connect(lake.data) as con:
        assert con.execute("select count(*) from meta.paper_changes").fetchone() == (len(found.papers),)
        assert {c[:5] for c in con.execute("from meta.changes").fetchall()} == {
            (c.table_name, c.month, c.scope, c.method, c.role) for c in found.cells
        }
    back = diff(lake.data, second.release_id, first.release_id)
    assert cell(back, date(2024, 5, 1), "LoRA", "any") == (2, 1, 0, -1, 0, 0)


def test_a_first_release_and_an_equal_one_have_no_changes(published: tuple[SmallLake, Release]) -> None:
    """With nothing before, or the same before, nothing is said to have changed."""
    lake, first = published
    with connect(lake.data) as con:
        assert con.execute("select count(*) from meta.paper_changes").fetchone() == (0,)
    second = build_release(lake.data, inputs=lake.inputs(minute=4))
    found = diff(lake.data, first.release_id, second.release_id)
    assert (found.papers, found.cells) == ((), ())
    assert "the inputs are the same, so every number is" in format_diff(found)


def test_a_difference_reads_as_sentences(changed: tuple[SmallLake, Release, Release]) -> None:
    """The printed difference names the rules, the papers and the cells asked for, each with its cause."""
    lake, first, second = changed
    said = format_diff(diff(lake.data, first.release_id, second.release_id, method="lora", scope="all"))
    assert "rules: rules-1 -> rules-2\n" in said
    assert "papers: 1 new paper, 1 gone paper, 2 changed source, 1 changed rules\n" in said
    assert "  trends.method_monthly 2024-05 all LoRA any: 1 -> 2 (+1 new paper)\n" in said
    assert "Adapter" not in said


def test_a_release_that_is_not_kept_is_named(published: tuple[SmallLake, Release]) -> None:
    """A release that does not exist is one line that lists those that do."""
    lake, first = published
    with pytest.raises(NoReleaseError, match=f"those kept are: {first.release_id}"):
        diff(lake.data, "19990101", first.release_id)


def test_a_release_of_an_older_program_counts_as_none(published: tuple[SmallLake, Release]) -> None:
    """When the last release lacks a table that is compared, the next one builds, with its history and without changes."""
    lake, first = published
    import duckdb

    with duckdb.connect(str(first.path)) as con:
        con.execute("drop table core.paper_sizes")
    lake.papers.append(Paper(20, "2024-05-20"))
    second = build_release(lake.write(), inputs=lake.inputs(minute=4))
    assert second.rows["meta.changes"] == 0
    assert second.rows["meta.releases"] == 2
    with pytest.raises(NoReleaseError, match="cannot be compared"):
        diff(lake.data, first.release_id, second.release_id)

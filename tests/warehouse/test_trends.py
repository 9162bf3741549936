"""Every number of the trends is right, and leads to the papers it counts."""

import math
import random
import statistics
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.warehouse.build import Release, build_release
from pipelines.warehouse.contract import load_contracts
from pipelines.warehouse.query import connect
from tests.warehouse.rederivation import Key, Rederived
from tests.warehouse.small_lake import CATALOGUE, Paper, SmallLake

SIZES = [
    ("110M", 1.1e8),
    ("0.5B", 5e8),
    ("1B", 1e9),
    ("3B", 3e9),
    ("7B", 7e9),
    ("9.99B", 9.99e9),
    ("70B", 7e10),
    ("2T", 2e12),
]


def random_papers(seed: int, n: int) -> list[Paper]:
    """Return papers in which everything that counting turns on happens often."""
    dice = random.Random(seed)
    sources = ["arxiv", "arxiv_snapshot", "huggingface_daily", "huggingface_search", "saved_page", "starter"]
    dates = [
        None,
        "2022",
        "2021-03",
        "2022-11",
        "2023-01-31",
        "2023-02-28",
        "2023-04-01",
        "2023-05-30",
        "2023-06-06",
    ]
    dates += [
        "2023-08",
        "2023-09-09",
        "2023-10-10",
        "2023-11-03",
        "2023-12-31",
        "2024-02",
        "2024-02-29",
        "2024-03-01",
    ]
    return [
        Paper(
            number,
            dice.choice(dates),
            tuple(dice.sample(sources, dice.choice([1, 1, 2, 3]))),
            tuple(dice.sample(["cs.CL", "cs.LG", "cs.CV"], dice.randint(0, 2))),
            tuple(
                (dice.choice([*CATALOGUE, "NewTune"]), dice.choice(["proposes", "uses", "mentions"]))
                for _ in range(dice.choice([0, 0, 1, 2, 4]))
            ),
            tuple(
                (*dice.choice(SIZES), dice.choice([None, None, "active", "total"]), dice.choice([None, "uses", "proposes"]))
                for _ in range(dice.choice([0, 1, 3]))
            ),
            tuple(dice.choice([("0.1%", 0.1), ("2%", 2.0), ("4.5%", 4.5)]) for _ in range(dice.choice([0, 0, 2]))),
            dice.choice([None, None, "ZebraTune", "GnuTune"]),
            dice.choice([None, None, "https://example.org/code"]),
            tuple(dice.sample(["BERT", "LLaMA", "T5"], dice.choice([0, 0, 1, 2]))),
            has_abstract=dice.random() > 0.1,
        )
        for number in range(1, n + 1)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def random_lake(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    """Return a lake of random papers with a release."""
    lake = SmallLake(tmp_path_factory.mktemp("random") / "data", random_papers(7, 900))
    build_release(lake.write(), inputs=lake.inputs())
    return lake


#: Tables that are derived again: the columns of their keys, and the others in the order of `Rederived`.
REDERIVED = {
    "population_monthly": ("month, scope", "n_papers"),
    "method_monthly": (
        "month, scope, method, role",
        "family, n_papers, n_total, share, share_low, share_high, share_corrected, share_corrected_low, share_corrected_high",
    ),
    "family_monthly": ("month, scope, family, role", "n_papers, n_total, share, share_low, share_high"),
    "model_monthly": ("month, scope, model", "n_papers, n_total, share, share_low, share_high"),
    "code_monthly": ("month, scope, about", "n_papers, n_total, share, share_low, share_high"),
    "model_size_monthly": ("month, scope", "n_papers, n_total, n_sizes, p10, p25, p50, p75, p90, max"),
    "model_size_by_use_monthly": ("month, scope, use", "n_papers, n_total, n_sizes, p10, p25, p50, p75, p90, max"),
    "model_size_bins_monthly": (
        "month, scope, bin", "bin_order, n_papers, n_total, n_with_size, share, share_low, share_high",
    ),
    "quantity_monthly": ("month, scope, kind", "n_papers, n_total, n_values, min, p25, p50, p75, max"),
    "method_by_size": ("quarter, scope, method, bin", "bin_order, n_papers, n_total, share, share_low, share_high"),
    "method_pairs": (
        "scope, method, other",
        "n_papers, n_compared, n_proposes, n_method, n_other, n_total, share, share_low, share_high, lift",
    ),
    "method_life": (
        "scope, method",
        ("n_papers, proposed_month, first_used_month, tenth_used_month, months_to_tenth, peak_quarter, peak_share, "
        "half_quarter, half_life_quarters"),
    ),
    "emerging_methods": (
        "scope, kind, name",
        ("family, first_seen, n_papers, n_recent, n_total_recent, n_before, n_total_before, growth, growth_low, growth_high, "
        "n_months, tau, slope, p_value, q_value"),
    ),
}  # fmt: skip


def table(con: duckdb.DuckDBPyConnection, name: str) -> dict[Key, Key]:
    """Return a trends table's rows by their keys, as `Rederived` gives them."""
    keys, others = REDERIVED[name]
    n_key = len(keys.split(","))
    rows = con.execute(f"select {keys}, {others} from trends.{name}").fetchall()
    return {r[:n_key]: r[n_key:] for r in rows}


def equal(a: object, b: object) -> bool:
    """Say whether two values are equal, floats to the seven digits that the p-values of `sql/` have."""
    if isinstance(a, float) or isinstance(b, float):
        return (
            isinstance(a, float | int)
            and isinstance(b, float | int)
            and math.isclose(a, b, rel_tol=5e-7, abs_tol=1e-12)
        )
    return a == b


@pytest.mark.parametrize("name", REDERIVED)
def test_every_row_is_derived_again(random_lake: SmallLake, name: str) -> None:
    """Every row of a trends table, and no other, comes out of the span tables by other code than `sql/`."""
    accuracy = {a.field: (a.precision, a.recall, a.n) for a in random_lake.inputs().accuracy}
    expected: dict[Key, Key] = getattr(Rederived(random_lake.data.parquet, accuracy), name)()
    with connect(random_lake.data) as con:
        found = table(con, name)
    assert len(found) > 8
    assert set(found) == set(expected)
    wrong = {k: (found[k], expected[k]) for k in found if not all(map(equal, found[k], expected[k]))}
    assert wrong == {}


def test_every_cell_leads_to_the_papers_it_counts(random_lake: SmallLake) -> None:
    """For every row of every trends table the header's evidence query gives as many papers as the row counts."""
    with connect(random_lake.data) as con:
        for t in load_contracts().values():
            if t.evidence is None:
                continue
            keys = ", ".join(t.unique[0])
            counted = con.execute(
                f"select {keys}, count(distinct paper_id) from ({t.evidence}) group by all"
            ).fetchall()
            rows = con.execute(f"select {keys}, n_papers from {t.full_name}").fetchall()
            assert rows, t.file
            evidence = {r[:-1]: r[-1] for r in counted}
            assert {r[:-1]: r[-1] for r in rows if r[-1]} == evidence, t.file


def test_the_evidence_macro_lists_the_papers_of_a_cell(random_lake: SmallLake) -> None:
    """`evidence` asked for a month, role and scope names exactly the papers that the cell counts, for every cell."""
    with connect(random_lake.data) as con:
        cells = con.execute(
            "select month, scope, method, role, n_papers from trends.method_monthly"
        ).fetchall()
        for month, scope, method, role, n_papers in random.Random(3).sample(cells, 60):
            found = con.execute(
                "select count(distinct paper_id) from evidence($1, $2, in_role := $3, in_scope := $4)",
                [method, month, role, scope],
            ).fetchone()
            assert found == (n_papers,)


def rows_of(lake: SmallLake, query: str) -> list[tuple[object, ...]]:
    """Return the rows of a query on the last release."""
    with connect(lake.data) as con:
        return con.execute(query).fetchall()


def test_a_month_without_papers_is_a_gap_and_without_the_method_a_zero(
    built: tuple[SmallLake, Release],
) -> None:
    """A month in which a population has no paper has no row; one with papers and none of the method is a zero."""
    found = rows_of(built[0], "select month, n_papers, n_total from trend('LoRA', in_scope := 'all')")
    assert found == [
        (date(2024, 1, 1), 2, 3),
        (date(2024, 2, 1), 0, 1),  # papers, none of them on LoRA
        # March 2024 has no paper at all
        (date(2024, 4, 1), 1, 2),
        (date(2024, 5, 1), 1, 3),
    ]


def test_a_method_has_no_row_before_its_first_paper(built: tuple[SmallLake, Release]) -> None:
    """The series of a method begins with its first paper in the scope."""
    found = rows_of(
        built[0], "select min(month) from trends.method_monthly where method = 'QLoRA' and scope = 'all'"
    )
    assert found == [(date(2024, 4, 1),)]


def test_the_strongest_role_counts_once(built: tuple[SmallLake, Release]) -> None:
    """A paper that uses a method in one span and mentions it in another counts once, as a use."""
    query = "select role, n_papers from trends.method_monthly where method = 'LoRA' and scope = 'huggingface_daily' "
    assert dict(rows_of(built[0], query + "and month = date '2024-01-01'")) == {
        "any": 2, "proposes": 1, "uses": 1, "mentions": 0,
    }  # fmt: skip


def test_starter_searches_and_saved_pages_enter_no_share(built: tuple[SmallLake, Release]) -> None:
    """`all` is the union of the real populations; what a person picked has no scope, starter one of its own."""
    scopes = {str(s) for (s,) in rows_of(built[0], "select distinct scope from core.populations")}
    assert scopes == {"all", "arxiv", "arxiv_snapshot", "huggingface_daily", "starter", "arxiv:cs.CL", "arxiv:cs.CV", "arxiv:cs.LG"}  # fmt: skip
    numbers = {
        str(p)[-2:] for (p,) in rows_of(built[0], "select paper_id from core.populations where scope = 'all'")
    }
    assert numbers == {"01", "02", "03", "04", "05", "06", "07", "11", "12", "13"}


def test_a_category_counts_only_what_arxiv_listed(built: tuple[SmallLake, Release]) -> None:
    """A paper that only Hugging Face listed is in no category's population, even when its categories are known."""
    found = rows_of(built[0], "select paper_id from core.populations where scope = 'arxiv:cs.CL' order by 1")
    assert found == [("arxiv:2401.00004",), ("arxiv:2401.00006",)]


def test_undated_papers_are_counted_apart(built: tuple[SmallLake, Release]) -> None:
    """A paper without a month is in no trend and in its source's row without a month, a year being a date."""
    query = "select source, n_papers, n_with_date, n_with_method from meta.coverage where month is null order by 1"
    assert rows_of(built[0], query) == [("huggingface_daily", 1, 1, 1), ("saved_page", 1, 0, 1)]


def test_only_counted_methods_enter_trends(built: tuple[SmallLake, Release]) -> None:
    """A method that the catalogue lacks, or lists beside PEFT, is in core.paper_methods and in no trend."""
    named = {
        m for (m,) in rows_of(built[0], "select distinct method from core.paper_methods where not is_counted")
    }
    assert named == {"GaLore", "ZebraTune"}
    assert (
        rows_of(built[0], "select * from trends.method_monthly where method in ('GaLore', 'ZebraTune')") == []
    )


def test_a_size_is_one_vote_and_active_parameters_none(built: tuple[SmallLake, Release]) -> None:
    """A paper votes once for each size it states; the active parameters of a mixture of experts do not vote."""
    query = (
        "select n_papers, n_sizes, p50, max from trends.model_size_monthly where scope = 'all' and month = "
    )
    assert rows_of(built[0], query + "date '2024-02-01'") == [(1, 2, round(math.sqrt(7e9 * 7e10)), 7e10)]


def test_a_period_has_the_months_it_has(built: tuple[SmallLake, Release]) -> None:
    """A quarter's share is over all its papers, and says of how many months they are."""
    found = rows_of(
        built[0], "select period, n_papers, n_total, n_months from trend_quarterly('lora', in_scope := 'all')"
    )
    assert found == [(date(2024, 1, 1), 2, 4, 2), (date(2024, 4, 1), 2, 5, 2)]


def test_twelve_months_hold_the_twelve_months(random_lake: SmallLake) -> None:
    """trend_trailing and sizes_trailing give, for each month from first to last, gaps included, the twelve up to it."""
    scope, method = "arxiv", "LoRA"
    dated = rows_of(
        random_lake,
        f"select month, paper_id from core.populations where scope = '{scope}' and month is not null",
    )
    namers = {
        p
        for (p,) in rows_of(random_lake, f"select paper_id from core.paper_methods where method = '{method}'")
    }
    sizes = rows_of(random_lake, "select paper_id, value from core.paper_sizes where not is_active")

    def within(month: object, last: date) -> bool:
        assert isinstance(month, date)
        return 0 <= (last.year - month.year) * 12 + last.month - month.month < 12

    first, last = min(m for m, _ in dated), max(m for m, _ in dated)
    assert isinstance(first, date)
    assert isinstance(last, date)
    grid = [date(first.year + i // 12, i % 12 + 1, 1) for i in range(first.month - 1, 12 * 9)]
    grid = [m for m in grid if m <= last]
    shares, quantiles = [], []
    for end in grid:
        papers = {p for m, p in dated if within(m, end)}
        n = len(papers & namers)
        shares.append((end, n, len(papers), n / len(papers) if papers else None))
        votes = sorted(math.log(v) for p, v in sizes if p in papers)  # type: ignore[arg-type]
        quantiles.append((end, len({p for p, _ in sizes if p in papers}), len(votes),
                          round(math.exp(statistics.median(votes))) if votes else None))  # fmt: skip
    columns = "month, n_papers, n_total, share"
    found = rows_of(random_lake, f"select {columns} from trend_trailing('{method}', in_scope := '{scope}')")
    assert found == shares
    assert {n == 0 for _, _, n, _ in shares} == {False, True}
    found = rows_of(random_lake, f"select month, n_papers, n_sizes, p50 from sizes_trailing('{scope}')")
    assert found == quantiles


def test_a_window_without_papers_has_no_share(tmp_path: Path) -> None:
    """Twelve months without any paper have no share, which is not a share of zero; `months` narrows the window."""
    papers = [Paper(1, "2022-01-05", methods=(("LoRA", "uses"),)), Paper(2, "2024-01-05")]
    lake = SmallLake(tmp_path / "data", papers)
    build_release(lake.write(), inputs=lake.inputs())
    found = dict(rows_of(lake, "select month, share from trend_trailing('LoRA')"))
    assert (found[date(2022, 12, 1)], found[date(2023, 1, 1)], found[date(2024, 1, 1)]) == (1, None, 0)
    found = dict(rows_of(lake, "select month, share from trend_trailing('LoRA', months := 2)"))
    assert (found[date(2022, 2, 1)], found[date(2022, 3, 1)]) == (1, None)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals_are_those_of_the_tables(
    built: tuple[SmallLake, Release], k: int, n: int, low: float, high: float
) -> None:
    """The interval of known counts is the one in Newcombe 1998, table I."""
    found = rows_of(built[0], f"select wilson_low({k}, {n}), wilson_high({k}, {n})")
    assert found[0] == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_every_trends_table_is_derived_again() -> None:
    """No trends table escapes the second derivation."""
    assert {t.name for t in load_contracts().values() if t.schema == "trends"} == set(REDERIVED)


def test_a_scope_that_lacks_is_starter_where_there_is_nothing_else(tmp_path: Path) -> None:
    """In a warehouse of the starter corpus alone the macros answer for it."""
    lake = SmallLake(tmp_path / "data", [Paper(1, "2024-01-05", ("starter",), methods=(("LoRA", "uses"),))])
    build_release(lake.write(), inputs=lake.inputs())
    assert rows_of(lake, "select n_papers from trend('LoRA')") == [(1,)]

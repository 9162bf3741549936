"""What a person wants to see first after a run: papers, months, the most used methods, sizes, and what to do next."""

import shutil
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb

from pipelines.refresh import Refresh
from pipelines.report.pages.shelf import front_page
from pipelines.report.wording import STARTER_NOTE, params_text
from pipelines.settings import DataDir, data_dir, today_utc
from pipelines.warehouse.query import connect

TOP_METHODS = 10

_SCOPE = """
select coalesce(max(scope) filter (where scope = 'all'), max(scope) filter (where scope = 'starter'))
from core.populations
"""
_TOTALS = """
select count(*) as n_papers, count(p.published_month) as n_dated, min(p.published_month), max(p.published_month),
       count(distinct p.published_month)
from (select case when published_precision <> 'year' then strftime(published_date, '%Y-%m') end as published_month
      from core.papers join core.populations using (paper_id) where scope = $scope) p
"""
_METHODS = """
select m.method, m.family, count(*) as n_uses,
       count(*) / (select count(*) from core.populations where scope = $scope) as share
from core.paper_methods m
join core.populations s using (paper_id)
where s.scope = $scope and m.role = 'uses' and m.family <> 'generic'
group by all
order by n_uses desc, m.method
limit $top
"""
_SIZES = """
select year(p.published_date) as year, count(distinct q.paper_id) as n_papers,
       exp(median(ln(q.value))) as median_params
from (select distinct paper_id, value from core.quantities where kind = 'model_size' and value > 0) q
join core.papers p using (paper_id)
join core.populations s using (paper_id)
where s.scope = $scope and p.published_date is not null
group by all
order by year
"""


@dataclass(frozen=True)
class Headline:
    """The numbers of the summary; `scope` is the population that the shares are of."""

    scope: str
    n_papers: int
    n_dated: int
    first_month: str | None
    last_month: str | None
    n_months: int
    n_others: int
    methods: list[tuple[str, str, int, float]]
    sizes: list[tuple[int, int, float]]


def headline(connection: duckdb.DuckDBPyConnection) -> Headline | None:
    """Return the numbers of the widest population there is, None when the release holds no population."""
    [(scope,)] = connection.execute(_SCOPE).fetchall()
    if scope is None:
        return None
    named = {"scope": scope}
    [(n_papers, n_dated, first, last, n_months)] = connection.execute(_TOTALS, named).fetchall()
    [(n_all,)] = connection.execute("select count(*) from core.papers").fetchall()
    return Headline(
        scope,
        n_papers,
        n_dated,
        first,
        last,
        n_months,
        n_all - n_papers,
        connection.execute(_METHODS, {**named, "top": TOP_METHODS}).fetchall(),
        connection.execute(_SIZES, named).fetchall(),
    )


def _table(numbers: Headline) -> list[str]:
    lines = [f"{'most used PEFT methods':<28}{'papers':>7}{'share':>8}      median model size"]
    methods = [f"  {name:<26}{n:>7,}{share:>8.1%}" for name, _, n, share in numbers.methods]
    sizes = [
        f"{year}  {params_text(params):>6}  ({n:,} {'paper' if n == 1 else 'papers'})"
        for year, n, params in numbers.sizes[-TOP_METHODS:]
    ]
    for i in range(max(len(methods), len(sizes))):
        left = methods[i] if i < len(methods) else " " * 43
        lines.append(f"{left}      {sizes[i] if i < len(sizes) else ''}".rstrip())
    return lines


def _command() -> str:
    """Return how this command was started, as a person can type it again."""
    name = Path(sys.argv[0]).name
    if shutil.which(name):
        return name
    started = Path(sys.argv[0]).absolute()
    return str(started.relative_to(Path.cwd())) if started.is_relative_to(Path.cwd()) else str(started)


def summary(data: DataDir, done: Refresh) -> str:
    """Return the text that `papertrends run` ends with."""
    with connect(data) as connection:
        numbers = headline(connection)
    lines = []
    if numbers is None:
        lines.append("The release holds no population yet: put a listing into the inbox.")
    else:
        months = (
            f"{numbers.n_months} months, {numbers.first_month} to {numbers.last_month}"
            if numbers.n_dated
            else "no month"
        )
        others = f"; {numbers.n_others:,} more outside it" if numbers.n_others else ""
        lines += [
            f"{numbers.n_papers:,} papers in scope '{numbers.scope}'{others}; {months}",
            "",
            *_table(numbers),
        ]
        if numbers.scope == "starter":
            lines += ["", STARTER_NOTE]
    verb = "published" if done.is_new else "nothing new: the last release is current,"
    command, own = _command(), "" if data.root == data_dir().root else f" --data-dir {data.root}"
    lines += [
        "",
        f"{verb} {done.release_id} in {done.took_s:.1f} s -> {data.warehouse}",
        f"as pages, each number linked to its sentences -> {front_page(data)}",
        "",
        "next:",
        f"""  {command} sql{own} "select month, n_papers, share from trend('LoRA')\"""",  # noqa: S608 - a hint, not a query
        f"  {command} ui{own}",
        f"  {command} run{own} --source huggingface_daily --from {today_utc() - timedelta(days=30)}",
    ]
    return "\n".join(lines)

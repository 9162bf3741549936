"""Writes the report's files: numbers, charts and sentences into the templates. Where the folder goes is `shelf`'s."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from pipelines.report.pages import figures, grounds, numbers, passages
from pipelines.report.pages.places import Subject, month_key, slugs
from pipelines.report.wording import STARTER_NOTE, month_name, params_text, percent
from pipelines.settings import SQL_DIR
from pipelines.warehouse.contract import load_contracts
from pipelines.warehouse.relations import AccuracyRow

#: Charts on the front page, and the fewest papers a method must have for one, here and on its own page.
CHARTED_METHODS = 12
MIN_CHARTED_PAPERS = 5
CANDIDATES_SHOWN = 12
GENERIC = "generic"


def web_address(url: str | None) -> str | None:
    """Return `url` when it is one that a browser may be sent to, else None: a paper's link is scraped text."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


def f1s(measured: Sequence[AccuracyRow]) -> str:
    """Return the F1 of each field in a line."""
    return ", ".join(f"{a.field} {a.f1:.2f}" for a in measured)


def templates_of(package: str) -> Environment:
    """Return the templates of a package, with how numbers, months and links are written.

    What is put into those of HTML is escaped, and a name that is missing is an error.
    """
    made = Environment(
        loader=PackageLoader(package),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "pct": percent,
        "params": params_text,
        "month_name": month_name,
        "month_key": month_key,
        "web_address": web_address,
        "count": lambda n: f"{n:,}",
        "f1s": f1s,
    }
    made.globals["starter_note"] = " ".join(STARTER_NOTE.split())
    return made


class Pages:
    """The pages of one scope, written into one folder."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, scope: str, folder: Path) -> None:
        self._connection, self._scope, self._folder = connection, scope, folder
        self._templates = templates_of("pipelines.report.pages")
        self._overview = grounds.overview(connection, scope)
        self._accuracy = {a.field: a for a in grounds.accuracy(connection)}
        self._contracts = load_contracts(SQL_DIR)
        self.n_pages = 0

    def _write(self, path: str, template: str, **shown: object) -> None:
        """Write one page; `path` is relative to the report's folder."""
        text = self._templates.get_template(template).render(
            root="../" * path.count("/"),
            about=self._overview,
            accuracy_of=self._accuracy_of,
            **shown,
        )
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        self.n_pages += 1

    def _accuracy_of(self, table: str) -> list[AccuracyRow]:
        """Return how well the fields are read that a table's numbers rest on, as its contract names them."""
        return [self._accuracy[name] for name in self._contracts[table].accuracy if name in self._accuracy]

    def _write_months(self, subject: Subject, **shown: object) -> None:
        if subject.is_split:
            for month in subject.months:
                self._write(
                    subject.month_page(month.month), "month.html", subject=subject, month=month, **shown
                )

    def write(self) -> None:
        """Write every page. Raises duckdb.Error for a release that an older version built."""
        totals = numbers.method_totals(self._connection, self._scope)
        words = slugs(t.method for t in totals)
        charts = self._write_methods(totals, words)
        size_chart = self._write_sizes()
        introduced, candidate_words = self._write_candidates()
        self._write(
            "index.html", "index.html", methods=totals, slugs=words, charts=charts, size_chart=size_chart,
            emerging=numbers.emerging(self._connection, self._scope),
            candidates=introduced[:CANDIDATES_SHOWN], n_candidates=len(introduced),
            candidate_slugs=candidate_words,
            accuracy=list(self._accuracy.values()), coverage=grounds.coverage(self._connection),
            changes=grounds.changes(self._connection, self._scope),
        )  # fmt: skip

    def _write_methods(
        self, totals: Sequence[numbers.MethodTotals], words: Mapping[str, str]
    ) -> list[tuple[numbers.MethodTotals, Markup]]:
        """Write a page a method, under the words in `words`; return the charts of the front page, in its order."""
        months = numbers.method_months(self._connection, self._scope)
        by_name = {t.method: t for t in totals}
        shown = [t for t in totals if t.n_papers >= MIN_CHARTED_PAPERS and t.family != GENERIC][
            :CHARTED_METHODS
        ]
        charts: dict[str, Markup | None] = dict.fromkeys(t.method for t in shown)
        for method, found in passages.method_passages(self._connection, self._scope):
            subject, mine = Subject(f"methods/{words[method]}", found), months.get(method, [])
            chart = roles = None
            if by_name[method].n_papers >= MIN_CHARTED_PAPERS:
                trailing = numbers.method_trailing(self._connection, self._scope, method)
                chart = figures.share_chart(trailing, mine, subject.places(), "../", figures.WIDE)
                roles = figures.role_chart(mine, "../")
                if method in charts:
                    charts[method] = figures.share_chart(trailing, mine, subject.places(), "")
            self._write(
                subject.page, "method.html", subject=subject, totals=by_name[method], months=mine,
                chart=chart, roles=roles,
            )  # fmt: skip
            self._write_months(subject, title=method)
        return [(t, chart) for t in shown if (chart := charts[t.method])]

    def _write_sizes(self) -> Markup | None:
        """Write the page of model sizes; return its chart, which the front page shows too."""
        sizes = Subject("sizes", passages.size_passages(self._connection, self._scope))
        stated = numbers.size_months(self._connection, self._scope)
        trailing = numbers.size_trailing(self._connection, self._scope)
        chart = figures.size_chart(trailing, stated, sizes.places(), "")
        self._write(sizes.page, "sizes.html", subject=sizes, months=stated, chart=chart)
        self._write_months(sizes, title="Model sizes")
        return chart

    def _write_candidates(self) -> tuple[list[tuple[str, passages.Papers]], Mapping[str, str]]:
        """Write the page of candidates; return them, the best supported and then the newest first, and their anchors."""
        found = passages.candidate_passages(self._connection, self._scope)
        words, oldest = slugs(name for name, _ in found), date.min
        self._write("candidates.html", "candidates.html", candidates=found, slugs=words)
        found.sort(key=lambda c: (len(c[1]), c[1][-1].published_date or oldest, c[0]), reverse=True)
        return found, words

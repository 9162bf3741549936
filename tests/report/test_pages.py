"""What the report promises: every number is the warehouse's, leads to its sentences, and scraped text stays text."""

import posixpath
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.report.pages.passages import pieces
from pipelines.report.pages.places import month_key, slugs
from pipelines.report.pages.render import web_address
from pipelines.report.wording import percent
from pipelines.warehouse.build import build_release
from pipelines.warehouse.query import connect
from tests.report.conftest import Written
from tests.warehouse.small_lake import CATALOGUE, Paper, SmallLake

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def links(written: Written) -> Iterator[tuple[str, str]]:
    """Yield every link within the report as (page it stands on, href)."""
    for name, page in written.pages().items():
        for link in page.css("a[href]"):
            href = str(link.attributes["href"])
            if "://" not in href:
                yield name, href


def target(page: str, href: str) -> tuple[str, str]:
    """Return the file and the anchor that a link on `page` leads to."""
    path, _, anchor = href.partition("#")
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page, anchor


def words_of(node: LexborNode) -> str:
    """Return what a person reads there, with one blank between words."""
    return " ".join(node.text(separator=" ").split())


def words(page: LexborHTMLParser) -> str:
    """Return what a person reads on a page."""
    assert page.body is not None
    return words_of(page.body)


def ask(written: Written, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a query on the release that the report is about."""
    with connect(written.data, written.release_id) as con:
        return con.execute(query, list(values)).fetchall()


def test_every_link_leads_to_something(written: Written) -> None:
    """No link of any page, in its tables or in its charts, leads to a page or an anchor that is not there."""
    pages = written.pages()
    anchors = {name: {n.attributes["id"] for n in page.css("[id]")} for name, page in pages.items()}
    found = list(links(written))
    assert len(found) > 200
    for page, href in found:
        name, anchor = target(page, href)
        assert name in pages, (page, href)
        assert not anchor or anchor in anchors[name], (page, href)


def test_a_number_leads_to_as_many_papers(written: Written) -> None:
    """Each count in a method's months is that of trends.method_monthly, and its link leads to exactly that many papers."""
    pages = written.pages()
    for method, name in (("LoRA", "methods/lora.html"), ("QLoRA", "methods/qlora.html")):
        cells = ask(
            written,
            "select month, role, n_papers from trends.method_monthly where method = $1 and scope = 'all'",
            method,
        )
        expected = {(month_key(month), role): n for month, role, n in cells if n}
        shown = {}
        for row in pages[name].css("h2#months ~ div tbody tr"):
            month, *counts = (cell.text().strip() for cell in row.css("td"))
            for role, n in zip(("any", "proposes", "uses", "mentions"), counts, strict=False):
                if n != "0":
                    shown[month, role] = int(n)
        assert shown == expected
        for link in pages[name].css("h2#months ~ div tbody a"):
            page, anchor = target(name, str(link.attributes["href"]))
            section = pages[page].css_first(f'[id="{anchor}"]')
            assert section is not None
            assert len(section.css("article.paper")) == int(link.text())
        for heading in pages[name].css("section > h3"):
            assert heading.parent is not None
            n_papers = len(heading.parent.css("article.paper"))
            assert words_of(heading).endswith(f"{n_papers} papers" if n_papers > 1 else "1 paper")


def test_the_sentences_are_the_papers_own(written: Written) -> None:
    """Each paper behind a number is shown with a sentence of its own text in which the counted name is marked."""
    months = ask(written, "select month from trends.method_monthly where method = 'LoRA' and role = 'any'")
    texts = dict(ask(written, "select paper_id, abstract from core.papers"))
    folder = "methods/lora" if (written.folder / "methods/lora").is_dir() else None
    name = f"methods/lora/{month_key(months[0][0])}.html" if folder else "methods/lora.html"
    papers = written.page(name).css("article.paper")
    assert papers
    for paper in papers:
        paper_id = paper.css("span.muted")[1].text()
        assert paper.css("mark")
        for quote in paper.css("blockquote > bdi"):
            assert quote.text() in texts[paper_id]
            assert {m.text() for m in quote.css("mark")} == {"LoRA"}


def test_sizes_lead_to_their_sentences(written: Written) -> None:
    """Each month of model sizes counts as trends.model_size_monthly does, and leads to that many papers."""
    pages = written.pages()
    expected = ask(
        written,
        "select month, n_papers, n_sizes from trends.model_size_monthly where scope = 'all' and n_papers > 0",
    )
    shown = []
    for row in pages["sizes.html"].css("tbody tr"):
        cells = [cell.text().strip() for cell in row.css("td")]
        shown.append((cells[0], int(cells[1]), int(cells[3])))
        link = row.css_first("a")
        assert link is not None
        page, anchor = target("sizes.html", str(link.attributes["href"]))
        section = pages[page].css_first(f'[id="{anchor}"]')
        assert section is not None
        assert len(section.css("article.paper")) == int(cells[1])
    assert sorted(shown) == [(month_key(month), n, n_sizes) for month, n, n_sizes in sorted(expected)]


def test_charts_lead_to_the_month_under_the_pointer(written: Written) -> None:
    """A point of a chart says its month and its count, and leads to that month's papers."""
    front = written.page("index.html")
    points = front.css("figure svg a")
    assert len(points) > 20
    for point in points:
        said, shape = point.css_first("title"), str(point.attributes["href"])
        assert said is not None
        month = shape.partition("#")[2]
        assert f"{date.fromisoformat(month + '-01'):%B %Y}" in said.text()


def test_totals_add_up_and_undated_papers_stand_apart(written: Written) -> None:
    """The front page counts what the months count; papers without a month are named beside it, with their sentences."""
    front = written.page("index.html")
    cells = [[c.text().strip() for c in r.css("td")] for r in front.css("h2#methods ~ div tbody tr")]
    rows = {c[0]: c for c in cells}
    counted = ask(
        written,
        "select sum(n_papers)::int, any_value((select count(month) from core.populations where scope = 'all')) "
        "from trends.method_monthly where method = 'LoRA' and scope = 'all' "
        "group by role order by list_position(['any', 'proposes', 'uses', 'mentions'], role)",
    )
    assert rows["LoRA"][2:6] == [f"{n:,}" for n, _ in counted]
    assert rows["LoRA"][6] == percent(counted[0][0] / counted[0][1])
    assert "2 more without a month of publication" in words(written.page("methods/lora.html"))
    found = [
        p.css_first("#undated") for name, p in written.pages().items() if name.startswith("methods/lora")
    ]
    [undated] = [section for section in found if section is not None]
    assert len(undated.css("article.paper")) == 2


def test_accuracy_coverage_and_candidates_stand_on_the_front_page(written: Written) -> None:
    """The measured accuracy is in its table and beside the numbers that rest on it; sources and new names are there."""
    front = written.page("index.html")
    text = words(front)
    [(field, precision, recall, f1, n)] = ask(
        written, "select field, precision, recall, f1, n from meta.accuracy"
    )
    assert f"{field} {precision:.3f} {recall:.3f} {f1:.3f} {n}" in text
    assert f"F1: {field} {f1:.2f}" in text
    assert "arxiv" in text
    assert "ZebraTune" in text
    candidates = written.page("candidates.html")
    assert len(candidates.css("article.paper")) == 2


def test_scraped_text_stays_text(tmp_path: Path) -> None:
    """Markup in a title, an abstract, a method's or a candidate's name is shown as text, and no link runs code."""
    evil = f"x/../../{HOSTILE}"
    lake = SmallLake(
        tmp_path / "data",
        [Paper(1, "2024-01-05", methods=((evil, "uses"),), candidate="Zebra<b>Tune", note=f"{HOSTILE} ")],
        CATALOGUE | {evil: ("other", True)},
    )
    rows = lake.rows()
    for part in rows["papers"].values():
        for row in part:
            row |= {"title": HOSTILE, "title_raw": HOSTILE, "url": "javascript:alert(3)"}
    lake.rows = lambda: rows  # type: ignore[method-assign]
    build_release(lake.write(), inputs=lake.inputs())
    written = Written.report(lake.data)
    for name, page in written.pages().items():
        assert not page.css("script, img, iframe, [onerror], article b"), name
        assert all(not str(a.attributes["href"]).startswith("javascript") for a in page.css("a")), name
        assert page.css_first('meta[http-equiv="Content-Security-Policy"]'), name
    [method_page] = list((written.folder / "methods").iterdir())
    shown = written.page(f"methods/{method_page.name}")
    assert shown.css_first("h1").text() == evil
    assert shown.css_first("article h4").text() == HOSTILE
    assert {p.resolve().parent for p in written.folder.rglob("*.html")} == {
        written.folder,
        written.folder / "methods",
    }


def test_an_empty_population_has_a_report_too(tmp_path: Path) -> None:
    """Papers without methods, sizes or months make pages that say so."""
    lake = SmallLake(tmp_path / "data", [Paper(1, None), Paper(2, "2023")])
    build_release(lake.write(), inputs=lake.inputs())
    written = Written.report(lake.data)
    text = words(written.page("index.html"))
    assert "2 have no month, in no share" in text
    assert "No paper of this scope names a catalogued PEFT method." in text
    assert "No paper of this scope states a model size." in text


@given(st.lists(st.text(max_size=60), max_size=8))
@example(["LoRA+", "LoRA plus", "lora-plus", "LORA-Plus", "", "²", "-"])
def test_no_name_becomes_a_file_name_as_it_is(names: list[str]) -> None:
    """Every name has a word of its own that is safe as a file name and as an anchor, on any file system."""
    found = slugs(names)
    assert set(found) == set(names)
    assert len({w.lower() for w in found.values()}) == len(found)
    assert all(w and w.isascii() and w.replace("-", "a").isalnum() and w == w.lower() for w in found.values())


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5))
def test_marking_changes_no_character(text: str, drawn: list[tuple[int, int]]) -> None:
    """Whatever spans are marked, overlapping or not, the text stays the text, and what is in a span is marked."""
    spans = [(min(s), min(max(s), len(text))) for s in drawn if min(s) < len(text)]
    cut = pieces(text, spans)
    assert "".join(piece for piece, _ in cut) == text
    marks = "".join(("x" if is_counted else ".") * len(piece) for piece, is_counted in cut)
    assert marks == "".join("x" if any(s <= i < e for s, e in spans) else "." for i in range(len(text)))


@pytest.mark.parametrize(
    ("url", "is_shown"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://[broken", False),
        (None, False),
        ("", False),
    ],
)
def test_only_web_addresses_are_links(url: str | None, is_shown: bool) -> None:
    """A paper's link is one only when it leads to the web."""
    assert (web_address(url) == url and bool(url)) is is_shown

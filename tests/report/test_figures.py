"""What the charts promise: thin data is a gap, nothing is drawn from next to nothing, colours follow the page."""

import re
from collections.abc import Callable
from datetime import date

from pipelines.report.pages import figures
from pipelines.report.pages.numbers import MethodMonth, SizeMonth, Trailing


def months(n: int) -> list[date]:
    """Return `n` months from January 2023 on."""
    return [date(2023 + i // 12, 1 + i % 12, 1) for i in range(n)]


def shares(held: Callable[[int], int], n: int = 24) -> list[Trailing]:
    """Return windows that hold `held(i)` papers, a tenth of them counted."""
    return [
        Trailing(m, held(i) // 10, held(i), *((0.1, 0.05, 0.2) if held(i) else (None, None, None)))
        for i, m in enumerate(months(n))
    ]


def named(*at: date) -> list[MethodMonth]:
    """Return months in which papers name the method."""
    return [MethodMonth(m, 10, 1, 0, 1, 0, 0.1, 0.02, 0.4) for m in at]


def line_of(svg: str) -> str:
    """Return the path of the line."""
    [path] = re.findall(
        r'<path[^>]*aria-roledescription="line mark"[^>]*>|<path[^>]*d="([^"]*)"[^>]*stroke="var\(--line\)"',
        svg,
    )
    return str(path)


def test_thin_windows_are_gaps() -> None:
    """Where twelve months hold too few papers, or none, the line is broken and not drawn through."""
    whole = figures.share_chart(shares(lambda _: 100), [], {}, "")
    assert whole is not None
    assert line_of(whole).count("M") == 1
    for n_held in (0, 5):
        broken = figures.share_chart(shares(lambda i, n=n_held: n if i == 10 else 100), [], {}, "")
        assert broken is not None
        assert line_of(broken).count("M") == 2


def test_a_window_is_thin_beside_the_fullest_one() -> None:
    """Windows that hold next to nothing of what the fullest holds are not drawn, though they would be elsewhere."""
    alone = figures.share_chart(shares(lambda _: 40), [], {}, "")
    beside = figures.share_chart(shares(lambda i: 40 if i < 22 else 10_000), [], {}, "")
    assert alone is not None
    assert beside is not None
    assert line_of(alone).count(",") == 24
    assert line_of(beside).count(",") == 2


def test_nothing_is_drawn_from_next_to_nothing() -> None:
    """Without two windows that hold enough there is no chart."""
    assert figures.share_chart(shares(lambda _: 29), named(date(2023, 5, 1)), {}, "") is None
    assert figures.share_chart([], [], {}, "") is None
    sizes = [SizeMonth(m, 2, 3, 1e9, 2e9, 7e9, 1e10, 7e10) for m in months(24)]
    assert figures.size_chart(sizes, [], {}, "") is None


def test_points_lead_to_months_relative_to_their_page() -> None:
    """A point's link is the month's place seen from the page that the chart stands on; nothing leads to a host."""
    month = date(2024, 3, 1)
    svg = figures.share_chart(
        shares(lambda _: 100), named(month), {month: "methods/lora.html#2024-03"}, "../"
    )
    assert svg is not None
    assert re.findall(r'href="([^"]*)"', svg) == ["../methods/lora.html#2024-03"]
    assert "report.invalid" not in svg
    assert "<title>March 2024: 1 of 10 papers; 12 months: 10.0%</title>" in svg


def test_charts_follow_the_page() -> None:
    """What is drawn has the colours of the page's style, light or dark, and the width of its place."""
    sizes = [SizeMonth(m, 20, 30, 1e9, 2e9, 7e9, 1e10, 7e10) for m in months(24)]
    charts = [
        figures.share_chart(shares(lambda _: 100), [], {}, ""),
        figures.size_chart(sizes, [], {}, ""),
        figures.role_chart(named(*months(14)), ""),
    ]
    for svg in charts:
        assert svg is not None
        opening = svg[: svg.index(">")]
        assert "width=" not in opening
        assert "viewBox=" in opening
        colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg)) - {"none", "transparent"}
        assert {c for c in colours if not c.startswith("var(--")} <= {"#000"}, colours

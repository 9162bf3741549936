"""The report's charts: Vega-Lite specifications drawn as SVG, without a browser and without a network.

Colours are names of the pages' own style, so that a chart follows light and dark. What is counted is in `numbers`.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import vl_convert
from markupsafe import Markup

from pipelines.report.pages.numbers import ROLES, MethodMonth, SizeMonth, Trailing
from pipelines.report.wording import params_text

#: Windows of fewer papers, or sizes, are not drawn, nor those with less than this part of what the fullest window of
#: the scope holds: there the data is thin, and what would be drawn is its noise.
MIN_WINDOW_PAPERS = 30
MIN_WINDOW_SIZES = 10
MIN_WINDOW_PART = 0.02
#: Width and height of a chart on the front page, and on a method's own page, in pixels.
SMALL, WIDE = (320, 130), (520, 190)
#: Vega takes only absolute links; this host, which cannot exist, stands for the report's own folder.
_HERE = "https://report.invalid/"
_POINT = re.compile(r'<path aria-label="([^"]*)"([^>]*)/>')
_SIZE = re.compile(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"')
_PARAMS_LABEL = (
    "datum.value >= 1e12 ? datum.value / 1e12 + 'T' : datum.value >= 1e9 ? datum.value / 1e9 + 'B' : "
    "datum.value >= 1e6 ? datum.value / 1e6 + 'M' : datum.value / 1e3 + 'K'"
)
_CONFIG = {
    "font": "system-ui, sans-serif",
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--muted)",
        "titleColor": "var(--muted)",
        "domainColor": "var(--rule)",
        "tickColor": "var(--rule)",
        "gridColor": "var(--rule)",
        "labelFontSize": 11,
    },
    "legend": {"labelColor": "var(--text)", "title": None, "orient": "top", "labelFontSize": 12},
}
#: A window that says too little is a gap in the line, and no zero.
_GAPS = "break-paths-show-domains"
_MONTHS = {"field": "month", "type": "temporal", "axis": {"title": None, "grid": False, "tickCount": 6}}


def _drawn(spec: Mapping[str, Any], root: str) -> Markup:
    """Return `spec` as SVG whose links are relative to `root` and whose points say on hover what they are."""
    svg = vl_convert.vegalite_to_svg({"config": _CONFIG, **spec}, allowed_base_urls=[])
    svg = svg.replace(f'xlink:href="{_HERE}', f'href="{root}')
    svg = _SIZE.sub(r"\1", svg, count=1)
    # what Vega writes is escaped already
    return Markup(_POINT.sub(r'<path aria-label="\1"\2><title>\1</title></path>', svg))  # noqa: S704


def _y(field: str, **more: Any) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", **more}


def _line(y: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "mark": {"type": "line", "color": "var(--line)", "strokeWidth": 2, "aria": False, "invalid": _GAPS},
        "encoding": {"x": _MONTHS, "y": y},
    }


def _band(y: Mapping[str, Any], high: str, colour: str) -> dict[str, Any]:
    return {
        "mark": {"type": "area", "color": colour, "aria": False, "invalid": _GAPS},
        "encoding": {"x": _MONTHS, "y": y, "y2": {"field": high}},
    }


def _points(y: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "transform": [{"filter": "datum.href != null"}],
        "mark": {"type": "point", "filled": True, "size": 22, "opacity": 1, "color": "var(--line)"},
        "encoding": {
            "x": _MONTHS,
            "y": y,
            "href": {"field": "href", "type": "nominal"},
            "description": {"field": "said", "type": "nominal"},
        },
    }


def _values(
    windows: Sequence[Trailing | SizeMonth],
    held: Sequence[int],
    least: int,
    drawn: Sequence[str],
    *,
    said: Mapping[date, str],
    places: Mapping[date, str],
) -> list[dict[str, Any]] | None:
    """Return a row a month, from the first to the last window that holds enough, with the fields `drawn`; None for one row.

    A window that holds less (`held`, beside `least` and the fullest) has nulls. A month in `said` is a point that says so
    and leads to its place.
    """
    enough = max(least, MIN_WINDOW_PART * max(held, default=0))
    full = [i for i, n in enumerate(held) if n >= enough]
    if not full or full[0] == full[-1]:
        return None
    values: list[dict[str, Any]] = []
    for window, n in list(zip(windows, held, strict=True))[full[0] : full[-1] + 1]:
        month, is_drawn = window.month, n >= enough
        value = {"month": month.isoformat(), "href": None, "said": ""}
        value |= {field: getattr(window, field) if is_drawn else None for field in drawn}
        if is_drawn and month in said:
            value |= {"href": f"{_HERE}{places[month]}", "said": said[month]}
        values.append(value)
    return values


def share_chart(
    trailing: Sequence[Trailing],
    months: Sequence[MethodMonth],
    places: Mapping[date, str],
    root: str,
    size: tuple[int, int] = SMALL,
) -> Markup | None:
    """Return a method's share over the last twelve months at each month, its 95 % interval, and a point for each month
    in which papers name it, leading to `places[month]`; None where no window holds enough papers.
    """  # noqa: D205 - one sentence
    counted = {m.month: f"{m.n_papers:,} of {m.n_total:,} papers" for m in months}
    said = {
        t.month: f"{t.month:%B %Y}: {counted[t.month]}; 12 months: {t.share:.1%}"
        for t in trailing
        if t.month in counted
    }
    held, drawn = [t.n_total for t in trailing], ("share", "share_low", "share_high")
    values = _values(trailing, held, MIN_WINDOW_PAPERS, drawn, said=said, places=places)
    if values is None:
        return None
    axis = {"title": None, "format": "~%", "tickCount": 4}
    width, height = size
    layers = [
        _band(_y("share_low", axis=axis), "share_high", "var(--band)"),
        _line(_y("share")),
        _points(_y("share")),
    ]
    return _drawn({"width": width, "height": height, "data": {"values": values}, "layer": layers}, root)


def role_chart(months: Sequence[MethodMonth], root: str) -> Markup:
    """Return a method's papers a year, by role."""
    counts: dict[tuple[int, str], int] = {}
    for month in months:
        by_role = (month.n_proposes, month.n_uses, month.n_mentions)
        for role, n in zip(ROLES, by_role, strict=True):
            counts[month.month.year, role] = counts.get((month.month.year, role), 0) + n
    values = [
        {"year": str(year), "role": role, "order": ROLES.index(role), "papers": n}
        for (year, role), n in counts.items()
    ]
    colours = {"domain": list(ROLES), "range": [f"var(--{role})" for role in ROLES]}
    width, height = WIDE
    return _drawn(
        {
            "width": width,
            "height": height,
            "data": {"values": values},
            "mark": {"type": "bar", "aria": False},
            "encoding": {
                "x": {"field": "year", "type": "ordinal", "axis": {"title": None, "labelAngle": 0}},
                "y": {
                    "field": "papers",
                    "type": "quantitative",
                    "axis": {"title": None, "tickCount": 4, "tickMinStep": 1},
                },
                "color": {"field": "role", "type": "nominal", "scale": colours},
                "order": {"field": "order", "type": "quantitative"},
            },
        },
        root,
    )


def size_chart(
    trailing: Sequence[SizeMonth],
    months: Sequence[SizeMonth],
    places: Mapping[date, str],
    root: str,
) -> Markup | None:
    """Return the sizes of the last twelve months at each month: median, quartiles and tenths, on a log axis.

    Points lead to the sentences of their own month; None where no window holds enough sizes.
    """
    stated = {m.month: f"{m.n_papers:,} papers state a size" for m in months}
    said = {
        t.month: f"{t.month:%B %Y}: {stated[t.month]}; median of 12 months {params_text(t.p50)}"
        for t in trailing
        if t.month in stated
    }
    held, drawn = [t.n_sizes for t in trailing], ("p10", "p25", "p50", "p75", "p90")
    values = _values(trailing, held, MIN_WINDOW_SIZES, drawn, said=said, places=places)
    if values is None:
        return None
    # an area on a log scale must not be drawn down to zero
    scale = {"type": "log", "zero": False, "nice": False}
    decades = [10.0**n for n in range(5, 15)]
    axis = {"title": None, "labelExpr": _PARAMS_LABEL, "values": decades}
    width, height = 720, 240
    layers = [
        _band(_y("p10", scale=scale, axis=axis), "p90", "var(--band)"),
        _band(_y("p25", scale=scale, axis=axis), "p75", "var(--band-inner)"),
        _line(_y("p50", scale=scale)),
        _points(_y("p50", scale=scale)),
    ]
    return _drawn({"width": width, "height": height, "data": {"values": values}, "layer": layers}, root)

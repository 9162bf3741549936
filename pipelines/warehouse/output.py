"""Rows of a query as text: tables for people, CSV and JSON for programs. Asks nothing of a database."""

import csv
import io
import json
import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from rich.cells import cell_len, set_cell_size

FORMATS = ("table", "csv", "json")
#: Rows of a table that are shown; csv and json always hold all.
TABLE_ROWS = 200
#: A text in a table is cut here when it goes to a terminal.
CELL_CHARS = 80
#: No text column of a table gets narrower than this; when that is still too wide, rows are shown one below the other.
MIN_COLUMN = 12
GAP = 2
_NUMERIC = re.compile(r"(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DOUBLE|FLOAT|DECIMAL.*)", re.ASCII)


@dataclass(frozen=True)
class Rows:
    """What a query gave: column names, DuckDB types, values; `has_more` when it was cut at the limit asked for."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    values: list[tuple[object, ...]]
    has_more: bool = False

    def is_numeric(self, position: int) -> bool:
        """Say whether the column holds numbers."""
        return _NUMERIC.fullmatch(self.types[position]) is not None


def text_of(value: object) -> str:
    """Return a value as text: numbers in full, times in ISO form, nested values as JSON, null as nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | dict | tuple):
        return json.dumps(_plain(value), ensure_ascii=False)
    return value.hex() if isinstance(value, bytes) else str(value)


def _plain(value: object) -> object:
    """Return a value as JSON holds it: integers exact, what JSON has no word for as text."""
    if isinstance(value, dict):
        return {text_of(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, Decimal) and Decimal(repr(float(value))) == value:
        return float(value)
    return value if value is None or isinstance(value, str | int) else text_of(value)


def visible(text: str, keep: str = "") -> str:
    """Return `text` on one line (but for what `keep` keeps) and without what could steer a terminal."""
    return "".join(c if c.isprintable() or c in keep else " " for c in text)


def _in_table(value: object) -> str:
    """Return a value as a table shows it: fractions to six digits, the rest as it is."""
    if isinstance(value, float) and math.isfinite(value) and not value.is_integer():
        return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"
    return visible(text_of(value))


def _fit(text: str, width: int, is_numeric: bool) -> str:
    if cell_len(text) > width:
        text = set_cell_size(text, width - 1) + "…"
    blank = " " * (width - cell_len(text))
    return blank + text if is_numeric else text + blank


def _widths(rows: Rows, texts: list[list[str]], width: int | None) -> list[int] | None:
    """Return the columns' widths, text columns cut as much as `width` asks, or None when that cannot be."""
    cap = CELL_CHARS if width else None
    natural = []
    for i, name in enumerate(rows.columns):
        longest = max((cell_len(t[i]) for t in texts), default=0)
        if cap and not rows.is_numeric(i):
            longest = min(longest, cap)
        natural.append(max(longest, cell_len(name), 1))
    if width is None:
        return natural
    room = width - GAP * (len(natural) - 1)
    while sum(natural) > room:
        widest = max(
            (i for i in range(len(natural)) if not rows.is_numeric(i) and natural[i] > MIN_COLUMN),
            key=lambda i: natural[i],
            default=None,
        )
        if widest is None:
            return None
        natural[widest] -= 1
    return natural


def _one_below_the_other(rows: Rows, texts: list[list[str]]) -> str:
    names = [visible(n) for n in rows.columns]
    longest = max(cell_len(n) for n in names)
    blocks = []
    for number, row in enumerate(texts, start=1):
        lines = [f"{_fit(n, longest, False)}  {t}".rstrip() for n, t in zip(names, row, strict=True)]
        blocks.append(f"row {number}\n" + "\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _as_table(rows: Rows, width: int | None) -> str:
    texts = [[_in_table(v) for v in row] for row in rows.values[:TABLE_ROWS]]
    widths = _widths(rows, texts, width)
    n_cut = len(rows.values) - len(texts)
    if widths is None:
        out = _one_below_the_other(rows, texts)
    else:
        lines = [[visible(n) for n in rows.columns], ["─" * w for w in widths], *texts]
        out = "".join(
            (" " * GAP)
            .join(_fit(t, w, rows.is_numeric(i)) for i, (t, w) in enumerate(zip(line, widths, strict=True)))
            .rstrip()
            + "\n"
            for line in lines
        )
    if n_cut or rows.has_more:
        of = "more" if rows.has_more else f"{len(rows.values):,}"
        out += f"(the first {len(texts):,} rows of {of}; --format csv or json gives all)\n"
    elif not texts:
        out += "(no rows)\n"
    return out


def _as_csv(rows: Rows) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(rows.columns)
    writer.writerows([text_of(v) for v in row] for row in rows.values)
    return out.getvalue()


def _as_json(rows: Rows) -> str:
    lines = [
        json.dumps(dict(zip(rows.columns, map(_plain, row), strict=True)), ensure_ascii=False)
        for row in rows.values
    ]
    return "[" + ",\n ".join(lines) + "]\n"


def format_rows(rows: Rows, style: str, width: int | None = None) -> str:
    """Return `rows` as text in one of FORMATS, ending in a line feed; empty when the statement gave no columns.

    `width` is that of the terminal for `table`; without it no text is cut. csv and json write every number exactly;
    json is an array with one object a line. Raises ValueError for another style.
    """
    if style not in FORMATS:
        raise ValueError(f"{style!r} is no output format; the formats are {', '.join(FORMATS)}")
    if not rows.columns:
        return ""
    if style == "table":
        return _as_table(rows, width)
    return _as_csv(rows) if style == "csv" else _as_json(rows)

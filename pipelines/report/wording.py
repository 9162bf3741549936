"""How numbers and months are worded, and what the starter corpus's numbers are worth: the same in terminal and pages."""

from datetime import date

STARTER_NOTE = (
    "These are the starter corpus's numbers: papers picked for this project, summaries written for it.\n"
    "They demonstrate, they do not measure. Drop listings into the inbox for real ones."
)


def params_text(params: float) -> str:
    """Return a parameter count as people write it: 350M, 6.7B, 1.2T."""
    for limit, unit in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")):
        if params >= limit:
            value = params / limit
            return f"{value:.0f}{unit}" if value >= 10 or value == int(value) else f"{value:.1f}{unit}"
    return f"{params:.0f}"


def percent(share: float | None) -> str:
    """Return a share as people write it: 26 %, 2.6 %, 0.03 %."""
    if share is None:
        return "–"
    pct = share * 100
    digits = 0 if pct >= 10 or pct == 0 else 1 if pct >= 1 else 2
    return f"{pct:.{digits}f} %"


def month_name(month: date | None) -> str:
    """Return a month in words."""
    return "no known month" if month is None else f"{month:%B %Y}"


def published_text(day: date | None, precision: str | None) -> str:
    """Return a date of publication as finely as it is known: 2024-03-01, 2024-03, 2024, undated."""
    return "undated" if day is None else day.isoformat()[: {"year": 4, "month": 7}.get(precision or "", 10)]

"""Dates as listings write them: RFC 2822, ISO with Z, and days without a year."""

from datetime import date


def resolve_month_day(month: int, day: int, reference: date) -> date | None:
    """Return the latest such day that is not after `reference`, None when no year of the last eight has it."""
    for year in range(reference.year, reference.year - 9, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= reference:
            return found
    return None

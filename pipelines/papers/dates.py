"""Dates as listings write them: RFC 2822, ISO 8601 with Z, and days without a year. All days are UTC days."""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

#: Years in which a paper or a listing can plausibly be; outside them a date is a mistake.
FIRST_YEAR, LAST_YEAR = 1900, 2100

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NUMBER = {name: number for number, name in enumerate(_MONTHS, 1)}
_MONTH_NAME = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_RFC = re.compile(
    r"(?:[A-Za-z]{3},\s*)?([0-9]{1,2})\s+([A-Za-z]{3})\s+([0-9]{4})\s+([0-9]{2}):([0-9]{2}):([0-9]{2})\s+(?:GMT|UTC|\+0000)"
)
_ISO_START = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH_DAY = re.compile(_MONTH_NAME + r"\s+([0-9]{1,2})(?:st|nd|rd|th)?(?:,?\s+([0-9]{4}))?", re.IGNORECASE)
_DAY_MONTH = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?\s+" + _MONTH_NAME + r"(?:,?\s+([0-9]{4}))?", re.IGNORECASE
)


def _plausible(moment: datetime) -> datetime | None:
    """Return `moment` in UTC (a naive one is UTC already), or None outside the plausible years."""
    try:
        in_utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return in_utc if FIRST_YEAR <= in_utc.year <= LAST_YEAR else None


def parse_rfc2822(text: str) -> datetime | None:
    """Return the moment, in UTC, that e.g. "Mon, 2 Apr 2007 19:18:42 GMT" spells (the day may be unpadded)."""
    quick = _RFC.fullmatch(text.strip())
    try:
        if quick:
            day, month, year, hour, minute, second = quick.groups()
            number = _MONTH_NUMBER[month.lower()]
            return _plausible(
                datetime(
                    int(year), number, int(day), int(hour), int(minute), min(int(second), 59), tzinfo=UTC
                )
            )
        return _plausible(parsedate_to_datetime(text.strip()[:80]))
    except (ValueError, KeyError, TypeError, IndexError, OverflowError):
        return None


def parse_iso(text: str) -> datetime | None:
    """Return the moment, in UTC, that an ISO 8601 date or date with time spells; no zone means UTC."""
    text = text.strip()
    if not _ISO_START.match(text) or not text.isascii():
        return None
    try:
        return _plausible(datetime.fromisoformat(text))
    except ValueError:
        return None


def parse_month_day(text: str) -> tuple[int | None, int, int] | None:
    """Return (year or None, month, day) for "Mar 13", "Oct 3, 2022", "13 March 2026" or "2026-03-13"."""
    text = " ".join(text.split())
    if len(text) > 40:
        return None
    moment = parse_iso(text) if len(text) == 10 else None
    if moment:
        return moment.year, moment.month, moment.day
    found = _MONTH_DAY.fullmatch(text)
    if found:
        name, day, year = found.groups()
    else:
        found = _DAY_MONTH.fullmatch(text)
        if not found:
            return None
        day, name, year = found.groups()
    month = _MONTH_NUMBER[name[:3].lower()]
    try:
        date(int(year or 2000), month, int(day))  # 2000 is a leap year: Feb 29 exists until a year denies it
    except ValueError:
        return None
    if year and not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return None
    return (int(year) if year else None), month, int(day)


def resolve_month_day(month: int, day: int, reference: date) -> date | None:
    """Return the latest such day that is not after `reference`; None when no recent year has it."""
    for year in range(reference.year, reference.year - 9, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= reference:
            return found
    return None


def listing_day(text: str, reference: date, reference_basis: str) -> tuple[date, str] | None:
    """Return the day that a listing's date line names and what its year rests on, or None for no date.

    The basis is "listing" when the line has its own year, else `reference_basis`: what `reference` is.
    """
    parts = parse_month_day(text)
    if parts is None:
        return None
    year, month, day = parts
    if year is not None:
        return date(year, month, day), "listing"
    found = resolve_month_day(month, day, reference)
    return (found, reference_basis) if found else None

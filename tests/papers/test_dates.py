"""Dates as listings write them."""

from datetime import UTC, date, datetime

import pytest

from pipelines.papers.dates import listing_day, parse_iso, parse_month_day, parse_rfc2822, resolve_month_day


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Mon, 2 Apr 2007 19:18:42 GMT", datetime(2007, 4, 2, 19, 18, 42, tzinfo=UTC)),
        ("Mon, 09 Jan 1995 10:11:12 GMT", datetime(1995, 1, 9, 10, 11, 12, tzinfo=UTC)),
        ("Mon, 2 Apr 2007 23:18:42 -0400", datetime(2007, 4, 3, 3, 18, 42, tzinfo=UTC)),
    ],
)
def test_rfc2822_day_may_be_unpadded(text: str, moment: datetime) -> None:
    """The day of an RFC 2822 date may lack its zero, and other zones come to UTC."""
    assert parse_rfc2822(text) == moment


@pytest.mark.parametrize(
    "text", ["", "yesterday", "Mon, 32 Apr 2007 19:18:42 GMT", "Mon, 2 Apr 0001 19:18:42 GMT", "٢"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    """A date that cannot be is none, without an error."""
    assert parse_rfc2822(text) is None
    assert parse_iso(text) is None
    assert parse_month_day(text) is None


def test_iso_with_z() -> None:
    """ISO moments with Z, with an offset, and bare days are read in UTC."""
    assert parse_iso("2026-03-11T17:08:18.000Z") == datetime(2026, 3, 11, 17, 8, 18, tzinfo=UTC)
    assert parse_iso("2026-03-11T23:30:00-04:00") == datetime(2026, 3, 12, 3, 30, tzinfo=UTC)
    assert parse_iso("2026-03-11") == datetime(2026, 3, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Mar 13", (None, 3, 13)),
        ("Oct 3, 2022", (2022, 10, 3)),
        ("13 March 2026", (2026, 3, 13)),
        ("Sept. 1st", (None, 9, 1)),
        ("2026-03-13", (2026, 3, 13)),
        ("Feb 29", (None, 2, 29)),
    ],
)
def test_day_without_a_year(text: str, parts: tuple[int | None, int, int]) -> None:
    """A page's date is read with its year or without one."""
    assert parse_month_day(text) == parts


@pytest.mark.parametrize("text", ["March of 13", "Feb 30", "Feb 29, 2023", "Mar", "May 13 models"])
def test_words_that_are_no_day(text: str) -> None:
    """A line that only starts like a date is none."""
    assert parse_month_day(text) is None


def test_year_is_the_latest_that_is_not_after_the_reference() -> None:
    """A day without a year is the latest such day not after the reference, leap days included."""
    assert resolve_month_day(3, 13, date(2026, 3, 13)) == date(2026, 3, 13)
    assert resolve_month_day(3, 14, date(2026, 3, 13)) == date(2025, 3, 14)
    assert resolve_month_day(2, 29, date(2026, 3, 13)) == date(2024, 2, 29)
    assert resolve_month_day(2, 30, date(2026, 3, 13)) is None


def test_a_listing_day_says_what_its_year_rests_on() -> None:
    """The basis is the listing when it has the year, else what the reference is."""
    assert listing_day("Mar 14, 2024", date(2026, 3, 13), "file-date") == (date(2024, 3, 14), "listing")
    assert listing_day("Mar 14", date(2026, 3, 13), "file-date") == (date(2025, 3, 14), "file-date")
    assert listing_day("Tomorrow", date(2026, 3, 13), "file-date") is None

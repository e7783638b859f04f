"""Dates as rules need them: whole years back and forth, and the span between two days in words."""

from __future__ import annotations

import datetime as dt


def years_before(day: dt.date, years: int) -> dt.date:
    """The day ``years`` years before ``day``; 29 February becomes 28 February where that year has no 29th.

    Years before the first of the calendar stop at its first day: nothing was registered earlier.
    """
    return _in_year(day, day.year - years)


def years_after(day: dt.date, years: int) -> dt.date:
    """The day ``years`` years after ``day``; 29 February becomes 28 February where that year has no 29th."""
    return _in_year(day, day.year + years)


def _in_year(day: dt.date, year: int) -> dt.date:
    if year < dt.MINYEAR:
        return dt.date.min
    if year > dt.MAXYEAR:
        return dt.date.max
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def full_years_and_months(since: dt.date, until: dt.date) -> tuple[int, int]:
    """Completed years and further completed months between two days, by the rule of :func:`years_before`."""
    years = max(0, until.year - since.year)
    while years and years_before(until, years) < since:
        years -= 1
    start = years_after(since, years)
    months = (until.year - start.year) * 12 + until.month - start.month
    if months and until.day < start.day and (until + dt.timedelta(days=1)).month == until.month:
        months -= 1
    return years, max(0, months)

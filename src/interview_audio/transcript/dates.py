"""The date of an interview, where its source prints one on a line of its own."""

import calendar
import datetime
import re
from collections.abc import Iterable

from interview_audio.transcript.turns import Turn

_NUMBERS = re.compile(r"(?P<year>\d{4})\s?[-/.年]\s?(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})(?!\d)")
_NAME = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_MONTH_FIRST = re.compile(rf"\b{_NAME} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})\b", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_NAME},? (?P<year>\d{{4}})\b", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATED = ("date line", "credits")
"""Reasons of boilerplate that may hold the date; a date in what is told or said is not the interview's."""


def source_date(turns: Iterable[Turn]) -> datetime.date | None:
    """The first date on a date line or among the credits; None where there is none, or none that exists."""
    for turn in turns:
        if turn.kind == "boilerplate" and turn.reason in _DATED and (date := _read(turn.text)):
            return date
    return None


def _read(text: str) -> datetime.date | None:
    for pattern in (_NUMBERS, _MONTH_FIRST, _DAY_FIRST):
        if match := pattern.search(text):
            parts = match.groupdict()
            month = int(parts["month"]) if "month" in parts else _MONTHS.index(parts["name"].lower()) + 1
            year, day = int(parts["year"]), int(parts["day"])
            if year and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
                return datetime.date(year, month, day)
    return None

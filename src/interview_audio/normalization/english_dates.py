"""Dates, years and times of day in English text, as a newsreader says them."""

import re

from interview_audio.normalization.english import TO, YEAR, cardinal, decimal, ordinal, plural, year
from interview_audio.normalization.grammar import (
    SPACES,
    WORD_END,
    WORD_START,
    Match,
    Rule,
    begins_sentence_after,
    one_of,
)
from interview_audio.text.characters import LATIN

_MONTH_LIST = "January February March April May June July August September October November December"
_MONTHS = _MONTH_LIST.split()
_MONTH_NAMES = (
    {name: name for name in _MONTHS}
    | {short: name for name in _MONTHS for short in (name[:3] + ".", name[:3])}
    | {"Sept.": "September", "Sept": "September", "May.": "May"}
)
_WEEKDAY_LIST = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_WEEKDAY_NAMES = {short: name for name in _WEEKDAY_LIST.split() for short in (name, name[:3], name[:3] + ".")} | {
    "Tues": "Tuesday",
    "Tues.": "Tuesday",
    "Weds": "Wednesday",
    "Thur": "Thursday",
    "Thurs": "Thursday",
    "Thurs.": "Thursday",
}
_CALENDAR_NAMES = _WEEKDAY_NAMES | _MONTH_NAMES
_MONTH = one_of(list(_MONTH_NAMES))
_MONTH_NUMBER = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_HALF_DAY = rf"(?P<half>[ap]\.m\.|[ap]m{WORD_END}|[AP]\.?M{WORD_END}\.?)"
_OLDEST_SHORT_YEAR = 40
"""Of years in two digits, those from here on are of the last century."""


def _date(match: Match) -> str:
    month = _MONTH_NAMES.get(match["month"]) or _MONTHS[int(match["month"]) - 1]
    last = match.groupdict().get("last")
    spoken = f"{month} {ordinal(match['day'])}" if match["day"] else month
    spoken += f" to {ordinal(last)}" if last else ""
    if not match["year"]:
        return spoken
    return f"{spoken}{', ' if match['day'] else ' '}{year(_full_year(match['year']))}"


def _full_year(digits: str) -> str:
    if len(digits) == 4:
        return digits
    return ("19" if int(digits) >= _OLDEST_SHORT_YEAR else "20") + digits


def _day_first(match: Match) -> str:
    spoken = f"{ordinal(match['day'])} of {_MONTH_NAMES[match['month']]}"
    preceded = re.search(r"\b[Tt]he $", match.string[max(0, match.start() - 5) : match.start()])
    return f"{'' if preceded else 'the '}{spoken}{' ' + year(match['year']) if match['year'] else ''}"


def _stamp(match: Match) -> str:
    spoken = f"{_date(match)}, {_clock(match['hour'], match['minute'])}"
    return spoken + (" U T C" if match["zone"] == "Z" else "")


def _clock(hour: str, minute: str | None, *, alone: bool = True) -> str:
    """Read hours and minutes: six oh five, ten o'clock, fifteen hundred."""
    if minute and int(minute):
        return f"{cardinal(hour)} {'oh ' if int(minute) < 10 else ''}{cardinal(minute)}"
    if not alone:
        return cardinal(hour)
    return f"{cardinal(hour)} {_full_hour(int(hour))}"


def _full_hour(hour: int) -> str:
    return "o'clock" if 1 <= hour <= 12 else "hundred"


def _time(match: Match) -> str:
    half = match["half"]
    spoken = _clock(match["hour"], match["minute"], alone=not half)
    spoken += f" and {cardinal(match['second'])} seconds" if match["second"] else ""
    return spoken + _half_day(match)


def _half_day(match: Match) -> str:
    half = match["half"]
    if not half:
        return ""
    ends = half.endswith(".") and begins_sentence_after(match)
    return f" {half[0].upper()} M" + ("." if ends else "")


def _military(match: Match) -> str:
    """Read the hours of soldiers and pilots: oh eight thirty, fifteen hundred."""
    hour, minute = match["hour"], match["minute"]
    early = "oh " if hour.startswith("0") else ""
    return f"{early}{cardinal(hour)} hundred" if minute == "00" else early + _clock(hour, minute)


def _hours(match: Match) -> str:
    first = _clock(match["from_hour"], match["from_minute"], alone=False)
    return f"{first} to {_clock(match['hour'], match['minute'], alone=False)}{_half_day(match)}"


def _duration(match: Match) -> str:
    """Read minutes and seconds, and a ratio as one if its parts are of a hundred: a 60:40 split."""
    minutes, seconds = match["minute"], match["second"]
    if int(minutes) + int(seconds) == 100:
        return f"{cardinal(minutes)} to {cardinal(seconds)}"
    return f"{cardinal(minutes)} {'oh ' if int(seconds) < 10 else ''}{cardinal(seconds)}"


def _race(match: Match) -> str:
    seconds = decimal(f"{match['seconds']}.{match['parts']}")
    return f"{cardinal(match['minutes'])} {'oh ' if match['seconds'] < '10' else ''}{seconds}"


def _running_time(match: Match) -> str:
    """Read the time of a recording below an hour, whose hours are zero: no clock shows it so with seconds."""
    parts = [(int(match["minute"]), "minute"), (int(match["second"]), "second")]
    said = [f"{cardinal(str(count))} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count]
    return " and ".join(said) or "zero seconds"


def _from_to(match: Match) -> str:
    word = "and" if match["joint"].strip() in ("/", "&", "+") else "to"
    ends = match["last"].endswith(".") and begins_sentence_after(match)
    return f"{_CALENDAR_NAMES[match['first']]} {word} {_CALENDAR_NAMES[match['last']]}{'.' if ends else ''}"


def _decade(match: Match) -> str:
    digits = match["decade"]
    return plural(year(digits) if len(digits) == 4 else cardinal(digits))


def _years(match: Match) -> str:
    lower, upper = match["lower"], match["upper"]
    if len(upper) == 4:
        return f"{year(lower)} to {year(upper)}"
    if int(upper) <= int(lower[2:]) and "01" <= upper <= "12":
        return f"{_MONTHS[int(upper) - 1]} {year(lower)}"
    return f"{year(match['lower'])} to {cardinal(upper)}"


_CALENDAR_NAME = one_of(list(_CALENDAR_NAMES))
RULES = (
    Rule(
        "stamp",
        rf"{WORD_START}(?P<year>{YEAR})-(?P<month>1[0-2]|0\d)-(?P<day>{_DAY})[T ]"
        r"(?P<hour>[0-2]\d):(?P<minute>[0-5]\d)"
        r"(?::[0-5]\d(?:\.\d{1,9})?)?(?P<zone>Z|[+-]\d\d:?\d\d)?(?![\d:])",
        _stamp,
    ),
    Rule(
        "iso_date",
        rf"{WORD_START}(?P<year>{YEAR})(?P<s>[-/.])(?P<month>{_MONTH_NUMBER})[-/.](?P<day>{_DAY})(?!\d)",
        _date,
    ),
    Rule(
        "day_month_year",
        rf"{WORD_START}(?P<day>{_DAY}(?=\.)|(?:1[3-9]|2\d|3[01])(?=[/-]))(?P<s>\.[ ]?|[/-])"
        rf"(?P<month>{_MONTH_NUMBER})[./-][ ]?"
        rf"(?P<year>{YEAR})(?!\d)",
        _date,
    ),
    Rule(
        "us_date",
        rf"{WORD_START}(?P<month>{_MONTH_NUMBER})/(?P<day>{_DAY})/'?(?P<year>{YEAR}|\d\d)(?![\d/])",
        _date,
    ),
    Rule("us_dashes", rf"{WORD_START}(?P<month>{_MONTH_NUMBER})-(?P<day>{_DAY})-(?P<year>{YEAR})(?![\d-])", _date),
    Rule(
        "month_and_day",
        rf"(?:(?<=\b[Oo]n )|(?<=\b[Bb]y )|{WORD_START}(?=\d\d?/(?:1[3-57-9]|2[1-9]|3[01])(?!\d)))"
        rf"(?!9/11(?!\d))(?P<month>{_MONTH_NUMBER})/(?P<day>{_DAY})(?P<year>)(?![\d/]|[ ](?:of|inch|cup)|\")",
        _date,
    ),
    Rule(
        "month_first",
        rf"{WORD_START}(?P<month>{_MONTH})[ ](?:(?P<day>{_DAY})(?:st|nd|rd|th)?(?![\d:.]\d|\d|,\d|[ ]?%))"
        rf"(?:{TO}(?P<last>{_DAY})(?!\d))?"
        rf"(?:,?[ ](?P<year>{YEAR})(?!\d|,\d))?",
        _date,
    ),
    Rule("month_of_year", rf"{WORD_START}(?P<month>{_MONTH}),?[ ](?P<day>)(?P<year>{YEAR})(?!\d|,\d)", _date),
    Rule(
        "day_first",
        rf"{WORD_START}(?P<day>{_DAY})(?:st|nd|rd|th)?[ ](?:of[ ])?(?P<month>{_MONTH})(?![{LATIN}])"
        rf"(?:,?[ ](?P<year>{YEAR})(?!\d|,\d))?",
        _day_first,
    ),
    Rule(
        "from_to",
        rf"{WORD_START}(?P<first>{_CALENDAR_NAME})(?P<joint>{SPACES}[-–—/&+][ ]?)"
        rf"(?P<last>{_CALENDAR_NAME}){WORD_END}",
        _from_to,
    ),
    Rule(
        "month",
        rf"{WORD_START}(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\."
        rf"|(?:(?<=\b[Ii]n )|(?<=\b[Ll]ate )|(?<=arly )|(?<=ince )|(?<=\bmid-))"
        rf"(?:Jan|Feb|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec){WORD_END}|Sept{WORD_END}",
        lambda m: _MONTH_NAMES[m[0]] + ("." if m[0].endswith(".") and begins_sentence_after(m) else ""),
    ),
    Rule(
        "weekday",
        rf"{WORD_START}(?:(?:Mon|Wed|Fri)\.|(?:Tues?|Weds|Thu|Thurs?){WORD_END}\.?"
        rf"|(?:Mon|Tues?|Weds?|Thurs?|Fri|Sat|Sun)\.?"
        rf"(?=,?[ ](?:{_MONTH}[ ]|\d|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?![a-z]))))",
        lambda m: _WEEKDAY_NAMES[m[0].rstrip(".")],
    ),
    Rule(
        "hours",
        rf"{WORD_START}(?P<from_hour>1[0-2]|0?[1-9])(?::(?P<from_minute>[0-5]\d))?{TO}"
        rf"(?P<hour>1[0-2]|0?[1-9])(?::(?P<minute>[0-5]\d))?[ ]?{_HALF_DAY}",
        _hours,
    ),
    Rule("running_time", rf"{WORD_START}00?:(?P<minute>[0-5]\d):(?P<second>[0-5]\d)(?![\d:])", _running_time),
    Rule(
        "race",
        rf"{WORD_START}(?P<minutes>\d{{1,2}}):(?P<seconds>[0-5]\d)\.(?P<parts>\d{{1,3}})(?![\d:])",
        _race,
    ),
    Rule(
        "time",
        rf"{WORD_START}(?P<hour>2[0-4]|1\d|0?\d)[:：](?P<minute>[0-5]\d)(?:[:：](?P<second>[0-5]\d))?(?!\d)"
        rf"(?:[ ]?{_HALF_DAY})?",
        _time,
    ),
    Rule("hour", rf"{WORD_START}(?P<hour>1[0-2]|0?[1-9])(?:\.(?P<minute>[0-5]\d))?(?P<second>)[ ]?{_HALF_DAY}", _time),
    Rule("duration", rf"{WORD_START}(?P<minute>2[5-9]|[3-9]\d):(?P<second>[0-5]\d)(?![\d:])", _duration),
    Rule("decade", rf"(?<![\d.,{LATIN}])'?(?P<decade>(?!1000)(?:1\d|20)\d0|[2-9]0)'?s'?{WORD_END}", _decade),
    Rule("years", rf"{WORD_START}(?P<lower>{YEAR}){TO}(?P<upper>{YEAR}|\d\d)(?![\d.,]\d|\d)", _years),
    Rule(
        "school_year",
        rf"{WORD_START}(?P<lower>(?:19|20)\d\d)/(?P<upper>\d\d)(?![\d/])",
        _years,
    ),
    Rule("until_month", rf"(?<=\d){TO}(?={_MONTH}[ ]\d)", lambda _: " to "),
    Rule(
        "ranks",
        rf"{WORD_START}(?P<first>\d{{1,3}})(?:st|nd|rd|th){TO}(?=\d{{1,3}}(?:st|nd|rd|th){WORD_END})",
        lambda m: f"{ordinal(m['first'])} to ",
    ),
    Rule(
        "military",
        rf"{WORD_START}(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?=[ ](?:hours|hrs){WORD_END})",
        _military,
    ),
    Rule(
        "year_of_era",
        rf"{WORD_START}(?P<year>[1-9]\d{{3}})(?=[ ](?:BCE?|AD|CE){WORD_END})",
        lambda m: year(m["year"]),
    ),
)

"""Times as captions and chapter lists write them, from and to whole milliseconds."""

import re

from interview_audio.production.text.reading import CompanionError

_CLOCK = re.compile(r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)([.,])(\d{3})", re.ASCII)


def clock(milliseconds: int, mark: str = ".") -> str:
    """``hh:mm:ss.mmm``, with this mark before the milliseconds."""
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{clock_of_seconds(seconds)}{mark}{thousandths:03}"


def clock_of_seconds(seconds: int) -> str:
    """``hh:mm:ss``."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def parse_clock(text: str, mark: str, line: int) -> int:
    """The milliseconds of an ``hh:mm:ss.mmm`` or ``mm:ss.mmm`` that has this mark.

    Raises:
        CompanionError: It is no such time.
    """
    match = _CLOCK.fullmatch(text)
    if match is None or match[4] != mark:
        raise CompanionError(f"{text!r} is not a time", line)
    hours, minutes, seconds, thousandths = (int(match[group] or 0) for group in (1, 2, 3, 5))
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths

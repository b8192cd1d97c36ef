"""Numbers as people read and write them: sizes, lengths of time, clock times, counts, lists of lines."""

import re
from collections.abc import Sequence

from interview_audio.errors import suggestion

_BYTES = {"": 1, "k": 1000, "M": 1000**2, "G": 1000**3, "T": 1000**4}
"""By prefix; with an ``i`` (``GiB``) it is powers of 1024."""
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}

_SIZE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<prefix>[kKMmGgTt]?)(?P<binary>i?)(?P<unit>[Bb]?)", re.ASCII)
_TIME = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[smhdw])", re.ASCII)
_MAX_SIZE_LENGTH = 12
_MAX_PLAIN_GIGABYTES = 10_000
"""A plain number below it was meant in gigabytes: disks are not larger."""


def parse_bytes(text: str) -> int:
    """Return the bytes of a size: ``10GB``, ``1.5 GiB``, ``500M``, ``512B``, ``0``.

    Raises:
        ValueError: It is not a size, or a number without a unit.
    """
    found = _SIZE.fullmatch(text.strip())
    if not found or len(text) > _MAX_SIZE_LENGTH or (found["binary"] and not found["prefix"]):
        raise ValueError(f"{text!r} is not a size such as 10GB, 500MB or 1.5GiB")
    if not (found["prefix"] or found["unit"]) and float(found["number"]):
        raise ValueError(f"{text!r} has no unit{suggestion(_meant(found['number']))}")
    prefix = found["prefix"].upper().replace("K", "k")
    unit = 1024 ** list(_BYTES).index(prefix) if found["binary"] else _BYTES[prefix]
    return int(float(found["number"]) * unit)


def parse_seconds(text: str) -> float:
    """Return the seconds of a length of time: ``30d``, ``12h``, ``2w``.

    Raises:
        ValueError: It is not a length of time.
    """
    found = _TIME.fullmatch(text.strip())
    if not found or len(text) > _MAX_SIZE_LENGTH:
        raise ValueError(f"{text!r} is not a length of time such as 30d, 12h or 2w")
    return float(found["number"]) * _SECONDS[found["unit"]]


def format_bytes(size: int) -> str:
    """Return a size in the unit that fits, in powers of 1000: ``1.2 GB``."""
    prefix = next((prefix for prefix, unit in _BYTES.items() if size < 999.5 * unit), "T")
    amount = size / _BYTES[prefix]
    return f"{amount:.1f} {prefix}B" if prefix and amount < 99.5 else f"{amount:.0f} {prefix}B"


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: ``1 line``, ``2 lines``, ``1,200 lines``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def times(count: int) -> str:
    """Count how often something happened: ``once``, ``twice``, ``six times``, ``12 times``."""
    few = ("", "once", "twice", "three times", "four times", "five times", "six times", "seven times", "eight times")
    return few[count] if 0 < count < len(few) else f"{count} times"


def numbered(noun: str, numbers: Sequence[int], most: int) -> str:
    """Name things by their numbers, the first of them if there are many: ``line 3``, ``lines 3, 5 and 9 more``.

    Args:
        noun: Of one of them.
        numbers: At least one; a number that occurs again is named once.
        most: How many are named.
    """
    different = list(dict.fromkeys(numbers))
    more = f" and {len(different) - most} more" if len(different) > most else ""
    return f"{noun}{'' if len(different) == 1 else 's'} {', '.join(map(str, different[:most]))}{more}"


def shortened(text: str, most: int = 60) -> str:
    """Return the beginning of a text on one line, at most this many characters, for messages."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def playing_time(seconds: float) -> str:
    """Write a time as players show it, in whole seconds: ``1:02:03`` or ``2:03``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _meant(number: str) -> str:
    """Return a size as it was meant: nobody limits a store to 10 bytes, and 4000000000 is not a number of gigabytes."""
    is_in_gigabytes = float(number) < _MAX_PLAIN_GIGABYTES
    return f"{number} GB" if is_in_gigabytes else format_bytes(int(float(number))).replace(".0 ", " ")


def clock(milliseconds: int, mark: str = ".") -> str:
    """Write a time as ``hh:mm:ss.mmm``, with this mark before the milliseconds."""
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{clock_of_seconds(seconds)}{mark}{thousandths:03}"


def clock_of_seconds(seconds: int) -> str:
    """Write a time as ``hh:mm:ss``."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"

"""What is said at the end of a render, from what the episode's JSON holds."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def summary(episode: Mapping[str, Any], path: Path, state: str) -> str:
    """Path, length, chapters, who spoke with which voice, what was skipped and why; several lines."""
    count = len(episode["chapters"])
    chapters = f"{count} chapter{'' if count == 1 else 's'}"
    lines = [f"{path}  {clock(episode['duration'])}  {chapters}  ({state})"]
    for member in episode["cast"]:
        voices = ", ".join(f"{language} {voice['voice']}" for language, voice in member["voices"].items())
        lines.append(f"  {member['speaker']} ({member['role']}): {voices}")
    for (kind, reason), count in Counter((turn["kind"], turn["reason"]) for turn in episode["skipped"]).items():
        where = [str(turn["line"]) for turn in episode["skipped"] if (turn["kind"], turn["reason"]) == (kind, reason)]
        more = ", …" if count > 8 else ""
        lines.append(f"  not read: {kind}, {reason} (line {', '.join(where[:8])}{more})")
    lines += [f"  {described}" for described in takes(episode)]
    return "\n".join(lines)


def takes(episode: Mapping[str, Any]) -> list[str]:
    """Which lines are heard in another take than the first, and how that differs; the record names no others."""
    return [_take(line) for line in episode.get("lines", ()) if line.get("take", 1) > 1]


def _take(line: Mapping[str, Any]) -> str:
    return (
        f"take {line['take']} of {line['takes']}: line {line['line']}, {line['speaker']}, "
        f"at {clock(line['start'] / 1000)}, spoken at a rate of {line['rate']:g}: {shortened(line['text'])}"
    )


def clock(seconds: float) -> str:
    """``1:02:03`` or ``2:03``."""
    minutes, second = divmod(round(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


def shortened(text: str, most: int = 60) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"

"""The summary at the end of a render, made from the episode's record."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from interview_audio.files.episode_record import EpisodeRecord, RecordedLine, RecordedMember, SkippedTurn
from interview_audio.text.units import counted, format_bytes, numbered, playing_time, shortened

_MAX_NAMED = 8
"""Lines of a kind, and takes, that are listed by number."""
NEXT_STEPS = (
    "Also written: captions (.vtt, .srt), show notes (.md), the cover (.cover.jpg).",
    "For another take of what you hear at 0:20, render again with --redo @0:20.",
    "For other voices, pauses or music, put a voices.yaml beside the text (see `voices list`).",
)
"""Hints for somebody who has just rendered an episode for the first time."""


def summary(episode: EpisodeRecord, path: Path, state: str, *, with_cast: bool = False) -> Iterator[str]:
    """Yield the lines of the summary: path, length, chapters and size; what is not read; other takes.

    Args:
        episode: Its record.
        path: Of the file to listen to.
        state: ``done`` or ``unchanged``.
        with_cast: Add who speaks with which voice, if that was not printed before.
    """
    chapters = counted(len(episode.chapters), "chapter")
    size = format_bytes(episode.sound.size)
    yield f"{path}  {playing_time(episode.duration)}  {chapters}  {size}  ({state})"
    if with_cast:
        yield from map(_member, episode.cast)
    if episode.skipped:
        yield f"  not read: {', '.join(_skipped(episode.skipped))}; `check` says why"
    retaken = [line for line in episode.lines if line.take > 1]
    yield from (f"  {_take(line)}" for line in retaken[:_MAX_NAMED])
    if len(retaken) > _MAX_NAMED:
        yield f"  and {counted(len(retaken) - _MAX_NAMED, 'more line')} in another take than the first"


def _member(member: RecordedMember) -> str:
    voices = ", ".join(f"{voice.language} {voice.name}" for voice in member.voices)
    return f"  {member.speaker} ({member.role}): {voices}"


def _skipped(turns: Sequence[SkippedTurn]) -> Iterator[str]:
    """Yield each kind of paragraph that is not read, with its lines, and the reason if somebody said it."""
    lines: defaultdict[str, list[int]] = defaultdict(list)
    for turn in turns:
        was_said = turn.kind in ("speech", "narration")
        lines[f"{turn.kind}, {turn.reason}" if was_said else turn.kind].append(turn.line)
    for what, numbers in lines.items():
        yield f"{what} ({numbered('line', numbers, _MAX_NAMED)})"


def _take(line: RecordedLine) -> str:
    return (
        f"take {line.take} of {line.takes}: line {line.line}, {line.speaker}, "
        f"at {playing_time(line.start / 1000)}, at rate {line.rate:g}: {shortened(line.text)}"
    )

"""What is said at the end of a render, from what the episode's record holds."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from interview_audio.files.episode_record import EpisodeRecord, RecordedLine, RecordedMember, SkippedTurn
from interview_audio.text.units import counted, format_bytes, numbered, playing_time, shortened

MOST_NAMED = 8
"""Lines of a kind, and takes, that are named."""
NEXT_STEPS = (
    "Also written: captions (.vtt, .srt), show notes (.md), the cover (.cover.jpg).",
    "For another take of what you hear at 0:20, render again with --redo @0:20.",
    "For other voices, pauses or music, put a voices.yaml beside the text (see `voices list`).",
)
"""What somebody may not know who has an episode for the first time."""


def summary(episode: EpisodeRecord, path: Path, state: str, *, with_cast: bool = False) -> Iterator[str]:
    """Path, length, chapters and size; what is not read; other takes; in lines.

    Args:
        episode: Its record.
        path: Of the file to listen to.
        state: What has become of it.
        with_cast: Whether to say who spoke with which voice: where it was not said before.
    """
    chapters = counted(len(episode.chapters), "chapter")
    size = format_bytes(episode.sound.size)
    yield f"{path}  {playing_time(episode.duration)}  {chapters}  {size}  ({state})"
    if with_cast:
        yield from map(_member, episode.cast)
    if episode.skipped:
        yield f"  not read: {', '.join(_skipped(episode.skipped))}; `check` says why"
    heard = [line for line in episode.lines if line.take > 1]
    yield from (f"  {_take(line)}" for line in heard[:MOST_NAMED])
    if len(heard) > MOST_NAMED:
        yield f"  and {counted(len(heard) - MOST_NAMED, 'more line')} in another take than the first"


def _member(member: RecordedMember) -> str:
    voices = ", ".join(f"{voice.language} {voice.name}" for voice in member.voices)
    return f"  {member.speaker} ({member.role}): {voices}"


def _skipped(turns: Sequence[SkippedTurn]) -> Iterator[str]:
    """What of each kind is not read, by line; why, where it was said by somebody."""
    lines: defaultdict[str, list[int]] = defaultdict(list)
    for turn in turns:
        is_told = turn.kind in ("speech", "narration")
        lines[f"{turn.kind}, {turn.reason}" if is_told else turn.kind].append(turn.line)
    for what, numbers in lines.items():
        yield f"{what} ({numbered('line', numbers, MOST_NAMED)})"


def _take(line: RecordedLine) -> str:
    return (
        f"take {line.take} of {line.takes}: line {line.line}, {line.speaker}, "
        f"at {playing_time(line.start / 1000)}, at rate {line.rate:g}: {shortened(line.text)}"
    )

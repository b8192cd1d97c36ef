"""What a render shows: its progress, as a bar or in lines, and the summary at its end."""

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from interview_audio.cli.terminal import print_line, wrap
from interview_audio.files.episode_record import EpisodeRecord, RecordedLine, RecordedMember, SkippedTurn
from interview_audio.rendering.options import Listener, SilentListener, Stage
from interview_audio.storage.addresses import Location
from interview_audio.text.characters import count_words
from interview_audio.text.printable import harmless
from interview_audio.text.units import counted, format_bytes, numbered, playing_time, shortened
from interview_audio.transcript.turns import KEYS, NotRead

if TYPE_CHECKING:  # an unchanged episode is shown without what these load
    from rich.progress import Progress, TaskID

    from interview_audio.script.lines import Script
    from interview_audio.synthesis.planning import SynthesisPlan


_MAX_NAMED = 8
"""Lines of a kind, and takes, that are listed by number."""
_MAX_LONGEST = 3
"""Passages that are not read and are shown with their first words."""
NEXT_STEPS = (
    "Also written: captions (.vtt, .srt), show notes (.md), the cover (.cover.jpg).",
    "For another take of what you hear at 0:20, render again with --redo @0:20.",
    "For other voices, pauses or music, put a voices.yaml beside the text (see `voices list`).",
)
"""Hints for somebody who has just rendered an episode for the first time."""


def summary(episode: EpisodeRecord, path: Location, state: str, *, with_cast: bool = False) -> Iterator[str]:
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
        yield from _not_read(episode)
    retaken = [line for line in episode.lines if line.take > 1]
    yield from (f"  {_take(line)}" for line in retaken[:_MAX_NAMED])
    if len(retaken) > _MAX_NAMED:
        yield f"  and {counted(len(retaken) - _MAX_NAMED, 'more line')} in another take than the first"


def _not_read(episode: EpisodeRecord) -> Iterator[str]:
    """Yield how much of the words is not read, and the longest passages of it."""
    unread = [(turn, count_words(turn.text)) for turn in episode.skipped if turn.reason not in KEYS]
    yield f"  not read: {', '.join(_skipped(episode.skipped))}; `check` says why"
    longest = sorted((entry for entry in unread if entry[1]), key=lambda entry: -entry[1])[:_MAX_LONGEST]
    if longest:
        yield f"    {100 * NotRead.of(episode).share:.1f} % of the words, most of them in"
        for turn, _ in longest:
            where = f"line {turn.line}, " if turn.line else ""  # a script file has none for what somebody added
            yield f"    {where}{turn.reason}: {shortened(turn.text)}"


def _member(member: RecordedMember) -> str:
    voices = ", ".join(f"{voice.language} {voice.name}" for voice in member.voices) or member.reason
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


_REPEAT_SECONDS = 60.0
"""Seconds after which a wait is reported again where lines are kept: an hour adds sixty lines to a log."""
_QUIET_SECONDS = 10.0
"""Seconds without a wait after which the next one counts as another: an attempt that hangs is reported after five."""
_STAGES: dict[Stage, str] = {"download": "Downloading", "voices": "Speaking", "sound": "Producing"}


@contextmanager
def listener(*, is_brief: bool = False, now: Callable[[], float] = time.monotonic) -> Iterator[Listener]:
    """Open the listener that suits standard error: a bar on a terminal, plain lines elsewhere.

    Args:
        is_brief: Leave out the cast, which was shown before.
        now: Seconds of a clock that never goes back.
    """
    if not sys.stderr.isatty():
        yield _PlainListener(is_brief, now)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description:9}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        yield _BarListener(is_brief, bar)


def _cast_lines(script: "Script", plan: "SynthesisPlan") -> list[str]:
    """Return the cast and the work ahead, a line each."""
    missing = len(plan.jobs)
    stored = f"{counted(len(plan.stored), 'clip')} stored"
    lines = [script.title, f"  {counted(len(script.lines), 'line')}, {missing} to speak, {stored}"]
    for member in script.cast:
        voices = ", ".join(f"{language} {voice}" for language, voice in member.voices)
        lines.append(f"  {member.speaker} ({member.role}): {voices}{'  ' * bool(voices)}[{member.reason}]")
    return lines


class _PlainListener(SilentListener):
    """Plain lines on standard error."""

    def __init__(self, is_brief: bool, now: Callable[[], float]) -> None:  # noqa: FBT001 - of this module alone
        self._is_brief = is_brief
        self._tenths: dict[str, int] = {}
        self._now = now
        self._reported: float | None = None
        """When the wait that is going on was last reported."""
        self._waited: float = 0.0
        """When the engine last said that it waits."""

    def planned(self, script: "Script", plan: "SynthesisPlan") -> None:
        for line in () if self._is_brief else _cast_lines(script, plan):
            print_line(line, err=True)

    def progress(self, stage: Stage, done: int, total: int) -> None:
        self._reported = None
        tenth = done * 10 // max(total, 1)
        if tenth > self._tenths.get(stage, 0):
            self._tenths[stage] = tenth
            click.echo(f"{_STAGES[stage]} {tenth * 10} %", err=True)

    def notice(self, message: str) -> None:
        print_line(message, err=True)

    def waiting(self, message: str | None) -> None:
        # Reported when a wait begins, and once a minute. Between two attempts nothing is waited for: a wait ends with
        # a line that is spoken, or after ``_QUIET_SECONDS``.
        now = self._now()
        if self._reported is not None and now - self._waited >= _QUIET_SECONDS:
            self._reported = None
        if message is None:
            return
        self._waited = now
        if self._reported is None or now - self._reported >= _REPEAT_SECONDS:
            self._reported = now
            print_line(f"Waiting: {message}", err=True)

    def warning(self, message: str) -> None:
        print_line(f"Warning: {message}", err=True)


class _BarListener(SilentListener):
    """A bar for each stage."""

    def __init__(self, is_brief: bool, bar: "Progress") -> None:  # noqa: FBT001 - of this module alone
        self._is_brief = is_brief
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}

    def planned(self, script: "Script", plan: "SynthesisPlan") -> None:
        for line in () if self._is_brief else _cast_lines(script, plan):
            self._print(line)

    def progress(self, stage: Stage, done: int, total: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(_STAGES[stage], total=total)
        self._bar.update(self._tasks[stage], completed=done, total=total)

    def notice(self, message: str) -> None:
        self._print(message)

    def waiting(self, message: str | None) -> None:
        if message and "voices" not in self._tasks:
            self._tasks["voices"] = self._bar.add_task(_STAGES["voices"], total=None)
        if "voices" in self._tasks:
            self._bar.update(self._tasks["voices"], description=harmless(message or _STAGES["voices"]))

    def warning(self, message: str) -> None:
        self._print(f"Warning: {message}")

    def _print(self, line: str) -> None:
        # Wrapped as ``print_line`` does, and printed above the bar.
        lines = wrap(harmless(line), self._bar.console.width, indent=4)
        self._bar.console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)

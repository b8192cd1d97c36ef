"""How a render's progress is shown: a bar with time left on a terminal, a line for each tenth elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from interview_audio.cli.terminal import folded, say
from interview_audio.rendering.render import Listener
from interview_audio.script.lines import Script
from interview_audio.synthesis.planning import SynthesisPlan
from interview_audio.text.printable import harmless
from interview_audio.text.units import counted

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

EVERY = 60.0
"""Seconds after which a wait is told again where lines stay: a log of an hour has sixty of them."""
CALM = 10.0
"""Seconds without a wait after which the next one is another: an attempt that hangs shows after five."""
STAGES = {"download": "Downloading", "voices": "Speaking", "sound": "Producing"}


@contextmanager
def listener() -> Iterator[Listener]:
    """A listener that fits where standard error goes."""
    if not sys.stderr.isatty():
        yield PlainListener()
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
        yield BarListener(bar)


def cast_lines(script: Script, work: SynthesisPlan) -> list[str]:
    """The cast and the work ahead, a line each."""
    missing = len(work.jobs)
    stored = f"{counted(len(work.stored), 'clip')} stored"
    lines = [f"{script.title}", f"  {counted(len(script.lines), 'line')}, {missing} to speak, {stored}"]
    for member in script.cast:
        voices = ", ".join(f"{language} {voice}" for language, voice in member.voices)
        lines.append(f"  {member.speaker} ({member.role}): {voices}  [{member.reason}]")
    return lines


class PlainListener:
    """Plain lines on standard error.

    Args:
        now: Seconds of a clock that never goes back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._tenths: dict[str, int] = {}
        self._now = now
        self._told: float | None = None
        """When the wait that lasts was last told."""
        self._waited: float = 0.0
        """When it was last heard of."""

    def prepared(self, script: Script, work: SynthesisPlan) -> None:
        """See ``Listener``."""
        for line in cast_lines(script, work):
            say(line, err=True)

    def progress(self, stage: str, done: int, total: int) -> None:
        """See ``Listener``."""
        self._told = None
        tenth = done * 10 // max(total, 1)
        if tenth > self._tenths.get(stage, 0):
            self._tenths[stage] = tenth
            click.echo(f"{STAGES[stage]} {tenth * 10} %", err=True)

    def notice(self, message: str) -> None:
        """See ``Listener``."""
        say(message, err=True)

    def waiting(self, message: str | None) -> None:
        """See ``Listener``; at the beginning of a wait and once a minute.

        Between two attempts nothing is waited for: what ends a wait is a line that is spoken, or ``CALM``.
        """
        now = self._now()
        if self._told is not None and now - self._waited >= CALM:
            self._told = None
        if message is None:
            return
        self._waited = now
        if self._told is None or now - self._told >= EVERY:
            self._told = now
            say(f"Waiting: {message}", err=True)

    def warning(self, message: str) -> None:
        """See ``Listener``."""
        say(f"Warning: {message}", err=True)


class BarListener:
    """A bar for each stage."""

    def __init__(self, bar: "Progress") -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}

    def prepared(self, script: Script, work: SynthesisPlan) -> None:
        """See ``Listener``."""
        for line in cast_lines(script, work):
            self._print(line)

    def progress(self, stage: str, done: int, total: int) -> None:
        """See ``Listener``."""
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(STAGES[stage], total=total)
        self._bar.update(self._tasks[stage], completed=done, total=total)

    def notice(self, message: str) -> None:
        """See ``Listener``."""
        self._print(message)

    def waiting(self, message: str | None) -> None:
        """See ``Listener``."""
        if message and "voices" not in self._tasks:
            self._tasks["voices"] = self._bar.add_task(STAGES["voices"], total=None)
        if "voices" in self._tasks:
            self._bar.update(self._tasks["voices"], description=harmless(message or STAGES["voices"]))

    def warning(self, message: str) -> None:
        """See ``Listener``."""
        self._print(f"Warning: {message}")

    def _print(self, line: str) -> None:
        """The same as ``say``, above the bar."""
        lines = folded(harmless(line), self._bar.console.width, indent=4)
        self._bar.console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)


class CountingListener:
    """Passes on what another listener is to hear but the cast, and counts the lines."""

    def __init__(self, inner: Listener) -> None:
        self._inner = inner
        self.lines = 0
        self.missing = 0
        """Lines that had no clip."""

    def prepared(self, script: Script, work: SynthesisPlan) -> None:
        """See ``Listener``."""
        self.lines = len(script.lines)
        self.missing = len(work.missing_lines)

    def progress(self, stage: str, done: int, total: int) -> None:
        """See ``Listener``."""
        self._inner.progress(stage, done, total)

    def notice(self, message: str) -> None:
        """See ``Listener``."""
        self._inner.notice(message)

    def waiting(self, message: str | None) -> None:
        """See ``Listener``."""
        self._inner.waiting(message)

    def warning(self, message: str) -> None:
        """See ``Listener``."""
        self._inner.warning(message)

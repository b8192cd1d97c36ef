"""What a batch shows: its progress, as a table that changes or in lines, and the summary at its end.

The progress goes to standard error, the summary to standard output, as text or as JSON; both are written as the ends of
sources come, and hold nothing that grows with their number.
"""

import heapq
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interview_audio.cli.terminal import format_rows, print_line, terminal_width, wrap
from interview_audio.rendering.batch import SilentBatchListener, SourceEnd, State
from interview_audio.text.printable import harmless, json_text, printable
from interview_audio.text.units import counted, playing_time
from interview_audio.transcript.turns import MAX_SKIPPED_SHARE

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.live import Live

_MAX_NAMED = 20
"""Sources that the summary names: what has failed first, and what was made only if it is no more than that."""
_MAX_SHORTENED = 5
"""Of those whose episodes leave much out, the ones that it names: where most is missing."""
_MAX_ROWS = 16
"""Sources that are being worked on and have a row; the others are counted."""
_LINES_BELOW = 8
"""Lines of the terminal that are left to the totals and to what was printed last."""
_REFRESH = 0.2
"""Seconds between two pictures of the table."""
_BAR = 16
"""Columns of a source's bar."""
_REPEAT_SECONDS = 60.0
"""Seconds after which a wait is reported again where lines are kept."""
_MANY = 20
"""Sources from which on a tenth of them is worth a line."""
_WORDS: dict[State, str] = {"done": "made", "unchanged": "unchanged", "failed": "failed", "not tried": "not tried"}


@dataclass(slots=True)
class BatchTotals:
    """How far a batch is."""

    sources: int
    """All of them."""
    finished_before: int = 0
    """Sources beside them that are left out, as an earlier batch has finished them."""
    ended: Counter[State] = field(default_factory=Counter)
    seconds: float = 0.0
    """Of the episodes that were made."""
    spoken: int = 0
    """Clips that were made for sources that have ended."""

    def add(self, end: SourceEnd) -> None:
        """Count how a source has ended."""
        self.ended[end.state] += 1
        self.spoken += end.spoken
        if end.state == "done" and end.result:
            self.seconds += end.result.seconds

    @property
    def left(self) -> int:
        """How many sources have not ended."""
        return self.sources - self.ended.total()

    @property
    def is_successful(self) -> bool:
        """Whether every source has its episode."""
        return self.ended["done"] + self.ended["unchanged"] == self.sources

    def __str__(self) -> str:
        shown = [f"{self.ended[state]:,} {word}" for state, word in _WORDS.items() if self.ended[state]]
        return ", ".join([*shown, f"{self.left:,} left"] if self.left else shown) or "nothing to do"


def _reason(end: SourceEnd, message: str) -> str:
    """Return a message with its source; most name it already."""
    source = str(end.source)
    return message if source in message or message.startswith(end.source.name) else f"{source}: {message}"


def _messages(end: SourceEnd) -> Iterator[str]:
    """Yield what the end of a source has to be said about, a line each."""
    for warning in end.warnings:
        yield f"Warning: {_reason(end, warning)}"
    yield from end.result.notices if end.result else ()
    if end.state == "failed":
        yield f"Error: {_reason(end, end.reason)}"


class BatchProgress(SilentBatchListener):
    """Shows nothing but messages.

    Args:
        totals: Of the batch; whoever runs it counts.
    """

    def __init__(self, totals: BatchTotals) -> None:
        self._totals = totals

    def ended(self, end: SourceEnd) -> None:
        """Show how a source has ended, once it is counted."""
        for message in _messages(end):
            self.notice(message)

    def notice(self, message: str) -> None:
        """See ``BatchListener``."""
        print_line(message, err=True)

    def warning(self, message: str) -> None:
        """See ``BatchListener``."""
        self.notice(f"Warning: {message}")


@contextmanager
def batch_progress(
    totals: BatchTotals, *, is_plain: bool = False, now: Callable[[], float] = time.monotonic
) -> Iterator[BatchProgress]:
    """Open the progress that suits standard error: a table on a terminal, lines elsewhere.

    Args:
        totals: Of the batch; whoever runs it counts.
        is_plain: Show lines in any case.
        now: Seconds of a clock that never goes back.
    """
    if is_plain or not sys.stderr.isatty():
        yield _PlainProgress(totals, now)
        return
    from rich.console import Console
    from rich.live import Live

    console = Console(stderr=True)
    with Live(
        console=console, auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False
    ) as live:
        yield _LiveProgress(totals, live, now)


class _PlainProgress(BatchProgress):
    """A line for each episode that is made, and the totals after each tenth of the sources."""

    def __init__(self, totals: BatchTotals, now: Callable[[], float]) -> None:
        super().__init__(totals)
        self._now = now
        self._tenth = 0
        self._reported: float | None = None
        """When a wait was last reported."""
        self._megabytes = 0

    def ended(self, end: SourceEnd) -> None:
        super().ended(end)
        totals = self._totals
        if end.state == "done" and end.result:
            made = end.result
            length, chapters = playing_time(made.seconds), counted(made.chapters, "chapter")
            place = f"[{totals.ended.total():,}/{totals.sources:,}]"
            print_line(f"{made.path}  {length}  {chapters}  (done)  {place}", err=True)
        tenth = totals.ended.total() * 10 // max(1, totals.sources)
        if tenth > self._tenth and totals.sources >= _MANY:
            self._tenth = tenth
            print_line(f"{tenth * 10} %: {totals}", err=True)

    def waiting(self, message: str | None) -> None:
        if message and (self._reported is None or self._now() - self._reported >= _REPEAT_SECONDS):
            self._reported = self._now()
            print_line(f"Waiting: {message}", err=True)

    def downloading(self, arrived: int, size: int) -> None:
        tenth = arrived * 10 // max(size, 1)
        if tenth > self._megabytes:
            click.echo(f"Downloading {tenth * 10} %", err=True)
        self._megabytes = tenth


@dataclass(slots=True)
class _Row:
    """A source that is being worked on."""

    name: str
    lines: int
    missing: int
    """Of its lines, those that had no clip when it was planned."""
    spoken: int = 0
    state: str = "speaking"

    @property
    def ready(self) -> int:
        """Of its lines, those that have a clip."""
        return min(self.lines, self.lines - self.missing + self.spoken)

    @property
    def part(self) -> float:
        """How much of the work is done, roughly."""
        return self.spoken / (self.missing + 1)


class _LiveProgress(BatchProgress):
    """A table of the sources that are being worked on, and the totals below it."""

    def __init__(self, totals: BatchTotals, live: "Live", now: Callable[[], float]) -> None:
        super().__init__(totals)
        self._live = live
        self._now = now
        self._rows: dict[Path, _Row] = {}
        self._spoken = 0
        self._began: float | None = None
        """When the first source was planned that is not up to date."""
        self._shown = 0.0
        self._state: str | None = None
        """What is waited for, or downloaded."""

    def planned(self, source: Path, lines: int, missing: int) -> None:
        if self._began is None:
            self._began = self._now()
        self._rows[source] = _Row(printable(source.name), lines, missing)
        self._show()

    def spoken(self, source: Path, done: int, missing: int) -> None:  # noqa: ARG002 - known since it was planned
        self._spoken += 1
        self._state = None
        if source in self._rows:
            self._rows[source].spoken = done
        self._show()

    def producing(self, source: Path) -> None:
        if source in self._rows:
            self._rows[source].state = "producing"
        self._show()

    def ended(self, end: SourceEnd) -> None:
        self._rows.pop(end.source, None)
        super().ended(end)
        self._show()

    def notice(self, message: str) -> None:
        # Wrapped as ``print_line`` does, and printed above the table.
        lines = wrap(harmless(message), self._live.console.width, indent=4)
        self._live.console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)

    def waiting(self, message: str | None) -> None:
        self._state = message
        self._show()

    def downloading(self, arrived: int, size: int) -> None:
        self._state = f"Downloading {arrived:,} of {size:,} MB" if arrived < size else None
        self._show()

    def _show(self) -> None:
        now = self._now()
        if now - self._shown >= _REFRESH:
            self._shown = now
            self._live.update(self._picture(now), refresh=True)

    def _picture(self, now: float) -> "RenderableType":
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        rows = list(self._rows.values())
        most = max(1, min(_MAX_ROWS, self._live.console.height - _LINES_BELOW))
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(min_width=len("producing"), no_wrap=True)
        table.add_column()
        table.add_column(justify="right", no_wrap=True)
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        for row in rows[:most]:
            bar = ProgressBar(max(row.lines, 1), row.ready, width=_BAR)
            table.add_row(row.state, bar, f"{row.ready}/{row.lines}", Text(row.name))
        more = [f"and {len(rows) - most} more"] if len(rows) > most else []
        below = [*more, *([harmless(self._state)] if self._state else []), self._line_of_totals(now)]
        return Group(table, *map(Text, below))

    def _line_of_totals(self, now: float) -> str:
        totals = self._totals
        parts = [f"{totals.ended.total():,}/{totals.sources:,}: {totals}"]
        if self._began is not None and now > self._began and self._spoken:
            minutes = (now - self._began) / 60
            parts.append(f"{counted(self._spoken, 'line')}, {self._spoken / minutes:,.0f} a minute")
            parts += self._time_left(now - self._began)
        return "; ".join(parts)

    def _time_left(self, passed: float) -> Iterator[str]:
        """Yield how long the rest takes if all that is left has to be made, and takes as long as what was made."""
        begun = sum(row.part for row in self._rows.values())
        made = self._totals.ended["done"] + self._totals.ended["failed"] + begun
        left = self._totals.left - begun
        if made >= 1 and left > 0:
            yield f"about {playing_time(passed / made * left)} left"


_MISSING: tuple[State, ...] = ("failed", "not tried")


class BatchReport:
    """The summary as text, printed at the end; it names some sources and counts all."""

    def __init__(self, totals: BatchTotals) -> None:
        self._totals = totals
        self._named: dict[State, dict[str, _Alike]] = {state: {} for state in _WORDS}
        """By what is said of them."""
        self._shortened = 0
        """Episodes that leave out more of the words than an editor would."""
        self._most_shortened: list[tuple[float, str]] = []
        """Shares and sources of some of them."""

    def add(self, end: SourceEnd) -> None:
        """Take in how a source has ended."""
        named = self._named[end.state]
        what = end.reason or str(end.source)
        if what in named:
            named[what].add(end)
        elif len(named) <= _MAX_NAMED:
            named[what] = _Alike(end)
        if end.result and end.result.not_read.share > MAX_SKIPPED_SHARE:
            self._shortened += 1
            shortened = (*self._most_shortened, (end.result.not_read.share, str(end.source)))
            self._most_shortened = heapq.nsmallest(_MAX_SHORTENED, shortened, key=lambda one: (-one[0], one[1]))

    def close(self, sources: Iterable[Path], *, is_interrupted: bool, memory: Path | None) -> None:
        """Write what is still to be written.

        Args:
            sources: All of them, in order: those of a kind are named in it.
            is_interrupted: The batch was ended before all sources had.
            memory: Where all that has failed can be read.
        """
        for line in self._rows(sources):
            click.echo(line)
        for line in self._sums(memory):
            print_line(line)
        if not (is_interrupted or self._totals.is_successful):
            print_line("Correct that, and run the same command with --continue: it tries only what is missing.")

    def _rows(self, sources: Iterable[Path]) -> Iterator[str]:
        ended = {one.first.source: one for state in _WORDS for one in self._shown(state)}
        places = {source: place for place, source in enumerate(sources) if source in ended}
        states = list(_WORDS)
        ordered = sorted(
            ended.values(), key=lambda one: (states.index(one.first.state), places.get(one.first.source, 0))
        )
        rows = [(one.named, one.first.state, printable(_detail(one.first))) for one in ordered]
        yield from format_rows(rows, width=terminal_width()) if rows else ()

    def _sums(self, memory: Path | None) -> Iterator[str]:
        totals = self._totals
        missing = totals.ended["failed"] + totals.ended["not tried"]
        named = sum(one.sources for state in _MISSING for one in self._shown(state))
        if missing > named and memory:
            yield f"  and {missing - named:,} more: {memory}"
        sound = f"; {playing_time(totals.seconds)} of sound, {counted(totals.spoken, 'line')} spoken"
        before = f"; {totals.finished_before:,} finished before" if totals.finished_before else ""
        yield f"{counted(totals.sources, 'source')}: {totals}{sound if totals.ended['done'] else ''}{before}"
        if self._shortened:
            worst = [f"{printable(source)} ({100 * share:.1f} %)" for share, source in self._most_shortened]
            more = self._shortened - len(worst)
            left_out = ", ".join([*worst, f"{more:,} more"] if more else worst)
            leave = f"{counted(self._shortened, 'episode')} {'leaves' if self._shortened == 1 else 'leave'} out"
            yield f"{leave} more than {100 * MAX_SKIPPED_SHARE:g} % of the words: {left_out}; `check FILE` says why"

    def _shown(self, state: State) -> list["_Alike"]:
        """Return the first that failed; of those that have their episode, all or none."""
        named = list(self._named[state].values())
        return named[:_MAX_NAMED] if len(named) <= _MAX_NAMED or state in _MISSING else []


@dataclass(slots=True)
class _Alike:
    """Sources that have ended in the same way, for the same reason."""

    first: SourceEnd
    """By name: they come in any order."""
    sources: int = 1

    def add(self, end: SourceEnd) -> None:
        """Take in another one."""
        self.first = min(self.first, end, key=lambda one: one.source)
        self.sources += 1

    @property
    def named(self) -> str:
        """The first of them, and how many others there are."""
        more = f" and {self.sources - 1:,} more" if self.sources > 1 else ""
        return f"{printable(str(self.first.source))}{more}"


def _detail(end: SourceEnd) -> str:
    if end.result:
        return f"{end.result.path}, {playing_time(end.result.seconds)}"
    reason = end.reason.removeprefix(f"{end.source}: ")
    return reason.replace(f"{end.source}:{end.line}: ", f"line {end.line}: ") if end.line else reason


class JsonReport(BatchReport):
    """The summary as JSON: an object on standard output, in which each source is a line that comes when it has ended.

    Args:
        totals: Of the batch.
    """

    def __init__(self, totals: BatchTotals) -> None:
        super().__init__(totals)
        self._separator = '{"sources": [\n'

    def add(self, end: SourceEnd) -> None:
        """See ``BatchReport``."""
        click.echo(f"{self._separator}{json_text(_as_plain_data(end))}", nl=False)
        self._separator = ",\n"

    def close(self, sources: Iterable[Path], *, is_interrupted: bool, memory: Path | None) -> None:  # noqa: ARG002
        """See ``BatchReport``."""
        totals = self._totals
        counts = {state.replace(" ", "_"): totals.ended[state] for state in _WORDS}
        rest = {
            "sources": totals.sources,
            **counts,
            "left": totals.left,
            "finished_before": totals.finished_before,
            "seconds": round(totals.seconds, 3),
            "spoken": totals.spoken,
            "interrupted": is_interrupted,
        }
        begun = "" if totals.ended.total() else '{"sources": ['
        click.echo(f'{begun}\n],\n"totals": {json_text(rest)},\n"memory": {json_text(memory and str(memory))}}}')


def _as_plain_data(end: SourceEnd) -> dict[str, Any]:
    made = end.result
    return {
        "source": str(end.source),
        "state": end.state,
        "path": str(made.path) if made else None,
        "title": made.title if made else None,
        "seconds": round(made.seconds, 3) if made else None,
        "chapters": made.chapters if made else None,
        "bytes": made.bytes if made else None,
        "not_read": {"share": round(made.not_read.share, 4), "words": made.not_read.words} if made else None,
        "spoken": end.spoken,
        "reason": end.reason or None,
        "line": end.line,
        "warnings": list(end.warnings),
    }

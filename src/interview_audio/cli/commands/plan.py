"""``interview-audio plan``."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interview_audio.cli.options import rendering, rendering_options, source_argument
from interview_audio.text.units import counted, numbered, playing_time

if TYPE_CHECKING:
    from interview_audio.rendering.job import Prepared
    from interview_audio.rendering.plan import Forecast, Reason
    from interview_audio.script.lines import Line
    from interview_audio.synthesis.planning import Change

SCHEMA = 1
"""Of what ``--json`` prints."""
MOST_NAMED = 12
"""Lines that a reason names."""
BASIS = {"exact": "", "measured": "about ", "typical": "roughly "}


@click.command()
@source_argument
@rendering
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def plan(source: Path, *, as_json: bool, **chosen: Any) -> None:
    """Show what `render` would do with SOURCE and the same options: what it makes and why, and how long that takes.

    Nothing is spoken. Exits with 1 if a file is in the way.
    """
    from interview_audio.cli.terminal import terminal_width, warn
    from interview_audio.rendering.job import prepare
    from interview_audio.rendering.plan import forecast
    from interview_audio.synthesis.clip_worker import LoadedEngines
    from interview_audio.text.printable import json_text

    options = rendering_options(chosen)
    with LoadedEngines() as engines:
        prepared = prepare(source, options, engines)
        warn(prepared.warnings)
        foreseen = forecast(prepared, options)
    if as_json:
        click.echo(json_text(_document(prepared, foreseen), indent=1))
    else:
        for line in _report(prepared, foreseen, terminal_width()):
            click.echo(line)
    if foreseen.obstacles:
        click.get_current_context().exit(1)


def _report(prepared: "Prepared", foreseen: "Forecast", width: int | None) -> Iterator[str]:
    from interview_audio.cli.terminal import folded, folded_rows
    from interview_audio.text.printable import printable

    script, about = prepared.script, BASIS[foreseen.basis]
    yield from folded(printable(script.title), width)
    size = "" if foreseen.size is None else f", {about}{_megabytes(foreseen.size)}"
    chapters = counted(foreseen.chapters, "chapter")
    yield from folded(
        f"{printable(str(foreseen.path))}: {about}{playing_time(foreseen.duration)}{size}, {chapters}",
        width,
        indent=2,
    )
    yield ""
    if foreseen.obstacles:
        yield "In the way"
        for obstacle in foreseen.obstacles:
            yield from folded(f"  {printable(obstacle)}", width, indent=4)
        yield ""
    if foreseen.is_current:
        yield "Nothing to do; the episode is up to date."
        return
    if foreseen.files:
        yield from folded(f"To be written into {printable(str(foreseen.path.parent))}", width, indent=2)
        yield from folded("  " + ", ".join(path.name for path in foreseen.files), width, indent=2)
        for edited, new in foreseen.kept.items():
            kept = printable(f"({edited} was edited and is kept; {new} is the new one)")
            yield from folded(f"  {kept}", width, indent=4)
        yield ""
    yield "Lines"
    yield from folded_rows(list(_counts(len(script.lines), foreseen.stored)), (1, 2), width)
    yield ""
    if not foreseen.reasons:
        yield "Nothing to speak; the episode is put together again from stored clips."
        return
    yield "To be spoken, and why"
    rows = [_row(reason, script.lines) for reason in foreseen.reasons]
    yield from folded_rows(rows, (0,), width)
    yield ""
    yield "What it takes"
    yield from folded_rows(list(_costs(prepared, foreseen)), width=width)


def _counts(count: int, stored: int) -> Iterator[tuple[str, str, str]]:
    for what, some in (("in the store", stored), ("to be spoken", count - stored), ("all", count)):
        yield what, f"{some:,}", f"{100 * some / count:.1f} %"


def _row(reason: "Reason", lines: Sequence["Line"]) -> tuple[str, str]:
    from interview_audio.text.printable import printable

    named = numbered("line", [lines[index].source_line for index in reason.lines], MOST_NAMED)
    return f"{len(reason.lines):,}", printable(f"{', '.join(map(described, reason.changes))}: {named}")


def described(change: "Change") -> str:
    """A change in words."""
    before, after = change.before or "none", change.after or "none"
    match change.what:
        case "text":
            return "new text"
        case "engine":
            return f"engine changed from {before} to {after}"
        case "version":
            return f"new version of {change.subject}"
        case "speaker":
            return f"{after} speaks instead of {before}"
        case "voice" | "rate":
            return f"{change.what} of {change.subject} changed from {before} to {after}"
        case "language":
            return f"language changed from {before} to {after}"
        case "pronunciation":
            return f"pronunciation of {change.subject} changed from {before} to {after}"
        case "take":
            return f"take {after} instead of {before}"
        case "damaged":
            return "the stored clip is damaged"
        case "gone":
            return "no longer in the store"


def _costs(prepared: "Prepared", foreseen: "Forecast") -> Iterator[tuple[str, str]]:
    clips = counted(foreseen.clips, "clip")
    yield "speech", f"{BASIS[foreseen.basis]}{playing_time(foreseen.speech)}, {clips}"
    workers = counted(foreseen.jobs, "worker")
    engine = prepared.engine.name
    if foreseen.work is None:
        yield "time", f"unknown: {engine} has not been measured on this machine yet; the first render does that"
    else:
        yield "time", f"about {_duration(foreseen.work)} with {workers}, as measured on this machine"
    if foreseen.preparation:
        yield (
            "",
            f"{engine} is first prepared for this machine, once: about {_duration(foreseen.preparation)} of one worker",
        )
    if foreseen.requests:
        yield "requests", f"{foreseen.requests:,} to {engine}"
    else:
        yield "requests", f"none: {engine} works on this machine"


def _duration(seconds: float) -> str:
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _document(prepared: "Prepared", foreseen: "Forecast") -> dict[str, Any]:
    from dataclasses import asdict

    lines = prepared.script.lines
    return {
        "schema": SCHEMA,
        "source": str(prepared.source),
        "title": prepared.script.title,
        "episode": str(foreseen.path),
        "current": foreseen.is_current,
        "files": [str(path) for path in foreseen.files],
        "kept": {str(edited): str(new) for edited, new in foreseen.kept.items()},
        "in_the_way": list(foreseen.obstacles),
        "lines": {"all": len(lines), "stored": foreseen.stored, "make": len(lines) - foreseen.stored},
        "reasons": [
            {"changes": [asdict(change) for change in reason.changes], "lines": [_line(lines[i]) for i in reason.lines]}
            for reason in foreseen.reasons
        ],
        "engine": prepared.engine.name,
        "clips": foreseen.clips,
        "speech_seconds": round(foreseen.speech, 1),
        "work_seconds": None if foreseen.work is None else round(foreseen.work, 1),
        "preparation_seconds": foreseen.preparation,
        "jobs": foreseen.jobs,
        "requests": foreseen.requests,
        "duration": round(foreseen.duration, 3),
        "basis": foreseen.basis,
        "bytes": foreseen.size,
        "chapters": foreseen.chapters,
    }


def _line(line: "Line") -> dict[str, Any]:
    return {
        "turn": line.turn + 1,
        "line": line.source_line,
        "speaker": line.speaker,
        "take": line.take,
        "text": line.text,
    }

"""``interview-audio plan``."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from interview_audio.cli.options import render_options, render_options_of, source_argument
from interview_audio.cli.terminal import format_rows, print_warnings, terminal_width, wrap
from interview_audio.rendering.job import prepare
from interview_audio.rendering.plan import ChangedLines, EngineCosts, RenderPlan, plan_render
from interview_audio.script.lines import Line
from interview_audio.synthesis.clip_worker import LoadedEngines
from interview_audio.synthesis.planning import Change
from interview_audio.text.printable import json_text, printable
from interview_audio.text.units import counted, numbered, playing_time

_SCHEMA = 1
"""Version of what ``--json`` prints."""
_MAX_NAMED = 12
"""Lines that a reason lists by number."""
_BASIS = {"exact": "", "measured": "about ", "typical": "roughly "}


@click.command()
@source_argument
@render_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def plan(source: Path, *, as_json: bool, **chosen: Any) -> None:
    """Show what `render` would do with SOURCE and the same options: what it makes and why, and how long that takes.

    Nothing is spoken. Exits with 1 if a file is in the way.
    """
    options = render_options_of(chosen)
    with LoadedEngines() as engines:
        planned = plan_render(prepare(source, options, engines))
    print_warnings(planned.warnings)
    if as_json:
        click.echo(json_text(_document(planned), indent=1))
    else:
        for line in _report(planned, terminal_width()):
            click.echo(line)
    if planned.obstacles:
        click.get_current_context().exit(1)


def _report(planned: RenderPlan, width: int | None) -> Iterator[str]:

    script, about = planned.job.script, _BASIS[planned.basis]
    yield from wrap(printable(script.title), width)
    size = "" if planned.size is None else f", {about}{_megabytes(planned.size)}"
    chapters = counted(planned.chapters, "chapter")
    yield from wrap(
        f"{printable(str(planned.path))}: {about}{playing_time(planned.duration)}{size}, {chapters}",
        width,
        indent=2,
    )
    yield ""
    if planned.obstacles:
        yield "In the way"
        for obstacle in planned.obstacles:
            yield from wrap(f"  {printable(obstacle)}", width, indent=4)
        yield ""
    if planned.is_current:
        yield "Nothing to do; the episode is up to date."
        return
    if planned.files:
        yield from wrap(f"To be written into {printable(str(planned.path.parent))}", width, indent=2)
        yield from wrap("  " + ", ".join(path.name for path in planned.files), width, indent=2)
        for edited, new in planned.kept.items():
            kept = printable(f"({edited} was edited and is kept; {new} is the new one)")
            yield from wrap(f"  {kept}", width, indent=4)
        yield ""
    yield "Lines"
    yield from format_rows(list(_counts(planned)), (1, 2), width)
    yield ""
    if not planned.reasons:
        yield "Nothing to speak; the episode is assembled again from stored clips."
        return
    yield "To be spoken, and why"
    rows = [_row(reason, script.lines) for reason in planned.reasons]
    yield from format_rows(rows, (0,), width)
    yield ""
    yield "What it takes"
    yield from format_rows(list(_costs(planned)), width=width)


def _counts(planned: RenderPlan) -> Iterator[tuple[str, str, str]]:
    count, stored = len(planned.job.script.lines), planned.stored
    shares = [(f"by {share.engine}", share.lines) for share in planned.engines] if planned.engines[1:] else []
    for what, some in (("in the store", stored), ("to be spoken", count - stored), ("all", count), *shares):
        yield what, f"{some:,}", f"{100 * some / count:.1f} %"


def _row(reason: ChangedLines, lines: Sequence[Line]) -> tuple[str, str]:

    of_source = [lines[index].source_line for index in reason.lines if not lines[index].is_announced]
    announced = [lines[index].place for index in reason.lines if lines[index].is_announced][:1]
    named = ", ".join([*announced, *([numbered("line", of_source, _MAX_NAMED)] if of_source else [])])
    return f"{len(reason.lines):,}", printable(f"{', '.join(map(describe_change, reason.changes))}: {named}")


_STATES = {
    "damaged": "the stored clip is damaged",
    "marks": "marked otherwise",
    "gone": "no longer in the store",
}


def describe_change(change: Change) -> str:
    """Describe a change in words."""
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
        case "voice" | "rate" | "pitch":
            return f"{change.what} of {change.subject} changed from {before} to {after}"
        case "language":
            return f"language changed from {before} to {after}"
        case "pronunciation" | "rule":
            what = "pronunciation of" if change.what == "pronunciation" else "what a rule says for"
            return f"{what} {change.subject} changed from {before} to {after}"
        case "take":
            return f"take {after} instead of {before}"
        case "damaged" | "marks" | "gone":
            return _STATES[change.what]


def _costs(planned: RenderPlan) -> Iterator[tuple[str, str]]:
    clips = counted(planned.clips, "clip")
    yield "speech", f"{_BASIS[planned.basis]}{playing_time(planned.speech)}, {clips}"
    shares = [share for share in planned.engines if share.clips]
    for share in shares:
        made = f"{share.engine}, {counted(share.clips, 'clip')}: " if shares[1:] else ""
        yield "time", made + _time(share)
        if share.preparation:
            once = f"once: about {_duration(share.preparation)} of one worker"
            yield "", f"{share.engine} is first prepared for this machine, {once}"
    asked = [f"{share.requests:,} to {share.engine}" for share in shares if share.requests]
    here = " and ".join(share.engine for share in shares)
    works = "work" if shares[1:] else "works"
    yield "requests", ", ".join(asked) or f"none: {here} {works} on this machine"


def _time(share: EngineCosts) -> str:
    if share.work is None:
        return f"unknown: {share.engine} has not been measured on this machine yet; the first render does that"
    return f"about {_duration(share.work)} with {counted(share.workers, 'worker')}, as measured on this machine"


def _duration(seconds: float) -> str:
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _document(planned: RenderPlan) -> dict[str, Any]:

    lines = planned.job.script.lines
    return {
        "schema": _SCHEMA,
        "source": str(planned.job.source),
        "title": planned.job.script.title,
        "episode": str(planned.path),
        "current": planned.is_current,
        "files": [str(path) for path in planned.files],
        "kept": {str(edited): str(new) for edited, new in planned.kept.items()},
        "in_the_way": list(planned.obstacles),
        "lines": {"all": len(lines), "stored": planned.stored, "make": len(lines) - planned.stored},
        "reasons": [
            {"changes": [asdict(change) for change in reason.changes], "lines": [_line(lines[i]) for i in reason.lines]}
            for reason in planned.reasons
        ],
        "engine": planned.job.engine.name,
        "engines": [asdict(share) for share in planned.engines],
        "clips": planned.clips,
        "speech_seconds": round(planned.speech, 1),
        "work_seconds": None if planned.work is None else round(planned.work, 1),
        "preparation_seconds": planned.preparation,
        "jobs": planned.workers,
        "requests": planned.requests,
        "duration": round(planned.duration, 3),
        "basis": planned.basis,
        "bytes": planned.size,
        "chapters": planned.chapters,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "turn": line.turn + 1,
        "line": line.source_line,
        "speaker": line.speaker,
        "take": line.take,
        "text": line.text,
    }

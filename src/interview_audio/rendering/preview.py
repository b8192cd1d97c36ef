"""A piece of an episode to listen to: only its lines are spoken, and their clips serve the whole later."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from interview_audio.errors import OutageError
from interview_audio.files.ownership import Destination
from interview_audio.production.episode import PREVIEW, PREVIEW_RECORD_SUFFIX, PREVIEW_SUFFIXES, produce_preview
from interview_audio.rendering.job import Prepared, look_up, prepare
from interview_audio.rendering.options import Options
from interview_audio.rendering.render import Listener, check_output, clip_keys, discard_damaged, open_store, speak
from interview_audio.script.lines import Line
from interview_audio.script.takes import parse_line_selector, select_lines
from interview_audio.synthesis.clip_file import DamagedClipError, MissingClipError
from interview_audio.synthesis.clip_keys import clip_spec
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.store import open_store as store_in
from interview_audio.synthesis.throughput import expected_seconds, line_seconds, read_speeds
from interview_audio.synthesis.workers import WorkerPool

MORE_THAN_ASKED = 1.15
"""How much more is spoken in one go than is wanted: how long a line will be is a guess until it is spoken."""
FURTHEST = 3.0
"""How far ahead, in times of what is wanted by a guess, the store is looked into."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Which part of an episode is wanted."""

    seconds: float
    """It ends with the line that reaches this."""
    start: str | None = None
    """What it begins with, as ``script.selection`` understands it; None for the first line."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A piece of an episode, made."""

    path: Path
    seconds: float
    lines: int
    spoken: int
    """How many of the lines had no clip before."""


def preview(prepared: Prepared, options: Options, piece: Piece, listener: Listener, pool: WorkerPool) -> Preview:
    """Write a piece of an episode beside it; the episode and its record stay as they are.

    Raises:
        UsageError: There is nothing where the piece should begin.
        SpeechError: Lines that cannot be said, named; all other clips are stored.
        EngineError: The engine failed.
        StoreError: The clip store cannot be written.
        OutputError: The preview cannot be written.
    """
    destination = preview_destination(prepared)
    check_output(destination, PREVIEW_SUFFIXES)
    for message in prepared.warnings:
        listener.warning(message)
    store = open_store(prepared, options, listener)
    try:
        with store.lease(clip_keys(prepared)):
            return _preview(prepared, options, piece, listener, pool)
    except OutageError as error:
        pool.engines.close()  # one that has lost its service does not try again
        if options.fallback is None:
            raise
        listener.warning(f"{error}; {options.fallback} speaks instead (--fallback)")
        options = replace(options, engine=options.fallback, fallback=None)
        again = replace(prepare(prepared.source, options, pool.engines), warnings=())  # they have been told
        return preview(again, options, piece, listener, pool)


def preview_destination(prepared: Prepared) -> Destination:
    """Where the preview of an episode goes: beside it, with a record of its own."""
    episode = prepared.destination
    return replace(episode, stem=f"{episode.stem}{PREVIEW}", record_suffix=PREVIEW_RECORD_SUFFIX, is_part=True)


def _preview(
    prepared: Prepared,
    options: Options,
    piece: Piece,
    listener: Listener,
    pool: WorkerPool,
    made_again: frozenset[str] = frozenset(),
) -> Preview:
    destination = preview_destination(prepared)
    reached = _reached(prepared, options, piece)
    spoken = 0
    while reached.missing:
        speak(prepared, reached.missing, options, listener, pool)
        spoken += len(reached.missing)
        reached = _reached(prepared, options, piece)
    script = replace(prepared.script, lines=reached.lines)
    try:
        timeline = produce_preview(script, reached.clips, prepared.settings, destination)
    except (DamagedClipError, MissingClipError) as error:  # gone where another render is about to make it again
        if error.path in made_again:  # what is written to this disk does not come back
            raise
        discarded = discard_damaged([clip.path for clip in reached.clips], options, listener)
        return _preview(prepared, options, piece, listener, pool, made_again | discarded | {error.path})
    path = destination.folder / (destination.stem + PREVIEW_SUFFIXES[-1])
    return Preview(path, timeline.seconds(timeline.length), len(script.lines), spoken)


@dataclass(frozen=True, slots=True)
class _Reached:
    """How far a piece is known."""

    lines: tuple[Line, ...]
    clips: tuple[Clip, ...]
    """Of each line; empty while any is missing."""
    missing: tuple[Line, ...]
    """Those to be spoken before it is certain which lines these are."""


def _reached(prepared: Prepared, options: Options, piece: Piece) -> _Reached:
    speeds = read_speeds(store_in(options.store).home)
    rest = prepared.script.lines[_start(prepared, piece) :]
    identity, pronunciations = prepared.engine.identity, prepared.settings.pronunciations
    guesses = [expected_seconds(clip_spec(line, identity, pronunciations), speeds) for line in rest]
    near = rest[: _count(rest, guesses, FURTHEST * piece.seconds)]
    work = look_up(prepared, near, store_in(options.store))
    lengths = line_seconds(work, speeds)
    lines = near[: _count(near, lengths, piece.seconds)]
    ahead = near[: _count(near, lengths, MORE_THAN_ASKED * piece.seconds)]
    keys = work.keys[: len(lines)]
    if all(key in work.stored for key in keys):
        return _Reached(lines, tuple(work.stored[key] for key in keys), ())
    return _Reached(lines, (), tuple(line for line, key in zip(ahead, work.keys, strict=False) if key in work.jobs))


def _start(prepared: Prepared, piece: Piece) -> int:
    if piece.start is None:
        return 0
    target = parse_line_selector(piece.start)
    return select_lines(target, prepared.script.lines, prepared.transcript.speakers, prepared.last.spoken)[0]


def _count(lines: Sequence[Line], lengths: Sequence[float], seconds: float) -> int:
    """How many lines, with the pauses after them, last so long."""
    clock = 0.0
    for count, (line, length) in enumerate(zip(lines, lengths, strict=True), start=1):
        clock += length
        if clock >= seconds:
            return count
        clock += line.pause
    return len(lines)

"""Fits the marks inside lines to the engine that speaks them: what it cannot do is left out, and said so once."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from interview_audio.engines.protocol import Engine, Expressive, Stretch, Tunable
from interview_audio.rendering.settings_checks import pronunciation_fault
from interview_audio.script.lines import Line
from interview_audio.synthesis.clips import FASTEST, SLOWEST
from interview_audio.text.units import numbered
from interview_audio.transcript.turns import Turn

_MOST_LINES = 10
"""Lines that a message names."""
_MOST_WARNINGS = 5


def fit_marks(lines: Sequence[Line], engines: Mapping[str, Engine]) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Leave out of the lines what their engines cannot do.

    What an engine leaves out is no part of a clip's key, so that changing it makes no clip anew. Every engine takes a
    rate, and some a pitch: a line that is slow as a whole is slow with all of them.

    Args:
        lines: The script's.
        engines: Those that speak them, by name.

    Returns:
        The lines, and what is not said as it is marked, a warning each.
    """
    if not any(line.stretches for line in lines):
        return tuple(lines), ()
    fitted: list[Line] = []
    plain: defaultdict[str, list[int]] = defaultdict(list)
    faults: list[str] = []
    for line in lines:
        engine = engines[line.voice.engine]
        readable = tuple(_readable(line, engine, faults))
        if isinstance(engine, Expressive) and engine.obeys_stretches:
            fitted.append(replace(line, stretches=readable))
            continue
        whole = _whole(line)
        rate = min(max(round(line.voice.rate * whole.rate, 4), SLOWEST), FASTEST) if whole else line.voice.rate
        pitch = line.voice.pitch + whole.pitch if whole and _is_tunable(engine) else line.voice.pitch
        left = tuple(Stretch(one.start, one.end, say=one.say) for one in readable if one.say)
        fitted.append(replace(line, voice=replace(line.voice, rate=rate, pitch=pitch), stretches=left))
        # Stress is not asked for but for the eye in most texts with italics: no reason for a warning at each render.
        if any((one.rate != 1 and not whole) or (one.pitch and pitch == line.voice.pitch) for one in line.stretches):
            plain[engine.name].append(line.source_line)
    passed_over = tuple(itertools.starmap(_passed_over, plain.items()))
    last = passed_over or tuple(faults[_MOST_WARNINGS:][-1:])
    return tuple(fitted), (*faults[:_MOST_WARNINGS], *last)


def _is_tunable(engine: Engine) -> bool:
    return isinstance(engine, Tunable) and engine.obeys_pitch


def _passed_over(engine: str, source_lines: Sequence[int]) -> str:
    what = "a part of a line slower, faster, higher or lower"
    where = numbered("line", sorted(set(source_lines)), _MOST_LINES)
    return f"{engine} cannot say {what}; the marks in {where} are passed over"


def untuned_turns(lines: Sequence[Line], turns: Sequence[Turn], engines: Mapping[str, Engine]) -> Iterator[str]:
    """Yield a warning where whole turns are to be higher or lower than an engine can make its voices."""
    marked: defaultdict[str, set[int]] = defaultdict(set)
    for line in lines:
        if not line.is_announced and turns[line.turn].delivery.pitch and not _is_tunable(engines[line.voice.engine]):
            marked[line.voice.engine].add(line.turn + 1)
    for engine, found in marked.items():
        where = numbered("turn", sorted(found), _MOST_LINES)
        yield f"{engine} cannot change the pitch of a voice; that of {where} is passed over"


def _readable(line: Line, engine: Engine, faults: list[str]) -> Iterator[Stretch]:
    """Yield the stretches of a line, without a pronunciation that the engine would spell."""
    for stretch in line.stretches:
        written = line.text[stretch.start : stretch.end]
        fault = pronunciation_fault(written, stretch.say, line.language, engine) if stretch.say else ""
        if not fault:
            yield stretch
            continue
        faults.append(f"{line.place}: {stretch.say!r} for {written!r} {fault}; it is said as it is written")
        kept = replace(stretch, say="")
        if kept != Stretch(stretch.start, stretch.end):
            yield kept


def _whole(line: Line) -> Stretch | None:
    """Return what the whole line is said with; None where only a part of it is."""
    first = line.stretches[0] if len(line.stretches) == 1 else None
    is_whole = first is not None and not any(map(str.isalnum, line.text[: first.start] + line.text[first.end :]))
    return first if is_whole else None

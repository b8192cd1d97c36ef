"""Fits the marks inside lines to the engine that speaks them: what it cannot do is left out, and said so once."""

from collections.abc import Iterator, Sequence
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


def fit_marks(lines: Sequence[Line], engine: Engine) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Leave out of the lines what an engine cannot do.

    What an engine leaves out is no part of a clip's key, so that changing it makes no clip anew. Every engine takes a
    rate, and some a pitch: a line that is slow as a whole is slow with all of them.

    Args:
        lines: The script's.
        engine: Which speaks them.

    Returns:
        The lines, and what is not said as it is marked, a warning each.
    """
    if not any(line.stretches for line in lines):
        return tuple(lines), ()
    is_expressive = isinstance(engine, Expressive) and engine.obeys_stretches
    is_tunable = isinstance(engine, Tunable) and engine.obeys_pitch
    fitted: list[Line] = []
    plain: list[int] = []
    faults: list[str] = []
    for line in lines:
        readable = tuple(_readable(line, engine, faults))
        if is_expressive:
            fitted.append(replace(line, stretches=readable))
            continue
        whole = _whole(line)
        rate = min(max(round(line.voice.rate * whole.rate, 4), SLOWEST), FASTEST) if whole else line.voice.rate
        pitch = line.voice.pitch + whole.pitch if whole and is_tunable else line.voice.pitch
        left = tuple(Stretch(one.start, one.end, say=one.say) for one in readable if one.say)
        fitted.append(replace(line, voice=replace(line.voice, rate=rate, pitch=pitch), stretches=left))
        # Stress is not asked for but for the eye in most texts with italics: no reason for a warning at each render.
        if any((one.rate != 1 and not whole) or (one.pitch and pitch == line.voice.pitch) for one in line.stretches):
            plain.append(line.source_line)
    if plain:
        what = "a part of a line slower, faster, higher or lower"
        where = numbered("line", sorted(set(plain)), _MOST_LINES)
        faults.append(f"{engine.name} cannot say {what}; the marks in {where} are passed over")
    return tuple(fitted), (*faults[:_MOST_WARNINGS], *faults[_MOST_WARNINGS:][-1:])


def untuned_turns(lines: Sequence[Line], turns: Sequence[Turn], engine: Engine) -> Iterator[str]:
    """Yield a warning where whole turns are to be higher or lower than an engine can make its voices."""
    if isinstance(engine, Tunable) and engine.obeys_pitch:
        return
    if marked := sorted({line.turn + 1 for line in lines if turns[line.turn].delivery.pitch}):
        where = numbered("turn", marked, _MOST_LINES)
        yield f"{engine.name} cannot change the pitch of a voice; that of {where} is passed over"


def _readable(line: Line, engine: Engine, faults: list[str]) -> Iterator[Stretch]:
    """Yield the stretches of a line, without a pronunciation that the engine would spell."""
    for stretch in line.stretches:
        written = line.text[stretch.start : stretch.end]
        fault = pronunciation_fault(written, stretch.say, line.language, engine) if stretch.say else ""
        if not fault:
            yield stretch
            continue
        faults.append(f"line {line.source_line}: {stretch.say!r} for {written!r} {fault}; it is said as it is written")
        kept = replace(stretch, say="")
        if kept != Stretch(stretch.start, stretch.end):
            yield kept


def _whole(line: Line) -> Stretch | None:
    """Return what the whole line is said with; None where only a part of it is."""
    first = line.stretches[0] if len(line.stretches) == 1 else None
    is_whole = first is not None and not any(map(str.isalnum, line.text[: first.start] + line.text[first.end :]))
    return first if is_whole else None

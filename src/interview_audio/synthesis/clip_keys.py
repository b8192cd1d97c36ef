"""The key of a clip: the SHA-256 of everything that shapes the sound of a line."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass

from interview_audio.engines.protocol import Stretch
from interview_audio.normalization.pronunciations import applies
from interview_audio.normalization.rules import Replacement
from interview_audio.script.lines import Line
from interview_audio.script.takes import RATE_STEPS

_SCHEMA = 1
"""Raised whenever a key is made of other things."""
SLOWEST, FASTEST = 0.5, 2.0
"""The rates that ``voices.yaml`` allows and engines can speak with."""
_BEYOND = 0.05
"""Added to the change of a take that is turned back at a limit, so that it differs from the takes on the other side."""


@dataclass(frozen=True, slots=True)
class ClipSpec:
    """What shapes the sound of a clip. Who says it, where, and the pause after it do not."""

    engine: str
    identity: str
    """What the engine speaks with: ``Engine.identity``."""
    voice: str
    """The engine's own name for it."""
    rate: float
    """As the cast has it, before the take moves it."""
    language: str
    text: str
    """Written words."""
    pronunciations: tuple[tuple[str, str], ...] = ()
    """Written and spoken form, those that occur in the text, in alphabetical order."""
    take: int = 1
    pitch: float = 0.0
    """Semitones above the voice's own."""
    stretches: tuple[Stretch, ...] = ()
    replaced: tuple[Replacement, ...] = ()
    """What the reading rules have said instead of what is written."""

    @property
    def spoken_rate(self) -> float:
        """The rate that the engine speaks with: the cast's, moved by the take, no two takes closer than 0.01.

        Edge takes whole percents of its voice's own rate: a share of a rate below 1 could round to none.
        """
        step, scale = RATE_STEPS[self.take - 1], max(self.rate, 1.0)
        if not SLOWEST <= self.rate + step * scale <= FASTEST:
            step = -step - math.copysign(_BEYOND, step)
        return round(self.rate + step * scale, 4)

    @property
    def key(self) -> str:
        """The name of the clip: SHA-256 of all of this, in hexadecimal."""
        shaped_by = [
            _SCHEMA,
            self.engine,
            self.identity,
            self.voice,
            float(self.spoken_rate),
            self.language,
            self.text,
            self.pronunciations,
            self.take,
        ]
        if self.pitch or self.stretches:  # without them the key is what it was before there were any
            shaped_by += [float(self.pitch), [astuple(stretch) for stretch in self.stretches]]
        if self.replaced:
            shaped_by.append({"replaced": self.replaced})
        return hashlib.sha256(json.dumps(shaped_by, ensure_ascii=False).encode()).hexdigest()


def clip_spec(line: Line, identity: str, pronunciations: Mapping[str, Mapping[str, str]]) -> ClipSpec:
    """Return the specification of a line's clip.

    Args:
        line: With its voice and take.
        identity: ``Engine.identity``.
        pronunciations: Language to written to spoken form.
    """
    return ClipSpec(
        engine=line.voice.engine,
        identity=identity,
        voice=line.voice.name,
        rate=line.voice.rate,
        language=line.language,
        text=line.text,
        pronunciations=tuple(sorted(matching_pronunciations(line, pronunciations).items())),
        take=line.take,
        pitch=line.voice.pitch,
        stretches=line.stretches,
        replaced=line.replaced,
    )


def matching_pronunciations(line: Line, pronunciations: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return those pronunciations of the line's language that change how it is spoken."""
    given, text = pronunciations.get(line.language, {}), line.said
    return {written: said for written, said in given.items() if applies(written, text)}

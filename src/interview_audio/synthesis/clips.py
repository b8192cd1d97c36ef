"""A clip, the sound of one line as the store holds it: what shapes it and names it, and its measurement.

The key is the SHA-256 of everything that shapes the sound; the measurement is taken once, when the clip is made.
"""

import contextlib
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.protocol import Stretch
from interview_audio.normalization.pronunciations import applies
from interview_audio.script.lines import Line
from interview_audio.script.rules import Replacement
from interview_audio.script.takes import RATE_STEPS

HEAD = 0.02
"""Seconds kept before the first sound of a trimmed clip."""
TAIL = 0.05
"""Seconds kept after the last sound: a voice dies away below the threshold."""

_FRAME = 0.01
"""Seconds of sound whose level is measured at once."""
_THRESHOLD_DBFS = -50.0
"""A frame below this is silence, however quiet the rest of the clip is."""
_BELOW_PEAK_DB = 40.0
"""A frame that is this much quieter than the loudest one is silence too."""
_LONGEST_TRIM = 1.5
"""Seconds that are trimmed at most at either end: a voice that begins or ends quietly is not cut away."""
_SHORTEST_TRIMMED_CLIP = 0.3
"""Seconds below which a clip is left as it is: it is hardly longer than what is kept before and after its sound."""
_FULL_SCALE = 32768.0

LOUDNESS_HOP = 0.1
"""Seconds from one loudness value to the next: FFmpeg's ebur128 gives one each 100 ms."""
LOUDNESS_WINDOW_HOPS = 4
"""Momentary loudness is measured over 400 ms (EBU Tech 3341)."""


_SCHEMA = 1
"""Raised whenever a key is made of other things."""
SLOWEST, FASTEST = 0.5, 2.0
"""The rates that ``voices.yaml`` allows and engines can speak with."""
_BEYOND = 0.05
"""Added to the change of a take that is turned back at a limit, so that it differs from the takes on the other side."""


@dataclass(frozen=True, slots=True)
class Word:
    """A written word and when it is heard."""

    text: str
    """As written, with the punctuation that belongs to it; the words of a clip join to its text but for spaces."""
    start: float
    """Seconds from the clip's first sample, before trimming."""
    end: float


@dataclass(frozen=True, slots=True)
class Clip:
    """One utterance of sound: mono, 16 bit, untrimmed as the engine made it, in a FLAC file of the store.

    Word times stay in the file (``clip_file.read_words``): a five-hour episode has fifty thousand.
    """

    key: str
    path: Path
    sample_rate: int
    samples: int
    """Length of the file in samples."""
    onset: int
    """First sample to be heard: the engine's padding ends here."""
    offset: int
    """One past the last sample to be heard."""
    loudness: tuple[float, ...]
    """Momentary loudness (EBU R128, 400 ms window, LUFS, mono counted once) each 100 ms of ``onset:offset``."""
    unspoken: tuple[str, ...] = ()
    """Words and characters of the text that the engine had no sound for."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """What production needs to know of a clip without reading its sound again."""

    onset: int
    """First sample to be heard."""
    offset: int
    """One past the last sample to be heard."""
    loudness: tuple[float, ...]
    """Momentary loudness (EBU R128, LUFS, mono counted once) of ``onset:offset`` in 400 ms windows each 100 ms.

    The windows that straddle the two ends are among them, as if silence lay around the clip: in an episode it does,
    and so the series of all clips, one after the other, gates to the loudness of the episode.
    """


def measure(samples: NDArray[np.int16], sample_rate: int) -> Measurement:
    """Find the edges of the sound in a clip and its loudness over time.

    Args:
        samples: Mono clip as its engine made it.
        sample_rate: In Hz.
    """
    onset, offset = _edges(samples, sample_rate)
    return Measurement(onset, offset, _momentary_loudness(samples[onset:offset], sample_rate))


def _edges(samples: NDArray[np.int16], sample_rate: int) -> tuple[int, int]:
    length = len(samples)
    if length < _SHORTEST_TRIMMED_CLIP * sample_rate:
        return 0, length
    frame = round(_FRAME * sample_rate)
    levels = _frame_levels(samples, frame)
    peak = float(levels.max())
    sounding = np.flatnonzero(levels > max(_THRESHOLD_DBFS, peak - _BELOW_PEAK_DB))
    if not len(sounding):
        return 0, length
    longest = round(_LONGEST_TRIM * sample_rate)
    onset = int(sounding[0]) * frame - round(HEAD * sample_rate)
    offset = (int(sounding[-1]) + 1) * frame + round(TAIL * sample_rate)
    return min(max(onset, 0), longest), max(min(offset, length), length - longest)


def _frame_levels(samples: NDArray[np.int16], frame: int) -> NDArray[np.float64]:
    """Return the RMS of each frame in dBFS; what is missing from the last frame counts as silence."""
    missing = -len(samples) % frame
    frames = np.pad(samples, (0, missing)).reshape(-1, frame) / _FULL_SCALE
    power = np.mean(frames * frames, axis=1)
    return np.asarray(10 * np.log10(np.maximum(power, 1e-12)))


def _momentary_loudness(samples: NDArray[np.int16], sample_rate: int) -> tuple[float, ...]:
    hop = round(LOUDNESS_HOP * sample_rate)
    around = (LOUDNESS_WINDOW_HOPS - 1) * hop
    hops = math.ceil(len(samples) / hop)
    padded = np.pad(samples, (around, hops * hop - len(samples) + around))
    frame = av.AudioFrame.from_ndarray(padded[np.newaxis], format="s16", layout="mono")
    frame.sample_rate = sample_rate
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=sample_rate, format="s16", layout="mono")
    graph.link_nodes(source, graph.add("ebur128", "metadata=1:framelog=quiet"), graph.add("abuffersink")).configure()
    graph.push(frame)
    graph.push(None)
    series: list[float] = []
    # The graph says that it is drained by raising.
    with contextlib.suppress(av.error.BlockingIOError, av.error.EOFError):
        while True:
            series.append(float(graph.pull().metadata["lavfi.r128.M"]))
    # The first windows are those that the meter has not yet filled.
    return tuple(series[LOUDNESS_WINDOW_HOPS - 1 :])


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
    names: tuple[str, ...] = ()
    """Names of people in the text that the engine reads as such."""

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
        if self.names:
            shaped_by.append({"names": self.names})
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
        identity=line.voice.identity or identity,
        voice=line.voice.name,
        rate=line.voice.rate,
        language=line.language,
        text=line.text,
        pronunciations=tuple(sorted(matching_pronunciations(line, pronunciations).items())),
        take=line.take,
        pitch=line.voice.pitch,
        stretches=line.stretches,
        replaced=line.replaced,
        names=line.names,
    )


def matching_pronunciations(line: Line, pronunciations: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return those pronunciations of the line's language that change how it is spoken."""
    given, text = pronunciations.get(line.language, {}), line.said
    return {written: said for written, said in given.items() if applies(written, text)}

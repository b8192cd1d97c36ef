"""Loudness: how it is measured, true peaks too, and how to change each speaker's: all are alike but for their volumes.

Of clips, loudness over time is in the store, and only gated here (ITU-R BS.1770-4). A stream, and a finished episode as
players decode it, are measured by FFmpeg's ebur128. True peak (ITU-R BS.1770-4, annex 2) is our own: FFmpeg's
interpolates every sample, which takes 1.07 s for 16 minutes of sound where this one takes 0.13 s (docs/performance.md),
because it looks between samples only where the curve can reach a new highest value.
"""

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.recording import parse_fragment
from interview_audio.engines.registry import RECORDINGS
from interview_audio.production.streams import filter_stream, read_ahead
from interview_audio.script.lines import Line
from interview_audio.synthesis.clip_file import read_words
from interview_audio.synthesis.clips import LOUDNESS_HOP, LOUDNESS_WINDOW_HOPS, Clip, Word
from interview_audio.text.characters import has_letter_or_digit

SILENCE = -70.0
"""LUFS given to sound that has no block above the absolute gate."""
DUAL_MONO = 10 * math.log10(2)
"""A mono episode is heard from two loudspeakers: 3.01 LU more than a meter says that counts it once."""

_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0


def gated_loudness(momentary: Iterable[float]) -> float:
    """Compute integrated loudness, in LUFS, from momentary loudness each 100 ms.

    Returns `SILENCE` where nothing passes the absolute gate.
    """
    return gate(10 ** (np.fromiter(momentary, np.float64) / 10))


def gate(powers: NDArray[np.float64]) -> float:
    """Compute integrated loudness, in LUFS, from the powers of momentary loudness each 100 ms.

    ``SILENCE`` where nothing passes the absolute gate.
    """
    heard = powers[powers > 10 ** (_ABSOLUTE_GATE / 10)]
    if not len(heard):
        return SILENCE
    loud = heard[heard > heard.mean() * 10 ** (_RELATIVE_GATE / 10)]
    return 10 * math.log10(loud.mean())


_RAMP_SECONDS = 0.03
"""In which the volume of a part of a line changes, between two words: a step would click."""


@dataclass(frozen=True, slots=True)
class GainCurve:
    """A gain over time: straight lines in dB between points."""

    positions: tuple[float, ...]
    """Samples or seconds, in ascending order."""
    gains: tuple[float, ...]
    """dB; before the first point and after the last it stays."""

    def at(self, positions: NDArray[Any]) -> NDArray[np.float64]:
        """Return the gain at each of these positions."""
        return np.asarray(np.interp(positions, self.positions, self.gains), np.float64)


def volume_curve(line: Line, clip: Clip) -> GainCurve | None:
    """Return how a line's volume changes in its clip, in seconds from its first sample; None where it does not.

    Raises:
        StoreError: The words of the clip cannot be read.
    """
    if not line.volume_changes:
        return None
    words = _sounding_words(line.text, read_words(clip.path))
    spoken = words or [(0, len(line.text), clip.onset / clip.sample_rate, clip.offset / clip.sample_rate)]
    steps: dict[int, float] = {}
    for change in line.volume_changes:
        steps |= {change.start: change.volume, change.end: 0.0}
    positions, gains, gain = [], [], 0.0
    for place, following in steps.items():
        middle = _time_of(place, spoken, clip)
        positions += [middle - _RAMP_SECONDS / 2, middle + _RAMP_SECONDS / 2]
        gains += [gain, following]
        gain = following
    return GainCurve(tuple(accumulate(positions, max)), tuple(gains))


def _sounding_words(text: str, words: Sequence[Word]) -> list[tuple[int, int, float, float]]:
    """Return where each word is in the text, without signs, and when it is heard; nothing if they are not its words."""
    places = [at for at, character in enumerate(text) if not character.isspace()]
    found, reached = [], 0
    for word in words:
        spelling = "".join(word.text.split())
        own = [at for at in places[reached : reached + len(spelling)] if has_letter_or_digit(text[at])]
        reached += len(spelling)
        if own:
            found.append((own[0], own[-1] + 1, word.start, word.end))
    return found if reached == len(places) else []


def _time_of(place: int, words: Sequence[tuple[int, int, float, float]], clip: Clip) -> float:
    """Return when a place in a text is reached: in the middle between two words, or in proportion within one."""
    before, after = 0.0, clip.samples / clip.sample_rate
    for start, end, begins, ends in words:
        if start < place < end:
            return begins + (ends - begins) * (place - start) / (end - start)
        if end <= place:
            before = ends
        else:
            after = begins
            break
    return (before + after) / 2


_ENOUGH_SECONDS = 3.0
"""Of sound, from which a speaker's loudness is told."""

_SpeakerVoice = tuple[str, str]
"""A speaker and the voice of one of their languages: two voices of one person are seldom equally loud."""


@dataclass(frozen=True, slots=True)
class SpeakerLevel:
    """A speaker in one voice, over the whole episode."""

    speaker: str
    voice: str
    """``engine:name``."""
    seconds: float
    """Of sound, without pauses."""
    loudness: float
    """LUFS, mono counted once; of a speaker with too little sound to tell, what the others have."""
    gain: float
    """dB that make this speaker as loud as the quietest, before the volume that is asked for; never above 0."""


@dataclass(frozen=True, slots=True)
class Levels:
    """All gains of an episode, in dB."""

    speakers: tuple[SpeakerLevel, ...]
    """In order of appearance."""
    episode: float
    """Applied to all, after the speakers' own, to reach the target loudness before limiting."""
    lowered: float = 0.0
    """By which all are lowered so that the loudest volume that is asked for raises nothing; 0 or more."""

    def gain_of(self, line: Line) -> float:
        """Return the gain of a line: its speaker's in its voice, and its volume; never above 0 with its changes."""
        speaker_voice = _speaker_voice(line)
        own = next(level.gain for level in self.speakers if (level.speaker, level.voice) == speaker_voice)
        return own + line.volume - self.lowered

    def loudness_of(self, line: Line, clip: Clip) -> NDArray[np.float64]:
        """Return the momentary loudness of a line's clip, in LUFS each 100 ms, as these gains have it.

        Raises:
            StoreError: The words of the clip cannot be read.
        """
        momentary = np.asarray(clip.loudness) + self.gain_of(line)
        curve = volume_curve(line, clip)
        if curve is None:
            return momentary
        # The windows begin when the sound does, less their own length; each counts as loud as its middle is.
        middles = (np.arange(len(momentary)) + 1 - LOUDNESS_WINDOW_HOPS / 2) * LOUDNESS_HOP
        return np.asarray(momentary + curve.at(clip.onset / clip.sample_rate + middles))


def set_levels(lines: Sequence[Line], clips: Sequence[Clip], target: float) -> Levels:
    """Make all speakers equally loud but for the volumes that are asked for, and the episode as loud as asked.

    Args:
        lines: The script's lines.
        clips: One for each line, in the same order.
        target: Integrated loudness in LUFS, dual mono.
    """
    spoken: dict[_SpeakerVoice, list[Clip]] = {}
    for line, clip in zip(lines, clips, strict=True):
        spoken.setdefault(_speaker_voice(line), []).append(clip)
    loudness = _borrowed(spoken, {speaker_voice: _loudness_of(own) for speaker_voice, own in spoken.items()})
    quietest = min((level for level in loudness.values() if level > SILENCE), default=SILENCE)
    gains = {speaker_voice: min(quietest - level, 0.0) for speaker_voice, level in loudness.items()}
    speakers = tuple(
        SpeakerLevel(*speaker_voice, seconds=_seconds(own), loudness=loudness[speaker_voice], gain=gains[speaker_voice])
        for speaker_voice, own in spoken.items()
    )
    levels = Levels(speakers, 0.0, max((*map(_loudest_volume, lines), 0.0)))
    series = (levels.loudness_of(line, clip) for line, clip in zip(lines, clips, strict=True))
    episode = gated_loudness(momentary for clip_series in series for momentary in clip_series)
    return replace(levels, episode=target - DUAL_MONO - episode if episode > SILENCE else 0.0)


def _loudest_volume(line: Line) -> float:
    return line.volume + max((change.volume for change in line.volume_changes), default=0.0)


def _speaker_voice(line: Line) -> _SpeakerVoice:
    """Return speaker and voice; all parts of a recorded file are one voice, as they were recorded in one go."""
    if line.voice.engine == RECORDINGS:
        return line.speaker, f"{RECORDINGS}:{parse_fragment(line.voice.name)[0]}"
    return line.speaker, str(line.voice)


def _seconds(clips: Sequence[Clip]) -> float:
    return math.fsum((clip.offset - clip.onset) / clip.sample_rate for clip in clips)


def _loudness_of(clips: Sequence[Clip]) -> float:
    return gated_loudness(momentary for clip in clips for momentary in clip.loudness)


def _borrowed(
    spoken: Mapping[_SpeakerVoice, Sequence[Clip]], loudness: Mapping[_SpeakerVoice, float]
) -> dict[_SpeakerVoice, float]:
    """Give those who speak too briefly to be measured the mean of the others of their engine.

    Recordings say nothing of one another: each has a microphone of its own.
    """
    lasting = {
        speaker_voice: loudness[speaker_voice]
        for speaker_voice, clips in spoken.items()
        if _seconds(clips) >= _ENOUGH_SECONDS and loudness[speaker_voice] > SILENCE
    }
    return {
        speaker_voice: lasting.get(speaker_voice, _mean_of_engine(speaker_voice, lasting, own))
        for speaker_voice, own in loudness.items()
    }


def _mean_of_engine(speaker_voice: _SpeakerVoice, lasting: Mapping[_SpeakerVoice, float], own: float) -> float:
    engine = speaker_voice[1].partition(":")[0]
    if engine == RECORDINGS:
        return own
    others = [level for (_, voice), level in lasting.items() if voice.partition(":")[0] == engine]
    return math.fsum(others) / len(others) if others and own > SILENCE else own


_METER = ("ebur128", "metadata=1:framelog=quiet")
# An MP3 frame is 26 ms: handing each on by itself would cost more than measuring it.
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Loudness:
    """Loudness of a whole episode (EBU R128)."""

    integrated: float
    """LUFS, dual mono; -70 for silence."""
    true_peak: float
    """dBTP; -120 for silence."""


def measure_episode(path: Path, cores: int = 2) -> Loudness:
    """Decode a mono audio file and measure it, as a stream, on this many cores.

    Raises:
        OSError: The file cannot be read.
    """
    meter = TruePeakMeter()
    with av.open(f"file:{path}") as container, closing(read_ahead(_decoded(container), cores=cores)) as blocks:
        integrated = integrated_loudness(map(meter.heard, blocks), container.streams.audio[0].rate)
    return Loudness(integrated + DUAL_MONO if integrated > SILENCE else SILENCE, meter.dbtp)


def integrated_loudness(blocks: Iterable[NDArray[np.float32]], sample_rate: int) -> float:
    """Compute gated loudness of mono sound in LUFS, mono counted once; `SILENCE` where nothing passes the gate."""
    metadata = {"lavfi.r128.I": str(SILENCE)}
    # The meter counts up; the last frame may be too short for it to say anything.
    for frame in deque(filter_stream(blocks, sample_rate, [_METER]), maxlen=2):
        metadata |= frame.metadata
    return max(float(metadata["lavfi.r128.I"]), SILENCE)


def _decoded(container: av.container.InputContainer) -> Iterator[NDArray[np.float32]]:
    gathered = av.AudioFifo()
    for frame in container.decode(audio=0):
        frame.pts = None
        gathered.write(frame)
        if gathered.samples >= _BLOCK:
            yield from _emptied(gathered)
    yield from _emptied(gathered)


def _emptied(gathered: av.AudioFifo) -> Iterator[NDArray[np.float32]]:
    frame = gathered.read()
    if frame:
        yield _floating(frame.to_ndarray()[0])


def _floating(samples: NDArray[Any]) -> NDArray[np.float32]:
    """Scale samples to 1: the decoder gives integers for FLAC."""
    if samples.dtype.kind == "f":
        return samples
    return samples.astype(np.float32) / -float(np.iinfo(samples.dtype).min)


_OVERSAMPLING = 4
_TAPS = 24
_KAISER = 6.0
_STRETCH = 64
_AROUND = _TAPS - 1
_QUIETEST = 1e-6
_FIRST_LOOK = 4
_LOOK = 64
_WORTHWHILE = 10 ** (0.05 / 20)


def _interpolator() -> NDArray[np.float32]:
    """Return a windowed sinc as a matrix: what lies at each quarter between the two middle ones of `_TAPS` samples."""
    quarters = np.arange(1, _OVERSAMPLING) / _OVERSAMPLING
    distances = np.arange(_TAPS)[:, np.newaxis] - (_TAPS // 2 - 1) - quarters
    window = np.i0(_KAISER * np.sqrt(np.maximum(1 - (distances / (_TAPS / 2)) ** 2, 0))) / np.i0(_KAISER)
    taps = np.sinc(distances) * window
    # Constants and straight lines are kept exactly, as the bound below needs it.
    taps /= taps.sum(axis=0)
    error = (taps * distances).sum(axis=0)
    taps[_TAPS // 2 - 1] += error
    taps[_TAPS // 2] -= error
    return np.asarray(taps, np.float32)


def _bend() -> float:
    """Return how far, at most, the curve leaves the line between two samples, per highest second difference."""
    quarters = np.arange(1, _OVERSAMPLING) / _OVERSAMPLING
    rest = np.asarray(_BETWEEN, np.float64)
    rest[_TAPS // 2 - 1] -= 1 - quarters
    rest[_TAPS // 2] -= quarters
    # The rest is nothing for constants and lines, and so a filter of the second differences: sum its taps twice.
    return float(np.abs(rest.cumsum(axis=0).cumsum(axis=0)).sum(axis=0).max())


_BETWEEN = _interpolator()
_BEND = _bend()


class TruePeakMeter:
    """Hears a mono stream block by block and keeps its highest value, to within 0.05 dB of interpolating all.

    Interpolating is costly, and most of a stream cannot hold a new highest value: a stretch of samples that stays
    below the present one by more than its curve can bend is passed over.
    """

    def __init__(self) -> None:
        self._highest = 0.0
        self._before = np.zeros(_STRETCH + _AROUND, np.float32)

    @property
    def dbtp(self) -> float:
        """In dB relative to full scale; -120 for silence."""
        return 20 * math.log10(max(self._highest, _QUIETEST))

    def heard(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Count a block and return it unchanged."""
        samples = np.concatenate([self._before, block])
        self._before = samples[-len(self._before) :]
        self._highest = max(self._highest, float(np.abs(block).max(initial=0.0)))
        self._look_between(samples)
        return block

    def _look_between(self, samples: NDArray[np.float32]) -> None:
        starts = np.arange(0, len(samples) - _AROUND, _STRETCH)
        bends = np.abs(samples[2:] - 2 * samples[1:-1] + samples[:-2])
        bounds = _with_next(np.maximum.reduceat(np.abs(samples), starts))
        bounds += _BEND * _with_next(np.maximum.reduceat(bends, starts))
        # The most promising first: what they give rules out most of the others.
        order = np.argsort(-bounds, kind="stable")
        for chosen in np.array_split(order, range(_FIRST_LOOK, len(order), _LOOK)):
            if bounds[chosen[0]] <= self._highest * _WORTHWHILE:
                return
            first = np.minimum(starts[chosen], len(samples) - _STRETCH - _AROUND)
            stretches = samples[first[:, np.newaxis] + np.arange(_STRETCH + _AROUND)]
            windows = np.lib.stride_tricks.sliding_window_view(stretches, _TAPS, axis=1)
            self._highest = max(self._highest, float(np.abs(windows @ _BETWEEN).max()))


def _with_next(highest: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the highest of each stretch and the next, into which its last windows reach."""
    return np.maximum(highest, np.append(highest[1:], np.float32(0)))

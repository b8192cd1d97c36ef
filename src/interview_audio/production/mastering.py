"""Brings an episode to its loudness below a ceiling: tries the encoder on excerpts, writes, measures, corrects.

Loudness is predicted from the measured loudness of clips and music, before anything is mixed. What an encoder does to
peaks cannot be predicted, and encoding a long episode twice takes minutes: so a few minutes of it are encoded first.
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.configuration.settings import Sound
from interview_audio.machine import usable_cores
from interview_audio.production.containers.episode_writer import EpisodeWriter, Tags, writer_of
from interview_audio.production.loudness import DUAL_MONO, SILENCE, Levels, Loudness, gate, measure_episode
from interview_audio.production.mixing import duck, mix, music_gain, speech_spans
from interview_audio.production.streams import Filter, filter_stream, read_ahead
from interview_audio.production.timeline import Placement, Timeline
from interview_audio.synthesis.clips import LOUDNESS_HOP, LOUDNESS_WINDOW_HOPS


def predict_loudness(timeline: Timeline, levels: Levels, speech_loudness: float) -> float:
    """Predict the integrated loudness of what `mix` gives, in LUFS, mono counted once; `SILENCE` for no sound.

    The powers of speech and music add up in each window; a piece of music counts as loud as it is on the whole.

    Args:
        timeline: What is where.
        levels: The speakers' gains.
        speech_loudness: What music is relative to, in LUFS, mono counted once.
    """
    hop = LOUDNESS_HOP * timeline.sample_rate
    powers = np.zeros(math.ceil(timeline.length / hop) + 2 * LOUDNESS_WINDOW_HOPS)
    for placed in timeline.placements:
        first = round(placed.start / hop)
        series = levels.loudness_of(placed.line, placed.clip)
        powers[first : first + len(series)] += 10 ** (series / 10)
    spans = speech_spans(timeline.placements, timeline.sample_rate)
    for placement in timeline.music:
        first, last = round(placement.start / hop), round(placement.end / hop)
        middles = _middles(first, last, hop)
        gains = music_gain(placement, duck(placement, spans, timeline.sample_rate), middles)
        powers[first:last] += gains**2 * 10 ** (speech_loudness / 10)
    return gate(powers)


def _middles(first: int, last: int, hop: float) -> NDArray[np.int64]:
    """Return the samples in the middle of windows that end with these hops."""
    middles = (np.arange(first, last) + 1 - LOUDNESS_WINDOW_HOPS / 2) * hop
    return np.asarray(np.rint(middles), np.int64)


_SHORTEST_EPISODE = 300.0
"""Seconds from which a trial is worth it: a shorter episode is encoded again in a few seconds."""
_SHARE = 1 / 100
"""Of the episode that is tried, within the two limits below in seconds."""
_FEWEST_SECONDS, _MOST_SECONDS = 30.0, 180.0
_EXCERPT_SECONDS = 6.0


def trial_excerpts(timeline: Timeline) -> Timeline | None:
    """Choose speech from all over an episode: a hundredth of it, half a minute to three minutes; no music, no chapters.

    An excerpt is lines that follow one another, with the pauses between them. None of an episode under five minutes,
    which is sooner encoded again.
    """
    seconds = timeline.length / timeline.sample_rate
    if seconds < _SHORTEST_EPISODE:
        return None
    count = round(min(max(seconds * _SHARE, _FEWEST_SECONDS), _MOST_SECONDS) / _EXCERPT_SECONDS)
    starts = [placed.start for placed in timeline.placements]
    length = round(_EXCERPT_SECONDS * timeline.sample_rate)
    chosen: dict[int, Placement] = {}
    for number in range(count):
        first = bisect_left(starts, timeline.length * (2 * number + 1) // (2 * count))
        last = bisect_left(starts, starts[first] + length) if first < len(starts) else first
        chosen |= dict(enumerate(timeline.placements[first:last], first))
    return _joined(timeline, chosen) if chosen else None


def _joined(timeline: Timeline, chosen: dict[int, Placement]) -> Timeline:
    placements: list[Placement] = []
    position = timeline.sample_rate
    for number, placed in chosen.items():
        # A second of silence between excerpts, as between sections.
        gap = placed.start - chosen[number - 1].end if number - 1 in chosen else timeline.sample_rate
        start = position + gap
        placements.append(replace(placed, start=start, end=start + placed.end - placed.start))
        position = placements[-1].end
    return Timeline(timeline.sample_rate, tuple(placements), (), position + timeline.sample_rate)


TRUE_PEAK_LIMIT = -1.0
"""dBTP that the decoded episode must not exceed."""
_LOUDNESS_TOLERANCE = 0.4
"""LU by which the decoded episode may differ from what was asked without being encoded again."""

# Decoded, the highest peaks exceed the limiter's ceiling: on 16 minutes of speech by 0.2 dB at 128 kbit/s, 0.7 at 96,
# 2.0 at 64, of which three minutes of excerpts showed 0.7. What excerpts show comes on top of this; a decibel of
# ceiling costs speech 0.07 LU, and a second encoding of a long episode many minutes.
_ROOM = 1.5
# Where a trial encode was further off than this, what was changed because of it is tried again.
_SURPRISING_LOSS = 0.5
_SURPRISING_OVERSHOOT = 1.0
_MOST_TRIALS = 3
# Decibels by which each further attempt lowers the ceiling beyond the overshoot: by that alone, the next encoding may
# exceed it again.
_CEILING_STEP = 0.2
# Encodings of a whole episode. Only the first two may change the gain: the others are for peaks.
_MOST_ATTEMPTS = 6
_ATTEMPTS_AT_LOUDNESS = 2
# The limiter sees samples, and decoders give the peaks between them: at twice the rate those are 0.1 dB at most.
_LIMITER_RATE = 88200


@dataclass(frozen=True, slots=True)
class Mastering:
    """What was done to the mixed sound, and the result."""

    gain: float
    """dB, on top of the speakers' own gains."""
    ceiling: float
    """dB that the limiter leaves before the encoder."""
    loudness: Loudness
    """Of the decoded file."""
    encodings: int
    """How often the whole episode was encoded until it was right."""


@dataclass(frozen=True, slots=True)
class _MasteringJob:
    """What stays the same from one attempt to the next."""

    levels: Levels
    sound: Sound
    tags: Tags
    path: Path
    container: EpisodeWriter
    speech_loudness: float
    """LUFS of the levelled speech before the episode's gain, mono counted once."""
    cores: int

    def write(self, timeline: Timeline, plan: "_Plan", on_progress: Callable[[float], None] | None) -> Loudness:
        """Write a file and measure it as decoded."""
        mixed = mix(timeline, self.levels, self.speech_loudness)
        filters = mastering_filters(plan.gain, plan.ceiling, timeline.sample_rate)
        with closing(read_ahead(filter_stream(mixed, timeline.sample_rate, filters), cores=self.cores)) as frames:
            counted = frames if on_progress is None else _reporting(frames, timeline.length, on_progress)
            self.container.write(counted, self.sound, self.tags, timeline, self.path)
        return measure_episode(self.path, self.cores)


@dataclass(frozen=True, slots=True)
class _Plan:
    gain: float
    ceiling: float


@dataclass(frozen=True, slots=True)
class MasteringRun:
    """How an episode is mastered."""

    on_progress: Callable[[float], None] | None = None
    """Called with the part done, from 0 to 1; starts again if the episode has to be encoded again."""
    cores: int | None = None
    """That may be used; None for all there are."""


_ALL_CORES = MasteringRun()


def master_episode(
    timeline: Timeline,
    levels: Levels,
    sound: Sound,
    tags: Tags,
    path: Path,
    run: MasteringRun = _ALL_CORES,
) -> Mastering:
    """Write a timeline as a finished file, check it as decoded, and correct it if it is off.

    Args:
        timeline: What is where.
        levels: The gains.
        sound: Target loudness, format, bit rate and output rate.
        tags: What the file says beside its chapters.
        path: The file to write.
        run: How it is done, which changes nothing in the file.

    Raises:
        StoreError: A clip cannot be read.
        ConfigurationError: A music file is not what it was when it was opened.
        OSError: The file cannot be written.
    """
    speech_loudness = sound.loudness - DUAL_MONO - levels.episode
    cores = run.cores or usable_cores()
    job = _MasteringJob(levels, sound, tags, path, writer_of(sound, cores), speech_loudness, cores)
    plan = _plan_after_trials(job, timeline)
    for attempt in range(1, _MOST_ATTEMPTS + 1):
        measured = job.write(timeline, plan, run.on_progress)
        if attempt == _MOST_ATTEMPTS:  # what was written is what the record states
            break
        error = sound.loudness - measured.integrated if measured.integrated > SILENCE else 0.0
        if measured.true_peak > TRUE_PEAK_LIMIT:
            lower = measured.true_peak - TRUE_PEAK_LIMIT + attempt * _CEILING_STEP
            plan = replace(plan, ceiling=plan.ceiling - lower)
        elif abs(error) > _LOUDNESS_TOLERANCE and attempt <= _ATTEMPTS_AT_LOUDNESS:
            plan = replace(plan, gain=plan.gain + error)
        else:
            break
    return Mastering(plan.gain, plan.ceiling, measured, attempt)


def _plan_after_trials(job: _MasteringJob, timeline: Timeline) -> _Plan:
    """Return the gain and the ceiling that a trial encode asks for; for a short episode, those that are expected."""
    added = job.container.added_gain(job.sound)
    expected = _Plan(_gain(job, timeline) - added, TRUE_PEAK_LIMIT - _ROOM - added)
    tried = trial_excerpts(timeline)
    if tried is None:
        return expected
    difference = _gain(job, tried) - _gain(job, timeline)
    plan = replace(expected, gain=expected.gain + difference)
    for _ in range(_MOST_TRIALS):
        measured = job.write(tried, plan, None)
        loss = job.sound.loudness - measured.integrated if measured.integrated > SILENCE else 0.0
        overshoot = max(measured.true_peak - (TRUE_PEAK_LIMIT - _ROOM), 0.0)
        plan = _Plan(plan.gain + loss, plan.ceiling - overshoot)
        if abs(loss) < _SURPRISING_LOSS and overshoot < _SURPRISING_OVERSHOOT:
            break
    return replace(plan, gain=plan.gain - difference)


def _gain(job: _MasteringJob, timeline: Timeline) -> float:
    """Return the dB between what is mixed and what is asked for."""
    predicted = predict_loudness(timeline, job.levels, job.speech_loudness)
    return job.sound.loudness - DUAL_MONO - predicted if predicted > SILENCE else 0.0


def mastering_filters(gain: float, ceiling: float, sample_rate: int) -> list[Filter]:
    """Return the filters between mixing and encoding: a gain in dB, and a limiter with this ceiling in dB."""
    oversampled = sample_rate * -(-_LIMITER_RATE // sample_rate)
    return [
        ("volume", f"{gain:.4f}dB"),
        ("aresample", str(oversampled)),
        ("alimiter", f"limit={10 ** (ceiling / 20):.6f}:level=false:attack=5:release=50:latency=true"),
        ("aresample", str(sample_rate)),
        ("aformat", "sample_fmts=fltp:channel_layouts=mono"),
    ]


def _reporting(
    frames: Iterator[av.AudioFrame], length: int, on_progress: Callable[[float], None]
) -> Iterator[av.AudioFrame]:
    done = 0
    for frame in frames:
        yield frame
        done += frame.samples
        on_progress(done / length)
